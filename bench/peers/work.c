#define _GNU_SOURCE
#include "work.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void fail(const char* what, const char* name) {
    fprintf(stderr, "bench: %s %s\n", what, name);
    exit(2);
}

// Large arrays on huge pages: reading rows in random order misses the table of small ones.
void* aligned_memory(long bytes) {
    const long huge_page = 2 << 20;
    const int is_large = bytes >= huge_page;
    void* memory = NULL;
    if (posix_memalign(&memory, is_large ? (size_t)huge_page : 64, (size_t)bytes) != 0) {
        fail("no memory for", "an array");
    }
    if (is_large) {
        madvise(memory, (size_t)bytes, MADV_HUGEPAGE);
    }
    return memory;
}

static void* read_array(const char* folder, const char* name, long* bytes) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE* file = fopen(path, "rb");
    if (!file) {
        fail("cannot open", path);
    }
    fseek(file, 0, SEEK_END);
    *bytes = ftell(file);
    rewind(file);
    void* data = aligned_memory(*bytes);
    if (fread(data, 1, (size_t)*bytes, file) != (size_t)*bytes) {
        fail("cannot read", path);
    }
    fclose(file);
    return data;
}

static void read_layers(Work* work, char* value) {
    work->depth = -1;
    for (char* word = strtok(value, " "); word; word = strtok(NULL, " ")) {
        if (work->depth + 1 == max_layers) {
            fail("too many layers:", value);
        }
        work->layer[++work->depth] = atol(word);
    }
}

// One line of work.txt; keys that C does not need are passed over.
static void read_line(Work* work, char* line, char* data_folder) {
    line[strcspn(line, "\n")] = '\0';
    char* value = strchr(line, ' ');
    if (!value) {
        fail("work.txt: no value in", line);
    }
    *value++ = '\0';
    if (strcmp(line, "kind") == 0) {
        snprintf(work->kind, sizeof work->kind, "%s", value);
    } else if (strcmp(line, "rows") == 0) {
        work->rows = atol(value);
    } else if (strcmp(line, "batch") == 0) {
        work->batch = atol(value);
    } else if (strcmp(line, "rate") == 0) {
        work->rate = strtof(value, NULL);
    } else if (strcmp(line, "layers") == 0) {
        read_layers(work, value);
    } else if (strcmp(line, "hidden") == 0) {
        snprintf(work->hidden, sizeof work->hidden, "%s", value);
    } else if (strcmp(line, "loss") == 0) {
        snprintf(work->loss, sizeof work->loss, "%s", value);
    } else if (strcmp(line, "bias") == 0) {
        work->bias = atoi(value);
    } else if (strcmp(line, "network") == 0) {
        snprintf(work->network, sizeof work->network, "%s", value);
    } else if (strcmp(line, "data") == 0) {
        snprintf(data_folder, 4096, "%s", value);
    }
}

Work read_work(int argc, char** argv) {
    if (argc < 2) {
        fail("needs the folder of a work:", argv[0]);
    }
    Work work = {.threads = 1};
    for (int i = 2; i + 1 < argc; ++i) {
        if (strcmp(argv[i], "--threads") == 0) {
            work.threads = atoi(argv[i + 1]);
        }
    }
    char path[4096], line[4096], data[4096] = "";
    snprintf(path, sizeof path, "%s/work.txt", argv[1]);
    FILE* file = fopen(path, "r");
    if (!file) {
        fail("cannot open", path);
    }
    while (fgets(line, sizeof line, file)) {
        read_line(&work, line, data);
    }
    fclose(file);
    if (strcmp(work.kind, "chain") == 0) {
        return work;
    }
    long bytes = 0;
    work.x = read_array(data, "x.f32", &bytes);
    work.y = read_array(data, "y.f32", &bytes);
    work.order = read_array(argv[1], "order.i32", &bytes);
    work.weights = read_array(argv[1], "weights.f32", &bytes);
    work.weight_count = bytes / (long)sizeof(float);
    return work;
}

int serve(const Work* work, const char* note, RunRound run) {
    printf("{\"note\": \"%s\"}\n", note);
    fflush(stdout);
    char line[64];
    while (fgets(line, sizeof line, stdin)) {
        long epochs = 1;
        if (sscanf(line, "go %ld", &epochs) != 1) {
            fail("not understood:", line);
        }
        const Round round = run(work, epochs);
        char loss[32] = "null";
        if (isfinite(round.loss)) {
            snprintf(loss, sizeof loss, "%.9g", round.loss);
        }
        printf("{\"seconds\": %.9g, \"loss\": %s}\n", round.seconds, loss);
        fflush(stdout);
    }
    return 0;
}

static double activate(const char* name, double z) {
    if (strcmp(name, "tanh") == 0) {
        return tanh(z);
    }
    return strcmp(name, "relu") == 0 ? (z > 0 ? z : 0) : 1 / (1 + exp(-z));
}

// The loss of an example from its last layer's values z.
static double loss_of(const Work* work, const float* z, float y) {
    if (strcmp(work->loss, "half_squared_of_sigmoid") == 0) {
        const double error = activate("sigmoid", z[0]) - (double)y;
        return error * error / 2;
    }
    if (strcmp(work->loss, "binary_cross_entropy_with_logits") == 0) {
        return fmax(z[0], 0) - (double)z[0] * (double)y + log1p(exp(-fabs(z[0])));
    }
    double sum = 0;
    for (long i = 0; i < work->layer[work->depth]; ++i) {
        sum += exp((double)z[i]);
    }
    return log(sum) - (double)z[(long)y];
}

double mean_loss(const Work* work, const float* weights) {
    enum { widest = 1024 };
    float value[2][widest];
    const long rows = work->rows < 4096 ? work->rows : 4096;
    double total = 0;
    for (long row = 0; row < rows; ++row) {
        const float* in = work->x + row * work->layer[0];
        const float* w = weights;
        for (int l = 0; l < work->depth; ++l) {
            const long n = work->layer[l], m = work->layer[l + 1];
            const float* bias = work->bias ? w + m * n : NULL;
            float* out = value[l % 2];
            for (long i = 0; i < m; ++i) {
                float z = bias ? bias[i] : 0;
                for (long j = 0; j < n; ++j) {
                    z += w[i * n + j] * in[j];
                }
                out[i] = l + 1 < work->depth ? (float)activate(work->hidden, (double)z) : z;
            }
            w += m * n + (bias ? m : 0);
            in = out;
        }
        total += loss_of(work, in, work->y[row]);
    }
    return total / (double)rows;
}
