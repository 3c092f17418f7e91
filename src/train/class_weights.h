// What the recipe's class_weights are for the classes of a target. They multiply the weights that
// examples have from their table (data/dataset.h), of the training part and of the rows held out
// from it; test files are measured without either.
//
//     balanced      n / (k * count), with n rows in the training part, of k classes, as
//                   scikit-learn's compute_class_weight("balanced"): every class counts as much as
//                   any other
//     1,3           of class 0, 1, ...
//     no=1,yes=3    by label; a class that is not named has the weight 1
//
// An example of weight 2 counts in the loss as if it stood there twice (train/objective.h).
//
//     std::vector<double> weights = class_weights(options, network, classes, {tally, labels});
//     weigh_by_class(training, classes, weights);
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/target_classes.h"
#include "elaborate/network.h"
#include "train/recipe.h"

namespace chainrule {

struct WeighedClasses {
    const TargetClasses& classes;
    const ClassTally& training;
    const std::vector<std::string>& labels;  // of each class; none where classes are their own
};

// One for each class; none where the recipe has none. UserError for other classes than there are,
// and where the target tells no classes.
std::vector<double> class_weights(const TrainOptions& options, const Network& network,
                                  const WeighedClasses& classes);

// UserError where all weights of a part, times those of the classes, are 0.
void check_weight(const ClassTally& part, std::span<const double> class_weights,
                  std::string_view name);

}  // namespace chainrule
