// The use of a layer: its dimensions bind, its weights get names of their own, its equations run.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "elaborate/declarations.h"
#include "elaborate/evaluator.h"
#include "elaborate/layer_use.h"
#include "elaborate/walk.h"
#include "ops/build.h"

namespace chainrule {
namespace {

// Whether the body calls its parameter `name`: then an argument that names both a function and a
// value is the function.
bool is_called(const ast::Tree& tree, const ast::Layer& layer, const std::string& name) {
    std::vector<ast::ExprId> roots{layer.value};
    for (const ast::Statement& statement : layer.body) {
        append_roots(statement, roots);
    }
    for (const ast::ExprId root : roots) {
        for (const ast::ExprId id : expression_nodes(tree, root)) {
            const auto* call = std::get_if<ast::Call>(&tree[id].node);
            if (call != nullptr && call->callee == name) {
                return true;
            }
        }
    }
    return false;
}

}  // namespace

// The arguments of a call in the order of the layer's parameters.
std::optional<std::vector<ast::ExprId>> Evaluator::layer_arguments(const ast::Call& call,
                                                                   const ast::Layer& layer) {
    std::vector<std::optional<ast::ExprId>> given(layer.parameters.size());
    std::string parameters;
    for (const ast::LayerParameter& parameter : layer.parameters) {
        parameters += (parameters.empty() ? "" : ", ") + parameter.name.name;
    }
    const std::string form = fmt::format("{}({})", layer.name.name, parameters);
    for (std::size_t i = 0; i < call.arguments.size(); ++i) {
        const ast::Argument& argument = call.arguments[i];
        std::size_t place = i;
        if (!argument.keyword.empty()) {
            const auto found = std::ranges::find_if(layer.parameters, [&](const auto& parameter) {
                return parameter.name.name == argument.keyword;
            });
            place = static_cast<std::size_t>(found - layer.parameters.begin());
        }
        if (place >= given.size() || given[place]) {
            session_.error(where_,
                           argument.keyword.empty() ? span(argument.value) : argument.keyword_span,
                           fmt::format("one argument too many: the layer is written {}", form));
            return std::nullopt;
        }
        given[place] = argument.value;
    }
    std::vector<ast::ExprId> arguments;
    for (std::size_t i = 0; i < given.size(); ++i) {
        if (!given[i]) {
            session_.error(where_, call.callee_span,
                           fmt::format("{} is used without its {}: the layer is written {}",
                                       call.callee, layer.parameters[i].name.name, form));
            return std::nullopt;
        }
        arguments.push_back(*given[i]);
    }
    return arguments;
}

// What an argument is for a parameter without dimensions: a number, a function, or a value.
Local Evaluator::bind_argument(ast::ExprId id, const ast::Tree& tree, const ast::Layer& layer,
                               const std::string& parameter) {
    Local local;
    const Item& it = item(id);
    if (const auto* number = std::get_if<double>(&it)) {
        local.kind = Local::Kind::number;
        local.number = *number;
        return local;
    }
    if (const auto* name = std::get_if<const ast::Name*>(&it)) {
        if (where_.locals != nullptr) {
            const auto own = where_.locals->find((*name)->name);
            if (own != where_.locals->end()) {
                return own->second;
            }
        }
        const FunctionEntry* function = session_.scope.find_function((*name)->name, where_.library);
        const bool value = session_.find_value(where_, (*name)->name).has_value();
        if (function != nullptr && (!value || is_called(tree, layer, parameter))) {
            local.kind = function->poisoned ? Local::Kind::poison : Local::Kind::function;
            local.function = function;
            local.function_name = where_.library ? "" : (*name)->name;
            return local;
        }
    }
    if (const auto value = as_value(id)) {
        local.kind = Local::Kind::value;
        local.value = *value;
    }
    return local;
}

// Binds the dimension names of `parameter`, or compares them with what they are bound to.
bool Evaluator::bind_dimensions(const ast::LayerParameter& parameter, const Environment& inside,
                                NodeId value, ast::ExprId id, Locals& locals) {
    const Type& type = graph_.type(value);
    const std::string& own = graph_.name(value);
    const std::string argument = fmt::format("{}{}{}", own, own.empty() ? "" : " ", describe(type));
    if (type.rank() != parameter.dimensions.size()) {
        std::string wanted;
        for (const ast::ExprId dimension : parameter.dimensions) {
            const auto* number = std::get_if<ast::Number>(&(*inside.tree)[dimension].node);
            const ast::Name* name = name_at(*inside.tree, dimension);
            wanted += (wanted.empty() ? "" : ", ") +
                      (number != nullptr ? format_number(number->value) : name->name);
        }
        session_.error(where_, span(id),
                       fmt::format("the argument {} has the shape [{}], and got {}",
                                   parameter.name.name, wanted, argument),
                       session_.note_at(value));
        return false;
    }
    for (std::size_t axis = 0; axis < type.rank(); ++axis) {
        const ast::Name* name = name_at(*inside.tree, parameter.dimensions[axis]);
        const std::int64_t extent = type.shape[axis];
        const std::string origin = fmt::format("{} by {}", extent, argument);
        if (name != nullptr && !locals.contains(name->name)) {
            Local dimension;
            dimension.kind = Local::Kind::number;
            dimension.number = static_cast<double>(extent);
            dimension.origin = origin;
            locals.emplace(name->name, std::move(dimension));
            continue;
        }
        const auto wanted = read_dimension(session_, inside, parameter.dimensions[axis]);
        if (!wanted || *wanted == extent) {
            if (!wanted) {
                return false;
            }
            continue;
        }
        const std::string& before = name == nullptr ? "" : locals.at(name->name).origin;
        session_.error(where_, span(id),
                       name == nullptr
                           ? fmt::format("the argument {} has {} in axis {}, and got {}",
                                         parameter.name.name, *wanted, axis, argument)
                           : fmt::format("dimension {} is {} and {}", name->name,
                                         before.empty() ? std::to_string(*wanted) : before, origin),
                       session_.note_at(value));
        return false;
    }
    return true;
}

std::optional<Locals> Evaluator::bind_layer(const FunctionEntry& function,
                                            const std::vector<ast::ExprId>& arguments,
                                            const Environment& inside) {
    const ast::Layer& layer = *function.layer;
    Locals locals;
    bool sound = true;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const ast::LayerParameter& parameter = layer.parameters[i];
        Local local;
        if (parameter.has_dimensions) {
            if (const auto value = as_value(arguments[i])) {
                local.kind = Local::Kind::value;
                local.value = *value;
            }
        } else {
            local = bind_argument(arguments[i], *function.tree, layer, parameter.name.name);
        }
        sound &= local.kind != Local::Kind::poison;
        locals.emplace(parameter.name.name, std::move(local));
    }
    if (!sound) {
        return std::nullopt;
    }
    Environment binding = inside;
    binding.locals = &locals;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const ast::LayerParameter& parameter = layer.parameters[i];
        if (!parameter.has_dimensions) {
            continue;
        }
        const NodeId value = locals.at(parameter.name.name).value;
        if (!bind_dimensions(parameter, binding, value, arguments[i], locals)) {
            return std::nullopt;
        }
    }
    return locals;
}

// `h` of `h = dense(...)`, else `dense1`, `dense2`, ... where nothing else is called so.
std::string Evaluator::layer_owner(const std::string& layer, ast::ExprId id) {
    if (id == root_ && !owner.empty()) {
        return where_.prefix + owner;
    }
    int& count = session_.anonymous_layers[where_.prefix + layer];
    const auto taken = [&](const std::string& name) {
        return where_.siblings != nullptr ? where_.siblings->contains(name)
                                          : session_.defined.contains(name);
    };
    std::string name;
    do {
        name = layer + std::to_string(++count);
    } while (taken(name));
    return where_.prefix + name;
}

Item Evaluator::call_layer(const ast::Call& call, ast::ExprId id, const Callee& callee) {
    const FunctionEntry& function = *callee.function;
    if (session_.lone_expression() || where_.in_function) {
        session_.error(where_, call.callee_span,
                       session_.lone_expression()
                           ? fmt::format("{} is a layer: it stands in a network, not in a formula",
                                         call.callee)
                           : fmt::format("{} is a layer, which has weights: make this function a "
                                         "layer too",
                                         call.callee));
        return Poison{};
    }
    const auto arguments = layer_arguments(call, *function.layer);
    Environment inside;
    inside.tree = function.tree;
    inside.library = function.library;
    inside.use = where_.place(call.callee_span);
    inside.in_loss = where_.in_loss;
    auto locals = arguments ? bind_layer(function, *arguments, inside) : std::nullopt;
    if (!locals || !session_.enter(function, where_, call.callee_span)) {
        return Poison{};
    }
    inside.prefix = layer_owner(function.name, id) + ".";
    inside.locals = &*locals;
    const auto result = run_layer(session_, inside, *function.layer, *locals);
    session_.leave();
    return result ? Item(*result) : Item(Poison{});
}

}  // namespace chainrule
