#include "passes/distribute.h"

#include <algorithm>

#include "notation/formula.h"

namespace chainrule {
namespace {

Product without(const Product& product, std::size_t factor) {
    Product rest = product;
    rest.factors.erase(rest.factors.begin() + static_cast<std::ptrdiff_t>(factor));
    return rest;
}

// Whether a term divides by something that the rest multiplies with.
bool cancels(const Sum& terms, const Product& rest) {
    return std::ranges::any_of(terms, [&](const Product& term) {
        return std::ranges::any_of(term.factors, [&](const Factor& under) {
            return under.exponent < 0 && std::ranges::any_of(
                                             rest.factors,
                                             [&](const Factor& over) {
                                                 return over.base == under.base &&
                                                        over.exponent > 0;
                                             });
        });
    });
}

}  // namespace

Sum distribute(Graph& graph, const Product& product) {
    for (std::size_t i = 0; i < product.factors.size(); ++i) {
        const Factor& factor = product.factors[i];
        if (factor.exponent != 1 || !is_sum(graph, factor.base)) {
            continue;
        }
        const Sum terms = sum_of(graph, factor.base);
        const Product rest = without(product, i);
        if (!cancels(terms, rest)) {
            continue;
        }
        Sum sum;
        for (const Product& term : terms) {
            sum.push_back(multiplied(graph, rest, term));
        }
        sum = added_up(sum);
        if (formula_size(graph, build(graph, sum).id) <
            formula_size(graph, build(graph, product).id)) {
            return sum;
        }
    }
    return {product};
}

}  // namespace chainrule
