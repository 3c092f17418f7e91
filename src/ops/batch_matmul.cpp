// The sum over the examples of a batch of a @ b: what the gradient of a weight matrix is made of.
// For vectors it is one product of the batches as matrices,
//     batch_sum(delta @ x') = D' @ X,   D and X with an example in each row.
#include "ops/matmul.h"

namespace chainrule {
namespace {

Type batch_matmul_shape(const ShapeCall& call) {
    Type result = matmul_shape(call);
    result.per_example = false;
    return result;
}

void batch_matmul_reference(const BatchCall& call) {
    const auto example = [&](std::size_t operand, std::size_t e) {
        const std::span<const Tensor> x = call.operands[operand];
        return &x[x.size() == 1 ? 0 : e];
    };
    Tensor& sum = call.result[0];
    Tensor product = sum;
    for (std::size_t e = 0; e < call.batch_size; ++e) {
        const std::array<const Tensor*, 2> operands{example(0, e), example(1, e)};
        product = Tensor::filled(sum.shape, 0);
        multiply_matrices({operands, call.attributes, {}, product});
        for (std::size_t i = 0; i < sum.data.size(); ++i) {
            sum.data[i] += product.data[i];
        }
    }
}

// As for one example, whose cotangent is that of the sum.
template <Expr (*rule)(const GradientCall&)>
Expr of_each_example(const GradientCall& g) {
    const Expr dy = call(per_example_op, {g.dy});
    return rule({g.x, g.y, dy, g.attributes, g.operand});
}

std::vector<SampleCase> batch_matmul_cases() {
    std::vector<SampleCase> cases = matmul_cases();
    for (SampleCase& sample : cases) {
        for (Type& type : sample.operands) {
            type.per_example = true;
        }
    }
    return cases;
}

}  // namespace

const Op batch_matmul_op{
    .name = "batch_matmul",
    .summary = "the sum over the examples of a batch of the matrix product",
    .arity = Arity{2},
    .attributes = {},
    .shape = batch_matmul_shape,
    .reference = batch_matmul_reference,
    .gradient = {of_each_example<matmul_gradient_left>, of_each_example<matmul_gradient_right>},
    .notation = CallNotation{"\\sum_{\\text{batch}} {0}\\,{1}"},
    .lowering = MatrixProduct{},
    .onnx = OnnxOperator{"MatMul"},
    .sample = {.domains = {{{-3, 3}}}, .cases = batch_matmul_cases, .conventions = {}},
};

}  // namespace chainrule
