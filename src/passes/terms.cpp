#include "passes/terms.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <set>
#include <span>

namespace chainrule {
namespace {

constexpr long max_exponent = 64;

std::optional<long> whole_exponent(const Graph& graph, NodeId power) {
    const auto exponent = literal_value(graph, graph[power].operands[1]);
    if (!exponent || !is_whole(*exponent) || std::abs(*exponent) > max_exponent) {
        return std::nullopt;
    }
    return static_cast<long>(*exponent);
}

// Lowest terms; a fraction that is no fraction of whole numbers becomes one number.
void reduce(Product& product) {
    double& n = product.numerator;
    double& d = product.denominator;
    if (d < 0) {
        n = -n;
        d = -d;
    }
    if (is_whole(n) && is_whole(d) && d != 0) {
        const auto common =
            static_cast<double>(std::gcd(static_cast<long>(n), static_cast<long>(d)));
        n /= common;
        d /= common;
    } else if (d != 1) {
        n /= d;
        d = 1;
    }
}

void multiply_number(Product& product, double value, long exponent) {
    for (long i = 0; i < std::abs(exponent); ++i) {
        (exponent > 0 ? product.numerator : product.denominator) *= value;
    }
}

// Adds factors to a product, equal ones together.
class Collector {
public:
    Collector(const Graph& graph, Product start) : graph_(graph), product_(std::move(start)) {
        for (std::size_t i = 0; i < product_.factors.size(); ++i) {
            note_place(product_.factors[i].base, i);
        }
    }

    void add(NodeId base, long exponent) {
        const auto flipped =
            is_difference(base) ? differences_.find({right(base), left(base)}) : differences_.end();
        if (flipped != differences_.end()) {
            product_.factors[flipped->second].exponent += exponent;
            product_.numerator *= exponent % 2 != 0 ? -1 : 1;
            return;
        }
        const auto found = places_.find(base);
        if (found != places_.end()) {
            product_.factors[found->second].exponent += exponent;
            return;
        }
        note_place(base, product_.factors.size());
        product_.factors.push_back({base, exponent});
    }

    void add_number(double value, long exponent) { multiply_number(product_, value, exponent); }

    Product result() {
        std::erase_if(product_.factors, [](const Factor& f) { return f.exponent == 0; });
        reduce(product_);
        if (product_.numerator == 0) {
            product_.factors.clear();
        }
        return std::move(product_);
    }

private:
    bool is_difference(NodeId id) const {
        return graph_.is_op(id, subtract_op) && !graph_.is_named(id);
    }
    NodeId left(NodeId difference) const { return graph_[difference].operands[0]; }
    NodeId right(NodeId difference) const { return graph_[difference].operands[1]; }

    void note_place(NodeId base, std::size_t place) {
        places_.emplace(base, place);
        if (is_difference(base)) {
            differences_.emplace(std::pair(left(base), right(base)), place);
        }
    }

    const Graph& graph_;
    Product product_;
    std::map<NodeId, std::size_t> places_;
    std::map<std::pair<NodeId, NodeId>, std::size_t> differences_;  // u, v of factors u - v
};

bool is_scalar_broadcast(const Graph& graph, NodeId id) {
    return graph.is_op(id, broadcast_op) && graph.type(graph[id].operands[0]).is_scalar();
}

Product without_number(Product product) {
    product.numerator = product.denominator = 1;
    std::ranges::sort(product.factors, {}, &Factor::base);
    return product;
}

void add_number(Product& to, const Product& from) {
    to.numerator = to.numerator * from.denominator + from.numerator * to.denominator;
    to.denominator *= from.denominator;
    reduce(to);
}

// The first factor u - v that reads as well the other way round.
Product with_sign_moved(Graph& graph, Product product) {
    if (product.numerator >= 0) {
        return product;
    }
    for (Factor& factor : product.factors) {
        if (factor.exponent % 2 == 0 || graph.is_named(factor.base) ||
            !graph.is_op(factor.base, subtract_op)) {
            continue;
        }
        const Expr u = graph.expr(graph[factor.base].operands[0]);
        const Expr v = graph.expr(graph[factor.base].operands[1]);
        if (literal_value(graph, u.id) || literal_value(graph, v.id)) {
            continue;
        }
        factor.base = (v - u).id;
        product.numerator = -product.numerator;
        break;
    }
    return product;
}

Expr powered(Graph& graph, NodeId base, long exponent) {
    const Expr b = graph.expr(base);
    return exponent == 1 ? b : power(b, static_cast<double>(exponent));
}

Expr times(Expr a, Expr b) { return a.valid() ? a * b : b; }

// The number in front, or nothing if it says nothing. A fraction stands in front as n/d; a mere
// division goes to the end.
Expr leading_number(Graph& graph, const Product& product, bool has_factors) {
    const double n = product.numerator;
    if (product.denominator != 1 && (std::abs(n) != 1 || !has_factors)) {
        return literal(graph, n) / literal(graph, product.denominator);
    }
    return std::abs(n) != 1 || !has_factors ? literal(graph, n) : Expr{};
}

}  // namespace

bool is_product(const Graph& graph, NodeId id) {
    if (graph.is_named(id)) {
        return false;
    }
    const Op* op = graph[id].op;
    return op == &multiply_op || op == &divide_op || op == &negate_op ||
           (op == &power_op && whole_exponent(graph, id));
}

bool is_sum(const Graph& graph, NodeId id) {
    const Op* op = graph[id].op;
    return !graph.is_named(id) && (op == &add_op || op == &subtract_op);
}

namespace {

// The nodes under `root` in the order in which a reader comes across them, each once.
template <class Parts>
std::vector<NodeId> in_order(NodeId root, const Parts& parts) {
    std::vector<NodeId> order;
    std::set<NodeId> seen;
    std::vector<NodeId> open{root};
    while (!open.empty()) {
        const NodeId id = open.back();
        open.pop_back();
        if (!seen.insert(id).second) {
            continue;
        }
        order.push_back(id);
        const std::span<const NodeId> operands = parts(id);
        open.insert(open.end(), operands.rbegin(), operands.rend());
    }
    return order;
}

// Takes a product apart, node by node and not path by path: users first, each with all the
// exponents that its users give it.
class ProductReader {
public:
    explicit ProductReader(const Graph& graph) : graph_(graph) {}

    Product read(NodeId root) {
        counts_[root].over = 1;
        for (auto it = counts_.begin(); it != counts_.end(); ++it) {
            spread(it->first, it->second);
        }
        Collector collector(graph_, {});
        for (const NodeId id : in_order(root, [&](NodeId part) { return parts(part); })) {
            const Count& count = counts_.at(id);
            if (const auto number = literal_value(graph_, id)) {
                collector.add_number(*number, count.over);
                collector.add_number(*number, -count.under);
            } else if (graph_.is_op(id, negate_op) && count.spread) {
                collector.add_number(-1, (count.over + count.under) % 2);
            } else if (!count.spread) {
                collector.add(id, count.over - count.under);
            }
        }
        return collector.result();
    }

private:
    // How often a node stands over and under the line.
    struct Count {
        long over = 0;
        long under = 0;
        bool spread = false;  // its operands stand in its place
    };

    std::span<const NodeId> parts(NodeId id) const {
        const std::vector<NodeId>& operands = graph_[id].operands;
        const bool first_only = graph_.is_op(id, power_op);
        return counts_.at(id).spread ? std::span(operands).first(first_only ? 1 : operands.size())
                                     : std::span<const NodeId>();
    }

    void add(NodeId id, long over, long under) {
        counts_[id].over += over;
        counts_[id].under += under;
    }

    void spread(NodeId id, Count& count) {
        const std::vector<NodeId>& operands = graph_[id].operands;
        const bool scalar = is_scalar_broadcast(graph_, id) && !graph_.is_named(id);
        if (literal_value(graph_, id) || (!scalar && !is_product(graph_, id))) {
            return;
        }
        const long power = graph_.is_op(id, power_op) ? *whole_exponent(graph_, id) : 1;
        const long over = (power < 0 ? count.under : count.over) * std::abs(power);
        const long under = (power < 0 ? count.over : count.under) * std::abs(power);
        if (std::max(over, under) > max_exponent) {
            return;
        }
        count.spread = true;
        add(operands[0], over, under);
        if (graph_.is_op(id, multiply_op)) {
            add(operands[1], over, under);
        } else if (graph_.is_op(id, divide_op)) {
            add(operands[1], under, over);
        }
    }

    const Graph& graph_;
    std::map<NodeId, Count, std::greater<>> counts_;
};

}  // namespace

Product product_of(const Graph& graph, NodeId root) { return ProductReader(graph).read(root); }

Product multiplied(const Graph& graph, Product a, const Product& b) {
    a.numerator *= b.numerator;
    a.denominator *= b.denominator;
    Collector collector(graph, std::move(a));
    for (const Factor& factor : b.factors) {
        collector.add(factor.base, factor.exponent);
    }
    return collector.result();
}

Sum sum_of(const Graph& graph, NodeId root) {
    const auto parts = [&](NodeId id) -> std::span<const NodeId> {
        const bool minus = graph.is_op(id, negate_op) && !graph.is_named(id);
        return is_sum(graph, id) || minus ? graph[id].operands : std::span<const NodeId>();
    };
    std::map<NodeId, double, std::greater<>> coefficients{{root, 1}};
    for (auto it = coefficients.begin(); it != coefficients.end(); ++it) {
        const auto [id, coefficient] = *it;
        const std::span<const NodeId> operands = parts(id);
        for (const NodeId& operand : operands) {
            const bool minus = !graph.is_op(id, add_op) && &operand == &operands.back();
            coefficients[operand] += minus ? -coefficient : coefficient;
        }
    }
    Sum terms;
    for (const NodeId id : in_order(root, parts)) {
        const double coefficient = coefficients.at(id);
        if (parts(id).empty() && coefficient != 0) {
            terms.push_back(product_of(graph, id));
            terms.back().numerator *= coefficient;
            reduce(terms.back());
        }
    }
    return added_up(terms);
}

Sum added_up(const Sum& terms) {
    Sum sum;
    std::map<std::vector<std::pair<NodeId, long>>, std::size_t> places;
    for (const Product& term : terms) {
        std::vector<std::pair<NodeId, long>> key;
        for (const Factor& factor : without_number(term).factors) {
            key.emplace_back(factor.base, factor.exponent);
        }
        const auto [place, fresh] = places.emplace(key, sum.size());
        if (fresh) {
            sum.push_back(term);
        } else {
            add_number(sum[place->second], term);
        }
    }
    std::erase_if(sum, [](const Product& term) { return term.numerator == 0; });
    return sum;
}

Expr build(Graph& graph, const Product& given) {
    const Product product = with_sign_moved(graph, given);
    Expr over = leading_number(graph, product, !product.factors.empty());
    bool minus = product.numerator < 0 && !over.valid();
    Expr under;
    for (const auto& [base, exponent] : product.factors) {
        if (exponent > 0) {
            over = times(over, powered(graph, base, exponent));
            over = minus ? -over : over;
            minus = false;
        } else {
            under = times(under, powered(graph, base, -exponent));
        }
    }
    if (!over.valid()) {
        over = literal(graph, product.numerator);
    }
    if (product.denominator != 1 && std::abs(product.numerator) == 1 && !product.factors.empty()) {
        const Expr number = literal(graph, product.denominator);
        under = under.valid() ? number * under : number;
    }
    return under.valid() ? over / under : over;
}

Expr build(Graph& graph, const Sum& given) {
    if (given.empty()) {
        return literal(graph, 0.0);
    }
    Sum sum = given;
    const auto positive =
        std::ranges::find_if(sum, [](const Product& p) { return p.numerator > 0; });
    if (positive != sum.end()) {
        std::rotate(sum.begin(), positive, positive + 1);
    }
    Expr total;
    for (Product& term : sum) {
        if (!total.valid()) {
            total = build(graph, term);
        } else if (term.numerator < 0) {
            term.numerator = -term.numerator;
            total = total - build(graph, term);
        } else {
            total = total + build(graph, term);
        }
    }
    return total;
}

}  // namespace chainrule
