// Optimisers and schedules against PyTorch: the trajectories of tests/data/optimizers/make.py.
#include "optim/optimizer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>

#include "backend/thread_pool.h"
#include "network_text.h"
#include "train/descent.h"

namespace chainrule {
namespace {

using nlohmann::json;

const json& torch() {
    static const json read =
        json::parse(std::ifstream(CHAINRULE_SOURCE_DIR "/tests/data/optimizers/optimizers.json"));
    return read;
}

const std::string model = R"(
    input x[2]
    target y
    weight W[4, 2] = 0
    weight b[4] = 0
    weight v[4] = 0
    loss (v @ tanh(W @ x + b) - y)^2
)";

Network network_with(const std::string& recipe) { return network_of(model + "train " + recipe); }

// PyTorch's examples, several times over: the mean over them and their gradient stay the same.
Dataset examples(int times) {
    std::vector<std::vector<double>> x;
    std::vector<std::vector<double>> y;
    for (int i = 0; i < times; ++i) {
        for (std::size_t k = 0; k < torch()["x"].size(); ++k) {
            x.push_back(torch()["x"][k]);
            y.push_back({torch()["y"][k]});
        }
    }
    return dataset_of(x, y);
}

// How the steps are computed: a loop holds a few elements, so that many examples make a plan.
struct Form {
    Backend backend;
    int times;
    std::string description;
};
const std::vector<Form>& forms() {
    static const std::vector<Form> all{{Backend::reference, 1, "the reference evaluator"},
                                       {Backend::native, 1, "one function for the whole loop"},
                                       {Backend::native, 200, "phases"}};
    return all;
}

class Steps {
public:
    Steps(const std::string& recipe, const Form& form)
        : network_(network_with(recipe)),
          objective_(make_objective(network_)),
          options_(merge_options(network_, {.dtype = "f64"})),
          pool_(2),
          data_(examples(form.times)),
          rows_(data_.rows) {
        options_.backend = form.backend;
        options_.batch = static_cast<std::int64_t>(data_.rows);
        std::iota(rows_.begin(), rows_.end(), std::size_t{0});
        descent_ = make_descent({network_, objective_, options_, pool_}, data_);
        descent_->set_weights(start());
    }

    void take(int steps) {
        for (int i = 0; i < steps; ++i) {
            descent_->run(rows_, data_.rows);
        }
    }

    Descent& descent() { return *descent_; }
    bool is_by_formula() const {
        return find_optimizer(options_.optimizer.name())->full_batch == nullptr;
    }

    std::map<std::string, std::vector<double>> weights() const {
        std::map<std::string, std::vector<double>> named;
        const std::vector<Tensor> weights = descent_->weights();
        for (std::size_t i = 0; i < weights.size(); ++i) {
            named[network_.graph.name(network_.weights[i].node)] = weights[i].data;
        }
        return named;
    }

    std::map<std::string, std::vector<double>> states() const {
        std::map<std::string, std::vector<double>> named;
        const std::vector<Tensor> states = descent_->states();
        for (std::size_t i = 0; i < states.size(); ++i) {
            named[descent_->state_names().at(i)] = states[i].data;
        }
        return named;
    }

private:
    std::vector<Tensor> start() const {
        std::vector<Tensor> weights;
        for (const Weight& weight : network_.weights) {
            weights.emplace_back(network_.graph.type(weight.node).shape,
                                 torch()["start"][network_.graph.name(weight.node)]);
        }
        return weights;
    }

    Network network_;
    Objective objective_;
    TrainOptions options_;
    ThreadPool pool_;
    Dataset data_;
    std::vector<std::size_t> rows_;
    std::unique_ptr<Descent> descent_;
};

// Relative to the largest number of each tensor.
void expect_near(const std::map<std::string, std::vector<double>>& got, const json& wanted,
                 const std::string& where) {
    for (const auto& [name, value] : wanted.items()) {
        const std::vector<double> numbers = value;
        ASSERT_TRUE(got.contains(name)) << name << where;
        ASSERT_EQ(got.at(name).size(), numbers.size()) << name << where;
        double largest = 0;
        double error = 0;
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            largest = std::max(largest, std::abs(numbers[i]));
            error = std::max(error, std::abs(got.at(name)[i] - numbers[i]));
        }
        EXPECT_LE(error, 1e-12 * largest) << name << where;
    }
}

TEST(Optimizer, takes_the_steps_of_pytorch_in_every_form) {
    for (const json& one : torch()["cases"]) {
        for (const Form& form : forms()) {
            Steps steps(one["recipe"], form);
            if (steps.is_by_formula()) {
                ASSERT_TRUE(steps.descent().description().find(form.description) !=
                            std::string::npos)
                    << steps.descent().description();
            }
            int taken = 0;
            for (const int shown : {1, 2, 10, 100}) {
                steps.take(shown - taken);
                taken = shown;
                const std::string where = " after step " + std::to_string(shown) + " of " +
                                          one["recipe"].get<std::string>() + " by " +
                                          form.description;
                expect_near(steps.weights(), one["after"][std::to_string(shown)], where);
            }
            expect_near(steps.states(), one["states"], " by " + form.description);
        }
    }
}

TEST(Optimizer, has_the_usual_numbers_of_pytorch_but_for_the_rate_of_sgd) {
    ASSERT_EQ(torch()["usual"].size() + 1, optimizers().size());  // but levenberg_marquardt
    for (const auto& [name, usual] : torch()["usual"].items()) {
        const Optimizer* optimizer = find_optimizer(name);
        ASSERT_NE(optimizer, nullptr) << name;
        const bool has_l1 = optimizer->full_batch == nullptr;
        EXPECT_EQ(optimizer->method.settings.size(), usual.size() + (has_l1 ? 1 : 0)) << name;
        for (const auto& [setting, number] : usual.items()) {
            const bool own = name == "sgd" && setting == "rate";
            EXPECT_EQ(Choice(optimizer->method)[setting], own ? 0.1 : number.get<double>())
                << name << " " << setting;
        }
    }
}

TEST(Optimizer, keeps_states_only_where_it_has_some) {
    const auto names = [](const std::string& recipe) {
        return Steps(recipe, forms()[1]).descent().state_names();
    };
    using Names = std::vector<std::string>;
    EXPECT_EQ(names("optimizer = sgd(weight_decay = 0.1), clip_norm = 1"), Names());
    EXPECT_EQ(names("optimizer = sgd(momentum = 0.5)"),
              Names({"sgd.momentum.W", "sgd.momentum.b", "sgd.momentum.v"}));
    EXPECT_EQ(names("optimizer = adam"),
              Names({"adam.m.W", "adam.v.W", "adam.correction1", "adam.correction2", "adam.m.b",
                     "adam.v.b", "adam.m.v", "adam.v.v"}));
    EXPECT_EQ(names("optimizer = levenberg_marquardt"),
              Names({"levenberg_marquardt.iterations", "levenberg_marquardt.radius",
                     "levenberg_marquardt.damping", "levenberg_marquardt.scale",
                     "levenberg_marquardt.converged"}));
}

TEST(Optimizer, goes_on_from_weights_and_states_with_the_same_bits) {
    for (const char* recipe : {"optimizer = adam", "optimizer = sgd(momentum = 0.9)",
                               "optimizer = adagrad(rate_decay = 1)",
                               "optimizer = rmsprop(centered = 1, momentum = 0.5)",
                               "optimizer = lbfgs(iterations = 2, history = 5)",
                               "optimizer = lbfgs(iterations = 3, strong_wolfe = 1)",
                               "optimizer = levenberg_marquardt"}) {
        for (const Form& form : forms()) {
            Steps whole(recipe, form);
            whole.take(20);
            Steps first(recipe, form);
            first.take(9);
            Steps second(recipe, form);
            second.take(3);  // what it has of its own is replaced
            second.descent().set_weights(first.descent().weights());
            second.descent().set_states(first.descent().states());
            second.take(11);
            EXPECT_EQ(whole.weights(), second.weights()) << recipe << " by " << form.description;
            EXPECT_EQ(whole.states(), second.states()) << recipe << " by " << form.description;
        }
    }
}

TEST(Optimizer, takes_a_new_rate_without_being_compiled_again) {
    for (const Form& form : forms()) {
        Steps slow("optimizer = adam(rate = 0.001)", form);
        Steps fast("optimizer = adam(rate = 0.1)", form);
        fast.descent().set_rate(0.001);
        slow.take(5);
        fast.take(5);
        EXPECT_EQ(slow.weights(), fast.weights()) << form.description;
    }
}

TEST(Schedule, has_the_rates_of_pytorch) {
    const std::vector<double> losses = torch()["losses"];
    for (const json& one : torch()["schedules"]) {
        const std::string recipe = one["recipe"];
        const TrainOptions options =
            merge_options(network_with("schedule = " + recipe), {.rate = torch()["rate"]});
        RateSchedule schedule(options.schedule,
                              {options.rate, static_cast<std::int64_t>(losses.size()), 0});
        for (std::size_t epoch = 0; epoch < losses.size(); ++epoch) {
            const double wanted = one["rates"][epoch];
            EXPECT_NEAR(schedule.rate(0), wanted, 1e-12 * wanted) << recipe << " epoch " << epoch;
            schedule.end_epoch(losses[epoch]);
        }
    }
}

TEST(Schedule, warms_up_in_a_straight_line) {
    const RateSchedule schedule(Choice(find_schedule("constant")->method), {0.8, 10, 4});
    EXPECT_DOUBLE_EQ(schedule.rate(0), 0.2);
    EXPECT_DOUBLE_EQ(schedule.rate(2), 0.6);
    EXPECT_DOUBLE_EQ(schedule.rate(3), 0.8);
    EXPECT_DOUBLE_EQ(schedule.rate(400), 0.8);
    EXPECT_TRUE(schedule.is_warming(3));
    EXPECT_FALSE(schedule.is_warming(4));
}

}  // namespace
}  // namespace chainrule
