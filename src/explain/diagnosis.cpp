#include "explain/diagnosis.h"

#include <algorithm>
#include <cmath>

#include "explain/formulas.h"
#include "explain/random_point.h"
#include "explain/verify.h"
#include "passes/terms.h"

namespace chainrule {
namespace {

constexpr double agreement_tolerance = 1e-8;
constexpr std::uint64_t seed = 7;
constexpr std::size_t short_formula = 24;  // characters

// A factor of a product as a node of its own, for showing and comparing: base or base^n.
NodeId factor_node(Graph& graph, const Factor& factor) {
    return build(graph, Product{1, 1, {factor}}).id;
}

class Diagnosis {
public:
    Diagnosis(Chain chain, const Expected& expected, NodeId yours, const Samples& samples)
        : your_sums_(sums_of(chain.graph, yours)),
          chain_(std::move(chain)),
          formulas_(chain_, nodes_of(expected, yours, your_sums_)),
          graph_(formulas_.graph()),
          expected_(expected),
          right_(without_name(formulas_.now(expected.value))),
          yours_(formulas_.now(yours)),
          samples_(samples) {}

    std::string run() {
        if (samples_.equal(graph_, yours_, right_, -1)) {
            return "the sign is wrong";
        }
        if (const auto scale = constant_scale()) {
            return "it is " + format_number(*scale) + " times what it should be";
        }
        if (expected_.terms.size() > 1 || is_sum(graph_, right_)) {
            const Terms left = unmatched();
            if (left.matches > 0 || is_sum(graph_, right_)) {
                return of_terms(left);
            }
        }
        return of_factors(right_, yours_);
    }

private:
    // An equation by what it says, not by the name that the line is about.
    NodeId without_name(NodeId id) {
        const Node node = graph_[id];
        return graph_.is_named(id) && !node.op->is_leaf()
                   ? graph_.add(*node.op, node.operands, node.attributes)
                   : id;
    }

    // The terms as they were written, before like ones are added up.
    static std::vector<NodeId> terms_of(Graph& graph, NodeId yours) {
        std::vector<NodeId> terms;
        for (const Product& product : sum_of(graph, yours)) {
            terms.push_back(build(graph, product).id);
        }
        return terms;
    }

    // The ways to read `yours` as a sum: as it is written, and a product p * (q + r) as p * q + p *
    // r.
    static std::vector<std::vector<NodeId>> sums_of(Graph& graph, NodeId yours) {
        std::vector<std::vector<NodeId>> sums{terms_of(graph, yours)};
        if (sums[0].size() > 1) {
            return sums;
        }
        const Product product = product_of(graph, yours);
        for (std::size_t i = 0; i < product.factors.size(); ++i) {
            const Factor& factor = product.factors[i];
            if (factor.exponent != 1 || !is_sum(graph, factor.base)) {
                continue;
            }
            Product others = product;
            others.factors.erase(others.factors.begin() + static_cast<std::ptrdiff_t>(i));
            auto& terms = sums.emplace_back();
            for (const Product& term : sum_of(graph, factor.base)) {
                terms.push_back(build(graph, multiplied(graph, others, term)).id);
            }
        }
        return sums;
    }

    static std::vector<NodeId> nodes_of(const Expected& expected, NodeId yours,
                                        const std::vector<std::vector<NodeId>>& your_sums) {
        std::vector<NodeId> nodes{expected.value, yours};
        for (const auto& terms : your_sums) {
            nodes.insert(nodes.end(), terms.begin(), terms.end());
        }
        for (const auto& term : expected.terms) {
            for (const Expected::Part& part : term) {
                nodes.push_back(part.value);
            }
        }
        return nodes;
    }

    std::string text(NodeId node) const { return write_formula(graph_, node); }

    // A number by which all of yours is too large.
    std::optional<double> constant_scale() const {
        const Tensor a = samples_.at(graph_, yours_, 0);
        const Tensor b = samples_.at(graph_, right_, 0);
        const auto largest =
            std::ranges::max_element(b.data, {}, [](double value) { return std::abs(value); });
        if (largest == b.data.end() || *largest == 0) {
            return std::nullopt;
        }
        const double scale = a.data[static_cast<std::size_t>(largest - b.data.begin())] / *largest;
        const double rounded = std::round(scale * 1e6) / 1e6;
        const bool holds =
            scale != 0 && std::isfinite(scale) && samples_.equal(graph_, yours_, right_, scale);
        return holds ? std::optional(std::abs(rounded - scale) < 1e-9 ? rounded : scale)
                     : std::nullopt;
    }

    // --- a product -------------------------------------------------------------------------------

    std::vector<NodeId> factors_of(NodeId node) {
        std::vector<NodeId> factors;
        const Product product = product_of(graph_, node);
        for (const Factor& factor : product.factors) {
            const long step = factor.exponent > 0 ? 1 : -1;
            for (long i = 0; i != factor.exponent; i += step) {
                factors.push_back(factor_node(graph_, {factor.base, step}));
            }
        }
        return factors;
    }

    // Takes out of both lists what stands in both, but for a sign.
    void cancel(std::vector<NodeId>& a, std::vector<NodeId>& b) {
        std::erase_if(a, [&](NodeId x) {
            const auto same = std::ranges::find_if(b, [&](NodeId y) {
                return x == y ||
                       (graph_.type(x).shape == graph_.type(y).shape &&
                        (samples_.equal(graph_, x, y) || samples_.equal(graph_, x, y, -1)));
            });
            const bool found = same != b.end();
            if (found) {
                b.erase(same);
            }
            return found;
        });
    }

    // Which partial a factor comes from: " (of da2/dz2 = a2 * (1 - a2))".
    std::string source_of(NodeId factor) {
        for (const auto& term : expected_.terms) {
            for (const Expected::Part& part : term) {
                const NodeId value = formulas_.now(part.value);
                const std::vector<NodeId> factors = factors_of(value);
                if (std::ranges::find(factors, factor) != factors.end()) {
                    return " (of " + part.symbol + " = " + text(value) + ")";
                }
            }
        }
        return "";
    }

    // Whether one factor is all that is missing, too many or another, however the rest is written.
    std::optional<std::string> single_factor(NodeId right, NodeId yours) {
        if (!graph_.type(right).is_scalar()) {
            return std::nullopt;
        }
        const std::vector<NodeId> ours = factors_of(right);
        const std::vector<NodeId> theirs = factors_of(yours);
        const auto times = [&](NodeId a, NodeId b) { return (graph_.expr(a) * graph_.expr(b)).id; };
        for (const NodeId factor : ours) {
            if (samples_.equal(graph_, times(yours, factor), right)) {
                return "the factor " + text(factor) + source_of(factor) + " is missing";
            }
        }
        for (const NodeId factor : theirs) {
            if (samples_.equal(graph_, yours, times(right, factor))) {
                return "the factor " + text(factor) + " does not belong there";
            }
        }
        for (const NodeId factor : ours) {
            for (const NodeId other : theirs) {
                if (ours.size() > 1 &&
                    samples_.equal(graph_, times(yours, factor), times(right, other))) {
                    return "where " + text(factor) + source_of(factor) +
                           " should stand, there is " + text(other);
                }
            }
        }
        return std::nullopt;
    }

    std::string of_factors(NodeId right, NodeId yours) {
        if (const auto reason = single_factor(right, yours)) {
            return *reason;
        }
        std::vector<NodeId> missing = factors_of(right);
        std::vector<NodeId> extra = factors_of(yours);
        cancel(missing, extra);
        if (missing.empty() && extra.empty()) {
            return "a sign or a number differs";
        }
        if (missing.size() == factors_of(right).size() && text(right).size() < short_formula) {
            return "where " + text(right) + " should stand, there is " + text(yours);
        }
        if (missing.size() == 1 && extra.size() == 1) {
            return "where " + text(missing[0]) + source_of(missing[0]) +
                   " should stand, there is " + text(extra[0]);
        }
        if (!missing.empty() && extra.empty()) {
            return "the factor " + text(missing[0]) + source_of(missing[0]) + " is missing" +
                   (missing.size() > 1 ? ", the first of " + std::to_string(missing.size()) : "");
        }
        if (missing.empty()) {
            return "the factor " + text(extra[0]) + " does not belong there";
        }
        return "the first factor that differs is " + text(missing[0]) + source_of(missing[0]) +
               ": there is " + text(extra[0]);
    }

    // --- a sum -----------------------------------------------------------------------------------

    struct Term {
        NodeId value;
        std::string name;  // "the path dLoss/da * da/dw", "the term x * w"
    };

    std::vector<Term> right_terms() {
        std::vector<Term> terms;
        for (const auto& parts : expected_.terms) {
            Expr product;
            std::string path;
            for (const Expected::Part& part : parts) {
                const Expr value = graph_.expr(formulas_.now(part.value));
                product = product.valid() ? product * value : value;
                path += (path.empty() ? "" : " * ") + part.symbol;
            }
            terms.push_back({product.id, "the path " + path});
        }
        if (terms.size() > 1) {
            return terms;
        }
        terms.clear();
        for (Product& product : sum_of(graph_, right_)) {
            const NodeId value = build(graph_, product).id;
            product.numerator = std::abs(product.numerator);
            terms.push_back({value, "the term " + text(build(graph_, product).id)});
        }
        return terms;
    }

    std::vector<std::vector<NodeId>> sums_given() {
        std::vector<std::vector<NodeId>> sums{terms_of(graph_, yours_)};
        for (const auto& given : your_sums_) {
            auto& terms = sums.emplace_back();
            for (const NodeId term : given) {
                terms.push_back(formulas_.now(term));
            }
        }
        return sums;
    }

    bool comparable(NodeId a, NodeId b) const {
        return graph_.type(a).shape == graph_.type(b).shape;
    }

    // The terms that stand on one side only.
    struct Terms {
        std::vector<Term> missing;
        std::vector<NodeId> extra;
        std::size_t matches = 0;
    };

    Terms unmatched(const std::vector<Term>& right, const std::vector<NodeId>& yours) const {
        Terms left{right, yours};
        std::erase_if(left.missing, [&](const Term& term) {
            const auto same = std::ranges::find_if(left.extra, [&](NodeId y) {
                return comparable(term.value, y) && samples_.equal(graph_, term.value, y);
            });
            const bool found = same != left.extra.end();
            if (found) {
                left.extra.erase(same);
            }
            return found;
        });
        left.matches = right.size() - left.missing.size();
        return left;
    }

    // Of the ways to read yours as a sum, the one in which most terms are right.
    Terms unmatched() {
        const std::vector<Term> right = right_terms();
        std::optional<Terms> best;
        for (const auto& terms : sums_given()) {
            Terms left = unmatched(right, terms);
            if (!best || left.matches > best->matches) {
                best = std::move(left);
            }
        }
        return *best;
    }

    std::string of_terms(const Terms& left) {
        const auto& [missing, extra, matches] = left;
        for (const Term& term : missing) {
            for (const NodeId y : extra) {
                if (comparable(term.value, y) && samples_.equal(graph_, y, term.value, -1)) {
                    return "the sign of " + term.name + " is wrong";
                }
            }
        }
        if (!missing.empty() && extra.empty()) {
            return missing[0].name + " is missing";
        }
        if (missing.empty() && !extra.empty()) {
            return "the term " + text(extra[0]) + " does not belong there";
        }
        if (missing.size() == 1 && extra.size() == 1) {
            return missing[0].name + " differs: " + of_factors(missing[0].value, extra[0]);
        }
        return missing.empty() ? "the two sides differ"
                               : "the first part that differs is " + missing[0].name;
    }

    std::vector<std::vector<NodeId>> your_sums_;
    Chain chain_;
    Formulas formulas_;
    Graph& graph_;
    const Expected& expected_;
    NodeId right_;
    NodeId yours_;
    const Samples& samples_;
};

}  // namespace

Samples::Samples(const Graph& graph, NodeId node, int count) {
    const NodeId roots[] = {node};
    for (std::uint64_t attempt = 0;
         attempt < 64 && attempts_.size() < static_cast<std::size_t>(count); ++attempt) {
        const Bindings point = random_point(graph, roots, seed, attempt);
        if (is_finite(evaluate(graph, roots, point)[0])) {
            attempts_.push_back(attempt);
        }
    }
}

Bindings Samples::point(const Graph& graph, NodeId node, std::size_t i) const {
    const NodeId roots[] = {node};
    return random_point(graph, roots, seed, attempts_[i]);
}

Tensor Samples::at(const Graph& graph, NodeId node, std::size_t i) const {
    const NodeId roots[] = {node};
    return evaluate(graph, roots, point(graph, node, i))[0];
}

bool Samples::equal(const Graph& graph, NodeId a, NodeId b, double scale) const {
    for (std::size_t point = 0; point < attempts_.size(); ++point) {
        Tensor scaled = at(graph, b, point);
        for (double& value : scaled.data) {
            value *= scale;
        }
        if (!(relative_error(at(graph, a, point), scaled) < agreement_tolerance)) {
            return false;
        }
    }
    return !attempts_.empty();
}

std::string diagnose(const Chain& chain, const Expected& expected, NodeId yours,
                     const Samples& samples) {
    return Diagnosis(chain, expected, yours, samples).run();
}

}  // namespace chainrule
