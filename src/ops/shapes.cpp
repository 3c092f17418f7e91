#include "ops/shapes.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "lang/diagnostic.h"

namespace chainrule {

std::string describe_call(const ShapeCall& call, std::string_view op) {
    std::string text = std::string(op) + "(";
    for (std::size_t i = 0; i < call.operands.size(); ++i) {
        text += (i == 0 ? "" : ", ") + call.describe(i);
    }
    return text + ")";
}

bool too_large(const Shape& shape) {
    // Extents of 0 are left out: strides must not overflow either.
    std::int64_t count = 1;
    for (const std::int64_t extent : shape) {
        if (extent > 0 && count > max_elements / extent) {
            return true;
        }
        count *= std::max<std::int64_t>(extent, 1);
    }
    return false;
}

Type checked_size(const ShapeCall& call, std::string_view op, Type type) {
    if (too_large(type.shape)) {
        throw ShapeError(describe_call(call, op) + " would have more than 2^40 elements");
    }
    return type;
}

Type square_matrix(const ShapeCall& call, std::string_view op, std::size_t operand) {
    refuse_index(call, op, operand);
    const Type& type = call[operand];
    if (type.rank() != 2 || type.shape[0] != type.shape[1]) {
        throw ShapeError(std::string(op) + " needs a square matrix, not " + call.describe(operand),
                         static_cast<int>(operand));
    }
    Type result = scalar_result(call);
    result.shape = type.shape;
    return result;
}

std::vector<SampleCase> square_cases() {
    std::vector<SampleCase> cases;
    for (const std::int64_t rows : {0, 1, 2, 3, 12}) {
        cases.push_back({{f64({rows, rows})}, {}});
    }
    return cases;
}

void make_regular(std::vector<Tensor>& operands) {
    for (Tensor& matrix : operands) {
        const auto rows = static_cast<std::size_t>(matrix.shape[0]);
        for (std::size_t i = 0; i < rows; ++i) {
            matrix.data[i * rows + i] += static_cast<double>(rows);
        }
    }
}

std::vector<std::vector<std::size_t>> groups_along(const Shape& shape,
                                                   const std::vector<std::int64_t>& axes) {
    // How far one step along each axis leads among the groups.
    std::vector<std::int64_t> step(shape.size(), 0);
    std::int64_t groups = 1;
    for (std::size_t axis = shape.size(); axis-- > 0;) {
        if (!std::ranges::binary_search(axes, static_cast<std::int64_t>(axis))) {
            step[axis] = groups;
            groups *= shape[axis];
        }
    }
    const auto strides = strides_of(shape);
    std::vector<std::vector<std::size_t>> result(static_cast<std::size_t>(groups));
    for (std::int64_t i = 0; i < element_count(shape); ++i) {
        std::int64_t group = 0;
        for (std::size_t axis = 0; axis < shape.size(); ++axis) {
            group += i / strides[axis] % shape[axis] * step[axis];
        }
        result[static_cast<std::size_t>(group)].push_back(static_cast<std::size_t>(i));
    }
    return result;
}

Expr reduce_along(const Op& reduction, Expr x, const std::vector<std::int64_t>& axes) {
    const bool all = axes.size() == x.type().rank();
    return call(reduction, {x}, {all ? std::vector<std::int64_t>{} : axes, std::int64_t{!all}});
}

Expr sum_along(Expr x, const std::vector<std::int64_t>& axes) {
    return reduce_along(sum_op, x, axes);
}

ShiftedExponentials shifted_exponentials(Expr x, const std::vector<std::int64_t>& axes) {
    const Expr top = reduce_along(max_op, x, axes);
    return {top, exp(x - top)};
}

Places same_places(const PlacesCall& call) {
    return {.offset = 0, .strides = strides_of(call.type.shape)};
}

double group_size(const GradientCall& g) {
    const Type& x = g.x[0].type();
    double count = 1;
    for (const std::int64_t axis : normal_axes(list_attribute(g.attributes, 0), x.rank())) {
        count *= static_cast<double>(x.shape[static_cast<std::size_t>(axis)]);
    }
    return count;
}

Expr share_among_ties(const GradientCall& g) {
    const Expr x = g.x[0];
    const auto axes = normal_axes(list_attribute(g.attributes, 0), x.type().rank());
    const Expr reaches = equal(x, keep_reduced_axes(g, g.y));
    return keep_reduced_axes(g, g.dy) * reaches / sum_along(reaches, axes);
}

double greatest(std::span<const double> group) {
    double result = -std::numeric_limits<double>::infinity();
    for (const double value : group) {
        result = value > result || std::isnan(value) ? value : result;
    }
    return result;
}

Written write_reduction(const Op& op, std::string_view latex, const NotationCall& call) {
    const std::string operand = call.operand(0, Precedence::comparison);
    const auto attributes = attribute_texts(op, call.attributes);
    if (call.script == Script::latex) {
        const bool some_axes = !attributes.empty() && attributes[0].starts_with("axis=");
        const std::string below =
            some_axes ? "_{\\text{axis } " + attributes[0].substr(5) + "}" : "";
        return {std::string(latex) + below + "\\left(" + operand + "\\right)"};
    }
    std::string text = std::string(op.name) + "(" + operand;
    for (const std::string& attribute : attributes) {
        text += ", " + attribute;
    }
    return {text + ")"};
}

std::vector<std::int64_t> softmax_axes(const Attributes& attributes, std::size_t rank) {
    return rank == 0 ? std::vector<std::int64_t>{}
                     : normal_axes(list_attribute(attributes, 0), rank);
}

Type softmax_shape(const ShapeCall& call) {
    refuse_index(call, "softmax", 0);
    for (const std::int64_t axis : list_attribute(call.attributes, 0)) {
        if (!call[0].is_scalar()) {
            normal_axis(call, "softmax", axis);
        }
    }
    softmax_axes(call.attributes, call[0].rank());
    Type result = scalar_result(call);
    result.shape = call[0].shape;
    result.row = call[0].row;
    return result;
}

std::vector<SampleCase> softmax_cases() {
    using List = std::vector<std::int64_t>;
    return {{{f64()}, {}},
            {{f64({0})}, {}},
            {{f64({1})}, {}},
            {{f64({4})}, {}},
            {{f64_row(3)}, {}},
            {{f64({2, 3})}, {}},
            {{f64({2, 3})}, {List{0}}},
            {{f64({2, 3})}, {List{0, 1}}},
            {{f64({2, 3, 2})}, {List{1}}},
            {{f64({100})}, {}}};
}

Blocks blocks_along(const Shape& shape, std::size_t axis) {
    Blocks blocks;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        std::size_t& part = i < axis ? blocks.outer : i == axis ? blocks.extent : blocks.inner;
        part *= static_cast<std::size_t>(shape[i]);
    }
    return blocks;
}

std::size_t axis_attribute(const Attributes& attributes, std::size_t attribute, std::size_t rank) {
    const std::int64_t axis = integer_attribute(attributes, attribute);
    return static_cast<std::size_t>(axis < 0 ? axis + static_cast<std::int64_t>(rank) : axis);
}

Expr reshape_to(Expr x, const Type& type) {
    if (x.type().shape != type.shape) {
        x = reshape(x, type.shape);
    }
    return x.type().row == type.row ? x : transpose(x);
}

std::optional<std::int64_t> known_place(Expr index, std::int64_t extent) {
    const auto value = literal_value(*index.graph, index.id);
    if (!value || !index.type().is_scalar() || *value != std::floor(*value) || *value < 0 ||
        *value >= static_cast<double>(extent)) {
        return std::nullopt;
    }
    return static_cast<std::int64_t>(*value);
}

std::size_t checked_index(std::string_view op, double value, std::int64_t extent) {
    if (!(value >= 0 && value < static_cast<double>(extent) && value == std::floor(value))) {
        throw UserError(std::string(op) + " has no place " + format_number(value) + " among " +
                        std::to_string(extent) + ", which are whole numbers from 0");
    }
    return static_cast<std::size_t>(value);
}

}  // namespace chainrule
