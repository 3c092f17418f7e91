#include "passes/combine_fractions.h"

#include <algorithm>
#include <cstdlib>
#include <map>

namespace chainrule {
namespace {

// More terms than this make no formula shorter.
constexpr std::size_t max_terms = 64;

// No formula is counted further than this: nothing is decided by how much longer a long one is.
constexpr std::size_t most_operations = 256;

// The operations, names and numbers that a formula shows, repetitions included.
std::size_t operations(const Graph& graph, NodeId root) {
    std::size_t count = 0;
    std::vector<NodeId> open{root};
    while (!open.empty() && count < most_operations) {
        const NodeId id = open.back();
        open.pop_back();
        const bool shown = graph.is_named(id) || !graph.is_op(id, broadcast_op);
        count += shown;
        if (!graph.is_named(id)) {
            const std::vector<NodeId>& operands = graph[id].operands;
            open.insert(open.end(), operands.begin(), operands.end());
        }
    }
    return count;
}

std::size_t operations(const Graph& graph, const Product& product) {
    std::size_t count = (std::abs(product.numerator) != 1) + (product.denominator != 1);
    for (const Factor& factor : product.factors) {
        count += 1 + (std::abs(factor.exponent) != 1) + operations(graph, factor.base);
    }
    return count;
}

std::size_t operations(const Graph& graph, const Sum& sum) {
    std::size_t count = sum.size();
    for (const Product& term : sum) {
        count += operations(graph, term);
    }
    return count;
}

// The least common multiple of the terms' denominators, sums last: a * (1 - a).
Product common_denominator(const Graph& graph, const Sum& sum) {
    Product common;
    std::map<NodeId, std::size_t> places;
    for (const Product& term : sum) {
        for (const Factor& factor : term.factors) {
            if (factor.exponent > 0) {
                continue;
            }
            const auto [place, fresh] = places.emplace(factor.base, common.factors.size());
            if (fresh) {
                common.factors.push_back({factor.base, 0});
            }
            long& exponent = common.factors[place->second].exponent;
            exponent = std::max(exponent, -factor.exponent);
        }
    }
    std::ranges::stable_partition(common.factors,
                                  [&](const Factor& f) { return !is_sum(graph, f.base); });
    return common;
}

// A product of sums as a sum of products; nothing if it grows too long.
std::optional<Sum> expanded(const Graph& graph, const Product& product) {
    Product rest{product.numerator, product.denominator, {}};
    Sum terms{Product{}};
    for (const Factor& factor : product.factors) {
        if (!is_sum(graph, factor.base) || factor.exponent < 0) {
            rest.factors.push_back(factor);
            continue;
        }
        const Sum base = sum_of(graph, factor.base);
        for (long i = 0; i < factor.exponent; ++i) {
            Sum longer;
            for (const Product& a : terms) {
                for (const Product& b : base) {
                    longer.push_back(multiplied(graph, a, b));
                }
            }
            terms = added_up(longer);
            if (terms.size() > max_terms) {
                return std::nullopt;
            }
        }
    }
    for (Product& term : terms) {
        term = multiplied(graph, rest, term);
    }
    return terms;
}

std::optional<Sum> numerator_over(const Graph& graph, const Sum& sum, const Product& common) {
    Sum numerator;
    for (const Product& term : sum) {
        const auto terms = expanded(graph, multiplied(graph, term, common));
        if (!terms || numerator.size() + terms->size() > max_terms) {
            return std::nullopt;
        }
        numerator.insert(numerator.end(), terms->begin(), terms->end());
    }
    return added_up(numerator);
}

}  // namespace

Sum combine_fractions(Graph& graph, const Sum& sum) {
    const Product common = common_denominator(graph, sum);
    if (common.factors.empty() || sum.size() < 2 || sum.size() > max_terms) {
        return sum;
    }
    const auto numerator = numerator_over(graph, sum, common);
    if (!numerator) {
        return sum;
    }
    if (numerator->empty()) {
        return {};
    }
    // A numerator of several terms is one factor, and counted term by term.
    const bool several = numerator->size() > 1;
    Product fraction = several ? Product{} : numerator->front();
    for (const Factor& factor : common.factors) {
        fraction =
            multiplied(graph, std::move(fraction), {1, 1, {{factor.base, -factor.exponent}}});
    }
    const std::size_t over = several ? operations(graph, *numerator) : 0;
    if (over + operations(graph, Sum{fraction}) >= operations(graph, sum)) {
        return sum;
    }
    return {several ? multiplied(graph, {1, 1, {{build(graph, *numerator).id, 1}}}, fraction)
                    : fraction};
}

}  // namespace chainrule
