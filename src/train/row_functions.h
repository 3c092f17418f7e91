// The functions of the weights that a method of the whole data asks for (optim/full_batch.h), over
// rows of a data set: compiled or by reference, a few thousand rows at a time.
//
//     LossOverRows loss(setup, data);
//     loss.at(rows, weights, gradient);       // the average over the rows, plus penalties
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "train/forward.h"
#include "train/residual_graph.h"

namespace chainrule {

// The weights of a network as one vector, in their order and row-major, and back.
std::vector<double> flat_weights(std::span<const Tensor> weights);
std::vector<Tensor> shaped_weights(const Network& network, std::span<const double> flat);

class LossOverRows {
public:
    LossOverRows(const TrainSetup& setup, const Dataset& data);

    // Sums run over the rows in the order given.
    double at(std::span<const std::size_t> rows, std::span<const double> weights,
              std::vector<double>& gradient);

private:
    const Network& network_;
    const Dataset& data_;
    std::vector<std::size_t> sizes_;  // of the gradients
    std::unique_ptr<Forward> forward_;
};

// Always in double precision: their derivatives are taken apart to the last digits.
class ResidualsOverRows {
public:
    // UserError of make_residual_graph, and where the derivatives of all rows take too much memory.
    ResidualsOverRows(const TrainSetup& setup, const Dataset& data);

    // sqrt(coefficient * share) times each residual: their squares add up to the objective. The
    // share of an example is 1 / rows, or what its weight is of the sum of the rows' weights.
    void values(std::span<const std::size_t> rows, std::span<const double> weights,
                std::vector<double>& values);
    // The same with derivatives by the weights, column after column.
    void derivatives(std::span<const std::size_t> rows, std::span<const double> weights,
                     std::vector<double>& values, std::vector<double>& derivatives);

private:
    std::size_t count(std::size_t rows) const;  // of the values
    void check_memory() const;
    template <class Visit>
    void visit(Forward& forward, std::span<const std::size_t> rows, std::span<const double> weights,
               const Visit& visit) const;

    const Network& network_;
    const Dataset& data_;
    ResidualGraph graph_;
    TrainOptions options_;
    std::vector<std::size_t> sizes_;  // of the weights
    std::unique_ptr<Forward> values_;
    std::unique_ptr<Forward> derivatives_;
};

}  // namespace chainrule
