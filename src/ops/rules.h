// What the definitions of ops share: type rules, access to attributes, samples
// for the tests.
#pragma once

#include <vector>

#include "ops/build.h"

namespace chainrule {

// --- attributes
// ------------------------------------------------------------------------------------

std::int64_t integer_attribute(const Attributes& attributes, std::size_t i);
double real_attribute(const Attributes& attributes, std::size_t i);
const std::string& text_attribute(const Attributes& attributes, std::size_t i);
const std::vector<std::int64_t>& list_attribute(const Attributes& attributes, std::size_t i);
const Tensor& tensor_attribute(const Attributes& attributes, std::size_t i);
const Type& type_attribute(const Attributes& attributes, std::size_t i);

// As a call writes them: those that are required or not their defaults, `axis=0`.
std::vector<std::string> attribute_texts(const Op& op, const Attributes& attributes);

// --- types
// -----------------------------------------------------------------------------------------

// All operands have one type (call() has broadcast them); the result has it
// too. Indices are refused.
Type elementwise_shape(const ShapeCall& call);

// As elementwise_shape; the first operand is a condition (any number; not 0
// means yes).
Type where_shape(const ShapeCall& call);

// The result's dtype and whether it is per example, from all operands: a scalar
// of that kind.
Type scalar_result(const ShapeCall& call);

// An index (class label) where numbers are wanted is an error: "exp needs
// numbers, and y is a class label: one_hot(y) makes numbers of it".
void refuse_index(const ShapeCall& call, std::string_view op, std::size_t operand);

// `axis` of a tensor of that rank: negative ones count from the end. Throws
// ShapeError.
std::size_t normal_axis(const ShapeCall& call, std::string_view op, std::int64_t axis);

// A list of axes as a sorted list without negatives; an empty list means all.
// Throws ShapeError.
std::vector<std::int64_t> normal_axes(const std::vector<std::int64_t>& axes, std::size_t rank);

// --- reductions
// ------------------------------------------------------------------------------------

// The attributes of a reduction: axis (empty: all), keepdims.
std::vector<AttributeSpec> reduction_attributes();
Type reduction_shape(const ShapeCall& call);
// `f(group, result_index)` over the elements that reduce to each element of the
// result, in order.
void for_each_group(const ReferenceCall& call,
                    void (*f)(std::span<const double> group, double& result));
// The cotangent of a reduction, back in the shape of its operand (before any
// weighting).
Expr spread_reduction(const GradientCall& g, Expr dy);
// y in a shape that broadcasts against x.
Expr keep_reduced_axes(const GradientCall& g, Expr y);

// A label as a number; any other value as it is.
Expr number_of(Expr x);
// The constant [0, 1, ..., count - 1].
Expr counting(Graph& graph, std::int64_t count);

// A per-example value becomes a shared one of the same shape.
Type batch_reduction_shape(const ShapeCall& call);

// --- sample cases
// ----------------------------------------------------------------------------------

Type f64(Shape shape = {});
Type f64_row(std::int64_t extent);
Type index_type(Shape shape = {}, std::int64_t classes = 0);

// Scalar, empty, of size 1, vector, row, matrix, large: all operands alike,
// default attributes.
std::vector<SampleCase> unary_cases();
std::vector<SampleCase> binary_cases();
std::vector<SampleCase> ternary_cases();
// A scalar and a vector that each example has for itself.
std::vector<SampleCase> per_example_cases();
// Over all axes, over one, over two, kept: of vectors, matrices and rank 3.
std::vector<SampleCase> reduction_cases();

}  // namespace chainrule
