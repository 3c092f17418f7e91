// Array literals, and indices into tensors.
#include <fmt/format.h>

#include <cmath>

#include "elaborate/evaluator.h"
#include "ops/build.h"

namespace chainrule {
namespace {

const Shape& shape_of(const Item& item) {
    static const Shape scalar;
    const auto* tensor = std::get_if<Tensor>(&item);
    return tensor == nullptr ? scalar : tensor->shape;
}

bool is_literal(const Item& item) {
    return std::holds_alternative<double>(item) || std::holds_alternative<Tensor>(item);
}

std::string count_of(const Shape& shape) { return shape.empty() ? "a number" : to_string(shape); }

}  // namespace

Item Evaluator::visit_node(const ast::Array& array, ast::ExprId id) {
    bool all_literal = true;
    for (const ast::ExprId element : array.elements) {
        all_literal &= is_literal(item(element));
    }
    if (all_literal) {
        return stack_numbers(array, id);
    }
    std::vector<NodeId> elements;
    for (const ast::ExprId element : array.elements) {
        const auto value = as_value(element);
        if (value) {
            elements.push_back(*value);
        }
    }
    if (elements.size() < array.elements.size()) {
        return Poison{};
    }
    return apply(stack_op, elements, {}, span(id), id, array.elements);
}

Item Evaluator::stack_numbers(const ast::Array& array, ast::ExprId id) {
    if (array.elements.empty()) {
        return Tensor({0}, {});
    }
    const Shape inner = shape_of(item(array.elements[0]));
    Tensor result;
    result.data.clear();
    result.data.reserve(array.elements.size() * static_cast<std::size_t>(element_count(inner)));
    for (const ast::ExprId element : array.elements) {
        Item& it = item(element);
        if (shape_of(it) != inner) {
            session_.error(where_, span(element),
                           fmt::format("the elements of an array differ in shape: {} here, {} "
                                       "before",
                                       count_of(shape_of(it)), count_of(inner)),
                           {{"the array begins here", where_.place(span(id))}});
            return Poison{};
        }
        if (const auto* number = std::get_if<double>(&it)) {
            result.data.push_back(*number);
        } else {
            const auto& data = std::get<Tensor>(it).data;
            result.data.insert(result.data.end(), data.begin(), data.end());
            it = Poison{};
        }
    }
    result.shape = inner;
    result.shape.insert(result.shape.begin(), static_cast<std::int64_t>(array.elements.size()));
    return result;
}

std::optional<std::int64_t> Evaluator::index_number(ast::ExprId id) {
    const auto number = attribute_number(id, "an index");
    if (!number) {
        return std::nullopt;
    }
    const double value = number->is_scalar() ? number->data[0] : std::nan("");
    if (std::floor(value) != value || std::abs(value) > 1e15) {
        session_.error(
            where_, span(id),
            fmt::format("an index is a whole number, and this is {}", format_tensor(*number)));
        return std::nullopt;
    }
    return static_cast<std::int64_t>(value);
}

std::optional<Evaluator::Selection> Evaluator::selection(const ast::Subscript& subscript,
                                                         std::size_t axis, std::int64_t extent,
                                                         ast::ExprId index) {
    const auto start = subscript.start ? index_number(*subscript.start) : 0;
    const auto stop = subscript.stop ? index_number(*subscript.stop) : extent;
    if (!start || !stop) {
        return std::nullopt;
    }
    const auto from_front = [&](std::int64_t place) { return place < 0 ? place + extent : place; };
    Selection result{axis, from_front(*start), from_front(*stop), !subscript.range};
    if (result.single) {
        result.stop = result.start + 1;
    }
    if (result.start >= 0 && result.start < result.stop && result.stop <= extent) {
        return result;
    }
    const std::string what =
        result.single ? fmt::format("there is no element {}", *start)
                      : fmt::format("there are no elements from {} to before {}", *start, *stop);
    session_.error(where_, subscript.start ? span(*subscript.start) : span(index),
                   fmt::format("{}: axis {} has {}, counted from 0", what, axis, extent));
    return std::nullopt;
}

Item Evaluator::visit_node(const ast::Index& index, ast::ExprId id) {
    const auto operand = as_value(index.operand);
    if (!operand) {
        return Poison{};
    }
    const Type type = graph_.type(*operand);
    if (index.subscripts.size() > type.rank()) {
        session_.error(
            where_, span(id),
            fmt::format("{} indices for {}{}{}, which has {} ax{}s", index.subscripts.size(),
                        graph_.name(*operand), graph_.is_named(*operand) ? " " : "", describe(type),
                        type.rank(), type.rank() == 1 ? "i" : "e"),
            session_.note_at(*operand));
        return Poison{};
    }
    const ast::Subscript& first = index.subscripts[0];
    if (index.subscripts.size() == 1 && !first.range) {
        const auto* name = std::get_if<const ast::Name*>(&item(*first.start));
        const auto label =
            name == nullptr ? std::optional<NodeId>{} : session_.find_value(where_, (*name)->name);
        if (label && graph_.type(*label).is_index()) {
            return apply(gather_op, {*operand, *label}, {}, span(id), id,
                         {index.operand, *first.start});
        }
    }
    NodeId result = *operand;
    std::int64_t place = 0;  // of the axis among those that are left
    for (std::size_t axis = 0; axis < type.rank(); ++axis) {
        const std::int64_t extent = type.shape[axis];
        Selection selected{axis, 0, extent, false};
        if (axis < index.subscripts.size()) {
            const auto chosen = selection(index.subscripts[axis], axis, extent, id);
            if (!chosen) {
                return Poison{};
            }
            selected = *chosen;
        }
        if (selected.single) {
            const NodeId at = literal(graph_, static_cast<double>(selected.start)).id;
            result = graph_.add(gather_op, {result, at}, {place});
            continue;
        }
        if (selected.start > 0 || selected.stop < extent) {
            result = graph_.add(slice_op, {result}, {selected.start, selected.stop, place});
        }
        ++place;
    }
    return result;
}

}  // namespace chainrule
