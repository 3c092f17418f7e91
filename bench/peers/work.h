// What the C and C++ contenders share: reading a work's folder (../prepare.py), the conversation
// with the driver (../README.md), and the loss by which results are compared.
#pragma once

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { max_layers = 8 };

// A multilayer perceptron and its training data. Weights stand as W1, b1, W2, b2, ...; W is [out,
// in], row-major. Arrays are aligned to 64 bytes and live as long as the program.
typedef struct {
    int depth;               // weight layers
    long layer[max_layers];  // layer[0] inputs .. layer[depth] outputs
    int bias;
    char network[4096];  // the path of the .nn file
    char kind[32], hidden[32], loss[64];
    long rows, batch;
    float rate;
    const float* x;
    const float* y;
    const int* order;
    const float* weights;
    long weight_count;
    int threads;  // of `--threads N`; 1 without it
} Work;

// Reads the folder argv[1]; ends the program with a message where something is missing.
Work read_work(int argc, char** argv);

typedef struct {
    double seconds;
    double loss;  // NaN where there is none
} Round;

// Trains a copy of the initial weights for so many epochs, timing the training alone.
typedef Round (*RunRound)(const Work* work, long epochs);

// Says that the contender is ready, with a note on what it is, and answers each line "go EPOCHS"
// until the input ends. Returns the exit code.
int serve(const Work* work, const char* note, RunRound run);

double seconds_now(void);

// Of `bytes` bytes (more than 0), aligned to 64 at least.
void* aligned_memory(long bytes);

// The mean loss of the first 4,096 rows (or all, where there are fewer).
double mean_loss(const Work* work, const float* weights);

#ifdef __cplusplus
}
#endif
