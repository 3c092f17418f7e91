// What the processor has that not every x86-64 has, so that one program runs on all and is fast on
// most: a loop is compiled twice, and chosen when it runs.
//
//     [[gnu::target("avx2,bmi,bmi2,lzcnt,popcnt")]] void work_with_avx2() { work(); }  // inlined
//     has_avx2() ? work_with_avx2() : work();
#pragma once

namespace chainrule {

// AVX2 and what came with it.
inline bool has_avx2() {
#if defined(__x86_64__)
    static const bool has = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                            __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("lzcnt") &&
                            __builtin_cpu_supports("popcnt");
    return has;
#else
    return false;
#endif
}

}  // namespace chainrule
