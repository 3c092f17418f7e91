// The sum over the examples of a batch of a @ b: what the gradient of a weight matrix is made of.
// For vectors it is one product of the batches as matrices,
//     batch_sum(delta @ x') = D' @ X,   D and X with an example in each row.
#include "ops/batch.h"
#include "ops/matmul.h"

namespace chainrule {
namespace {

void batch_matmul_reference(const BatchCall& call) {
    Tensor& sum = call.result[0];
    Tensor product = sum;
    for (std::size_t e = 0; e < call.batch_size; ++e) {
        const auto operands = pair_of_example(call, e);
        product = Tensor::filled(sum.shape, 0);
        multiply_matrices({operands, call.attributes, {}, product});
        for (std::size_t i = 0; i < sum.data.size(); ++i) {
            sum.data[i] += product.data[i];
        }
    }
}

}  // namespace

const Op batch_matmul_op{
    .name = "batch_matmul",
    .summary = "the sum over the examples of a batch of the matrix product",
    .arity = Arity{2},
    .attributes = {},
    .shape = shape_of_sum<matmul_shape>,
    .reference = batch_matmul_reference,
    .gradient = {of_each_example<matmul_gradient_left>, of_each_example<matmul_gradient_right>},
    .notation = CallNotation{"\\sum_{\\text{batch}} {0}\\,{1}"},
    .lowering = MatrixProduct{},
    .onnx = OnnxOperator{"MatMul"},
    .sample = {.domains = {{{-3, 3}}},
               .cases = [] { return with_examples(matmul_cases()); },
               .conventions = {}},
};

}  // namespace chainrule
