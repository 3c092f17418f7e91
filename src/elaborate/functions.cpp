// Calls of abstract functions, of functions with a definition, and of derivatives.
#include <fmt/format.h>

#include <algorithm>

#include "elaborate/derivative.h"
#include "elaborate/evaluator.h"
#include "ops/build.h"

namespace chainrule {
namespace {

std::string takes(const std::string& name, std::size_t arity, std::size_t given) {
    return fmt::format("{} takes {} argument{}, and got {}", name, arity, arity == 1 ? "" : "s",
                       given);
}

std::vector<Note> defined_note(const FunctionEntry& function) {
    if (!function.span) {
        return {};
    }
    const std::string how = function.kind == FunctionEntry::Kind::abstract ? "declared" : "defined";
    return {{fmt::format("{} is {} here", function.name, how), function.span}};
}

}  // namespace

// Which argument each differentiation is with respect to, counted from 0.
std::optional<std::vector<std::size_t>> Evaluator::differentiated(const ast::Call& call,
                                                                  const Callee& callee,
                                                                  std::size_t arguments) {
    if (call.primes > 0 && arguments != 1) {
        session_.error(where_, call.callee_span,
                       fmt::format("{0}' of {1} arguments: write D({0}, 1)(...) for the derivative "
                                   "with respect to the first",
                                   call.callee, arguments),
                       defined_note(*callee.function));
        return std::nullopt;
    }
    std::vector<std::size_t> result(static_cast<std::size_t>(call.primes), 0);
    for (const int argument : call.derivative_of) {
        if (argument < 1 || static_cast<std::size_t>(argument) > arguments) {
            session_.error(
                where_, call.callee_span,
                fmt::format("D({}, {}) of {} argument{}: there is no argument {}", call.callee,
                            argument, arguments, arguments == 1 ? "" : "s", argument));
            return std::nullopt;
        }
        result.push_back(static_cast<std::size_t>(argument) - 1);
    }
    return result;
}

bool Evaluator::note_abstract_use(const std::string& name, std::size_t arity, Span at,
                                  const AbstractUse& use) {
    const auto& uses =
        session_.lone_expression() ? session_.scope.abstract_uses : session_.abstract_uses;
    const auto known = uses.find(name);
    if (known != uses.end() && known->second.arity != arity) {
        const std::size_t other = known->second.arity;
        session_.error(where_, at,
                       fmt::format("{} is abstract and takes {} argument{} elsewhere, and got {} "
                                   "here",
                                   name, other, other == 1 ? "" : "s", arity));
        return false;
    }
    if (!session_.lone_expression()) {
        AbstractUse& noted = session_.abstract_uses[name];
        noted.arity = arity;
        noted.reduces |= use.reduces;
        noted.elementwise |= use.elementwise;
    }
    return true;
}

Item Evaluator::call_abstract(const ast::Call& call, ast::ExprId id, const Callee& callee) {
    const std::string& name = callee.function->name;
    const std::size_t count = call.arguments.size();
    if (count == 0) {
        session_.error(where_, call.callee_span,
                       fmt::format("{} is called without arguments", name));
        return Poison{};
    }
    if (!check_positional(call, "an abstract function")) {
        return Poison{};
    }
    const auto values = argument_values(call, count);
    const auto by = differentiated(call, callee, count);
    if (!values || !by) {
        return Poison{};
    }
    const bool tensors =
        std::ranges::any_of(*values, [&](NodeId value) { return !graph_.type(value).is_scalar(); });
    // Of several tensors only a reduction has a meaning; of one, `loss f(x)` itself reduces.
    bool reduces =
        tensors && (count > 1 ? where_.in_loss || session_.lone_expression() || !by->empty()
                              : where_.in_loss && !is_nested(id));
    if (tensors && count == 1 && session_.lone_expression()) {
        const auto use = session_.scope.abstract_uses.find(name);
        reduces = use != session_.scope.abstract_uses.end() && use->second.reduces &&
                  !use->second.elementwise;
    }
    if (!note_abstract_use(name, count, call.callee_span,
                           {count, reduces, tensors && count == 1 && !reduces})) {
        return Poison{};
    }
    std::vector<std::int64_t> orders(count, 0);
    for (const std::size_t argument : *by) {
        ++orders[argument];
    }
    std::vector<ast::ExprId> places;
    for (const ast::Argument& argument : call.arguments) {
        places.push_back(argument.value);
    }
    Item result = apply(apply_op, *values, {name, orders, std::int64_t{reduces}}, call.callee_span,
                        id, places);
    const auto* node = std::get_if<NodeId>(&result);
    if (node != nullptr && by->empty() && callee.written != name) {
        write_as(*node, callee.written, *values, id);
    }
    return result;
}

Item Evaluator::call_defined(const ast::Call& call, ast::ExprId id, const Callee& callee) {
    const FunctionEntry& function = *callee.function;
    const std::size_t arity = function.definition->parameters.size();
    if (!check_positional(call, "a function")) {
        return Poison{};
    }
    if (call.arguments.size() != arity) {
        session_.error(where_, call.callee_span, takes(call.callee, arity, call.arguments.size()),
                       defined_note(function));
        return Poison{};
    }
    const auto values = argument_values(call, arity);
    if (!values) {
        return Poison{};
    }
    const auto result = unfold(function, *values, call.callee_span);
    if (!result) {
        return Poison{};
    }
    write_as(*result, callee.written, *values, id);
    return *result;
}

// The body of a function with a definition, with values for its parameters.
std::optional<NodeId> Evaluator::unfold(const FunctionEntry& function,
                                        const std::vector<NodeId>& operands, Span at) {
    const Session::CallKey key{&function, operands, where_.in_loss};
    if (const auto found = session_.finished_calls.find(key);
        found != session_.finished_calls.end()) {
        return found->second;
    }
    if (!session_.enter(function, where_, at)) {
        return std::nullopt;
    }
    Locals locals;
    for (std::size_t i = 0; i < operands.size(); ++i) {
        Local local;
        local.kind = Local::Kind::value;
        local.value = operands[i];
        locals.emplace(function.definition->parameters[i].name, std::move(local));
    }
    Environment body;
    body.tree = function.tree;
    body.locals = &locals;
    body.library = function.library;
    body.use = where_.place(at);
    body.in_loss = where_.in_loss;
    body.in_function = true;
    const auto result = Evaluator(session_, body).value(*function.definition->body);
    session_.leave();
    session_.finished_calls.emplace(key, result);
    return result;
}

// Remembers how a node was written, unless that would say nothing (`id(x)` is x) or wrongly of
// others (a number that stands elsewhere too).
void Evaluator::write_as(NodeId node, const std::string& function,
                         const std::vector<NodeId>& arguments, ast::ExprId id) {
    const bool above =
        std::ranges::all_of(arguments, [&](NodeId argument) { return argument < node; });
    if (function.empty() || !above || graph_.is_op(node, constant_op) ||
        graph_[node].op->is_leaf()) {
        return;
    }
    const WrittenCall written{function, arguments};
    if (id == root_) {
        written_ = written;
    }
    if (!graph_.is_named(node) && graph_.written(node) == nullptr) {
        graph_.set_written(node, written);
    }
}

// The rule is taken at fresh leaves, so that an argument is not confused with what depends on it or
// with an equal number in the body.
Item Evaluator::call_derivative(const ast::Call& call, ast::ExprId id, const Callee& callee) {
    const auto count = derivable_arguments(call, callee);
    const auto values = count ? argument_values(call, *count) : std::nullopt;
    const auto by = values ? differentiated(call, callee, *count) : std::nullopt;
    if (!by) {
        return Poison{};
    }
    std::vector<NodeId> arguments;
    std::map<NodeId, NodeId> replacements;
    for (const NodeId value : *values) {
        const Type type = graph_.type(value);
        const std::string role = "argument " + std::to_string(graph_.size());
        arguments.push_back(graph_.add(leaf_op, {}, {role, type}));
        replacements.emplace(arguments.back(), value);
    }
    std::optional<NodeId> result = at_arguments(call, id, callee, arguments);
    for (const std::size_t argument : *by) {
        if (!result) {
            return Poison{};
        }
        result = derivative(graph_, *result, arguments[argument]);
        if (!result) {
            session_.error(where_, call.callee_span,
                           fmt::format("the derivative of {} is a matrix here, not one number for "
                                       "each element",
                                       call.callee));
        }
    }
    return result ? Item(substitute(graph_, *result, replacements)) : Item(Poison{});
}

// How many of a call's arguments are values, of a function that may be differentiated.
std::optional<std::size_t> Evaluator::derivable_arguments(const ast::Call& call,
                                                          const Callee& callee) {
    const FunctionEntry& function = *callee.function;
    if (function.kind == FunctionEntry::Kind::layer) {
        session_.error(where_, call.callee_span,
                       fmt::format("{} is a layer: only a function has a derivative of this form",
                                   call.callee));
        return std::nullopt;
    }
    const std::size_t given = positional_count(call);
    const bool builtin = function.kind == FunctionEntry::Kind::builtin;
    if (!builtin && !check_positional(call, "a function")) {
        return std::nullopt;
    }
    const std::size_t least = builtin ? static_cast<std::size_t>(function.op->arity.min)
                                      : function.definition->parameters.size();
    const std::size_t most = builtin ? static_cast<std::size_t>(function.op->arity.max) : least;
    if (given < std::max<std::size_t>(least, 1) || (!builtin && given > most)) {
        session_.error(where_, call.callee_span, takes(call.callee, least, given),
                       defined_note(function));
        return std::nullopt;
    }
    return std::min(given, most);
}

std::optional<NodeId> Evaluator::at_arguments(const ast::Call& call, ast::ExprId id,
                                              const Callee& callee,
                                              const std::vector<NodeId>& arguments) {
    const FunctionEntry& function = *callee.function;
    if (function.kind == FunctionEntry::Kind::defined) {
        return unfold(function, arguments, call.callee_span);
    }
    auto attributes = read_attributes(call, *function.op, call.callee, arguments.size());
    if (!attributes) {
        return std::nullopt;
    }
    std::vector<ast::ExprId> places;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        places.push_back(call.arguments[i].value);
    }
    const Item result =
        apply(*function.op, arguments, std::move(*attributes), call.callee_span, id, places);
    const auto* node = std::get_if<NodeId>(&result);
    return node == nullptr ? std::nullopt : std::optional(*node);
}

}  // namespace chainrule
