// Calls: who is called, and the ops with their attributes.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "elaborate/evaluator.h"
#include "ops/build.h"

namespace chainrule {
namespace {

std::string counted(std::size_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string describe_arity(const Arity& arity) {
    if (arity.max == Arity::any) {
        return fmt::format("at least {}", counted(static_cast<std::size_t>(arity.min), "argument"));
    }
    return counted(static_cast<std::size_t>(arity.max), "argument");
}

std::string describe_kind(const Attribute& attribute) {
    switch (attribute.index()) {
    case 0:
        return "a whole number";
    case 1:
        return "a number";
    case 2:
        return "a word";
    default:
        return "a list of whole numbers";
    }
}

}  // namespace

std::optional<Evaluator::Callee> Evaluator::find_callee(const ast::Call& call) {
    if (where_.locals != nullptr) {
        const auto local = where_.locals->find(call.callee);
        if (local != where_.locals->end() && local->second.kind == Local::Kind::function) {
            return Callee{local->second.function, local->second.function_name};
        }
        if (local != where_.locals->end() && local->second.kind == Local::Kind::poison) {
            return std::nullopt;
        }
    }
    if (const FunctionEntry* function = session_.scope.find_function(call.callee, where_.library)) {
        return function->poisoned
                   ? std::nullopt
                   : std::optional(Callee{function, where_.library ? "" : call.callee});
    }
    if (session_.find_value(where_, call.callee)) {
        session_.error(where_, call.callee_span,
                       fmt::format("{0} is a value, not a function: a product is written {0} * "
                                   "(...)",
                                   call.callee));
    } else if (!session_.incomplete) {
        session_.error(where_, call.callee_span,
                       fmt::format("unknown function {}{}", call.callee,
                                   session_.suggest_function(call.callee)));
    }
    return std::nullopt;
}

Item Evaluator::visit_node(const ast::Call& call, ast::ExprId id) {
    const auto callee = find_callee(call);
    if (!callee) {
        return Poison{};
    }
    const FunctionEntry& function = *callee->function;
    const bool derivative = call.primes > 0 || !call.derivative_of.empty();
    if (function.kind == FunctionEntry::Kind::abstract) {
        return call_abstract(call, id, *callee);
    }
    if (derivative) {
        return call_derivative(call, id, *callee);
    }
    switch (function.kind) {
    case FunctionEntry::Kind::builtin:
        return call_op(call, id, *callee);
    case FunctionEntry::Kind::layer:
        return call_layer(call, id, *callee);
    default:
        return call_defined(call, id, *callee);
    }
}

std::size_t Evaluator::positional_count(const ast::Call& call) {
    return static_cast<std::size_t>(std::ranges::count_if(
        call.arguments, [](const ast::Argument& argument) { return argument.keyword.empty(); }));
}

bool Evaluator::check_positional(const ast::Call& call, const std::string& kind) {
    for (const ast::Argument& argument : call.arguments) {
        if (!argument.keyword.empty()) {
            session_.error(where_, argument.keyword_span,
                           fmt::format("{} is {}: it takes its arguments in order, without names",
                                       call.callee, kind));
            return false;
        }
    }
    return true;
}

std::optional<std::vector<NodeId>> Evaluator::argument_values(const ast::Call& call,
                                                              std::size_t count) {
    std::vector<NodeId> values;
    for (std::size_t i = 0; i < count; ++i) {
        if (const auto value = as_value(call.arguments[i].value)) {
            values.push_back(*value);
        }
    }
    return values.size() == count ? std::optional(std::move(values)) : std::nullopt;
}

Item Evaluator::call_op(const ast::Call& call, ast::ExprId id, const Callee& callee) {
    const Op* op = callee.function->op;
    const std::string& name = call.callee;
    const std::size_t positional = positional_count(call);
    // max(a, b) is the greater of two values, max(x) the greatest element of one.
    const bool several = positional > 1 && (op == &max_op || op == &min_op);
    if (several) {
        op = op == &max_op ? &maximum_op : &minimum_op;
    }
    const std::size_t most = several ? positional : static_cast<std::size_t>(op->arity.max);
    const std::size_t count = std::min(positional, most);
    if (static_cast<int>(count) < op->arity.min) {
        session_.error(
            where_, call.callee_span,
            fmt::format("{} takes {}, and got {}", name, describe_arity(op->arity), count));
        return Poison{};
    }
    auto operands = argument_values(call, count);
    auto attributes = read_attributes(call, *op, name, count);
    if (!operands || !attributes) {
        return Poison{};
    }
    std::vector<ast::ExprId> places;
    for (std::size_t i = 0; i < count; ++i) {
        places.push_back(call.arguments[i].value);
    }
    const Item result = several && count > 2
                            ? fold_op(*op, *operands, call.callee_span, id, places)
                            : apply(*op, *operands, *attributes, call.callee_span, id, places);
    const auto* node = std::get_if<NodeId>(&result);
    const FunctionEntry* entry = session_.scope.find_entry(callee.written, where_.library);
    const bool alias = entry != nullptr && entry->kind != FunctionEntry::Kind::builtin;
    if (node != nullptr && alias && call.arguments.size() == count) {
        write_as(*node, callee.written, *operands, id);
    }
    return result;
}

Item Evaluator::fold_op(const Op& op, const std::vector<NodeId>& operands, Span at, ast::ExprId id,
                        const std::vector<ast::ExprId>& places) {
    Item result = operands[0];
    for (std::size_t i = 1; i < operands.size(); ++i) {
        const auto* node = std::get_if<NodeId>(&result);
        if (node == nullptr) {
            return result;
        }
        result = apply(op, {*node, operands[i]}, {}, at, id, {places[i - 1], places[i]});
    }
    return result;
}

std::optional<Attributes> Evaluator::read_attributes(const ast::Call& call, const Op& op,
                                                     const std::string& name,
                                                     std::size_t operands) {
    std::vector<std::optional<Attribute>> given(op.attributes.size());
    std::size_t next = 0;
    for (std::size_t i = operands; i < call.arguments.size(); ++i) {
        const ast::Argument& argument = call.arguments[i];
        std::optional<std::size_t> place = next;
        if (argument.keyword.empty()) {
            ++next;
        } else {
            place = attribute_index(argument, op, name);
        }
        if (!place) {
            return std::nullopt;
        }
        if (*place >= given.size()) {
            session_.error(where_, span(argument.value),
                           fmt::format("{} takes {}, and got {}", name, describe_arity(op.arity),
                                       positional_count(call)));
            return std::nullopt;
        }
        const AttributeSpec& spec = op.attributes[*place];
        if (given[*place]) {
            session_.error(where_, span(argument.value),
                           fmt::format("{} of {} is given twice", spec.name, name));
            return std::nullopt;
        }
        given[*place] = read_attribute(argument.value, spec, name);
        if (!given[*place]) {
            return std::nullopt;
        }
    }
    Attributes attributes;
    for (std::size_t i = 0; i < given.size(); ++i) {
        const AttributeSpec& spec = op.attributes[i];
        if (!given[i] && spec.required) {
            session_.error(where_, call.callee_span,
                           fmt::format("{0} needs {1}: write {0}(..., {1}=...)", name, spec.name));
            return std::nullopt;
        }
        attributes.push_back(given[i] ? *given[i] : spec.initial);
    }
    return attributes;
}

std::optional<std::size_t> Evaluator::attribute_index(const ast::Argument& argument, const Op& op,
                                                      const std::string& name) {
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < op.attributes.size(); ++i) {
        if (op.attributes[i].name == argument.keyword) {
            return i;
        }
        names.push_back(op.attributes[i].name);
    }
    const std::string_view near = nearest_name(argument.keyword, names);
    const std::string mend = names.empty()   ? fmt::format(": {} has no settings", name)
                             : !near.empty() ? fmt::format("; did you mean {}?", near)
                                             : fmt::format(": it has {}", fmt::join(names, ", "));
    session_.error(where_, argument.keyword_span,
                   fmt::format("{} has no setting {}{}", name, argument.keyword, mend));
    return std::nullopt;
}

// A number or list that the text writes out: a literal, a layer's dimension, or a formula of them.
// No constant, whose value --at may change.
std::optional<Tensor> Evaluator::attribute_number(ast::ExprId id, const std::string& what) {
    Item& it = item(id);
    if (const auto* number = std::get_if<double>(&it)) {
        return Tensor(*number);
    }
    if (const auto* tensor = std::get_if<Tensor>(&it)) {
        return *tensor;
    }
    const auto node = as_value(id);
    return node ? known_value(*node, id, what + " must be a number written out", false)
                : std::nullopt;
}

std::optional<Attribute> Evaluator::read_attribute(ast::ExprId id, const AttributeSpec& spec,
                                                   const std::string& name) {
    const std::string what = fmt::format("{} of {}", spec.name, name);
    const auto* word = std::get_if<const ast::Name*>(&item(id));
    if (std::holds_alternative<std::string>(spec.initial) && word != nullptr) {
        return (*word)->name;
    }
    const bool local = word != nullptr && session_.find_value(where_, (*word)->name);
    if (word != nullptr && !local && ((*word)->name == "true" || (*word)->name == "false")) {
        return std::int64_t{(*word)->name == "true"};
    }
    const auto wrong = [&](const std::string& found) {
        session_.error(
            where_, span(id),
            fmt::format("{} is {}, and this is {}", what, describe_kind(spec.initial), found));
        return std::nullopt;
    };
    if (std::holds_alternative<std::string>(spec.initial)) {
        return wrong("none");
    }
    const auto number = attribute_number(id, what);
    if (!number) {
        return std::nullopt;
    }
    const bool whole = std::ranges::all_of(number->data, is_whole);
    if (std::holds_alternative<double>(spec.initial)) {
        return number->is_scalar() ? std::optional<Attribute>(number->data[0])
                                   : wrong(format_tensor(*number));
    }
    if (std::holds_alternative<std::int64_t>(spec.initial)) {
        return number->is_scalar() && whole
                   ? std::optional<Attribute>(static_cast<std::int64_t>(number->data[0]))
                   : wrong(format_tensor(*number));
    }
    if (!whole || number->shape.size() > 1) {
        return wrong(format_tensor(*number));
    }
    std::vector<std::int64_t> list;
    for (const double element : number->data) {
        list.push_back(static_cast<std::int64_t>(element));
    }
    return list;
}

}  // namespace chainrule
