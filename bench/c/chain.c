// relu(a * x + b) over 10^8 floats by hand, on both threads, with streaming stores: the result is
// larger than every cache, and an ordinary store would read each line before overwriting it.
#include "chain.h"
#include "../peers/work.h"
#include "two_threads.h"
#include "vector_math.h"

typedef struct {
    float* x;
    float* y;
} Arrays;

static void fill(void* context, long first, long last) {
    const Arrays* arrays = context;
    for (long i = first; i < last; ++i) {
        arrays->x[i] = chain_x(i);
        arrays->y[i] = 0;
    }
}

static void chain(void* context, long first, long last) {
    const Arrays* arrays = context;
    const v16 a = (v16)_mm512_set1_ps(chain_a), b = (v16)_mm512_set1_ps(chain_b);
    for (long i = first; i + 16 <= last; i += 16) {
        const v16 z = a * (v16)_mm512_load_ps(arrays->x + i) + b;
        _mm512_stream_ps(arrays->y + i, _mm512_max_ps((__m512)z, _mm512_setzero_ps()));
    }
    for (long i = first + (last - first) / 16 * 16; i < last; ++i) {
        arrays->y[i] = fmaxf(chain_a * arrays->x[i] + chain_b, 0);
    }
    _mm_sfence();
}

static Round run(const Work* work, long epochs) {
    static Arrays arrays;
    if (!arrays.x) {
        arrays.x = aligned_memory(work->rows * (long)sizeof(float));
        arrays.y = aligned_memory(work->rows * (long)sizeof(float));
        on_both_threads(fill, &arrays, work->rows);
    }
    const double start = seconds_now();
    for (long epoch = 0; epoch < epochs; ++epoch) {
        on_both_threads(chain, &arrays, work->rows);
    }
    const double seconds = seconds_now() - start;
    double sum = 0;
    for (long i = 0; i < work->rows; ++i) {
        sum += (double)arrays.y[i];
    }
    return (Round){seconds, sum / (double)work->rows};
}

int main(int argc, char** argv) {
    const Work work = read_work(argc, argv);
    return serve(&work, "2 threads, streaming stores", run);
}
