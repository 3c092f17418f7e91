#include "ops/batch.h"

namespace chainrule {

const Tensor& of_example(const BatchCall& call, std::size_t i, std::size_t e) {
    const std::span<const Tensor> x = call.operands[i];
    return x[x.size() == 1 ? 0 : e];
}

std::vector<SampleCase> with_examples(std::vector<SampleCase> cases) {
    for (SampleCase& sample : cases) {
        for (Type& type : sample.operands) {
            type.per_example = true;
        }
    }
    return cases;
}

}  // namespace chainrule
