// The values of a network's forward pass over rows of a data set, compiled or by reference: what
// metrics look at.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "data/dataset.h"
#include "train/descent.h"

namespace chainrule {

class Forward {
public:
    virtual ~Forward() = default;
    virtual void set_weights(std::span<const Tensor> weights) = 0;

    // Computes the roots over these rows, at most most_rows() of them.
    virtual void run(const Dataset& data, std::span<const std::size_t> rows) = 0;
    virtual std::size_t most_rows() const = 0;

    // The numbers of root `i` for an example of the last run; of a shared root they are the same
    // for all. Several threads may ask at once.
    virtual std::span<const double> value(std::size_t i, std::size_t example) const = 0;
};

// `roots` are nodes of the objective's graph. All data sets of one Forward have their blocks in the
// formats of `like`. Compiled code takes `most_rows` rows at a time, by reference fewer.
std::unique_ptr<Forward> make_forward(const TrainSetup& setup, std::vector<NodeId> roots,
                                      const Dataset& like, std::size_t most_rows = 512);

}  // namespace chainrule
