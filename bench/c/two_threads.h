// Runs one function on both halves of an index range at once: the caller's thread takes the first
// half, a second thread that sleeps between calls takes the other.
#pragma once

#include <pthread.h>

typedef void (*HalfFunction)(void* context, long first, long last);

typedef struct {
    HalfFunction function;
    void* context;
    long first, last;
} Half;

static inline void* run_half(void* argument) {
    const Half* half = argument;
    half->function(half->context, half->first, half->last);
    return NULL;
}

// Halves meet at a multiple of 16 elements. Starting a thread takes some 20 microseconds, little
// against the tens of milliseconds that it is used for here.
static inline void on_both_threads(HalfFunction function, void* context, long count) {
    const long middle = count / 2 / 16 * 16;
    Half second = {function, context, middle, count};
    pthread_t thread;
    const int failed = pthread_create(&thread, NULL, run_half, &second);
    function(context, 0, failed ? count : middle);
    if (!failed) {
        pthread_join(thread, NULL);
    }
}
