#include "explain/diagnosis.h"

#include <algorithm>
#include <cmath>

#include "explain/formulas.h"
#include "explain/random_point.h"
#include "explain/verify.h"
#include "passes/terms.h"

namespace chainrule {
namespace {

constexpr double tolerance = 1e-8;
constexpr std::uint64_t seed = 7;

// A factor of a product as a node of its own, for showing and comparing: base or base^n.
NodeId factor_node(Graph& graph, const Factor& factor) {
    return build(graph, Product{1, 1, {factor}}).id;
}

class Diagnosis {
public:
    Diagnosis(Chain chain, const Expected& expected, NodeId yours, const Samples& samples)
        : your_terms_(terms_of(chain.graph, yours)),
          chain_(std::move(chain)),
          formulas_(chain_, nodes_of(expected, yours, your_terms_)),
          graph_(formulas_.graph()),
          expected_(expected),
          right_(formulas_.now(expected.value)),
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
            return of_terms();
        }
        return of_factors(right_, yours_);
    }

private:
    // The terms as they were written, before like ones are added up.
    static std::vector<NodeId> terms_of(Graph& graph, NodeId yours) {
        std::vector<NodeId> terms;
        for (const Product& product : sum_of(graph, yours)) {
            terms.push_back(build(graph, product).id);
        }
        return terms;
    }

    static std::vector<NodeId> nodes_of(const Expected& expected, NodeId yours,
                                        const std::vector<NodeId>& your_terms) {
        std::vector<NodeId> nodes{expected.value, yours};
        nodes.insert(nodes.end(), your_terms.begin(), your_terms.end());
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

    // --- a product ---------------------------------------------------------------------------------

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

    std::string of_factors(NodeId right, NodeId yours) {
        std::vector<NodeId> missing = factors_of(right);
        std::vector<NodeId> extra = factors_of(yours);
        cancel(missing, extra);
        if (missing.empty() && extra.empty()) {
            return "a sign or a number differs";
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

    // --- a sum -------------------------------------------------------------------------------------

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

    std::vector<NodeId> terms_given() {
        if (your_terms_.size() < 2) {
            return terms_of(graph_, yours_);
        }
        std::vector<NodeId> terms;
        for (const NodeId term : your_terms_) {
            terms.push_back(formulas_.now(term));
        }
        return terms;
    }

    bool comparable(NodeId a, NodeId b) const {
        return graph_.type(a).shape == graph_.type(b).shape;
    }

    std::string of_terms() {
        std::vector<Term> missing = right_terms();
        std::vector<NodeId> extra = terms_given();
        std::erase_if(missing, [&](const Term& term) {
            const auto same = std::ranges::find_if(extra, [&](NodeId y) {
                return comparable(term.value, y) && samples_.equal(graph_, term.value, y);
            });
            const bool found = same != extra.end();
            if (found) {
                extra.erase(same);
            }
            return found;
        });
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

    std::vector<NodeId> your_terms_;
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
        if (!(relative_error(at(graph, a, point), scaled) < tolerance)) {
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
