// exp, sigmoid and tanh for the hand-written C, inline, for one float and for vectors of them
// (GCC's vector extension, which clang has too). The libraries' functions cost a call, which spills
// every weight that a register holds.
//
// exp2: round to the nearest integer n, 2^(x - n) by a minimax polynomial of degree 5 on [-1/2,
// 1/2] (relative error 2.4e-7: 2 ulp), n added to the exponent. |x| < 126 is assumed, and not
// checked. tanh: the odd rational function of Eigen's `generic_fast_tanh_float` (a minimax fit on
// [-7.9, 7.9], clamped there; error at most 5 ulp).
#pragma once

#include <immintrin.h>
#include <math.h>

typedef float v8 __attribute__((vector_size(32)));
typedef int v8i __attribute__((vector_size(32)));
typedef float v16 __attribute__((vector_size(64)));

// 2^r on [-1/2, 1/2], after Estrin: the steps of the longest chain are what counts here.
static inline float exp2_polynomial(float r) {
    const float r2 = r * r;
    const float low = 0.999999940f + r * 0.693153073f;
    const float middle = 0.240153617f + r * 0.0558263180f;
    const float high = 0.00898934009f + r * 0.00187757667f;
    return low + r2 * (middle + r2 * high);
}

// 1 / (1 + 2^x): the sigmoid of z for x = -z log2(e). The polynomial's last step, the scaling by
// 2^n and the 1 are one multiply-add, beside which 2^n is ready in time.
static inline float inverse_of_one_plus_exp2(float x) {
    const __m128 x1 = _mm_set_ss(x);
    const __m128i n = _mm_cvtps_epi32(x1);
    const float scale =
        _mm_cvtss_f32(_mm_castsi128_ps(_mm_slli_epi32(_mm_add_epi32(n, _mm_set1_epi32(127)), 23)));
    const float r = x - _mm_cvtss_f32(_mm_round_ss(x1, x1, 8));
    const float r2 = r * r;
    const float low = fmaf(r, 0.693153073f, 0.999999940f);
    const float middle = fmaf(r, 0.0558263180f, 0.240153617f);
    const float high = fmaf(r, 0.00187757667f, 0.00898934009f);
    return 1 / fmaf(scale * r2, fmaf(r2, high, middle), fmaf(low, scale, 1));
}

static const float minus_log2_e = -1.44269504f;

static inline float sigmoid(float z) { return inverse_of_one_plus_exp2(minus_log2_e * z); }

static inline v8 tanh_v8(v8 x) {
    const v8 limit = (v8)_mm256_set1_ps(7.90531110763549805f);
    x = (v8)_mm256_min_ps(_mm256_max_ps((__m256)x, (__m256)-limit), (__m256)limit);
    const v8 s = x * x;
    const v8 s2 = s * s;
    const v8 p01 = 4.89352455891786e-03f + s * 6.37261928875436e-04f;
    const v8 p23 = 1.48572235717979e-05f + s * 5.12229709037114e-08f;
    const v8 p45 = -8.60467152213735e-11f + s * 2.00018790482477e-13f;
    const v8 p = p01 + s2 * (p23 + s2 * (p45 + s2 * -2.76076847742355e-16f));
    const v8 q = (4.89352518554385e-03f + s * 2.26843463243900e-03f) +
                 s2 * (1.18534705686654e-04f + s * 1.19825839466702e-06f);
    return x * p / q;
}

// The sigmoid of four.
static inline __m128 sigmoid_v4(__m128 z) {
    const __m128 x = _mm_mul_ps(z, _mm_set1_ps(minus_log2_e));
    const __m128 scale = _mm_castsi128_ps(
        _mm_slli_epi32(_mm_add_epi32(_mm_cvtps_epi32(x), _mm_set1_epi32(127)), 23));
    typedef float v4 __attribute__((vector_size(16)));
    const v4 r = (v4)_mm_sub_ps(x, _mm_round_ps(x, 8));
    const v4 low = 0.999999940f + r * 0.693153073f;
    const v4 middle = 0.240153617f + r * 0.0558263180f;
    const v4 high = 0.00898934009f + r * 0.00187757667f;
    const v4 r2 = r * r;
    return (__m128)(1 / ((v4)scale * r2 * (middle + r2 * high) + (1 + low * (v4)scale)));
}
