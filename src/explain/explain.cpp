#include "explain/explain.h"

#include <algorithm>
#include <map>

#include "explain/chain.h"
#include "explain/chain_numbers.h"
#include "explain/formulas.h"
#include "explain/name_parts.h"
#include "explain/symbols.h"
#include "explain/verify.h"
#include "ops/build.h"

namespace chainrule {
namespace {

// A formula longer than this is not substituted any further.
constexpr std::size_t max_substituted_size = 2000;

class Explainer {
public:
    Explainer(const Elaborated& elaborated, const ExplainOptions& options)
        : network_(name_parts(elaborated.network)),
          scope_(*elaborated.scope),
          options_(options),
          wrt_(derive_by(network_, options.wrt)),
          chain_(chain_of(network_, wrt_)) {
        add_updates();
        formulas_.emplace(chain_, raw_nodes());
        Bindings given = given_values(network_, options_.at);
        if (options_.rate) {
            given.emplace(rate_, Tensor(*options_.rate));
        }
        numbers_ = chain_numbers(network_, chain_, raw_nodes(), std::move(given));
    }

    Explanation explain() {
        result_.network = network_.file;
        result_.rate_symbol = network_.rate_symbol;
        result_.rate = options_.rate;
        explain_forward();
        explain_loss();
        explain_cotangents();
        explain_gradients();
        explain_updates();
        if (options_.verify) {
            verify_claims();
        }
        return std::move(result_);
    }

private:
    Graph& graph() { return chain_.graph; }
    const std::string& name(NodeId id) const { return chain_.graph.name(id); }
    NodeId objective() const { return chain_.equations.objective; }

    // w - alpha * dLoss/dw, for each weight that is asked for.
    void add_updates() {
        rate_ =
            graph().add_named(network_.rate_symbol, leaf_op, {}, {std::string("constant"), Type{}});
        for (const GradientNodes& gradient : chain_.gradients) {
            if (network_.weight(gradient.of) != nullptr) {
                const Expr step = graph().expr(rate_) * graph().expr(gradient.expr);
                updates_[gradient.of] = (graph().expr(gradient.of) - step).id;
            }
        }
    }

    std::vector<NodeId> raw_nodes() const {
        std::vector<NodeId> nodes;
        for (const auto& [edge, partial] : chain_.partials) {
            nodes.push_back(partial.expr);
        }
        for (const CotangentNodes& cotangent : chain_.cotangents) {
            nodes.push_back(cotangent.expr);
        }
        for (const GradientNodes& gradient : chain_.gradients) {
            nodes.push_back(gradient.expr);
        }
        for (const auto& [weight, update] : updates_) {
            nodes.push_back(update);
        }
        return nodes;
    }

    std::optional<Tensor> value(NodeId id) const { return numbers_.of(id); }

    std::optional<Tensor> gradient_value(NodeId id) const { return numbers_.of_gradient(id); }

    // --- the answers -----------------------------------------------------------------------------

    void claim(const Formula& formula, NodeId means, std::size_t group = ~std::size_t{0}) {
        claims_.push_back({formula.text, means, group});
    }

    std::string shape_text(NodeId id) const {
        const Type& type = chain_.graph.type(id);
        return type.is_scalar() ? "" : describe(type);
    }

    void explain_forward() {
        for (const NodeId id : network_.equations) {
            FormulaOptions written;
            written.definition = true;
            written.as_written = every_call;
            ForwardLine line{name(id),     name_formula(name(id)), formula_of(graph(), id, written),
                             std::nullopt, shape_text(id),         value(id)};
            FormulaOptions plain;
            plain.definition = true;
            Formula inlined = formula_of(graph(), id, plain);
            claim(line.expr, id);
            if (inlined.text != line.expr.text) {
                claim(inlined, id);
                line.inlined = std::move(inlined);
            }
            result_.forward.push_back(std::move(line));
        }
    }

    void explain_loss() {
        LossLine& loss = result_.loss;
        const NodeId id = objective();
        loss.name = name(id);
        loss.name_formula = name_formula(loss.name);
        FormulaOptions options;
        options.definition = true;
        options.as_written = every_call;
        loss.written = formula_of(graph(), id, options);
        options.as_written = [id](NodeId node) { return node != id; };
        loss.expr = formula_of(graph(), id, options);
        options.unfold = unfolded_names();
        loss.substituted = formula_of(graph(), id, options);
        loss.value = value(id);
        claim(loss.written, id);
        claim(loss.expr, id);
        claim(loss.substituted, id);
    }

    // How long an equation is when its names are put in, a repeated one each time; saturates.
    std::size_t written_size(NodeId equation,
                             const std::function<std::size_t(NodeId)>& size_of) const {
        std::map<NodeId, std::size_t, std::greater<>> times{{equation, 1}};
        std::size_t total = 0;
        while (!times.empty()) {
            const auto [id, count] = *times.begin();
            times.erase(times.begin());
            const bool by_name = id != equation && chain_.graph.is_named(id);
            total = std::min(total + count * (by_name ? size_of(id) : 1), max_formula_size);
            for (const NodeId operand :
                 by_name ? std::vector<NodeId>{} : chain_.graph[id].operands) {
                times[operand] = std::min(times[operand] + count, max_formula_size);
            }
        }
        return total;
    }

    // The names to put in for the loss by substitution: all, unless that grows beyond reading.
    std::function<bool(NodeId)> unfolded_names() {
        std::map<NodeId, std::size_t> size;
        const auto unfolded_size = [&](NodeId id) {
            const auto found = size.find(id);
            return found != size.end() && found->second < max_substituted_size ? found->second : 1;
        };
        for (const NodeId id : chain_.equations.order) {
            if (!graph()[id].op->is_leaf()) {
                size[id] = written_size(id, unfolded_size);
            }
        }
        return [size = std::move(size)](NodeId id) {
            const auto found = size.find(id);
            return found != size.end() && found->second < max_substituted_size;
        };
    }

    // Whether a partial's symbol, read again, is a quotient of two of the network's own names:
    // dz/dw, where dz and dw are weights.
    bool is_quotient(const Partial& partial) const {
        return chain_.graph.find("d" + partial.d) && chain_.graph.find("d" + partial.by);
    }

    // dd/dby, with partial signs where dLoss/dby would mean more than this step.
    Formula step_symbol(NodeId d, NodeId by) const {
        return partial_symbol(name(d), name(by), d == objective() && users(by).size() > 1);
    }

    Partial partial_line(NodeId d, NodeId by, std::size_t group) {
        const PartialNodes& nodes = chain_.partials.at({d, by});
        Partial partial;
        partial.d = name(d);
        partial.by = name(by);
        partial.symbol = step_symbol(d, by);
        partial.expr = formulas_->partial(nodes.expr);
        partial.local = formulas_->local(nodes.expr, d);
        partial.rule = nodes.rule;
        partial.pulls_back = nodes.pulls_back;
        partial.value = value(nodes.expr);
        if (claimed_.emplace(d, by).second) {
            claim(partial.expr, nodes.expr, group);
            claim(partial.local, nodes.expr, group);
        }
        return partial;
    }

    // The users through which the objective sees a name, in the order of the reverse pass.
    std::vector<NodeId> users(NodeId id) const {
        std::vector<NodeId> users;
        const auto found = chain_.equations.users.find(id);
        if (found != chain_.equations.users.end()) {
            users.assign(found->second.rbegin(), found->second.rend());
        }
        return users;
    }

    // dLoss/dh = sum over the users u of h: dLoss/du * du/dh.
    Formula recursion(NodeId id) const {
        Formula sum;
        for (const NodeId user : users(id)) {
            const Formula step = step_symbol(user, id);
            const Formula before =
                user == objective() ? Formula{} : partial_symbol(name(objective()), name(user));
            append(sum, user == objective() ? step : joined(before, step, " * ", " \\cdot "), " + ",
                   " + ");
        }
        return sum;
    }

    void explain_cotangents() {
        for (const CotangentNodes& nodes : chain_.cotangents) {
            Cotangent line;
            line.name = name(nodes.symbol);
            line.of = name(nodes.of);
            line.symbol = name_formula(line.name);
            line.of_symbol = partial_symbol(name(objective()), line.of);
            line.recursion = recursion(nodes.of);
            line.expr = formulas_->of(nodes.expr);
            line.shape = shape_text(nodes.of);
            line.value = gradient_value(nodes.of);
            for (const NodeId user : users(nodes.of)) {
                line.partials.push_back(partial_line(user, nodes.of, no_group));
            }
            claim(line.expr, nodes.symbol);
            result_.cotangents.push_back(std::move(line));
        }
    }

    void explain_gradients() {
        for (std::size_t i = 0; i < chain_.gradients.size(); ++i) {
            result_.gradients.push_back(gradient_line(chain_.gradients[i], i));
        }
    }

    GradientLine gradient_line(const GradientNodes& nodes, std::size_t group) {
        GradientLine line;
        line.of = name(nodes.of);
        line.symbol = partial_symbol(name(objective()), line.of);
        line.path_count = nodes.path_count;
        line.expr = formulas_->of(nodes.expr);
        line.shape = shape_text(nodes.of);
        line.value = gradient_value(nodes.of);
        for (const Path& path : nodes.paths) {
            line.paths.push_back(path_symbols(path));
        }
        if (nodes.path_count == 0) {
            result_.remarks.push_back(line.of + " does not reach the loss: its gradient is 0");
        } else if (chain_.written_out) {
            write_out(nodes, group, line);
        } else {
            line.chain = recursion(nodes.of);
            for (const NodeId user : users(nodes.of)) {
                line.partials.push_back(partial_line(user, nodes.of, group));
            }
            line.product = line.expr;
        }
        claim(line.expr, {}, group);
        return line;
    }

    std::vector<std::string> path_symbols(const Path& path) const {
        std::vector<std::string> symbols;
        for (std::size_t i = 0; i + 1 < path.size(); ++i) {
            symbols.push_back(partial_symbol(name(path[i]), name(path[i + 1])).text);
        }
        return symbols;
    }

    void write_out(const GradientNodes& nodes, std::size_t group, GradientLine& line) {
        std::set<std::pair<NodeId, NodeId>> listed;
        std::vector<std::vector<NodeId>> terms;
        for (const Path& path : nodes.paths) {
            Formula product;
            std::vector<NodeId>& factors = terms.emplace_back();
            for (std::size_t i = 0; i + 1 < path.size(); ++i) {
                append(product, step_symbol(path[i], path[i + 1]), " * ", " \\cdot ");
                factors.push_back(chain_.partials.at({path[i], path[i + 1]}).expr);
                if (listed.emplace(path[i], path[i + 1]).second) {
                    line.partials.push_back(partial_line(path[i], path[i + 1], group));
                }
            }
            append(line.chain, product, " + ", " + ");
        }
        if (nodes.of == objective()) {
            line.chain = line.product = line.expr;
            return;
        }
        line.product = formulas_->sum_of_products(terms);
        if (std::ranges::none_of(line.partials, [&](const Partial& p) { return is_quotient(p); })) {
            claim(line.chain, {}, group);
        }
        claim(line.product, {}, group);
    }

    void explain_updates() {
        for (const GradientNodes& gradient : chain_.gradients) {
            const auto update = updates_.find(gradient.of);
            if (update != updates_.end()) {
                UpdateLine line{name(gradient.of), name_formula(name(gradient.of)),
                                formulas_->of(update->second), value(update->second)};
                claim(line.expr, update->second);
                result_.update.push_back(std::move(line));
            }
        }
    }

    void verify_claims() {
        std::map<NodeId, NodeId> symbols;
        for (const CotangentNodes& cotangent : chain_.cotangents) {
            symbols.emplace(cotangent.symbol, cotangent.of);
        }
        std::vector<NodeId> roots(wrt_);
        roots.push_back(objective());
        // Forward, backward, and at the points of a central difference.
        const double point_cost = 10 * evaluation_cost(graph(), roots);
        if (!is_evaluable(graph(), roots) || point_cost > evaluation_budget) {
            result_.remarks.push_back("not verified: a tensor is too large to be evaluated here");
            return;
        }
        VerifyOptions verify;
        verify.points = std::min(verify.points, static_cast<int>(evaluation_budget / point_cost));
        const auto stamps =
            chainrule::verify(scope_, graph(), objective(), wrt_, symbols, claims_, verify);
        for (std::size_t i = 0; i < stamps.size(); ++i) {
            if (stamps[i].points > 0) {
                result_.gradients[i].verified = stamps[i];
            }
        }
        if (!stamps.empty() && stamps[0].points == 0) {
            result_.remarks.push_back(
                "not verified: no random point was found at which the network is finite and "
                "smooth");
        }
    }

    static constexpr std::size_t no_group = ~std::size_t{0};

    const Network network_;
    const Scope& scope_;
    const ExplainOptions& options_;
    std::vector<NodeId> wrt_;
    Chain chain_;
    NodeId rate_;
    std::map<NodeId, NodeId> updates_;
    std::optional<Formulas> formulas_;
    ChainNumbers numbers_;
    std::set<std::pair<NodeId, NodeId>> claimed_;
    std::vector<Claim> claims_;
    Explanation result_;
};

}  // namespace

Explanation explain(const Elaborated& elaborated, const ExplainOptions& options) {
    if (!elaborated.network.objective.valid()) {
        throw UserError("the network has no loss: nothing to derive; add a line `loss ...`");
    }
    return Explainer(elaborated, options).explain();
}

}  // namespace chainrule
