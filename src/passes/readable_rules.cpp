#include "passes/readable_rules.h"

namespace chainrule {
namespace {

constexpr std::string_view rounding = "rounding";
constexpr std::string_view finite = "finite";
constexpr std::string_view not_zero = "not zero, finite";
constexpr std::string_view positive = "positive, rounding";
constexpr std::string_view zero_sign = "the sign of a zero does not count";
constexpr std::string_view no_nan = "finite, no NaN in the condition";

constexpr Rewrite readable_rewrites[] = {
    // Neutral and absorbing elements.
    {"x + 0 = x", zero_sign},
    {"0 + x = x", zero_sign},
    {"x - 0 = x", always},
    {"0 - x = -x", zero_sign},
    {"x * 1 = x", always},
    {"1 * x = x", always},
    {"x / 1 = x", always},
    {"x * 0 = 0", finite},
    {"0 * x = 0", finite},
    {"0 / x = 0", not_zero},
    {"x - x = 0", finite},
    {"x / x = 1", not_zero},
    {"x ^ 1 = x", always},
    {"x ^ 0 = 1", always},
    {"1 ^ x = 1", always},
    // Signs.
    {"-(-x) = x", always},
    {"x + (-y) = x - y", always},
    {"x - (-y) = x + y", always},
    {"(-x) + y = y - x", always},
    {"-(x - y) = y - x", zero_sign},
    // Matrix products and transposes.
    {"x'' = x", always},
    {"(x @ y)' = y' @ x'", rounding},
    {"(-x)' = -(x')", always},
    {"(s * x)' = s * x'", always},
    {"x @ I = x", finite},
    {"I @ x = x", finite},
    {"I' = I", always},
    {"(-x) @ y = -(x @ y)", zero_sign},
    {"x @ (-y) = -(x @ y)", zero_sign},
    {"sum(-x) = -sum(x)", zero_sign},
    {"s @ x = s * x", always},
    {"x @ s = x * s", always},
    {"n * x @ y = n * (x @ y)", rounding},
    // Inverse functions.
    {"log(exp(x)) = x", rounding},
    {"exp(log(x)) = x", positive},
    {"sqrt(x) ^ 2 = x", positive},
    // A masked value as a product with 0 or 1.
    {"where(c, x, x) = x", always},
    {"where(x <= 0, 0, r) = r * (x > 0)", no_nan},
    {"where(x < y, r, 0) = r * (x < y)", finite},
    {"where(x <= y, r, 0) = r * (x <= y)", finite},
    {"where(x > y, r, 0) = r * (x > y)", finite},
    {"where(x >= y, r, 0) = r * (x >= y)", finite},
    {"where(x == y, r, 0) = r * (x == y)", finite},
    {"where(x != y, r, 0) = r * (x != y)", finite},
};

}  // namespace

std::span<const Rewrite> readable_rules() { return readable_rewrites; }

}  // namespace chainrule
