#include "explain/verify.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "derive/derive.h"
#include "explain/held.h"
#include "explain/random_point.h"
#include "explain/rounding.h"
#include "lang/parser.h"
#include "ops/build.h"

namespace chainrule {
namespace {

constexpr double verified_tolerance = 1e-6;
// Node evaluations that the differences may cost before all gradients share one direction.
constexpr double difference_budget = 2e6;

double inner_product(const Tensor& a, const Tensor& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.data.size(); ++i) {
        sum += a.data[i] * b.data[i];
    }
    return sum;
}

class Verifier {
public:
    Verifier(const Scope& scope, const Graph& graph, NodeId objective,
             const std::vector<NodeId>& wrt, const std::map<NodeId, NodeId>& symbols,
             const std::vector<Claim>& claims, const VerifyOptions& options)
        : graph_(graph), objective_(objective), wrt_(wrt), claims_(claims), options_(options) {
        for (const auto& [symbol, of] : symbols) {
            symbols_.push_back(symbol);
            symbol_of_.push_back(of);
        }
        add_reverse_mode();
        held_ = hold_stopped(graph_, objective_);
        parse_claims(scope);
    }

    std::vector<Verification> run() {
        std::vector<Verification> result(wrt_.size());
        const int attempts = options_.points * 8;
        int found = 0;
        for (int attempt = 0; attempt < attempts && found < options_.points; ++attempt) {
            const auto errors = errors_at(static_cast<std::uint64_t>(attempt));
            if (!errors) {
                continue;
            }
            ++found;
            for (std::size_t i = 0; i < result.size(); ++i) {
                result[i].points = found;
                result[i].max_relative_error = std::max(result[i].max_relative_error, (*errors)[i]);
            }
        }
        return result;
    }

private:
    void add_reverse_mode() {
        std::vector<NodeId> ids = wrt_;
        ids.insert(ids.end(), symbol_of_.begin(), symbol_of_.end());
        Derivation derivation = derive(graph_, objective_, ids);
        steps_ = std::move(derivation.steps);
        first_roots_ = {objective_};
        for (const Expr& gradient : derivation.gradients) {
            first_roots_.push_back(gradient.id);
        }
    }

    void parse_claims(const Scope& scope) {
        std::map<std::string, NodeId> extra;
        for (const NodeId symbol : symbols_) {
            extra.emplace(graph_.name(symbol), symbol);
        }
        for (const Claim& claim : claims_) {
            second_roots_.push_back(parse(scope, claim.text, extra));
            second_roots_.push_back(claim.means.valid() ? claim.means
                                                        : first_roots_.at(1 + claim.group));
        }
    }

    NodeId parse(const Scope& scope, const std::string& text,
                 const std::map<std::string, NodeId>& extra) {
        SourceMap sources;
        Diagnostics diagnostics;
        ast::Tree tree;
        const std::uint32_t file = sources.add("formula", text);
        const auto root = parse_expression(sources, file, tree, diagnostics);
        if (!root) {
            throw InternalError("the printed formula " + text +
                                " does not parse: " + diagnostics.items().front().message);
        }
        try {
            return elaborate_expression(scope, graph_, tree, *root, extra).id;
        } catch (const UserError& error) {
            throw InternalError("the printed formula " + text + " means nothing: " + error.what());
        }
    }

    // The error of each group at a random point; nothing where the network is not smooth there.
    std::optional<std::vector<double>> errors_at(std::uint64_t attempt) {
        Bindings point = random_point(graph_, first_roots_, options_.seed, attempt);
        const std::vector<Tensor> first = evaluate(graph_, first_roots_, point);
        if (!std::ranges::all_of(first, is_finite)) {
            return std::nullopt;
        }
        const std::span<const Tensor> gradients(first.data() + 1, wrt_.size());
        const auto differences =
            difference_errors(held_.at(graph_, point), first[0].data[0], gradients, attempt);
        if (!differences) {
            return std::nullopt;
        }
        for (std::size_t i = 0; i < symbols_.size(); ++i) {
            point.insert_or_assign(symbols_[i], first[1 + wrt_.size() + i]);
        }
        point = random_point(graph_, second_roots_, options_.seed, attempt, point);
        const std::vector<Tensor> second = evaluate(graph_, second_roots_, point);
        std::vector<double> errors = *differences;
        for (std::size_t i = 0; i < claims_.size(); ++i) {
            const Tensor& right = second[2 * i + 1];
            // A number stands for a tensor that is that number everywhere.
            const Tensor printed = second[2 * i].is_scalar()
                                       ? Tensor::filled(right.shape, second[2 * i].data[0])
                                       : second[2 * i];
            // A name that the objective does not need may have no value here: log(x) at x < 0.
            if (!is_finite(right) && !is_finite(printed)) {
                continue;
            }
            const double error = relative_error(printed, right);
            if (!(error < verified_tolerance)) {
                throw InternalError("the printed formula " + claims_[i].text + " is " +
                                    format_tensor(printed) + " where it should be " +
                                    format_tensor(right));
            }
            if (claims_[i].group < errors.size()) {
                errors[claims_[i].group] = std::max(errors[claims_[i].group], error);
            }
        }
        return errors;
    }

    double objective_at(const Bindings& point, const Bindings& direction, double step) const {
        Bindings moved = point;
        for (const auto& [id, along] : direction) {
            Tensor& value = moved.at(id);
            for (std::size_t i = 0; i < value.data.size(); ++i) {
                value.data[i] += step * along.data[i];
            }
        }
        const NodeId roots[] = {held_.objective};
        return evaluate(graph_, roots, moved)[0].data[0];
    }

    // Five-point central difference along a direction.
    double difference(const Bindings& point, const Bindings& direction, double h) const {
        const auto f = [&](double step) { return objective_at(point, direction, step); };
        return (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
    }

    // Reverse mode against differences, along random directions; nothing near a kink, where the
    // differences do not agree among themselves.
    std::optional<std::vector<double>> difference_errors(const Bindings& point, double objective,
                                                         std::span<const Tensor> gradients,
                                                         std::uint64_t attempt) const {
        std::vector<double> errors(wrt_.size(), 0);
        std::vector<std::vector<std::size_t>> directions;
        for (std::size_t i = 0; i < wrt_.size(); ++i) {
            if (!point.contains(wrt_[i])) {
                continue;  // a computed value cannot be moved by itself
            }
            if (directions.empty() || each_alone()) {
                directions.emplace_back();
            }
            directions.back().push_back(i);
        }
        for (const auto& members : directions) {
            Bindings direction;
            double expected = 0;
            for (const std::size_t i : members) {
                direction.emplace(wrt_[i],
                                  random_value(graph_, wrt_[i], options_.seed + 1, 4 * attempt));
                expected += inner_product(gradients[i], direction.at(wrt_[i]));
            }
            constexpr double h = 1e-3;
            const double coarse = difference(point, direction, 2 * h);
            const double fine = difference(point, direction, h);
            const double scale = std::max({std::abs(expected), 1e-3, 1e-3 * std::abs(objective)});
            if (!(std::abs(coarse - fine) < 1e-7 * scale)) {
                return std::nullopt;
            }
            const double error = std::abs(fine - expected) / scale;
            const auto at_step = [&](double step) { return difference(point, direction, step); };
            if (!(error < verified_tolerance) &&
                difference_is_wrong(at_step, h, expected,
                                    rounding_error(graph_, steps_, first_roots_, point))) {
                return std::nullopt;
            }
            if (!(error < verified_tolerance)) {
                throw InternalError("reverse mode gives " + format_number(expected) +
                                    " where central differences give " + format_number(fine));
            }
            for (const std::size_t i : members) {
                errors[i] = std::max(errors[i], error);
            }
        }
        return errors;
    }

    bool each_alone() const {
        return static_cast<double>(graph_.size()) * static_cast<double>(wrt_.size()) * 8 *
                   options_.points <
               difference_budget;
    }

    Graph graph_;
    NodeId objective_;
    std::vector<NodeId> wrt_;
    std::vector<NodeId> symbols_;
    std::vector<NodeId> symbol_of_;
    const std::vector<Claim>& claims_;
    VerifyOptions options_;
    std::vector<DerivationStep> steps_;  // of reverse mode
    Held held_;
    std::vector<NodeId> first_roots_;   // the objective, gradients, cotangents
    std::vector<NodeId> second_roots_;  // each claim, then what it means
};

}  // namespace

double relative_error(const Tensor& a, const Tensor& b) {
    if (a.shape != b.shape) {
        return std::numeric_limits<double>::infinity();
    }
    double scale = 1e-3;
    double difference = 0;
    for (std::size_t i = 0; i < a.data.size(); ++i) {
        scale = std::max({scale, std::abs(a.data[i]), std::abs(b.data[i])});
    }
    for (std::size_t i = 0; i < a.data.size(); ++i) {
        const double d = std::abs(a.data[i] - b.data[i]);
        difference = d <= difference ? difference : d;  // keeps NaN
    }
    return std::isnan(difference) ? std::numeric_limits<double>::infinity() : difference / scale;
}

std::vector<Verification> verify(const Scope& scope, const Graph& graph, NodeId objective,
                                 const std::vector<NodeId>& wrt,
                                 const std::map<NodeId, NodeId>& symbols,
                                 const std::vector<Claim>& claims, const VerifyOptions& options) {
    return Verifier(scope, graph, objective, wrt, symbols, claims, options).run();
}

}  // namespace chainrule
