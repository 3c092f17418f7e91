#include "elaborate/declarations.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "elaborate/evaluator.h"
#include "elaborate/walk.h"
#include "ops/build.h"

namespace chainrule {
namespace {

std::optional<std::int64_t> dimension_of(Session& session, const Environment& where, Span span,
                                         const std::string& what, double value) {
    if (std::floor(value) != value || value < 1) {
        session.error(where, span,
                      fmt::format("{} must be a whole number of at least 1, and is {}", what,
                                  format_number(value)));
        return std::nullopt;
    }
    if (value > static_cast<double>(most_elements)) {
        session.error(where, span,
                      fmt::format("{} is {}: a tensor has at most 2^40 elements", what,
                                  format_number(value)));
        return std::nullopt;
    }
    return static_cast<std::int64_t>(value);
}

std::optional<Shape> read_shape(Session& session, const Environment& where,
                                const ast::Declaration& declaration) {
    Shape shape;
    double elements = 1;
    for (const ast::ExprId id : declaration.dimensions) {
        const auto extent = read_dimension(session, where, id);
        if (!extent) {
            return std::nullopt;
        }
        shape.push_back(*extent);
        elements *= static_cast<double>(*extent);
    }
    if (elements > static_cast<double>(most_elements)) {
        session.error(where, declaration.name.span,
                      fmt::format("{} {} has more than 2^40 elements", declaration.name.name,
                                  to_string(shape)));
        return std::nullopt;
    }
    return shape;
}

Tensor broadcast(const Tensor& value, const Shape& shape) {
    if (value.is_scalar()) {
        return Tensor::filled(shape, value.data[0]);
    }
    Tensor result = Tensor::filled(shape, 0);
    const auto from = strides_of(value.shape);
    const auto to = strides_of(shape);
    const std::size_t extra = shape.size() - value.shape.size();
    for (std::size_t i = 0; i < result.data.size(); ++i) {
        std::int64_t source = 0;
        for (std::size_t axis = 0; axis < from.size(); ++axis) {
            const std::int64_t place =
                static_cast<std::int64_t>(i) / to[axis + extra] % shape[axis + extra];
            source += (value.shape[axis] == 1 ? 0 : place) * from[axis];
        }
        result.data[i] = value.data[static_cast<std::size_t>(source)];
    }
    return result;
}

bool broadcasts(const Shape& from, const Shape& to) {
    bool fits = from.size() <= to.size();
    for (std::size_t i = 0; fits && i < from.size(); ++i) {
        const std::int64_t extent = from[from.size() - 1 - i];
        fits = extent == 1 || extent == to[to.size() - 1 - i];
    }
    return fits;
}

// The value that a weight or constant is declared with.
struct GivenTensor {
    Tensor tensor;
    bool row = false;
};

std::optional<GivenTensor> read_value(Session& session, const Environment& where,
                                      const ast::Declaration& declaration) {
    const std::string what = "the value of " + declaration.name.name;
    const Span span = (*where.tree)[*declaration.value].span;
    auto known = Evaluator(session, where).constant(*declaration.value, what);
    if (!known) {
        return std::nullopt;
    }
    const auto infinite =
        std::ranges::find_if(known->tensor.data, [](double v) { return !std::isfinite(v); });
    if (infinite != known->tensor.data.end()) {
        session.error(where, span,
                      fmt::format("{} must be finite, and is {}", what, format_number(*infinite)));
        return std::nullopt;
    }
    return GivenTensor{std::move(known->tensor), known->row};
}

// Gives `value` the declared shape, or takes the shape from it.
bool fit_value(Session& session, const Environment& where, const ast::Declaration& declaration,
               GivenTensor& value, Type& type) {
    const Span span = (*where.tree)[*declaration.value].span;
    if (declaration.dimensions.empty()) {
        type.shape = value.tensor.shape;
        type.row = value.row;
        return true;
    }
    if (!broadcasts(value.tensor.shape, type.shape)) {
        session.error(where, span,
                      fmt::format("{} {} cannot take a value of shape {}", declaration.name.name,
                                  to_string(type.shape), to_string(value.tensor.shape)));
        return false;
    }
    const bool filled = value.tensor.is_scalar();
    if (element_count(type.shape) > most_known_elements &&
        !(filled && declaration.role == ast::Role::weight)) {
        session.error(
            where, span,
            fmt::format("{} {} is too large for a value written out: {} elements at most",
                        declaration.name.name, to_string(type.shape), most_known_elements));
        return false;
    }
    const bool large = filled && declaration.role == ast::Role::weight &&
                       element_count(type.shape) > most_filled_elements;
    if (!large && value.tensor.shape != type.shape) {
        value.tensor = broadcast(value.tensor, type.shape);
    }
    return true;
}

bool read_classes(Session& session, const Environment& where, const ast::Declaration& declaration,
                  Type& type) {
    if (!declaration.classes) {
        return true;
    }
    const auto classes = read_dimension(session, where, *declaration.classes);
    type.dtype = DType::index;
    type.classes = classes.value_or(1);
    return classes.has_value();
}

void add_weight(Session& session, const Environment& where, const ast::Declaration& declaration,
                Weight weight, std::optional<GivenTensor> value) {
    if (value && value->tensor.shape != session.graph.type(weight.node).shape) {
        const Span span = (*where.tree)[*declaration.value].span;
        weight.initialiser =
            Initialiser{Initialiser::Kind::constant, value->tensor.data[0], 1, where.place(span)};
    } else if (value) {
        weight.value = std::move(value->tensor);
    }
    session.network->weights.push_back(std::move(weight));
}

bool check_role(Session& session, const Environment& where, const ast::Declaration& declaration) {
    const bool given =
        declaration.role == ast::Role::input || declaration.role == ast::Role::target;
    if (given && declaration.value) {
        session.error(
            where, (*where.tree)[*declaration.value].span,
            fmt::format("{0} is {1} {2} and comes from the data: give it a value with "
                        "--at {0}=..., or declare it as a constant",
                        declaration.name.name, declaration.role == ast::Role::input ? "an" : "a",
                        role_name(declaration.role)));
        return false;
    }
    return true;
}

}  // namespace

std::optional<std::int64_t> read_dimension(Session& session, const Environment& where,
                                           ast::ExprId id) {
    const Span span = (*where.tree)[id].span;
    if (const auto* number = std::get_if<ast::Number>(&(*where.tree)[id].node)) {
        return dimension_of(session, where, span, "a dimension", number->value);
    }
    const ast::Name* name = name_at(*where.tree, id);
    const std::string what = "dimension " + (name == nullptr ? "" : name->name);
    const Local* local = nullptr;
    if (where.locals != nullptr && name != nullptr) {
        const auto found = where.locals->find(name->name);
        local = found == where.locals->end() ? nullptr : &found->second;
    }
    if (local != nullptr && local->kind == Local::Kind::number) {
        return dimension_of(session, where, span, what, local->number);
    }
    if (local != nullptr && local->kind == Local::Kind::function) {
        session.error(where, span, fmt::format("{} must be a number, and is a function", what));
        return std::nullopt;
    }
    const auto known = Evaluator(session, where).constant(id, what);
    if (!known) {
        return std::nullopt;
    }
    const double value = known->tensor.is_scalar() ? known->tensor.data[0] : std::nan("");
    return dimension_of(session, where, span, what, value);
}

std::optional<NodeId> declare(Session& session, const Environment& where,
                              const ast::Declaration& declaration) {
    Type type;
    const auto shape = read_shape(session, where, declaration);
    if (!shape || !check_role(session, where, declaration) ||
        !read_classes(session, where, declaration, type)) {
        return std::nullopt;
    }
    type.shape = *shape;
    const bool data = declaration.role == ast::Role::input || declaration.role == ast::Role::target;
    type.per_example = data && session.examples == Examples::many;

    std::optional<GivenTensor> value;
    if (declaration.value) {
        value = read_value(session, where, declaration);
        if (!value || !fit_value(session, where, declaration, *value, type)) {
            return std::nullopt;
        }
    }
    Weight weight;
    if (declaration.initialiser) {
        weight.initialiser = read_initialiser(session, where, *declaration.initialiser);
        if (!weight.initialiser) {
            return std::nullopt;
        }
    }
    const NodeId node = session.graph.add_named(where.prefix + declaration.name.name, leaf_op, {},
                                                {std::string(role_name(declaration.role)), type},
                                                where.place(declaration.name.span));
    Network& network = *session.network;
    switch (declaration.role) {
    case ast::Role::input:
        network.inputs.push_back(node);
        break;
    case ast::Role::target:
        network.targets.push_back(node);
        break;
    case ast::Role::weight:
        weight.node = node;
        add_weight(session, where, declaration, std::move(weight), std::move(value));
        break;
    case ast::Role::constant:
        network.constants.push_back(node);
        if (value) {
            network.constant_values.emplace(node, std::move(value->tensor));
        }
        break;
    }
    return node;
}

}  // namespace chainrule
