#include "optim/optimizer.h"

#include "ops/build.h"

namespace chainrule {

const std::vector<const Optimizer*>& optimizers() {
    static const std::vector<const Optimizer*> all{
#define CHAINRULE_OPTIMIZER_ADDRESS(name) &name##_optimizer,
        CHAINRULE_OPTIMIZERS(CHAINRULE_OPTIMIZER_ADDRESS)
#undef CHAINRULE_OPTIMIZER_ADDRESS
    };
    return all;
}

const Optimizer* find_optimizer(std::string_view name) {
    for (const Optimizer* optimizer : optimizers()) {
        if (optimizer->method.name == name) {
            return optimizer;
        }
    }
    return nullptr;
}

std::vector<Setting> optimizer_settings(double usual_rate, double usual_weight_decay,
                                        std::vector<Setting> own) {
    std::vector<Setting> all{{"rate", &positive_number, usual_rate},
                             {"weight_decay", &number_from_0, usual_weight_decay},
                             {"l1", &number_from_0, 0}};
    all.insert(all.end(), own.begin(), own.end());
    return all;
}

std::string leaf_of_state(std::string_view state) { return "the state " + std::string(state); }

Expr OptimizerStates::after_step(Graph& graph, const std::string& name, const Type& like,
                                 const Update& update) {
    for (const OptimizerState& state : states_) {
        if (state.name == name) {
            return graph.expr(state.value);
        }
    }
    const Type type{.shape = like.shape, .row = like.row};
    const Expr before =
        graph.expr(graph.add_named(leaf_of_state(name), leaf_op, {}, {std::string("state"), type}));
    const Expr after = update(before);
    states_.push_back({name, before.id, after.id});
    return after;
}

Expr WeightStep::own(std::string_view name, const OptimizerStates::Update& update) const {
    return states.after_step(
        *weight.graph, std::string(choice.name()) + "." + std::string(name) + "." + weight_name,
        weight.type(), update);
}

Expr WeightStep::shared(std::string_view name, const OptimizerStates::Update& update) const {
    return states.after_step(*weight.graph, std::string(choice.name()) + "." + std::string(name),
                             Type{}, update);
}

Expr updated_weight(const Optimizer& optimizer, WeightStep step) {
    const double decay = step["weight_decay"];
    const Expr before = step.weight;
    if (decay > 0 && optimizer.decoupled_decay) {
        step.weight = before * (1 - step.rate * decay);
    } else if (decay > 0) {
        step.gradient = step.gradient + decay * before;
    }
    if (step["l1"] > 0) {
        step.gradient = step.gradient + step["l1"] * sign(before);
    }
    return optimizer.updated(step);
}

}  // namespace chainrule
