#include "compile/plan_memory.h"

#include <algorithm>

#include "compile/accesses.h"

namespace chainrule {
namespace {

constexpr std::int64_t alignment = 16;  // elements

struct Life {
    std::size_t first = ~std::size_t{0};
    std::size_t last = 0;

    void use(std::size_t phase) {
        first = std::min(first, phase);
        last = std::max(last, phase);
    }
    bool overlaps(const Life& other) const { return first <= other.last && other.first <= last; }
};

std::vector<Life> lives_of(const Plan& plan) {
    std::vector<Life> lives(plan.buffers.size());
    for (std::size_t phase = 0; phase < plan.phases.size(); ++phase) {
        for (const Job& job : plan.phases[phase].jobs) {
            for (const Action& action : job.actions) {
                const auto use = [&](const Access& access) { lives[access.buffer].use(phase); };
                for_each_load(action, use);
                for_each_store(action, use);
            }
        }
    }
    for (const std::uint32_t output : plan.outputs) {
        lives[output].use(plan.phases.size());
    }
    return lives;
}

bool is_in_arena(const Buffer& buffer) {
    return buffer.region == Region::rows || buffer.region == Region::shared ||
           buffer.region == Region::tiles;
}

// What outlives a run: constants, and the number of examples, which is told once.
bool is_kept(const Plan& plan, std::uint32_t buffer) {
    return plan.buffers[buffer].constant || buffer == plan.batch_size;
}

std::int64_t extent_of(const Buffer& buffer) {
    return (buffer.size * buffer.blocks + alignment - 1) / alignment * alignment;
}

struct Placed {
    std::int64_t begin;
    std::int64_t end;
    Life life;
};

// The lowest gap among the buffers that live at the same time.
std::int64_t lowest_gap(std::vector<Placed> taken, const Life& life, std::int64_t size) {
    std::erase_if(taken, [&](const Placed& other) { return !other.life.overlaps(life); });
    std::ranges::sort(taken, {}, &Placed::begin);
    std::int64_t place = 0;
    for (const Placed& other : taken) {
        if (place + size <= other.begin) {
            break;
        }
        place = std::max(place, other.end);
    }
    return place;
}

}  // namespace

void plan_memory(Plan& plan) {
    std::vector<Life> lives = lives_of(plan);
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < plan.buffers.size(); ++i) {
        if (is_kept(plan, i)) {
            lives[i] = {0, plan.phases.size()};
        }
        if (is_in_arena(plan.buffers[i])) {
            order.push_back(i);
        }
    }
    // Large ones first: small ones fit into what they leave.
    std::ranges::stable_sort(order, std::greater{},
                             [&](std::uint32_t i) { return extent_of(plan.buffers[i]); });
    std::vector<Placed> taken;
    for (const std::uint32_t i : order) {
        Buffer& buffer = plan.buffers[i];
        const std::int64_t size = extent_of(buffer);
        buffer.place = lowest_gap(taken, lives[i], size);
        taken.push_back({buffer.place, buffer.place + size, lives[i]});
        plan.arena_size = std::max(plan.arena_size, buffer.place + size);
    }
}

}  // namespace chainrule
