#include "train/row_functions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace chainrule {
namespace {

constexpr std::size_t most_rows_at_once = 4096;
constexpr std::size_t most_derivatives = 100'000'000;  // 0.8 GB

std::size_t rows_at_once(const Dataset& data) { return std::min(data.rows, most_rows_at_once); }

std::vector<std::size_t> sizes_of(const Network& network) {
    std::vector<std::size_t> sizes;
    for (const Weight& weight : network.weights) {
        sizes.push_back(
            static_cast<std::size_t>(element_count(network.graph.type(weight.node).shape)));
    }
    return sizes;
}

std::size_t total(const std::vector<std::size_t>& sizes) {
    return std::accumulate(sizes.begin(), sizes.end(), std::size_t{0});
}

// Runs `forward` over all rows, as many at a time as it takes: `done(first, some)`.
template <class Done>
void run_over(Forward& forward, const Dataset& data, std::span<const std::size_t> rows,
              const Done& done) {
    for (std::size_t first = 0; first < rows.size(); first += forward.most_rows()) {
        const auto some = rows.subspan(first, std::min(forward.most_rows(), rows.size() - first));
        forward.run(data, some);
        done(first, some);
    }
}

std::vector<NodeId> loss_roots(const Objective& objective) {
    std::vector<NodeId> roots{objective.total};
    roots.insert(roots.end(), objective.gradients.begin(), objective.gradients.end());
    return roots;
}

std::vector<NodeId> residual_roots(const ResidualGraph& graph, bool with_derivatives) {
    std::vector<NodeId> roots;
    for (const ResidualPart& part : graph.parts) {
        roots.push_back(part.value);
        if (with_derivatives) {
            roots.insert(roots.end(), part.derivatives.begin(), part.derivatives.end());
        }
    }
    return roots;
}

// A root of residuals, and where a number of its value goes.
struct Place {
    std::size_t root;  // the roots behind it are the derivatives
    std::size_t element;
    std::size_t example;  // of the run
    double factor;
    std::size_t index;  // among all residuals
};

TrainOptions in_double_precision(TrainOptions options) {
    options.dtype = DType::f64;
    return options;
}

}  // namespace

std::vector<double> flat_weights(std::span<const Tensor> weights) {
    std::vector<double> flat;
    for (const Tensor& weight : weights) {
        flat.insert(flat.end(), weight.data.begin(), weight.data.end());
    }
    return flat;
}

std::vector<Tensor> shaped_weights(const Network& network, std::span<const double> flat) {
    std::vector<Tensor> weights;
    for (const Weight& weight : network.weights) {
        Tensor tensor = Tensor::filled(network.graph.type(weight.node).shape, 0);
        std::copy_n(flat.begin(), tensor.size(), tensor.data.begin());
        flat = flat.subspan(tensor.size());
        weights.push_back(std::move(tensor));
    }
    return weights;
}

LossOverRows::LossOverRows(const TrainSetup& setup, const Dataset& data)
    : network_(setup.network),
      data_(data),
      sizes_(sizes_of(setup.network)),
      forward_(make_forward(setup, loss_roots(setup.objective), data, rows_at_once(data))) {}

// Of some of the rows, loss and gradient are averages: they count by the weight that there is.
double LossOverRows::at(std::span<const std::size_t> rows, std::span<const double> weights,
                        std::vector<double>& gradient) {
    double loss = 0;
    gradient.assign(total(sizes_), 0);
    forward_->set_weights(shaped_weights(network_, weights));
    const double all = weight_sum(data_, rows);
    run_over(*forward_, data_, rows, [&](std::size_t, std::span<const std::size_t> some) {
        const double share = weight_sum(data_, some) / all;
        loss += share * forward_->value(0, 0)[0];
        std::span<double> rest = gradient;
        for (std::size_t i = 0; i < sizes_.size(); ++i) {
            add_multiple(rest.first(sizes_[i]), share, forward_->value(i + 1, 0));
            rest = rest.subspan(sizes_[i]);
        }
    });
    return loss;
}

ResidualsOverRows::ResidualsOverRows(const TrainSetup& setup, const Dataset& data)
    : network_(setup.network),
      data_(data),
      graph_(make_residual_graph(setup.network, setup.objective)),
      options_(in_double_precision(setup.options)),
      sizes_(sizes_of(setup.network)) {
    check_memory();
    const TrainSetup own{setup.network, graph_.objective, options_, setup.pool};
    values_ = make_forward(own, residual_roots(graph_, false), data, rows_at_once(data));
    derivatives_ = make_forward(own, residual_roots(graph_, true), data, rows_at_once(data));
}

std::size_t ResidualsOverRows::count(std::size_t rows) const {
    std::size_t count = 0;
    for (const ResidualPart& part : graph_.parts) {
        count += part.elements * (part.per_example ? rows : 1);
    }
    return count;
}

void ResidualsOverRows::check_memory() const {
    const std::size_t residuals = count(data_.rows);
    const std::size_t weights = total(sizes_);
    if (residuals > most_derivatives / weights) {
        throw UserError(fmt::format(
            "levenberg_marquardt is for small problems: it keeps the derivative of each of {} "
            "residuals by each of {} numbers in the weights, more than {}: take fewer rows or "
            "weights, or another optimizer, such as lbfgs",
            residuals, weights, most_derivatives));
    }
}

// Tells the place of each residual of the rows.
template <class Visit>
void ResidualsOverRows::visit(Forward& forward, std::span<const std::size_t> rows,
                              std::span<const double> weights, const Visit& visit) const {
    const std::size_t slopes_each = &forward == derivatives_.get() ? sizes_.size() : 0;
    forward.set_weights(shaped_weights(network_, weights));
    const double all = weight_sum(data_, rows);
    run_over(forward, data_, rows, [&](std::size_t first, std::span<const std::size_t> some) {
        std::size_t root = 0;
        std::size_t before = 0;  // residuals of the parts before
        for (const ResidualPart& part : graph_.parts) {
            const std::size_t start = before + (part.per_example ? first * part.elements : 0);
            const std::size_t count = (part.per_example ? some.size() : 1) * part.elements;
            for (std::size_t i = 0; i < count; ++i) {
                const std::size_t example = i / part.elements;
                const double coefficient =
                    part.coefficient * (part.per_example ? weight_of(data_, some[example]) : 1);
                visit(Place{.root = root,
                            .element = i % part.elements,
                            .example = example,
                            .factor = std::sqrt(coefficient / (part.per_example ? all : 1)),
                            .index = start + i});
            }
            before += (part.per_example ? rows.size() : 1) * part.elements;
            root += 1 + part.elements * slopes_each;
        }
    });
}

void ResidualsOverRows::values(std::span<const std::size_t> rows, std::span<const double> weights,
                               std::vector<double>& values) {
    values.assign(count(rows.size()), 0);
    visit(*values_, rows, weights, [&](const Place& at) {
        values[at.index] = at.factor * values_->value(at.root, at.example)[at.element];
    });
}

void ResidualsOverRows::derivatives(std::span<const std::size_t> rows,
                                    std::span<const double> weights, std::vector<double>& values,
                                    std::vector<double>& derivatives) {
    values.assign(count(rows.size()), 0);
    derivatives.assign(values.size() * total(sizes_), 0);
    visit(*derivatives_, rows, weights, [&](const Place& at) {
        values[at.index] = at.factor * derivatives_->value(at.root, at.example)[at.element];
        const std::size_t first = at.root + 1 + at.element * sizes_.size();
        std::size_t column = 0;
        for (std::size_t weight = 0; weight < sizes_.size(); ++weight) {
            for (const double slope : derivatives_->value(first + weight, at.example)) {
                derivatives[column++ * values.size() + at.index] = at.factor * slope;
            }
        }
    });
}

}  // namespace chainrule
