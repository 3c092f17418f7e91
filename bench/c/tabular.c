// A 14-64-64-1 network by hand: relu, binary cross-entropy with logits, batches of 64, on one thread.
// All of a step lives in the first two caches. Every product is made of tiles of 4 rows by 64
// columns, whose 16 accumulators stay in registers; bias, relu, its mask and the update happen where
// a tile is finished. Inputs are padded to 16 with zeros, so that the weights beyond the 14th stay
// what they are: zero.
#include <string.h>

#include "../peers/work.h"
#include "vector_math.h"

enum { inputs = 14, padded = 16, width = 64, batch = 64, lanes = 16, rows = 4, parts = 4 };

// Weights as [in][out], so that a row is what a tile's inner loop reads; w2_rows is w2 as [out][in],
// for the way back.
typedef struct {
    float w1[padded][width], b1[width], w2[width][width], b2[width], w3[width];
    float w2_rows[width][width];
    float b3;
} __attribute__((aligned(64))) Weights;

typedef struct {
    float x[batch][padded], h1[batch][width], h2[batch][width], d1[batch][width], d2[batch][width];
    float y[batch], z[batch], d3[batch];
} __attribute__((aligned(64))) Activations;

typedef struct {
    v16 part[rows][parts];
} Tile;

static inline v16 load16(const float* p) { return (v16)_mm512_load_ps(p); }
static inline void store16(float* p, v16 v) { _mm512_store_ps(p, (__m512)v); }

// tile += A B, with A(r, k) = a[r * row + k * column] and B of `depth` rows of 64.
static inline __attribute__((always_inline)) void multiply(Tile* tile, const float* a, long row,
                                                           long column, const float* b,
                                                           long depth) {
    v16 sum[rows][parts];
    memcpy(sum, tile->part, sizeof sum);
    for (long k = 0; k < depth; ++k) {
        v16 from[parts];
        for (int p = 0; p < parts; ++p) {
            from[p] = load16(b + k * width + p * lanes);
        }
        for (int r = 0; r < rows; ++r) {
            const float factor = a[r * row + k * column];
            for (int p = 0; p < parts; ++p) {
                sum[r][p] += factor * from[p];
            }
        }
    }
    memcpy(tile->part, sum, sizeof sum);
}

static inline v16 relu16(v16 z) { return (v16)_mm512_max_ps((__m512)z, _mm512_setzero_ps()); }

// d where h is above 0.
static inline v16 masked(v16 d, v16 h) {
    const __mmask16 on = _mm512_cmp_ps_mask((__m512)h, _mm512_setzero_ps(), _CMP_GT_OQ);
    return (v16)_mm512_maskz_mov_ps(on, (__m512)d);
}

static inline void forward_layer(const float* in, long depth, const float* w, const float* bias,
                                 float* out) {
    for (int first = 0; first < batch; first += rows) {
        Tile tile;
        for (int r = 0; r < rows; ++r) {
            for (int p = 0; p < parts; ++p) {
                tile.part[r][p] = load16(bias + p * lanes);
            }
        }
        multiply(&tile, in + first * depth, depth, 1, w, depth);
        for (int r = 0; r < rows; ++r) {
            for (int p = 0; p < parts; ++p) {
                store16(out + (first + r) * width + p * lanes, relu16(tile.part[r][p]));
            }
        }
    }
}

static inline v16 sigmoid16(v16 z) {
    const v16 x = z * minus_log2_e;
    const v16 n = (v16)_mm512_roundscale_ps((__m512)x, 8);
    const v16 r = x - n;
    const v16 p =
        0.999999940f +
        r * (0.693153073f +
             r * (0.240153617f + r * (0.0558263180f + r * (0.00898934009f + r * 0.00187757667f))));
    return 1 / (1 + (v16)_mm512_scalef_ps((__m512)p, (__m512)n));
}

// The last layer, forward and back: d3 is the derivative by each logit times the rate, d2 that by the
// second layer's sums. w3, b3 and b2 are updated.
static inline void last_layer(Weights* w, Activations* a, float rate) {
    v16 w3[parts], new_w3[parts], new_b2[parts];
    for (int p = 0; p < parts; ++p) {
        new_w3[p] = w3[p] = load16(w->w3 + p * lanes);
        new_b2[p] = load16(w->b2 + p * lanes);
    }
    for (int e = 0; e < batch; ++e) {
        v16 sum = w3[0] * load16(a->h2[e]);
        for (int p = 1; p < parts; ++p) {
            sum += w3[p] * load16(a->h2[e] + p * lanes);
        }
        a->z[e] = _mm512_reduce_add_ps((__m512)sum);
    }
    for (int e = 0; e < batch; e += lanes) {
        const v16 z = load16(a->z + e) + w->b3;
        store16(a->d3 + e, (sigmoid16(z) - load16(a->y + e)) * (rate / batch));
    }
    float db3 = 0;
    for (int e = 0; e < batch; ++e) {
        const float d = a->d3[e];
        db3 += d;
        for (int p = 0; p < parts; ++p) {
            const v16 h = load16(a->h2[e] + p * lanes);
            const v16 d2 = masked(d * w3[p], h);
            store16(a->d2[e] + p * lanes, d2);
            new_w3[p] -= d * h;
            new_b2[p] -= d2;
        }
    }
    for (int p = 0; p < parts; ++p) {
        store16(w->w3 + p * lanes, new_w3[p]);
        store16(w->b2 + p * lanes, new_b2[p]);
    }
    w->b3 -= db3;
}

// d1, from d2 through the second layer; b1 is updated.
static inline void second_layer_back(Weights* w, Activations* a) {
    v16 new_b1[parts];
    for (int p = 0; p < parts; ++p) {
        new_b1[p] = load16(w->b1 + p * lanes);
    }
    for (int first = 0; first < batch; first += rows) {
        Tile tile = {0};
        multiply(&tile, a->d2[first], width, 1, w->w2_rows[0], width);
        for (int r = 0; r < rows; ++r) {
            for (int p = 0; p < parts; ++p) {
                const v16 h = load16(a->h1[first + r] + p * lanes);
                const v16 d1 = masked(tile.part[r][p], h);
                store16(a->d1[first + r] + p * lanes, d1);
                new_b1[p] -= d1;
            }
        }
    }
    for (int p = 0; p < parts; ++p) {
        store16(w->b1 + p * lanes, new_b1[p]);
    }
}

// w -= in' d, for `count` rows of w; d holds the rate already.
static inline void update(float* w, long count, const float* in, const float* d) {
    for (long first = 0; first < count; first += rows) {
        Tile tile = {0};
        multiply(&tile, in + first, 1, count, d, batch);
        for (int r = 0; r < rows; ++r) {
            for (int p = 0; p < parts; ++p) {
                float* place = w + (first + r) * width + p * lanes;
                store16(place, load16(place) - tile.part[r][p]);
            }
        }
    }
}

// to = from', both 64 x 64.
static void transpose(const float (*from)[width], float (*to)[width]) {
    for (int column = 0; column < width; column += 8) {
        for (int row = 0; row < width; ++row) {
            for (int i = 0; i < 8; ++i) {
                to[column + i][row] = from[row][column + i];
            }
        }
    }
}

static void step(Weights* w, Activations* a, float rate) {
    forward_layer(a->x[0], padded, w->w1[0], w->b1, a->h1[0]);
    forward_layer(a->h1[0], width, w->w2[0], w->b2, a->h2[0]);
    last_layer(w, a, rate);
    second_layer_back(w, a);
    update(w->w2[0], width, a->h1[0], a->d2[0]);
    transpose(w->w2, w->w2_rows);
    update(w->w1[0], padded, a->x[0], a->d1[0]);
}

static void gather(const Work* work, const int* order, Activations* a) {
    for (int e = 0; e < batch; ++e) {
        memcpy(a->x[e], work->x + (long)order[e] * inputs, inputs * sizeof(float));
        a->y[e] = work->y[order[e]];
    }
}

// To [in][out], and back to the [out][in] of the file.
static void load(const float* file, Weights* w) {
    memset(w, 0, sizeof *w);
    for (int j = 0; j < width; ++j) {
        for (int i = 0; i < inputs; ++i) {
            w->w1[i][j] = file[j * inputs + i];
        }
        for (int i = 0; i < width; ++i) {
            w->w2[i][j] = file[(inputs + 1) * width + j * width + i];
        }
    }
    memcpy(w->b1, file + inputs * width, sizeof w->b1);
    memcpy(w->b2, file + (inputs + 1 + width) * width, sizeof w->b2);
    memcpy(w->w3, file + (inputs + 2 + width) * width, sizeof w->w3);
    w->b3 = file[(inputs + 3 + width) * width];
    transpose(w->w2, w->w2_rows);
}

static void save(const Weights* w, float* file) {
    for (int j = 0; j < width; ++j) {
        for (int i = 0; i < inputs; ++i) {
            file[j * inputs + i] = w->w1[i][j];
        }
        for (int i = 0; i < width; ++i) {
            file[(inputs + 1) * width + j * width + i] = w->w2[i][j];
        }
    }
    memcpy(file + inputs * width, w->b1, sizeof w->b1);
    memcpy(file + (inputs + 1 + width) * width, w->b2, sizeof w->b2);
    memcpy(file + (inputs + 2 + width) * width, w->w3, sizeof w->w3);
    file[(inputs + 3 + width) * width] = w->b3;
}

static Round run(const Work* work, long epochs) {
    static Weights weights;
    static Activations activations;
    static float trained[(inputs + 3 + width) * width + 1];
    load(work->weights, &weights);
    const double start = seconds_now();
    for (long epoch = 0; epoch < epochs; ++epoch) {
        for (long first = 0; first + batch <= work->rows; first += batch) {
            gather(work, work->order + first, &activations);
            step(&weights, &activations, work->rate);
        }
    }
    const double seconds = seconds_now() - start;
    save(&weights, trained);
    return (Round){seconds, mean_loss(work, trained)};
}

int main(int argc, char** argv) {
    const Work work = read_work(argc, argv);
    return serve(&work, "1 thread", run);
}
