#include "compile/tidy_nest.h"

#include <algorithm>
#include <numeric>

namespace chainrule {
namespace {

std::vector<Access*> accesses_of(LoopNest& nest) {
    std::vector<Access*> accesses;
    for (Access& load : nest.loads) {
        accesses.push_back(&load);
    }
    for (StorePlan& store : nest.stores) {
        accesses.push_back(&store.access);
    }
    return accesses;
}

void permute(LoopNest& nest, const std::vector<std::size_t>& order) {
    const auto permuted = [&](const auto& values) {
        std::remove_cvref_t<decltype(values)> result;
        for (const std::size_t i : order) {
            result.push_back(values[i]);
        }
        return result;
    };
    nest.axes = permuted(nest.axes);
    for (Access* access : accesses_of(nest)) {
        access->strides = permuted(access->strides);
    }
}

void drop_unit_axes(LoopNest& nest) {
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < nest.axes.size(); ++i) {
        if (nest.axes[i].extent != 1) {
            kept.push_back(i);
        }
    }
    permute(nest, kept);
}

// How well vectors along the axis load and store: steps of one element, no step at all, long steps
// or those that data tell.
int merit(LoopNest& nest, std::size_t axis) {
    int total = nest.axes[axis].extent == Extent::batch ? -100 : 0;
    for (const Access* access : accesses_of(nest)) {
        const std::int64_t stride = access->strides[axis];
        const bool jumps = jumps_along(nest, *access, axis);
        total += jumps ? -4 : stride == 1 ? 4 : stride == 0 ? 1 : -4;
    }
    return total;
}

void order_axes(LoopNest& nest) {
    if (nest.axes.empty()) {
        return;
    }
    std::vector<std::size_t> order(nest.axes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::size_t best = order.size() - 1;
    for (const std::size_t axis : order) {
        best = merit(nest, axis) > merit(nest, best) ? axis : best;
    }
    std::ranges::stable_sort(order, {}, [&](std::size_t axis) {
        return std::pair(axis == best, nest.axes[axis].reduced);
    });
    permute(nest, order);
}

bool are_mergeable(LoopNest& nest, std::size_t outer) {
    const LoopAxis& a = nest.axes[outer];
    const LoopAxis& b = nest.axes[outer + 1];
    const auto accesses = accesses_of(nest);
    return a.reduced == b.reduced && a.extent > 0 && b.extent > 0 &&
           std::ranges::all_of(accesses, [&](const Access* access) {
               return access->strides[outer] == access->strides[outer + 1] * b.extent;
           });
}

void merge_axes(LoopNest& nest) {
    for (std::size_t i = nest.axes.size(); i-- > 1;) {
        if (are_mergeable(nest, i - 1)) {
            nest.axes[i].extent *= nest.axes[i - 1].extent;
            std::vector<std::size_t> rest(nest.axes.size());
            std::iota(rest.begin(), rest.end(), std::size_t{0});
            rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i) - 1);
            permute(nest, rest);
        }
    }
}

}  // namespace

void tidy_nest(LoopNest& nest) {
    drop_unit_axes(nest);
    order_axes(nest);
    merge_axes(nest);
}

}  // namespace chainrule
