// The worksheet network by hand: a2 = sigmoid(w2 * inverse_of_one_plus_exp2(w1 * (minus_log2_e * x))), loss 1/2 (a2 - y)^2, one row per
// step. Every step needs the weights of the one before, so that what counts is the length of the
// chain from one to the next: both weights stay in registers, and all that does not depend on the
// last derivative is multiplied together while the second exponential is under way.
#include "../peers/work.h"
#include "vector_math.h"

static Round run(const Work* work, long epochs) {
    float w[2] = {work->weights[0], work->weights[1]};
    const double start = seconds_now();
    float w1 = w[0], w2 = w[1];
    for (long epoch = 0; epoch < epochs; ++epoch) {
        for (long i = 0; i < work->rows; ++i) {
            const float x = work->x[work->order[i]], y = work->y[work->order[i]];
            const float a1 = inverse_of_one_plus_exp2(w1 * (minus_log2_e * x));
            const float a2 = inverse_of_one_plus_exp2((minus_log2_e * w2) * a1);
            const float delta = (a2 - y) * (a2 * (1 - a2));
            const float from1 = work->rate * x * w2 * (a1 * (1 - a1));
            w2 -= delta * (work->rate * a1);
            w1 -= delta * from1;
        }
    }
    w[0] = w1;
    w[1] = w2;
    const double seconds = seconds_now() - start;
    return (Round){seconds, mean_loss(work, w)};
}

int main(int argc, char** argv) {
    const Work work = read_work(argc, argv);
    return serve(&work, "", run);
}
