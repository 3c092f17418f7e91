// The fused chain's numbers, which every contender derives: x of element i, and the constants of
// relu(a * x + b).
#pragma once

#include <stdint.h>

static const float chain_a = 1.5f, chain_b = 0.25f;

static inline float chain_x(long i) {
    return (float)(((uint32_t)i * 2654435761u) >> 8) / 16777216.0f - 0.5f;
}
