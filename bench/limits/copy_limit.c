// The limit of the fused chain: copying as many floats, on both threads, with plain stores
// (memcpy) or with streaming ones (second argument). After STREAM's Copy (McCalpin, 1995).
#include <immintrin.h>
#include <stdint.h>
#include <string.h>

#include "../c/two_threads.h"
#include "../peers/work.h"

typedef struct {
    const float* from;
    float* to;
} Arrays;

static void plain(void* context, long first, long last) {
    const Arrays* arrays = context;
    for (long i = first; i + 16 <= last; i += 16) {
        _mm512_store_ps(arrays->to + i, _mm512_load_ps(arrays->from + i));
    }
}

static void streaming(void* context, long first, long last) {
    const Arrays* arrays = context;
    for (long i = first; i + 16 <= last; i += 16) {
        _mm512_stream_ps(arrays->to + i, _mm512_load_ps(arrays->from + i));
    }
    _mm_sfence();
}

static HalfFunction copy = plain;

static Round run(const Work* work, long epochs) {
    static Arrays arrays;
    const long bytes = work->rows * (long)sizeof(float);
    if (!arrays.from) {
        arrays.from = memset(aligned_memory(bytes), 1, (size_t)bytes);
        arrays.to = memset(aligned_memory(bytes), 2, (size_t)bytes);
    }
    const double start = seconds_now();
    for (long epoch = 0; epoch < epochs; ++epoch) {
        on_both_threads(copy, &arrays, work->rows);
    }
    return (Round){seconds_now() - start, 0};
}

int main(int argc, char** argv) {
    const Work work = read_work(argc, argv);
    if (argc > 2 && strcmp(argv[2], "streaming") == 0) {
        copy = streaming;
    }
    return serve(&work, "2 threads", run);
}
