#include "backend/llvm/streamed.h"

#include "compile/accesses.h"

namespace chainrule {
namespace {

// Above what the last-level cache of a group of cores holds, AMD's stacked ones left aside.
constexpr std::int64_t larger_than_caches = std::int64_t{64} << 20;  // bytes

template <class F>
void for_each_action(const Plan& plan, const F& f) {
    for (const Phase& phase : plan.phases) {
        for (const Job& job : phase.jobs) {
            std::ranges::for_each(job.actions, f);
        }
    }
}

}  // namespace

std::vector<bool> streamed_buffers(const Plan& plan, unsigned vector_bytes) {
    const std::int64_t element = plan.real == ScalarKind::f32 ? 4 : 8;
    const std::int64_t lanes = vector_bytes / element;
    std::vector<bool> streamed(plan.buffers.size());
    for (std::size_t i = 0; i < streamed.size(); ++i) {
        const Buffer& buffer = plan.buffers[i];
        streamed[i] = buffer.region == Region::rows &&
                      buffer.size * buffer.blocks * element > larger_than_caches;
    }
    for_each_action(plan, [&](const Action& action) {
        for_each_load(action, [&](const Access& access) { streamed[access.buffer] = false; });
        for_each_store(action, [&](const Access& access) {
            const auto in_vectors = [&](std::int64_t stride) { return stride % lanes == 0; };
            const auto strides = std::span(access.strides);
            if (strides.empty() || strides.back() != 1 || !in_vectors(access.offset) ||
                !in_vectors(access.row_stride) ||
                !std::ranges::all_of(strides.first(strides.size() - 1), in_vectors)) {
                streamed[access.buffer] = false;
            }
        });
    });
    return streamed;
}

}  // namespace chainrule
