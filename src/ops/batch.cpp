#include "ops/batch.h"

namespace chainrule {

namespace {

// Its own, or what all share.
const Tensor& of_example(const BatchCall& call, std::size_t i, std::size_t e) {
    const std::span<const Tensor> x = call.operands[i];
    return x[x.size() == 1 ? 0 : e];
}

}  // namespace

std::array<const Tensor*, 2> pair_of_example(const BatchCall& call, std::size_t e) {
    return {&of_example(call, 0, e), &of_example(call, 1, e)};
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
