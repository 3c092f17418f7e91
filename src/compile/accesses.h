// What an action reads and what it writes: for whoever asks about a buffer, whatever the action is.
//
//     for_each_load(action, [&](const Access& access) { read[access.buffer] = true; });
#pragma once

#include <algorithm>
#include <variant>

#include "compile/plan.h"
#include "lang/overloaded.h"

namespace chainrule {

template <class F>
void for_each_nest(const Kernel& kernel, const F& f) {
    std::ranges::for_each(kernel.first, f);
    std::ranges::for_each(kernel.nests, f);
}

template <class F>
void for_each_store(const Kernel& kernel, const F& f) {
    for_each_nest(kernel, [&](const LoopNest& nest) {
        std::ranges::for_each(nest.stores, f, &StorePlan::access);
    });
}

template <class F>
void for_each_load(const Kernel& kernel, const F& f) {
    for_each_nest(kernel, [&](const LoopNest& nest) {
        std::ranges::for_each(nest.loads, f);
        for (const StorePlan& store : nest.stores) {
            if (store.accumulate) {
                f(store.access);
            }
        }
    });
}

template <class F>
void for_each_load(const Action& action, const F& f) {
    std::visit(Overloaded{[&](const Kernel& kernel) { for_each_load(kernel, f); },
                          [&](const ProductPlan& product) {
                              f(product.a);
                              f(product.b);
                          },
                          [&](const RoutinePlan& routine) { f(routine.operand); }},
               action);
}

template <class F>
void for_each_store(const Action& action, const F& f) {
    std::visit(Overloaded{[&](const Kernel& kernel) { for_each_store(kernel, f); },
                          [&](const ProductPlan& product) { f(product.c); },
                          [&](const RoutinePlan& routine) { f(routine.result); }},
               action);
}

}  // namespace chainrule
