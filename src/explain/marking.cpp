#include "explain/marking.h"

#include <algorithm>

#include "explain/answer_key.h"
#include "explain/diagnosis.h"
#include "explain/random_point.h"
#include "lang/parser.h"
#include "ops/build.h"

namespace chainrule {
namespace {

// The left side of an answer, as text: `z1`, or `dA/dB` in its two names.
struct LeftSide {
    std::string symbol;
    std::string a;  // of dA/dB; else empty
    std::string b;
};

std::string without_d(const std::string& name) {
    return name.size() > 1 && name.front() == 'd' ? name.substr(1) : "";
}

LeftSide left_side(const ast::Tree& tree, const ast::Answer& answer) {
    if (const auto* name = std::get_if<ast::Name>(&tree[answer.left].node)) {
        return {name->name, "", ""};
    }
    if (const auto* quotient = std::get_if<ast::Binary>(&tree[answer.left].node)) {
        const auto* over = std::get_if<ast::Name>(&tree[quotient->lhs].node);
        const auto* under = std::get_if<ast::Name>(&tree[quotient->rhs].node);
        if (quotient->op == ast::BinaryOp::divide && over != nullptr && under != nullptr) {
            const std::string a = without_d(over->name);
            const std::string b = without_d(under->name);
            if (!a.empty() && !b.empty()) {
                return {over->name + "/" + under->name, a, b};
            }
        }
    }
    throw UserError("the left side of an answer is a name or a derivative, like z1 or dLoss/dw1",
                    tree[answer.left].span);
}

class Marker {
public:
    Marker(const Elaborated& elaborated, const ast::Tree& tree, const NamedValues& at)
        : network_(elaborated.network),
          scope_(*elaborated.scope),
          tree_(tree),
          key_(elaborated.network),
          given_(given_values(network_, at)) {}

    MarkedLine mark(const ast::Answer& answer, std::uint32_t line) {
        MarkedLine marked{line, "", Mark::right, "", std::nullopt};
        const LeftSide left = left_side(tree_, answer);
        const bool update = answer.update || is_update(left, answer);
        const auto truths = meanings(left, update);
        for (const ast::ExprId right : answer.right) {
            const NodeId yours = filled(read(right), truths);
            if (truths.empty()) {
                own_names_.insert_or_assign(left.symbol, yours);
                marked.mark = Mark::defined;
                return marked;
            }
            if (is_any(truths, yours)) {
                continue;
            }
            judge(left, update, truths.front(), yours, marked);
            if (!update) {
                wrong_.push_back({left.symbol, yours, line});
            }
            return marked;
        }
        return marked;
    }

private:
    struct WrongLine {
        std::string symbol;
        NodeId value;
        std::uint32_t line;
    };

    std::vector<Expected> meanings(const LeftSide& left, bool update) {
        if (update) {
            return key_.of_update(left.symbol);
        }
        return left.a.empty() ? key_.of_name(left.symbol) : key_.of_derivative(left.a, left.b);
    }

    // `w1 = w1 - alpha * ...` is an update too. Of the other names that no equation gives, a line
    // says nothing that could be marked.
    bool is_update(const LeftSide& left, const ast::Answer& answer) {
        const auto id = left.a.empty() ? network_.graph.find(left.symbol) : std::nullopt;
        if (!id || !network_.graph.is_op(*id, leaf_op)) {
            return false;
        }
        const NodeId roots[] = {read(answer.right.front())};
        if (network_.weight(*id) != nullptr &&
            std::ranges::count(reachable(key_.graph(), roots), *id) > 0) {
            return true;
        }
        throw UserError(left.symbol + " has no equation to be marked: --at " + left.symbol +
                            "=... gives it a value" +
                            (network_.weight(*id) == nullptr
                                 ? ""
                                 : ", and its update is written " + left.symbol + " <- ..."),
                        tree_[answer.left].span);
    }

    // One side in the network's names, the cotangents' and the student's own.
    NodeId read(ast::ExprId right) {
        std::map<std::string, NodeId> names = key_.extra_names();
        for (const auto& [name, value] : own_names_) {
            names.insert_or_assign(name, value);
        }
        return elaborate_expression(scope_, key_.graph(), tree_, right, names).id;
    }

    // A number stands for a tensor that is that number everywhere, as in the dz/db = 1 of a bias.
    NodeId filled(NodeId yours, const std::vector<Expected>& truths) {
        const auto number = literal_value(key_.graph(), yours);
        return number && !truths.empty()
                   ? literal_like(key_.graph().expr(truths.front().value), *number).id
                   : yours;
    }

    bool fits(NodeId a, NodeId b) {
        const Type& x = key_.graph().type(a);
        const Type& y = key_.graph().type(b);
        return x.shape == y.shape && x.row == y.row;
    }

    bool is(NodeId expected, NodeId yours) {
        return fits(expected, yours) &&
               Samples(key_.graph(), expected).equal(key_.graph(), yours, expected);
    }

    bool is_any(const std::vector<Expected>& meanings, NodeId yours) {
        return std::ranges::any_of(
            meanings, [&](const Expected& expected) { return is(expected.value, yours); });
    }

    // The earlier wrong line from which this side follows: one alone, or the first where it takes
    // all.
    std::optional<std::uint32_t> source_of(const LeftSide& left, bool update, NodeId yours) {
        std::vector<WrongLine> others;
        std::ranges::copy_if(wrong_, std::back_inserter(others), [&](const WrongLine& earlier) {
            return update || earlier.symbol != left.symbol;
        });
        const auto follows = [&](std::span<const WrongLine> lines) {
            for (const WrongLine& line : lines) {
                key_.replace(line.symbol, line.value);
            }
            const bool holds = !lines.empty() && is_any(meanings(left, update), yours);
            key_.restore();
            return holds;
        };
        for (const WrongLine& line : others) {
            if (follows({&line, 1})) {
                return line.line;
            }
        }
        return follows(others) ? std::optional(others.front().line) : std::nullopt;
    }

    // A wrong side: does it follow from an earlier wrong line? If not, what is wrong with it?
    void judge(const LeftSide& left, bool update, const Expected& truth, NodeId yours,
               MarkedLine& marked) {
        if (const auto earlier = source_of(left, update, yours)) {
            marked.mark = Mark::follows;
            marked.reason = "it follows from line " + std::to_string(*earlier) + ", which is wrong";
            return;
        }
        marked.mark = Mark::wrong;
        const Graph& graph = key_.graph();
        if (!fits(truth.value, yours)) {
            marked.reason = "it is " + describe(graph.type(yours)) + ", and should be " +
                            describe(graph.type(truth.value));
            return;
        }
        const Samples samples(graph, truth.value);
        if (samples.empty()) {
            marked.reason = "no point was found at which the right answer is finite";
            return;
        }
        marked.reason = diagnose(key_.chain(), truth, yours, samples);
        show(truth.value, yours, samples, marked);
    }

    // The point given by --at if it is complete, else a random one; the names are those of leaves.
    void show(NodeId truth, NodeId yours, const Samples& samples, MarkedLine& marked) {
        const Graph& graph = key_.graph();
        const NodeId roots[] = {truth, yours};
        const std::vector<bool> computable = computable_nodes(graph, given_);
        for (std::size_t i = 0; i <= 8; ++i) {
            const bool own = i == 0 && computable[truth.index] && computable[yours.index];
            if (i == 0 && !own) {
                continue;
            }
            const Bindings point =
                own ? given_ : random_point(graph, roots, 11, static_cast<std::uint64_t>(i));
            const std::vector<Tensor> values = evaluate(graph, roots, point);
            if (!is_finite(values[0]) || samples.empty()) {
                continue;
            }
            Counterexample shown{{}, values[1], values[0]};
            for (const NodeId id : reachable(graph, roots)) {
                if (graph.is_op(id, leaf_op)) {
                    shown.at.emplace(graph.name(id), point.at(id));
                }
            }
            marked.shown = std::move(shown);
            return;
        }
    }

    const Network& network_;
    const Scope& scope_;
    const ast::Tree& tree_;
    AnswerKey key_;
    Bindings given_;
    std::map<std::string, NodeId> own_names_;
    std::vector<WrongLine> wrong_;
};

}  // namespace

std::vector<MarkedLine> mark_answers(const Elaborated& elaborated, std::uint32_t file,
                                     const NamedValues& at, const SourceMap& sources,
                                     Diagnostics& diagnostics) {
    ast::Tree tree;
    const std::vector<ast::Answer> answers = parse_answers(sources, file, tree, diagnostics);
    if (answers.empty() && !diagnostics.has_errors()) {
        diagnostics.error({file, 0, 0},
                          "no answers in it: write one equality per line, like dLoss/dw1 = ...");
    }
    Marker marker(elaborated, tree, at);
    std::vector<MarkedLine> marked;
    for (const ast::Answer& answer : answers) {
        const auto place = sources.place(file, answer.span.begin);
        try {
            marked.push_back(marker.mark(answer, place.line));
            marked.back().text = std::string(sources.text(answer.span));
        } catch (const UserError& error) {
            for (Diagnostic diagnostic : error.diagnostics()) {
                diagnostic.span = diagnostic.span ? diagnostic.span : answer.span;
                diagnostics.add(std::move(diagnostic));
            }
        }
    }
    return marked;
}

}  // namespace chainrule
