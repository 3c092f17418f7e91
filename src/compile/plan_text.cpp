#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "compile/plan.h"
#include "lang/overloaded.h"
#include "scalar/scalar_text.h"

namespace chainrule {
namespace {

constexpr std::array<std::string_view, 6> region_names{"rows", "shared", "tiles",
                                                       "data", "given",  "scratch"};

std::string extent_text(std::int64_t extent) {
    return extent == Extent::batch ? "batch" : std::to_string(extent);
}

// `%4 exp[row*10 + i]`; at a place that data tell, `E[c[row]*16 + i]`.
std::string access_text(const Plan& plan, const Access& access,
                        const std::vector<Access>& loads = {}) {
    std::vector<std::string> terms;
    const auto term = [&](const std::string& index, std::int64_t stride) {
        if (stride != 0) {
            terms.push_back(stride == 1 ? index : fmt::format("{}*{}", index, stride));
        }
    };
    term("row", access.row_stride);
    for (std::size_t axis = 0; axis < access.strides.size(); ++axis) {
        term(std::string(1, static_cast<char>('i' + axis)), access.strides[axis]);
    }
    if (access.pick) {
        term(access_text(plan, loads[access.pick->load], loads), access.pick->stride);
    }
    if (access.offset != 0 || terms.empty()) {
        terms.push_back(std::to_string(access.offset));
    }
    return fmt::format("{}[{}]", plan.buffers[access.buffer].name, fmt::join(terms, " + "));
}

std::string nest_text(const Plan& plan, const LoopNest& nest, std::string_view title) {
    std::string text = fmt::format("      {}", title);
    for (std::size_t axis = 0; axis < nest.axes.size(); ++axis) {
        text += fmt::format(" {}{}<{}", nest.axes[axis].reduced ? "fold " : "",
                            static_cast<char>('i' + axis), extent_text(nest.axes[axis].extent));
    }
    text += "\n";
    std::vector<std::string> inputs;
    for (const Access& load : nest.loads) {
        inputs.push_back(access_text(plan, load, nest.loads));
    }
    const std::vector<std::string> values = print_outputs(nest.program, inputs);
    for (const StorePlan& store : nest.stores) {
        const std::string_view how = store.fold ? "folds" : store.accumulate ? "+=" : "=";
        text += fmt::format("        {} {} {}\n", access_text(plan, store.access, nest.loads), how,
                            values[store.output]);
    }
    return text;
}

std::string action_text(const Plan& plan, const Action& action) {
    return std::visit(
        Overloaded{[&](const Kernel& kernel) {
                       std::string text = "    kernel\n";
                       for (const LoopNest& nest : kernel.first) {
                           text += nest_text(plan, nest, "first");
                       }
                       for (const LoopNest& nest : kernel.nests) {
                           text += nest_text(plan, nest, "nest");
                       }
                       return text;
                   },
                   [&](const ProductPlan& product) {
                       return fmt::format(
                           "    product {} = {} @ {}, n {}, k {}, {}\n",
                           access_text(plan, product.c), access_text(plan, product.a),
                           access_text(plan, product.b), product.n, extent_text(product.k),
                           product.is_emitted ? "emitted" : "by the library");
                   },
                   [&](const RoutinePlan& routine) {
                       return fmt::format("    routine {}\n", access_text(plan, routine.result));
                   }},
        action);
}

}  // namespace

std::string print_plan(const Plan& plan) {
    std::string text = fmt::format(
        "plan for at most {} examples in {}: arena of {} numbers, scratch of {}\n", plan.batch,
        plan.real == ScalarKind::f32 ? "f32" : "f64", plan.arena_size, plan.scratch_size);
    for (const Buffer& buffer : plan.buffers) {
        text += fmt::format("  buffer {}: {} x {}, {}{}, at {}\n", buffer.name, buffer.blocks,
                            buffer.size, region_names[static_cast<std::size_t>(buffer.region)],
                            buffer.constant ? " constant" : "", buffer.place);
    }
    for (std::size_t phase = 0; phase < plan.phases.size(); ++phase) {
        for (const Job& job : plan.phases[phase].jobs) {
            text += fmt::format("  phase {}: rows {}, tiles of {}\n", phase, extent_text(job.rows),
                                job.tile_rows);
            for (const Action& action : job.actions) {
                text += action_text(plan, action);
            }
        }
    }
    return text;
}

}  // namespace chainrule
