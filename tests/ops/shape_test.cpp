// The type rules of reductions, shape operations and linear algebra, and what they say when
// operands do not fit. Exact wording: these messages are what the user reads.
#include <gtest/gtest.h>

#include "ops/rules.h"
#include "ops/workbench.h"

namespace chainrule::tests {
namespace {

using List = std::vector<std::int64_t>;

// What a mistake is told: the message, the operand it points at and the hint.
struct Refusal {
    std::string message;
    int culprit = -1;
    std::string hint{};
};

class Shapes : public testing::Test {
protected:
    Type type_of(const Op& op, const std::vector<Type>& operands, Attributes attributes = {}) {
        return call(op, leaves(operands), std::move(attributes)).type();
    }

    Shape shape_of(const Op& op, const std::vector<Type>& operands, Attributes attributes = {}) {
        return type_of(op, operands, std::move(attributes)).shape;
    }

    // With operands called a, b, c, ...
    Refusal refusal(const Op& op, const std::vector<Type>& operands, Attributes attributes = {}) {
        bench_ = {};
        try {
            call(op, leaves(operands), std::move(attributes));
        } catch (const ShapeError& error) {
            return {error.what(), error.culprit(), error.hint()};
        }
        return {"it is accepted"};
    }

    std::string message(const Op& op, const std::vector<Type>& operands,
                        Attributes attributes = {}) {
        return refusal(op, operands, std::move(attributes)).message;
    }

private:
    std::vector<Expr> leaves(const std::vector<Type>& types) {
        bench_ = {};
        std::vector<Expr> operands;
        for (std::size_t i = 0; i < types.size(); ++i) {
            operands.push_back(bench_.leaf(std::string(1, static_cast<char>('a' + i)), types[i]));
        }
        return operands;
    }

    Workbench bench_;
};

// --- the matrix product --------------------------------------------------------------------------

class Matmul : public Shapes {
protected:
    Type product(const Type& a, const Type& b) { return type_of(matmul_op, {a, b}); }
};

TEST_F(Matmul, by_a_scalar_scales) {
    EXPECT_EQ(product(f64(), f64()), f64());
    EXPECT_EQ(product(f64(), f64({3})), f64({3}));
    EXPECT_EQ(product(f64({3}), f64()), f64({3}));
    EXPECT_EQ(product(f64(), f64_row(3)), f64_row(3));
    EXPECT_EQ(product(f64_row(3), f64()), f64_row(3));
    EXPECT_EQ(product(f64(), f64({2, 3})), f64({2, 3}));
    EXPECT_EQ(product(f64({2, 3, 4}), f64()), f64({2, 3, 4}));
}

TEST_F(Matmul, of_vectors_is_a_scalar) {
    EXPECT_EQ(product(f64({3}), f64({3})), f64());
    EXPECT_EQ(product(f64_row(3), f64({3})), f64());
}

TEST_F(Matmul, of_a_vector_and_a_row_is_the_outer_product) {
    EXPECT_EQ(product(f64({2}), f64_row(3)), f64({2, 3}));
    EXPECT_EQ(product(f64({1}), f64_row(1)), f64({1, 1}));
}

TEST_F(Matmul, of_a_matrix_and_a_vector_is_a_vector) {
    EXPECT_EQ(product(f64({2, 3}), f64({3})), f64({2}));
    EXPECT_EQ(product(f64({3}), f64({3, 2})), f64({2}));
}

TEST_F(Matmul, of_a_row_and_a_matrix_is_a_row) {
    EXPECT_EQ(product(f64_row(3), f64({3, 2})), f64_row(2));
}

TEST_F(Matmul, of_matrices_is_a_matrix) {
    EXPECT_EQ(product(f64({2, 3}), f64({3, 4})), f64({2, 4}));
    EXPECT_EQ(product(f64({2, 0}), f64({0, 4})), f64({2, 4}));
}

TEST_F(Matmul, broadcasts_leading_axes) {
    EXPECT_EQ(product(f64({5, 2, 3}), f64({5, 3, 4})), f64({5, 2, 4}));
    EXPECT_EQ(product(f64({5, 2, 3}), f64({3, 4})), f64({5, 2, 4}));
    EXPECT_EQ(product(f64({2, 3}), f64({5, 3, 4})), f64({5, 2, 4}));
    EXPECT_EQ(product(f64({5, 2, 3}), f64({3})), f64({5, 2}));
    EXPECT_EQ(product(f64({3}), f64({5, 3, 4})), f64({5, 4}));
    EXPECT_EQ(product(f64({7, 1, 2, 3}), f64({5, 3, 4})), f64({7, 5, 2, 4}));
}

TEST_F(Matmul, is_per_example_if_an_operand_is) {
    Type x = f64({3});
    x.per_example = true;
    EXPECT_TRUE(product(f64({2, 3}), x).per_example);
    EXPECT_FALSE(product(f64({2, 3}), f64({3})).per_example);
}

TEST_F(Matmul, names_both_operands_and_both_numbers_of_a_mismatch) {
    const Refusal wrong = refusal(matmul_op, {f64({128, 784}), f64({128})});
    EXPECT_EQ(wrong.message,
              "cannot multiply a [128, 784] @ b [128]: 784 columns against 128 rows");
    EXPECT_EQ(wrong.culprit, 1);
    EXPECT_EQ(wrong.hint, "did you mean a' @ b?");
}

TEST_F(Matmul, suggests_only_what_fits) {
    EXPECT_EQ(refusal(matmul_op, {f64({2, 3}), f64({4})}).hint, "");
    EXPECT_EQ(refusal(matmul_op, {f64({2, 3}), f64({4, 3})}).hint, "did you mean a @ b'?");
    EXPECT_EQ(refusal(matmul_op, {f64({2, 3}), f64({5, 2})}).hint, "did you mean b @ a?");
    EXPECT_EQ(refusal(matmul_op, {f64({3}), f64({2, 3})}).hint, "did you mean a @ b'?");
}

TEST_F(Matmul, of_vectors_counts_elements) {
    EXPECT_EQ(message(matmul_op, {f64({3}), f64({4})}),
              "cannot multiply a [3] @ b [4]: 3 elements against 4");
    EXPECT_EQ(message(matmul_op, {f64({3}), f64({4, 2})}),
              "cannot multiply a [3] @ b [4, 2]: 3 elements against 4 rows");
    EXPECT_EQ(message(matmul_op, {f64_row(3), f64({4})}),
              "cannot multiply a row [3] @ b [4]: 3 elements against 4");
}

TEST_F(Matmul, refuses_a_row_to_the_right) {
    const Refusal wrong = refusal(matmul_op, {f64({2, 3}), f64_row(3)});
    EXPECT_EQ(wrong.message,
              "cannot multiply a [2, 3] @ b row [3]: a row stands to the left of a matrix or a "
              "vector, or to the right of a vector");
    EXPECT_EQ(wrong.hint, "did you mean a @ b'?");
    EXPECT_EQ(refusal(matmul_op, {f64_row(3), f64_row(3)}).hint, "did you mean a @ b'?");
    EXPECT_EQ(message(matmul_op, {f64({4, 2, 3}), f64_row(3)}).substr(0, 15), "cannot multiply");
}

TEST_F(Matmul, refuses_leading_axes_that_differ) {
    EXPECT_EQ(message(matmul_op, {f64({2, 3, 4}), f64({5, 4, 6})}),
              "cannot multiply a [2, 3, 4] @ b [5, 4, 6]: leading axes [2] against [5]");
}

TEST_F(Matmul, refuses_labels_and_products_too_large) {
    EXPECT_EQ(message(matmul_op, {f64({2, 3}), index_type({}, 3)}),
              "a matrix product needs numbers, and b class label holds whole-number labels");
    EXPECT_EQ(message(matmul_op, {f64({1 << 30}), f64_row(1 << 30)}),
              "matmul(a [1073741824], b row [1073741824]) would have more than 2^40 elements");
}

TEST_F(Matmul, calls_an_anonymous_operand_by_its_shape_and_suggests_nothing) {
    Workbench bench;
    const Expr W = bench.leaf("W", f64({2, 3}));
    const Expr x = bench.leaf("x", f64({2}));
    try {
        matmul(W, x + x);
        FAIL();
    } catch (const ShapeError& error) {
        EXPECT_STREQ(error.what(), "cannot multiply W [2, 3] @ [2]: 3 columns against 2 rows");
        EXPECT_EQ(error.hint(), "");
    }
}

TEST_F(Shapes, transpose_turns_a_vector_into_a_row_and_back) {
    EXPECT_EQ(type_of(transpose_op, {f64()}), f64());
    EXPECT_EQ(type_of(transpose_op, {f64({3})}), f64_row(3));
    EXPECT_EQ(type_of(transpose_op, {f64_row(3)}), f64({3}));
    EXPECT_EQ(type_of(transpose_op, {f64({2, 3})}), f64({3, 2}));
    EXPECT_EQ(type_of(transpose_op, {f64({4, 2, 3})}), f64({4, 3, 2}));
}

// --- reductions ----------------------------------------------------------------------------------

TEST_F(Shapes, a_reduction_drops_or_keeps_its_axes) {
    EXPECT_EQ(shape_of(sum_op, {f64({2, 3, 4})}), (Shape{}));
    EXPECT_EQ(shape_of(mean_op, {f64({2, 3, 4})}, {List{1}}), (Shape{2, 4}));
    EXPECT_EQ(shape_of(max_op, {f64({2, 3, 4})}, {List{-1, 0}}), (Shape{3}));
    EXPECT_EQ(shape_of(min_op, {f64({2, 3, 4})}, {List{1}, number(1)}), (Shape{2, 1, 4}));
    EXPECT_EQ(shape_of(prod_op, {f64({2, 3})}, {List{}, number(1)}), (Shape{1, 1}));
    EXPECT_EQ(type_of(logsumexp_op, {f64_row(3)}, {List{0}, number(1)}), f64_row(1));
    EXPECT_EQ(type_of(sum_op, {f64_row(3)}), f64());
    EXPECT_EQ(shape_of(sum_op, {f64()}), (Shape{}));
    EXPECT_EQ(shape_of(sum_op, {f64({0, 3})}, {List{0}}), (Shape{3}));
}

TEST_F(Shapes, a_reduction_refuses_an_axis_that_is_not_there) {
    const Refusal wrong = refusal(sum_op, {f64({2, 3})}, {List{2}});
    EXPECT_EQ(wrong.message, "a reduction over axis 2 of a [2, 3]: it has 2 axes");
    EXPECT_EQ(wrong.culprit, 0);
    EXPECT_EQ(message(max_op, {f64({2, 3})}, {List{0, -3}}),
              "a reduction over axis -3 of a [2, 3]: it has 2 axes");
    EXPECT_EQ(message(mean_op, {f64()}, {List{0}}),
              "a reduction over axis 0 of a scalar: it has 0 axes");
    EXPECT_EQ(message(mean_op, {f64({2, 3})}, {List{1, -1}}), "axis 1 is named twice");
    EXPECT_EQ(message(logsumexp_op, {index_type({}, 3)}),
              "a reduction needs numbers, and a class label holds whole-number labels");
}

TEST_F(Shapes, softmax_keeps_the_shape) {
    EXPECT_EQ(type_of(softmax_op, {f64()}), f64());
    EXPECT_EQ(type_of(softmax_op, {f64_row(3)}), f64_row(3));
    EXPECT_EQ(type_of(log_softmax_op, {f64({2, 3})}, {List{0}}), f64({2, 3}));
    EXPECT_EQ(message(softmax_op, {f64({2, 3})}, {List{2}}),
              "softmax over axis 2 of a [2, 3]: it has 2 axes");
}

TEST_F(Shapes, argmax_gives_a_label) {
    EXPECT_EQ(type_of(argmax_op, {f64({5})}), index_type({}, 5));
    EXPECT_EQ(type_of(argmax_op, {f64({2, 3})}, {number(0)}), index_type({3}, 2));
    EXPECT_EQ(message(argmax_op, {f64({2, 0})}), "argmax of no elements: axis 1 of a [2, 0]");
    EXPECT_EQ(message(argmax_op, {f64()}), "argmax over axis -1 of a scalar: it has 0 axes");
}

// --- linear algebra ------------------------------------------------------------------------------

TEST_F(Shapes, outer_and_dot_take_vectors) {
    EXPECT_EQ(type_of(outer_op, {f64({2}), f64_row(3)}), f64({2, 3}));
    EXPECT_EQ(type_of(dot_op, {f64_row(3), f64({3})}), f64());
    EXPECT_EQ(type_of(dot_op, {f64(), f64()}), f64());
    EXPECT_EQ(message(outer_op, {f64({2}), f64({3, 4})}), "outer needs two vectors, not b [3, 4]");
    EXPECT_EQ(message(outer_op, {f64({1 << 30}), f64({1 << 30})}),
              "outer(a [1073741824], b [1073741824]) would have more than 2^40 elements");
    EXPECT_EQ(message(dot_op, {f64({2}), f64({3})}),
              "cannot compute dot(a [2], b [3]): 2 elements against 3");
    EXPECT_EQ(message(dot_op, {f64({2, 2}), f64({2})}), "dot needs two vectors, not a [2, 2]");
}

TEST_F(Shapes, functions_of_square_matrices_refuse_others) {
    EXPECT_EQ(type_of(trace_op, {f64({3, 3})}), f64());
    EXPECT_EQ(type_of(inverse_op, {f64({3, 3})}), f64({3, 3}));
    EXPECT_EQ(type_of(logdet_op, {f64({0, 0})}), f64());
    EXPECT_EQ(message(trace_op, {f64({2, 3})}), "trace needs a square matrix, not a [2, 3]");
    EXPECT_EQ(message(inverse_op, {f64({3})}), "inverse needs a square matrix, not a [3]");
    EXPECT_EQ(message(logdet_op, {f64()}), "logdet needs a square matrix, not a scalar");
}

TEST_F(Shapes, norm_is_a_scalar) {
    EXPECT_EQ(type_of(norm_op, {f64({2, 3})}), f64());
    EXPECT_EQ(message(norm_op, {index_type({3})}),
              "norm needs numbers, and a [3] holds whole-number labels");
}

TEST_F(Shapes, eye_is_square) {
    Graph graph;
    EXPECT_EQ(graph.type(graph.add(eye_op, {}, {number(3)})), f64({3, 3}));
    EXPECT_THROW(graph.add(eye_op, {}, {number(-1)}), ShapeError);
    EXPECT_THROW(graph.add(eye_op, {}, {number(1 << 21)}), ShapeError);
}

// --- shape operations ----------------------------------------------------------------------------

TEST_F(Shapes, reshape_keeps_the_count) {
    EXPECT_EQ(shape_of(reshape_op, {f64({2, 6})}, {List{3, 4}}), (Shape{3, 4}));
    EXPECT_EQ(shape_of(reshape_op, {f64({2, 6})}, {List{-1, 4}}), (Shape{3, 4}));
    EXPECT_EQ(shape_of(reshape_op, {f64({1, 1})}, {List{}}), (Shape{}));
    EXPECT_EQ(shape_of(reshape_op, {f64({0})}, {List{4, 0}}), (Shape{4, 0}));
    EXPECT_EQ(shape_of(reshape_op, {f64({0})}, {List{-1, 4}}), (Shape{0, 4}));
    EXPECT_EQ(type_of(reshape_op, {f64_row(4)}, {List{4}}), f64({4}));
}

TEST_F(Shapes, reshape_refuses_another_count) {
    EXPECT_EQ(message(reshape_op, {f64({2, 6})}, {List{5}}),
              "cannot reshape a [2, 6] to [5]: 12 elements against 5");
    EXPECT_EQ(message(reshape_op, {f64({2, 6})}, {List{5, -1}}),
              "cannot reshape a [2, 6] to [5, -1]: 12 elements are no multiple of 5");
    EXPECT_EQ(message(reshape_op, {f64({0})}, {List{0, -1}}),
              "cannot reshape a [0] to [0, -1]: 0 elements are no multiple of 0");
    EXPECT_EQ(message(reshape_op, {f64({4})}, {List{-1, -1}}),
              "cannot reshape a [4] to [-1, -1]: -1 may stand once");
    EXPECT_EQ(message(reshape_op, {f64({4})}, {List{-4}}),
              "cannot reshape a [4] to [-4]: an extent is at least 0, or -1 for what follows from "
              "the others");
    const std::int64_t large = std::int64_t{1} << 40;
    EXPECT_EQ(message(reshape_op, {f64({0})}, {List{0, large, large}}),
              "cannot reshape a [0] to [0, 1099511627776, 1099511627776]: more than 2^40 elements");
}

TEST_F(Shapes, slice_takes_places_inside_the_axis) {
    EXPECT_EQ(shape_of(slice_op, {f64({5})}, {number(1), number(3)}), (Shape{2}));
    EXPECT_EQ(shape_of(slice_op, {f64({5})}, {number(-2), number(5)}), (Shape{2}));
    EXPECT_EQ(shape_of(slice_op, {f64({5})}, {number(5), number(5)}), (Shape{0}));
    EXPECT_EQ(shape_of(slice_op, {f64({5, 4})}, {number(0), number(-1), number(1)}), (Shape{5, 3}));
    EXPECT_EQ(type_of(slice_op, {f64_row(5)}, {number(0), number(2)}), f64_row(2));
    EXPECT_EQ(message(slice_op, {f64({5})}, {number(2), number(6)}),
              "cannot slice a [5] from 2 to 6: axis 0 has 5 elements");
    EXPECT_EQ(message(slice_op, {f64({5})}, {number(3), number(2)}),
              "cannot slice a [5] from 3 to 2: axis 0 has 5 elements");
    EXPECT_EQ(message(slice_op, {f64()}, {number(0), number(1)}),
              "slice over axis 0 of a scalar: it has 0 axes");
}

TEST_F(Shapes, pad_adds_to_an_axis) {
    EXPECT_EQ(shape_of(pad_op, {f64({2, 3})}, {number(1), number(2), number(-1)}), (Shape{2, 6}));
    EXPECT_EQ(message(pad_op, {f64({3})}, {number(-1), number(0)}),
              "cannot pad a [3] with -1 zeros: at least 0, at most 2^40");
    EXPECT_EQ(message(pad_op, {f64({3})}, {number(std::int64_t{1} << 40), number(0)}),
              "pad(a [3]) would have more than 2^40 elements");
}

TEST_F(Shapes, concat_adds_the_extents_up) {
    EXPECT_EQ(shape_of(concat_op, {f64({2, 3}), f64({4, 3})}), (Shape{6, 3}));
    EXPECT_EQ(shape_of(concat_op, {f64({2, 3}), f64({2, 1})}, {number(-1)}), (Shape{2, 4}));
    EXPECT_EQ(type_of(concat_op, {f64_row(2), f64_row(3)}), f64_row(5));
    const Refusal wrong = refusal(concat_op, {f64({2, 3}), f64({4, 5})});
    EXPECT_EQ(wrong.message, "cannot concatenate a [2, 3] and b [4, 5]: 3 against 5 in axis 1");
    EXPECT_EQ(wrong.culprit, 1);
    EXPECT_EQ(message(concat_op, {f64({2, 3}), f64({4})}),
              "cannot concatenate a [2, 3] and b [4]: 2 axes against 1");
    EXPECT_EQ(message(concat_op, {f64({2}), f64_row(3)}),
              "cannot concatenate a [2] and b row [3]: a row meets a vector, which stands upright");
    EXPECT_EQ(message(concat_op, {f64({2}), f64()}),
              "concat needs tensors with an axis, not b scalar");
}

TEST_F(Shapes, stack_makes_a_new_axis) {
    EXPECT_EQ(shape_of(stack_op, {f64(), f64(), f64()}), (Shape{3}));
    EXPECT_EQ(shape_of(stack_op, {f64({4}), f64({4})}, {number(-1)}), (Shape{4, 2}));
    EXPECT_EQ(shape_of(stack_op, {f64_row(4), f64_row(4)}), (Shape{2, 4}));
    EXPECT_EQ(message(stack_op, {f64({2}), f64({3})}),
              "cannot stack a [2] and b [3]: their shapes differ");
    EXPECT_EQ(message(stack_op, {f64({2}), f64({2})}, {number(2)}),
              "stack along axis 2 of a [2]: the result has 2 axes");
}

TEST_F(Shapes, gather_puts_the_axes_of_the_indices_in_place_of_the_axis) {
    EXPECT_EQ(shape_of(gather_op, {f64({5, 3}), index_type({2, 2})}), (Shape{2, 2, 3}));
    EXPECT_EQ(shape_of(gather_op, {f64({5, 3}), index_type()}, {number(1)}), (Shape{5}));
    EXPECT_EQ(type_of(gather_op, {f64_row(5), index_type({2})}), f64_row(2));
    EXPECT_EQ(message(gather_op, {f64({5}), index_type({}, 10)}),
              "cannot gather from a [5] at b class label: labels below 10 against 5 elements");
    EXPECT_EQ(message(gather_op, {f64({5}), index_type()}, {number(1)}),
              "gather over axis 1 of a [5]: it has 1 axes");
}

TEST_F(Shapes, scatter_add_is_the_transpose_of_gather) {
    EXPECT_EQ(shape_of(scatter_add_op, {f64({2, 2, 3}), index_type({2, 2})}, {number(5)}),
              (Shape{5, 3}));
    EXPECT_EQ(shape_of(scatter_add_op, {f64({5}), index_type()}, {number(3), number(-1)}),
              (Shape{5, 3}));
    EXPECT_EQ(message(scatter_add_op, {f64({4}), index_type({3})}, {number(5)}),
              "cannot scatter a [4] to b [3] along axis 0: the axes from there on must be those of "
              "the indices");
    EXPECT_EQ(message(scatter_add_op, {f64({4}), index_type({4})}, {number(-1)}),
              "scatter_add of a [4] into -1 elements: at least 0, at most 2^40");
}

TEST_F(Shapes, one_hot_takes_the_classes_from_the_label) {
    EXPECT_EQ(type_of(one_hot_op, {index_type({}, 10)}), f64({10}));
    EXPECT_EQ(shape_of(one_hot_op, {index_type({4}, 3)}, {number(5)}), (Shape{4, 5}));
    const Refusal wrong = refusal(one_hot_op, {index_type()});
    EXPECT_EQ(wrong.message, "one_hot needs to know how many classes a class label has");
    EXPECT_EQ(wrong.hint, "one_hot(y, 10) tells it");
    EXPECT_EQ(message(one_hot_op, {index_type({}, 10)}, {number(5)}),
              "one_hot of a class label with 5 classes: the label has 10");
}

TEST_F(Shapes, broadcasting_refuses_a_result_too_large) {
    EXPECT_EQ(message(add_op, {f64({1 << 30, 1}), f64({1 << 30})}),
              "add(a [1073741824, 1], b [1073741824]) would have more than 2^40 elements");
}

}  // namespace
}  // namespace chainrule::tests
