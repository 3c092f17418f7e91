#include "mpfr_oracle.h"

#include <mpfr.h>

#include <cmath>
#include <map>
#include <stdexcept>

namespace chainrule {
namespace {

constexpr mpfr_prec_t precision = 128;

class Real {
public:
    explicit Real(double value = 0) {
        mpfr_init2(value_, precision);
        mpfr_set_d(value_, value, MPFR_RNDN);
    }
    ~Real() { mpfr_clear(value_); }
    Real(const Real&) = delete;
    Real& operator=(const Real&) = delete;
    mpfr_ptr get() { return value_; }

private:
    mpfr_t value_;
};

using Unary = void (*)(Real& y, double x);
template <int (*f)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t)>
void by_mpfr(Real& y, double x) {
    f(y.get(), Real(x).get(), MPFR_RNDN);
}

// 1 + e^-|x|, with room for the smallest e^-|x| that counts: log and quotient keep their digits.
void sigmoid(Real& y, double x) {
    mpfr_exp(y.get(), Real(-x).get(), MPFR_RNDN);
    mpfr_add_ui(y.get(), y.get(), 1, MPFR_RNDN);
    mpfr_ui_div(y.get(), 1, y.get(), MPFR_RNDN);
}
void complement(Real& y, double x) { sigmoid(y, -x); }
void sech_squared(Real& y, double x) {
    mpfr_sech(y.get(), Real(x).get(), MPFR_RNDN);
    mpfr_sqr(y.get(), y.get(), MPFR_RNDN);
}
// Far out it is x to more digits than there are, and the exponential would overflow.
void softplus(Real& y, double x) {
    if (x > 1000) {
        mpfr_set_d(y.get(), x, MPFR_RNDN);
        return;
    }
    mpfr_exp(y.get(), Real(x).get(), MPFR_RNDN);
    mpfr_log1p(y.get(), y.get(), MPFR_RNDN);
}
// The limits at -infinity are -0.
void times_x(Real& y, double x, Unary share) {
    share(y, x);
    if (mpfr_zero_p(y.get()) != 0) {
        mpfr_set_zero(y.get(), -1);
    } else {
        mpfr_mul_d(y.get(), y.get(), x, MPFR_RNDN);
    }
}
void silu(Real& y, double x) { times_x(y, x, sigmoid); }
void normal_cdf(Real& y, double x) {
    Real root(2);
    mpfr_sqrt(root.get(), root.get(), MPFR_RNDN);
    mpfr_d_div(y.get(), -x, root.get(), MPFR_RNDN);
    mpfr_erfc(y.get(), y.get(), MPFR_RNDN);
    mpfr_div_ui(y.get(), y.get(), 2, MPFR_RNDN);
}
void gelu(Real& y, double x) { times_x(y, x, normal_cdf); }
void gaussian(Real& y, double x) {
    mpfr_sqr(y.get(), Real(x).get(), MPFR_RNDN);
    mpfr_neg(y.get(), y.get(), MPFR_RNDN);
    mpfr_exp(y.get(), y.get(), MPFR_RNDN);
}
void normal_pdf(Real& y, double x) {
    Real scale;
    mpfr_const_pi(scale.get(), MPFR_RNDN);
    mpfr_mul_ui(scale.get(), scale.get(), 2, MPFR_RNDN);
    mpfr_sqrt(scale.get(), scale.get(), MPFR_RNDN);
    mpfr_sqr(y.get(), Real(x).get(), MPFR_RNDN);
    mpfr_div_si(y.get(), y.get(), -2, MPFR_RNDN);
    mpfr_exp(y.get(), y.get(), MPFR_RNDN);
    mpfr_div(y.get(), y.get(), scale.get(), MPFR_RNDN);
}
// C's: MPFR has +infinity at +0 and -infinity at -0, as C's 1 / sqrt(x).
void rsqrt(Real& y, double x) {
    mpfr_sqrt(y.get(), Real(x).get(), MPFR_RNDN);
    mpfr_ui_div(y.get(), 1, y.get(), MPFR_RNDN);
}

const std::map<std::string_view, Unary>& unary() {
    static const std::map<std::string_view, Unary> functions{{"exp", by_mpfr<mpfr_exp>},
                                                             {"expm1", by_mpfr<mpfr_expm1>},
                                                             {"tanh", by_mpfr<mpfr_tanh>},
                                                             {"sigmoid", sigmoid},
                                                             {"sigmoid_complement", complement},
                                                             {"sech_squared", sech_squared},
                                                             {"softplus", softplus},
                                                             {"silu", silu},
                                                             {"sinh", by_mpfr<mpfr_sinh>},
                                                             {"cosh", by_mpfr<mpfr_cosh>},
                                                             {"log", by_mpfr<mpfr_log>},
                                                             {"log1p", by_mpfr<mpfr_log1p>},
                                                             {"sin", by_mpfr<mpfr_sin>},
                                                             {"cos", by_mpfr<mpfr_cos>},
                                                             {"tan", by_mpfr<mpfr_tan>},
                                                             {"asin", by_mpfr<mpfr_asin>},
                                                             {"acos", by_mpfr<mpfr_acos>},
                                                             {"atan", by_mpfr<mpfr_atan>},
                                                             {"erf", by_mpfr<mpfr_erf>},
                                                             {"erfc", by_mpfr<mpfr_erfc>},
                                                             {"normal_cdf", normal_cdf},
                                                             {"normal_pdf", normal_pdf},
                                                             {"gaussian", gaussian},
                                                             {"gelu", gelu},
                                                             {"rsqrt", rsqrt}};
    return functions;
}

}  // namespace

Exact exact_value(std::string_view function, double x, double y) {
    Real result;
    if (function == "power") {
        mpfr_pow(result.get(), Real(x).get(), Real(y).get(), MPFR_RNDN);
    } else if (function == "atan2") {
        mpfr_atan2(result.get(), Real(x).get(), Real(y).get(), MPFR_RNDN);
    } else if (function == "hypot") {
        mpfr_hypot(result.get(), Real(x).get(), Real(y).get(), MPFR_RNDN);
    } else if (const auto it = unary().find(function); it != unary().end()) {
        it->second(result, x);
    } else {
        throw std::invalid_argument("MPFR is not asked for " + std::string(function));
    }
    Exact exact{mpfr_get_d(result.get(), MPFR_RNDN), 0};
    if (std::isfinite(exact.high) && exact.high != 0) {
        mpfr_sub_d(result.get(), result.get(), exact.high, MPFR_RNDN);
        exact.low = mpfr_get_d(result.get(), MPFR_RNDN);
    }
    return exact;
}

}  // namespace chainrule
