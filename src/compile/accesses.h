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
void for_each_load(const Action& action, const F& f) {
    std::visit(
        Overloaded{[&](const Kernel& kernel) {
                       for (const LoopNest& nest : kernel.nests) {
                           std::ranges::for_each(nest.loads, f);
                       }
                   },
                   [&](const ProductPlan& product) {
                       f(product.a);
                       f(product.b);
                   },
                   [&](const RoutinePlan& routine) { std::ranges::for_each(routine.operands, f); }},
        action);
}

template <class F>
void for_each_store(const Action& action, const F& f) {
    std::visit(Overloaded{[&](const Kernel& kernel) {
                              for (const LoopNest& nest : kernel.nests) {
                                  std::ranges::for_each(nest.stores, f, &StorePlan::access);
                              }
                          },
                          [&](const ProductPlan& product) { f(product.c); },
                          [&](const RoutinePlan& routine) { f(routine.result); }},
               action);
}

}  // namespace chainrule
