// Optimisers: how a weight moves along its gradient. One is a record, in a file of its own: a name,
// what can be set, and the update as formulas, which become part of the compiled training step.
//
//     w <- w - rate * g                          sgd
//
// Definitions and usual numbers are PyTorch's (torch.optim), but for the usual rate of sgd, 0.1.
// All that are formulas have
//
//     weight_decay   g <- g + weight_decay * w          (L2; before the optimiser sees g)
//                    w <- w - rate * weight_decay * w   (where the decay is decoupled: adamw)
//     l1             g <- g + l1 * sign(w)
//
// The others look at the whole data in every step (optim/full_batch.h): lbfgs, levenberg_marquardt.
//
// To add an optimiser, write src/optim/<name>.cpp with its record and add its line to the list
// below.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/graph.h"
#include "optim/full_batch.h"
#include "optim/setting.h"

namespace chainrule {

// A number or tensor that an optimiser keeps from step to step. All are 0 before the first one.
struct OptimizerState {
    std::string name;  // `adam.m.W` of weight W; `adam.correction1` for all weights together
    NodeId leaf;
    NodeId value;  // after the step
};

// The leaf that holds it in the step's graph; a name that no user's can be.
std::string leaf_of_state(std::string_view state);

// The states of a step, made as formulas ask for them.
class OptimizerStates {
public:
    using Update = std::function<Expr(Expr before)>;

    // The value after the step of a state, in the shape of `like`; the same state asked for again
    // is not made again.
    Expr after_step(Graph& graph, const std::string& name, const Type& like, const Update& update);

    const std::vector<OptimizerState>& all() const { return states_; }

private:
    std::vector<OptimizerState> states_;
};

// One weight at one step.
struct WeightStep {
    const Choice& choice;
    std::string weight_name;
    Expr weight;
    Expr gradient;  // clipped, and with what decay adds to it
    Expr rate;
    OptimizerStates& states;

    double operator[](std::string_view setting) const { return choice[setting]; }

    // The value after the step of a state of this weight, `m`, or of all weights together.
    Expr own(std::string_view name, const OptimizerStates::Update& update) const;
    Expr shared(std::string_view name, const OptimizerStates::Update& update) const;
};

// It moves by its formula, or else is a method of the whole data, by its steps.
struct Optimizer {
    Method method;
    bool decoupled_decay = false;
    Expr (*updated)(const WeightStep& step) = nullptr;  // the new weight
    const FullBatchMethod* full_batch = nullptr;
};

// All there are; this is the only list of them.
#define CHAINRULE_OPTIMIZERS(OPTIMIZER) \
    OPTIMIZER(sgd)                      \
    OPTIMIZER(adam)                     \
    OPTIMIZER(adamw)                    \
    OPTIMIZER(rmsprop)                  \
    OPTIMIZER(adagrad)                  \
    OPTIMIZER(lbfgs)                    \
    OPTIMIZER(levenberg_marquardt)

#define CHAINRULE_DECLARE_OPTIMIZER(name) extern const Optimizer name##_optimizer;
CHAINRULE_OPTIMIZERS(CHAINRULE_DECLARE_OPTIMIZER)
#undef CHAINRULE_DECLARE_OPTIMIZER

const std::vector<const Optimizer*>& optimizers();
// Null for a name that is not among them.
const Optimizer* find_optimizer(std::string_view name);

// The settings that all formulas have, before those of its own.
std::vector<Setting> optimizer_settings(double usual_rate, double usual_weight_decay,
                                        std::vector<Setting> own);

// The new weight of a step whose gradient is clipped.
Expr updated_weight(const Optimizer& optimizer, WeightStep step);

}  // namespace chainrule
