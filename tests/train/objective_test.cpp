#include "train/objective.h"

#include <gtest/gtest.h>

#include "eval/batch_evaluator.h"
#include "network_text.h"
#include "train/feed.h"
#include "train/initialise.h"

namespace chainrule {
namespace {

std::string objective_refusal(const std::string& text) {
    try {
        make_objective(network_of(text));
    } catch (const UserError& error) {
        return error.diagnostics()[0].message;
    }
    return "accepted";
}

// The objective over all rows, with the weights as given.
double total(const Network& network, const Objective& objective, const Dataset& data,
             const std::vector<Tensor>& weights) {
    const std::vector<NodeId> roots{objective.total};
    BatchEvaluator evaluator(objective.graph, roots);
    std::vector<std::size_t> rows(data.rows);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i] = i;
    }
    feed_constants(evaluator, network);
    feed_weights(evaluator, network, weights);
    feed_rows(evaluator, network, data, rows);
    evaluator.run();
    return evaluator[objective.total][0].data[0];
}

const std::string objective_text = R"(
    input x[3]
    target y: class(2)
    weight W1[4, 3] ~ xavier_normal
    weight b1[4] ~ normal
    weight W2[2, 4] ~ xavier_normal
    h = tanh(W1 @ x + b1)
    loss cross_entropy(W2 @ h, y)
    penalty 0.01 * sum(W1^2)
    penalty 0.1 * sum(h^2)
)";

TEST(Objective, gradients_are_those_of_the_mean_over_the_batch) {
    const Network network = network_of(objective_text);
    const Objective objective = make_objective(network);
    const Dataset data = dataset_of({{0.1, 2, -1}, {1, -0.4, 0.3}, {0, 0.5, 1}}, {{0}, {1}, {1}});
    Diagnostics diagnostics;
    std::vector<Tensor> weights = initial_weights(network, 0, diagnostics);

    BatchEvaluator step(objective.graph, objective.gradients);
    const std::vector<std::size_t> rows{0, 1, 2};
    feed_constants(step, network);
    feed_weights(step, network, weights);
    feed_rows(step, network, data, rows);
    step.run();
    const double h = 1e-5;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        for (std::size_t k = 0; k < weights[i].size(); ++k) {
            double& number = weights[i].data[k];
            const double middle = number;
            number = middle + h;
            const double above = total(network, objective, data, weights);
            number = middle - h;
            const double below = total(network, objective, data, weights);
            number = middle;
            EXPECT_NEAR(step[objective.gradients[i]][0].data[k], (above - below) / (2 * h), 1e-9)
                << "weight " << i << " element " << k;
        }
    }
}

TEST(Objective, order_of_the_rows_decides_nothing_but_rounding) {
    const Network network = network_of(objective_text);
    const Objective objective = make_objective(network);
    Diagnostics diagnostics;
    const std::vector<Tensor> weights = initial_weights(network, 0, diagnostics);
    const Dataset data = dataset_of({{0.1, 2, -1}, {1, -0.4, 0.3}}, {{0}, {1}});
    const Dataset turned = dataset_of({{1, -0.4, 0.3}, {0.1, 2, -1}}, {{1}, {0}});
    EXPECT_NEAR(total(network, objective, data, weights),
                total(network, objective, turned, weights), 1e-15);
}

TEST(Objective, refuses_a_network_with_nothing_to_train) {
    EXPECT_EQ(objective_refusal("input x\ntarget y\nloss squared_error(x, y)"),
              "there is nothing to train: net.nn declares no weight");
    EXPECT_EQ(objective_refusal("input x\ntarget y\nweight w = 1\nloss squared_error(x, y)"),
              "there is nothing to train: the loss depends on no weight");
}

TEST(Objective, refuses_what_has_no_number_and_says_how_to_give_one) {
    EXPECT_EQ(objective_refusal("input x\nweight w = 1\nconstant c\nloss (w * x - c)^2"),
              "c has no value, and training needs one: write `constant c = ...` in the network or "
              "give --at c=...");
    EXPECT_EQ(objective_refusal("input x\nweight w = 1\nfunction g\nloss g(w * x)"),
              "g is abstract, and numbers are computed here: define it in the file or with "
              "--define 'g = sigmoid'");
    EXPECT_EQ(objective_refusal("input x\ntarget y\nweight w = 1\nfunction L\nloss L(w * x, y)"),
              "L is abstract, and numbers are computed here: define it in the file or with "
              "--define 'L(a, t) = 1/2 * (a - t)^2'");
}

TEST(Objective, a_constant_or_function_that_the_loss_does_not_reach_may_stay_open) {
    EXPECT_EQ(objective_refusal(
                  "input x\nweight w = 1\nconstant c\nfunction g\nu = g(c)\nloss (w * x)^2"),
              "accepted");
}

}  // namespace
}  // namespace chainrule
