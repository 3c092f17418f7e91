#include "passes/stable_rules.h"

namespace chainrule {
namespace {

constexpr std::string_view unsaturated = "unsaturated, rounding";

constexpr Rewrite stable_rewrites[] = {
    // Written out, a sigmoid or softmax divides infinity by infinity, and its logarithm is not
    // seen.
    {"1 / (1 + exp(-x)) = sigmoid(x)", unsaturated},
    {"1 / (1 + exp(x)) = sigmoid(-x)", unsaturated},
    {"exp(x) / (1 + exp(x)) = sigmoid(x)", unsaturated},
    {"(1 + tanh(x)) / 2 = sigmoid(2 * x)", unsaturated},
    {"0.5 * (1 + tanh(x)) = sigmoid(2 * x)", unsaturated},
    {"0.5 + tanh(x) / 2 = sigmoid(2 * x)", unsaturated},
    {"0.5 + 0.5 * tanh(x) = sigmoid(2 * x)", unsaturated},
    {"exp(a) / sum(exp(a)) = softmax(a)", unsaturated},
    // The logarithm of what has rounded to 0.
    {"log(sigmoid(x)) = logsigmoid(x)", unsaturated},
    {"log(1 - sigmoid(x)) = logsigmoid(-x)", unsaturated},
    {"log(1 + -sigmoid(x)) = logsigmoid(-x)", unsaturated},
    {"log1p(-sigmoid(x)) = logsigmoid(-x)", unsaturated},
    {"log(where(c, sigmoid(x), 1 - sigmoid(y))) = where(c, logsigmoid(x), logsigmoid(-y))",
     unsaturated},
    {"log(where(c, 1 - sigmoid(x), sigmoid(y))) = where(c, logsigmoid(-x), logsigmoid(y))",
     unsaturated},
    {"log(softmax(x)) = log_softmax(x)", unsaturated},
    {"binary_cross_entropy(sigmoid(x), y) = binary_cross_entropy_with_logits(x, y)", unsaturated},
    {"binary_cross_entropy(1 - sigmoid(x), y) = binary_cross_entropy_with_logits(-x, y)",
     unsaturated},
};

}  // namespace

std::span<const Rewrite> stable_rules() { return stable_rewrites; }

}  // namespace chainrule
