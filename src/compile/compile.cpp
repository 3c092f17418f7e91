#include "compile/compile.h"

#include "compile/fuse.h"
#include "compile/passes.h"
#include "compile/plan_memory.h"
#include "compile/schedule.h"

namespace chainrule {

Plan make_plan(const Graph& graph, const CompileOptions& options) {
    Settled settled = run_speed_passes(graph, options);
    Plan plan;
    plan.graph = std::make_shared<const Graph>(std::move(settled.graph));
    plan.real = options.real;
    plan.batch = options.batch;
    Layouts layouts(*plan.graph);
    const Schedule schedule = make_schedule(*plan.graph, layouts, settled.options);
    fuse(*plan.graph, layouts, schedule, settled.options, plan);
    plan_memory(plan);
    return plan;
}

}  // namespace chainrule
