// A model ready to run forward: what an Assessor or a Forward is made for.
//
//     ModelSetup setup(model, 0, Backend::native);
//     Assessor assessor(setup.train_setup(), setup.rule());
#pragma once

#include <optional>

#include "backend/thread_pool.h"
#include "train/descent.h"
#include "train/model_file.h"

namespace chainrule {

class ModelSetup {
public:
    // The model must outlive the setup. 0 threads: as many as there are processors.
    ModelSetup(const Model& model, std::size_t threads, Backend backend)
        : model_(model),
          objective_(make_objective(model.network)),
          options_{.dtype = model.dtype, .backend = backend, .threads = threads},
          pool_(backend == Backend::reference ? 1 : threads),
          rule_(answer_rule(model.network, model.answer)) {}

    const Model& model() const { return model_; }
    const std::optional<AnswerRule>& rule() const { return rule_; }
    TrainSetup train_setup() { return {model_.network, objective_, options_, pool_}; }

private:
    const Model& model_;
    Objective objective_;
    TrainOptions options_;
    ThreadPool pool_;
    std::optional<AnswerRule> rule_;
};

}  // namespace chainrule
