// A 2-8-1 network by hand: tanh, binary cross-entropy with logits, batches of 4. The eight hidden
// units are the lanes of a vector, the four examples four independent chains, and all weights stay
// in registers for the whole run.
#include <string.h>

#include "../peers/work.h"
#include "vector_math.h"

enum { hidden = 8, batch = 4 };

typedef struct {
    v8 from_x0, from_x1, bias, out;
    float out_bias;
} Weights;

static Weights load(const float* w) {
    Weights weights;
    for (int j = 0; j < hidden; ++j) {
        weights.from_x0[j] = w[2 * j];
        weights.from_x1[j] = w[2 * j + 1];
        weights.bias[j] = w[2 * hidden + j];
        weights.out[j] = w[3 * hidden + j];
    }
    weights.out_bias = w[4 * hidden];
    return weights;
}

static void store(const Weights* weights, float* w) {
    for (int j = 0; j < hidden; ++j) {
        w[2 * j] = weights->from_x0[j];
        w[2 * j + 1] = weights->from_x1[j];
        w[2 * hidden + j] = weights->bias[j];
        w[3 * hidden + j] = weights->out[j];
    }
    w[4 * hidden] = weights->out_bias;
}

// The sums of four vectors, side by side.
static inline __m128 sums(v8 a, v8 b, v8 c, v8 d) {
    const __m256 ab = _mm256_hadd_ps((__m256)a, (__m256)b);
    const __m256 cd = _mm256_hadd_ps((__m256)c, (__m256)d);
    const __m256 all = _mm256_hadd_ps(ab, cd);
    return _mm_add_ps(_mm256_castps256_ps128(all), _mm256_extractf128_ps(all, 1));
}

static inline Weights step(Weights w, const float* const x[batch], __m128 y, float rate) {
    v8 h[batch];
    for (int e = 0; e < batch; ++e) {
        h[e] = tanh_v8(w.from_x0 * x[e][0] + (w.from_x1 * x[e][1] + w.bias));
    }
    const __m128 z = _mm_add_ps(sums(h[0] * w.out, h[1] * w.out, h[2] * w.out, h[3] * w.out),
                                _mm_set1_ps(w.out_bias));
    // The derivative of the mean loss by each logit, times the rate.
    const __m128 delta = _mm_mul_ps(_mm_sub_ps(sigmoid_v4(z), y), _mm_set1_ps(rate / batch));
    v8 dz[batch];
    for (int e = 0; e < batch; ++e) {
        dz[e] = delta[e] * (w.out * (1 - h[e] * h[e]));
    }
    // In pairs, which is a shorter chain than one after the other.
    w.from_x0 -= (dz[0] * x[0][0] + dz[1] * x[1][0]) + (dz[2] * x[2][0] + dz[3] * x[3][0]);
    w.from_x1 -= (dz[0] * x[0][1] + dz[1] * x[1][1]) + (dz[2] * x[2][1] + dz[3] * x[3][1]);
    w.bias -= (dz[0] + dz[1]) + (dz[2] + dz[3]);
    w.out -= (delta[0] * h[0] + delta[1] * h[1]) + (delta[2] * h[2] + delta[3] * h[3]);
    w.out_bias -= (delta[0] + delta[1]) + (delta[2] + delta[3]);
    return w;
}

static Round run(const Work* work, long epochs) {
    float trained[4 * hidden + 1];
    Weights w = load(work->weights);
    const float rate = work->rate;
    const double start = seconds_now();
    for (long epoch = 0; epoch < epochs; ++epoch) {
        for (const int* row = work->order; row < work->order + work->rows; row += batch) {
            const float* const x[batch] = {work->x + 2 * row[0], work->x + 2 * row[1],
                                           work->x + 2 * row[2], work->x + 2 * row[3]};
            const __m128 y =
                _mm_setr_ps(work->y[row[0]], work->y[row[1]], work->y[row[2]], work->y[row[3]]);
            w = step(w, x, y, rate);
        }
    }
    const double seconds = seconds_now() - start;
    store(&w, trained);
    return (Round){seconds, mean_loss(work, trained)};
}

int main(int argc, char** argv) {
    const Work work = read_work(argc, argv);
    return serve(&work, "", run);
}
