// What reductions, shape ops and linear algebra share: checks of sizes and axes, and how a tensor
// lies in memory along an axis.
//
// Shape rules never allocate by size: a tensor of 2^40 elements may be declared and derived.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "ops/rules.h"

namespace chainrule {

// --- sizes ---------------------------------------------------------------------------------------

// The most elements that a tensor may have.
inline constexpr std::int64_t max_elements = std::int64_t{1} << 40;
bool too_large(const Shape& shape);

// `type` itself, or a ShapeError if it has more elements: "outer(a [2000000], b [2000000]) would
// have more than 2^40 elements".
Type checked_size(const ShapeCall& call, std::string_view op, Type type);

// `op(a [3], b [4])`.
std::string describe_call(const ShapeCall& call, std::string_view op);

// The type of operand i of a matrix function, which must be square: "inverse needs a square matrix,
// and W is [2, 3]".
Type square_matrix(const ShapeCall& call, std::string_view op, std::size_t operand);
// Square matrices of 0, 1, 2, 3 and 12 rows.
std::vector<SampleCase> square_cases();
// Adds its number of rows to the diagonal of each operand, which makes a matrix of elements below 1
// regular.
void make_regular(std::vector<Tensor>& operands);

// --- groups along axes ---------------------------------------------------------------------------

// The positions of the elements that differ only in `axes` (sorted, without negatives), group by
// group in the order of the other axes.
std::vector<std::vector<std::size_t>> groups_along(const Shape& shape,
                                                   const std::vector<std::int64_t>& axes);

// The reduction of x over `axes` in a shape that broadcasts against x: a scalar if that is all of
// them.
Expr reduce_along(const Op& reduction, Expr x, const std::vector<std::int64_t>& axes);
Expr sum_along(Expr x, const std::vector<std::int64_t>& axes);
// exp(x - max(x)) over `axes`, and that maximum: what a sum of exponentials is made of.
struct ShiftedExponentials {
    Expr top;
    Expr values;
};
ShiftedExponentials shifted_exponentials(Expr x, const std::vector<std::int64_t>& axes);

// The reference meaning of what a routine computes (the facet Routine).
template <void (*run)(const RoutineCall&)>
void by_routine(const ReferenceCall& call) {
    Tensor operand = call[0];
    run({operand.shape, operand.data, call.result.data});
}

// The places of a view that shows its operand's elements in their order.
Places same_places(const PlacesCall& call);

// How many elements of g.x[0] a reduction makes one of.
double group_size(const GradientCall& g);

// The gradient of max and min: equal parts of dy to the k elements that reach y, 1/k each.
Expr share_among_ties(const GradientCall& g);

// The greatest element; NaN if there is one, -infinity if there is none.
double greatest(std::span<const double> group);

// As a reduction is written: `max(x, axis=0)`; in LaTeX `latex` with the axes below it.
Written write_reduction(const Op& op, std::string_view latex, const NotationCall& call);

// The axes of softmax and log_softmax, whose attribute 0 lists them. A scalar is a vector of one.
std::vector<std::int64_t> softmax_axes(const Attributes& attributes, std::size_t rank);
Type softmax_shape(const ShapeCall& call);
// Vectors, rows, matrices and rank 3, over the last axis and over others.
std::vector<SampleCase> softmax_cases();

// --- blocks along an axis ------------------------------------------------------------------------

// A row-major tensor as `outer` runs of `extent` blocks of `inner` elements.
struct Blocks {
    std::size_t outer = 1;
    std::size_t extent = 1;
    std::size_t inner = 1;
};
Blocks blocks_along(const Shape& shape, std::size_t axis);

// Operand 0's axis as given by attribute `attribute`: checked by the shape rule, so never out of
// range.
std::size_t axis_attribute(const Attributes& attributes, std::size_t attribute, std::size_t rank);

// x in the shape and row-ness of `type`, which has as many elements: nodes only where they differ.
Expr reshape_to(Expr x, const Type& type);

// `value` as an index below `extent`, or a UserError: "gather has no element 7: the axis has 5".
std::size_t checked_index(std::string_view op, double value, std::int64_t extent);

// The index that a single literal is, where it is one below `extent`.
std::optional<std::int64_t> known_place(Expr index, std::int64_t extent);

}  // namespace chainrule
