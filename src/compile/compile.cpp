#include "compile/compile.h"

#include "compile/fuse.h"
#include "compile/plan_memory.h"
#include "compile/schedule.h"

namespace chainrule {

Plan make_plan(const Graph& graph, const CompileOptions& options, const PipelineOptions& pipeline) {
    return with_memory(fused_plan(run_speed_passes(graph, options, pipeline)));
}

Plan with_memory(Plan plan) {
    plan_memory(plan);
    return plan;
}

Plan fused_plan(Settled settled) {
    Plan plan;
    plan.graph = std::make_shared<const Graph>(std::move(settled.graph));
    plan.real = settled.options.real;
    plan.batch = settled.options.batch;
    Layouts layouts(*plan.graph);
    const Schedule schedule = make_schedule(*plan.graph, layouts, settled.options);
    fuse(*plan.graph, layouts, schedule, settled.options, plan);
    return plan;
}

}  // namespace chainrule
