#include "ops/rules.h"

#include <algorithm>
#include <numeric>

#include "ops/shapes.h"

namespace chainrule {

std::int64_t integer_attribute(const Attributes& attributes, std::size_t i) {
    return std::get<std::int64_t>(attributes[i]);
}
double real_attribute(const Attributes& attributes, std::size_t i) {
    return std::get<double>(attributes[i]);
}
const std::string& text_attribute(const Attributes& attributes, std::size_t i) {
    return std::get<std::string>(attributes[i]);
}
const std::vector<std::int64_t>& list_attribute(const Attributes& attributes, std::size_t i) {
    return std::get<std::vector<std::int64_t>>(attributes[i]);
}
const Tensor& tensor_attribute(const Attributes& attributes, std::size_t i) {
    return std::get<Tensor>(attributes[i]);
}
const Type& type_attribute(const Attributes& attributes, std::size_t i) {
    return std::get<Type>(attributes[i]);
}

std::vector<std::string> attribute_texts(const Op& op, const Attributes& attributes) {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < op.attributes.size(); ++i) {
        const AttributeSpec& spec = op.attributes[i];
        if (attributes[i] == spec.initial && !spec.required) {
            continue;
        }
        const auto* list = std::get_if<std::vector<std::int64_t>>(&attributes[i]);
        const bool one_axis = list != nullptr && list->size() == 1 && spec.name == "axis";
        texts.push_back(std::string(spec.name) + "=" +
                        (one_axis ? std::to_string((*list)[0]) : to_string(attributes[i])));
    }
    return texts;
}

Type scalar_result(const ShapeCall& call) {
    Type result;
    for (const Type& type : call.operands) {
        result.dtype = type.dtype == DType::f32 ? DType::f32 : result.dtype;
        result.per_example |= type.per_example;
    }
    return result;
}

void refuse_index(const ShapeCall& call, std::string_view op, std::size_t operand) {
    if (call[operand].is_index()) {
        throw ShapeError(std::string(op) + " needs numbers, and " + call.describe(operand) +
                             " holds whole-number labels",
                         static_cast<int>(operand), "one_hot makes numbers of a class label");
    }
}

Type elementwise_shape(const ShapeCall& call) {
    Type result = scalar_result(call);
    for (std::size_t i = 0; i < call.operands.size(); ++i) {
        refuse_index(call, "an elementwise operation", i);
        if (call[i].shape != call[0].shape || call[i].row != call[0].row) {
            throw ShapeError("operands of an elementwise operation differ: " + call.describe(0) +
                             " and " + call.describe(i));
        }
    }
    result.shape = call[0].shape;
    result.row = call[0].row;
    return result;
}

Type where_shape(const ShapeCall& call) { return elementwise_shape(call); }

std::size_t normal_axis(const ShapeCall& call, std::string_view op, std::int64_t axis) {
    const auto rank = static_cast<std::int64_t>(call[0].rank());
    if (axis < -rank || axis >= rank) {
        throw ShapeError(std::string(op) + " over axis " + std::to_string(axis) + " of " +
                             call.describe(0) + ": it has " + std::to_string(rank) + " axes",
                         0);
    }
    return static_cast<std::size_t>(axis < 0 ? axis + rank : axis);
}

std::vector<std::int64_t> normal_axes(const std::vector<std::int64_t>& axes, std::size_t rank) {
    std::vector<std::int64_t> normal;
    if (axes.empty()) {
        normal.resize(rank);
        std::iota(normal.begin(), normal.end(), 0);
        return normal;
    }
    const auto count = static_cast<std::int64_t>(rank);
    for (const std::int64_t axis : axes) {
        if (axis < -count || axis >= count) {
            throw ShapeError("axis " + std::to_string(axis) + " of a tensor with " +
                             std::to_string(rank) + " axes");
        }
        normal.push_back(axis < 0 ? axis + count : axis);
    }
    std::ranges::sort(normal);
    if (const auto twice = std::ranges::adjacent_find(normal); twice != normal.end()) {
        throw ShapeError("axis " + std::to_string(*twice) + " is named twice");
    }
    return normal;
}

std::vector<AttributeSpec> reduction_attributes() {
    return {{"axis", std::vector<std::int64_t>{}}, {"keepdims", std::int64_t{0}}};
}

Type reduction_shape(const ShapeCall& call) {
    refuse_index(call, "a reduction", 0);
    for (const std::int64_t axis : list_attribute(call.attributes, 0)) {
        normal_axis(call, "a reduction", axis);
    }
    const auto axes = normal_axes(list_attribute(call.attributes, 0), call[0].rank());
    const bool keepdims = integer_attribute(call.attributes, 1) != 0;
    Type result = scalar_result(call);
    for (std::size_t axis = 0; axis < call[0].rank(); ++axis) {
        if (!std::ranges::binary_search(axes, static_cast<std::int64_t>(axis))) {
            result.shape.push_back(call[0].shape[axis]);
        } else if (keepdims) {
            result.shape.push_back(1);
        }
    }
    result.row = call[0].row && keepdims;
    return result;
}

void for_each_group(const ReferenceCall& call,
                    void (*f)(std::span<const double> group, double& result)) {
    const Tensor& x = call[0];
    const auto axes = normal_axes(list_attribute(call.attributes, 0), x.shape.size());
    const auto groups = groups_along(x.shape, axes);
    std::vector<double> values;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        values.clear();
        for (const std::size_t place : groups[i]) {
            values.push_back(x.data[place]);
        }
        f(values, call.result.data[i]);
    }
}

Expr keep_reduced_axes(const GradientCall& g, Expr y) {
    const Type& from = g.x[0].type();
    if (y.type().is_scalar() || y.type().rank() == from.rank()) {
        return y;
    }
    const auto axes = normal_axes(list_attribute(g.attributes, 0), from.rank());
    if (axes.back() + 1 == static_cast<std::int64_t>(axes.size())) {
        return y;  // leading axes, which broadcasting puts back
    }
    Shape kept = from.shape;
    for (const std::int64_t axis : axes) {
        kept[static_cast<std::size_t>(axis)] = 1;
    }
    return reshape(y, kept);
}

Expr spread_reduction(const GradientCall& g, Expr dy) {
    return broadcast_to(keep_reduced_axes(g, dy), g.x[0].type());
}

Expr number_of(Expr x) { return x.type().is_index() ? call(cast_op, {x}) : x; }

Expr counting(Graph& graph, std::int64_t count) {
    Tensor places = Tensor::filled({count}, 0);
    std::iota(places.data.begin(), places.data.end(), 0.0);
    return literal(graph, std::move(places));
}

Type batch_reduction_shape(const ShapeCall& call) {
    if (!call[0].per_example) {
        throw InternalError("a batch reduction of a value that all examples share");
    }
    Type result = call[0];
    result.per_example = false;
    return result;
}

Type f64(Shape shape) {
    Type type;
    type.shape = std::move(shape);
    return type;
}

Type f64_row(std::int64_t extent) {
    Type type = f64({extent});
    type.row = true;
    return type;
}

Type index_type(Shape shape, std::int64_t classes) {
    Type type = f64(std::move(shape));
    type.dtype = DType::index;
    type.classes = classes;
    return type;
}

namespace {

std::vector<SampleCase> alike_cases(std::size_t arity) {
    std::vector<SampleCase> cases;
    for (const Type& type : {f64(), f64({0}), f64({1}), f64({5}), f64_row(3), f64({2, 3}),
                             f64({2, 1, 3}), f64({300})}) {
        cases.push_back({std::vector<Type>(arity, type), {}});
    }
    return cases;
}

}  // namespace

std::vector<SampleCase> unary_cases() { return alike_cases(1); }
std::vector<SampleCase> binary_cases() { return alike_cases(2); }
std::vector<SampleCase> ternary_cases() { return alike_cases(3); }

std::vector<SampleCase> per_example_cases() {
    Type scalar = f64();
    Type vector = f64({3});
    scalar.per_example = vector.per_example = true;
    return {{{scalar}, {}}, {{vector}, {}}};
}

std::vector<SampleCase> reduction_cases() {
    using List = std::vector<std::int64_t>;
    const std::int64_t drop = 0;
    const std::int64_t keep = 1;
    return {{{f64()}, {}},
            {{f64({1})}, {}},
            {{f64({5})}, {}},
            {{f64_row(4)}, {}},
            {{f64_row(4)}, {List{0}, keep}},
            {{f64({2, 3})}, {}},
            {{f64({2, 3})}, {List{0}, drop}},
            {{f64({2, 3})}, {List{-1}, drop}},
            {{f64({2, 3})}, {List{1}, keep}},
            {{f64({2, 3, 4})}, {List{0, 2}, drop}},
            {{f64({2, 3, 4})}, {List{1}, keep}},
            {{f64({200})}, {}}};
}

}  // namespace chainrule
