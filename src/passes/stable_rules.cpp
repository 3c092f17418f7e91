#include "passes/stable_rules.h"

namespace chainrule {
namespace {

constexpr std::string_view unsaturated = "unsaturated, rounding";

constexpr Rewrite stable_rewrites[] = {
    // Written out, the sigmoid divides infinity by infinity.
    {"1 / (1 + exp(-x)) = sigmoid(x)", unsaturated},
    {"1 / (exp(-x) + 1) = sigmoid(x)", unsaturated},
    {"exp(x) / (1 + exp(x)) = sigmoid(x)", unsaturated},
    {"exp(x) / (exp(x) + 1) = sigmoid(x)", unsaturated},
    // The logarithm of what has rounded to 0.
    {"log(sigmoid(x)) = logsigmoid(x)", unsaturated},
    {"log(1 - sigmoid(x)) = logsigmoid(-x)", unsaturated},
    {"log1p(-sigmoid(x)) = logsigmoid(-x)", unsaturated},
    {"log(softmax(x)) = log_softmax(x)", unsaturated},
    {"binary_cross_entropy(sigmoid(x), y) = binary_cross_entropy_with_logits(x, y)", unsaturated},
    {"binary_cross_entropy(1 - sigmoid(x), y) = binary_cross_entropy_with_logits(-x, y)",
     unsaturated},
};

}  // namespace

std::span<const Rewrite> stable_rules() { return stable_rewrites; }

}  // namespace chainrule
