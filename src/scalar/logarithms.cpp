#include <limits>

#include "scalar/functions.h"
#include "scalar/precision.h"

namespace chainrule {
namespace {

// log(2^e * (1 + f)).
Scalar single_log(Scalar e, Scalar f) {
    static constexpr double p[] = {3.3333331174e-1,  -2.4999993993e-1, 2.0000714765e-1,
                                   -1.6668057665e-1, 1.4249322787e-1,  -1.2420140846e-1,
                                   1.1676998740e-1,  -1.1514610310e-1, 7.0376836292e-2};
    const Scalar z = f * f;
    const Scalar tail = fma(fma(estrin(f, p), f, -0.5), z, e * -0x1.05c610ca86c39p-29);
    return fma(e, 0x1.62e43p-1, f + tail);
}

Scalar double_log(Scalar e, Scalar f) {
    static constexpr double p[] = {6.666666666666735130e-01, 3.999999999940941908e-01,
                                   2.857142874366239149e-01, 2.222219843214978396e-01,
                                   1.818357216161805012e-01, 1.531383769920937332e-01,
                                   1.479819860511658591e-01};
    const Scalar s = f / (f + 2.0);
    const Scalar z = s * s;
    const Scalar h = f * f * 0.5;
    const Scalar r = z * estrin(z, p);
    return fma(e, 0x1.62e42fee00000p-1, f - (h - fma(s, h + r, e * 0x1.a39ef35793c76p-33)));
}

Scalar log_of_parts(Scalar e, Scalar f) {
    return is_single(f) ? single_log(e, f) : double_log(e, f);
}

// `y`, the logarithm of x where that is finite.
Scalar with_edges(Scalar x, Scalar y) {
    const Scalar below = select(x < 0, std::numeric_limits<double>::quiet_NaN(), x);
    const Scalar edge = select(equal(x, 0), -infinity, below);
    return select((x > 0) & (x < infinity), y, edge);
}

}  // namespace

Scalar log(Scalar x) {
    const auto [e, f] = mantissa(x);
    return with_edges(x, log_of_parts(small_real_of(e), f));
}

Scalar log1p(Scalar x) {
    const Scalar u = x + 1.0;
    const auto [e, f] = mantissa(u);
    // What the sum lost, in units of 2^e; beyond 2^60 nothing counts.
    const Scalar lost = select(x > 1.0, 1.0 - (u - x), x - (u - 1.0));
    const Scalar scale = select(x < 0x1p60, power_of_two(-e, x), 0);
    const Scalar y = with_edges(u, log_of_parts(small_real_of(e), fma(lost, scale, f)));
    return select(abs(x) < (is_single(x) ? 0x1p-25 : 0x1p-54), x, y);
}

}  // namespace chainrule
