// One way to take the steps of gradient descent: compiled, or by reference.
//
//     std::unique_ptr<Descent> descent = make_descent(setup, data);
//     descent->set_weights(weights);
//     descent->set_rate(0.01);
//     descent->run(order, batch);
//     weights = descent->weights();
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "train/objective.h"
#include "train/recipe.h"

namespace chainrule {

class ThreadPool;

class Descent {
public:
    virtual ~Descent() = default;
    virtual void set_weights(std::span<const Tensor> weights) = 0;
    std::vector<Tensor> weights() const;
    // The same into tensors that are there, whose memory is used again.
    virtual void read_weights(std::vector<Tensor>& weights) const = 0;

    // What the optimiser keeps from step to step, one tensor per name: `adam.m.W` of weight W, in
    // the shape of W, and `adam.correction1` of all weights. All are 0 until they are set; with the
    // weights they are all there is to go on from. Empty for plain sgd.
    virtual std::vector<std::string> state_names() const = 0;
    virtual void set_states(std::span<const Tensor> states) = 0;
    std::vector<Tensor> states() const;
    virtual void read_states(std::vector<Tensor>& states) const = 0;

    // Of the steps to come; at first what the options say.
    virtual void set_rate(double rate) = 0;

    // A step over each `batch` of the rows in `order`, the last batch maybe smaller.
    virtual void run(std::span<const std::size_t> order, std::size_t batch) = 0;

    // Whether all weights and states are finite. What is not never becomes finite again, so that
    // this needs no asking after every step.
    virtual bool is_finite() const = 0;

    // Where a further step would hardly move the weights, for people: "converged after 14
    // iterations". Else empty.
    virtual std::string convergence() const { return ""; }

    // What computes, for people: "2 phases, 4 kernels, 5 matrix products, 1.3 MB".
    virtual std::string description() const = 0;
};

// What a descent is made for; all of it must outlive the descent.
struct TrainSetup {
    const Network& network;
    const Objective& objective;
    const TrainOptions& options;
    ThreadPool& pool;
};

std::unique_ptr<Descent> make_descent(const TrainSetup& setup, const Dataset& data);

// What the optimiser keeps, known without data: names as of state_names(), in its order.
struct StateLayout {
    std::string name;
    Shape shape;
};
std::vector<StateLayout> state_layouts(const Network& network, const Objective& objective,
                                       const TrainOptions& options);
std::vector<StateLayout> full_batch_layouts(const Network& network, const Choice& optimizer,
                                            const FullBatchMethod& method);

// How the parts compute; a method of the whole data asks for its functions in either way.
std::unique_ptr<Descent> make_reference_descent(const TrainSetup& setup, const Dataset& data);
std::unique_ptr<Descent> make_compiled_descent(const TrainSetup& setup, const Dataset& data);
std::unique_ptr<Descent> make_full_batch_descent(const TrainSetup& setup, const Dataset& data,
                                                 const FullBatchMethod& method);

}  // namespace chainrule
