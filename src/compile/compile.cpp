#include "compile/compile.h"

#include "compile/fuse.h"
#include "compile/plan_memory.h"
#include "compile/schedule.h"

namespace chainrule {

Plan make_plan(const Graph& graph, const CompileOptions& options, const PipelineOptions& pipeline) {
    return plan_of(run_speed_passes(graph, options, pipeline));
}

Plan plan_of(Settled settled) {
    Plan plan;
    plan.graph = std::make_shared<const Graph>(std::move(settled.graph));
    plan.real = settled.options.real;
    plan.batch = settled.options.batch;
    Layouts layouts(*plan.graph);
    const Schedule schedule = make_schedule(*plan.graph, layouts, settled.options);
    fuse(*plan.graph, layouts, schedule, settled.options, plan);
    plan_memory(plan);
    return plan;
}

}  // namespace chainrule
