// A network from a text, as `train` reads it, and data from numbers.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "elaborate/network.h"
#include "ir/random.h"
#include "train/loop.h"

namespace chainrule {

inline Network network_of(const std::string& text, bool needs_loss = true) {
    SourceMap sources;
    Diagnostics diagnostics;
    auto elaborated = elaborate_text(
        "net.nn", text, {.examples = Examples::many, .defines = {}, .needs_loss = needs_loss},
        sources, diagnostics);
    if (!elaborated) {
        std::string all;
        for (const Diagnostic& diagnostic : diagnostics.items()) {
            all += format_diagnostic(diagnostic, sources);
        }
        throw std::runtime_error(all);
    }
    return std::move(elaborated->network);
}

// For a network with one input and one target: a row per example.
inline Dataset dataset_of(const std::vector<std::vector<double>>& inputs,
                          const std::vector<std::vector<double>>& targets) {
    Dataset data;
    data.rows = inputs.size();
    std::vector<double> numbers;
    data.input_sizes = {inputs.at(0).size()};
    data.target_size = targets.at(0).size();
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        numbers.insert(numbers.end(), inputs[i].begin(), inputs[i].end());
        data.targets.insert(data.targets.end(), targets[i].begin(), targets[i].end());
    }
    data.inputs.emplace_back(std::move(numbers));
    return data;
}

// Rows of two normal numbers, with f(x0, x1) and a little noise as their target.
template <class F>
Dataset noisy_rows(std::size_t rows, const F& f) {
    const RandomStream random(7, stream_id("rows"));
    std::vector<std::vector<double>> x;
    std::vector<std::vector<double>> y;
    for (std::size_t i = 0; i < rows; ++i) {
        x.push_back({random.normal(3 * i), random.normal(3 * i + 1)});
        y.push_back({f(x[i][0], x[i][1]) + 0.1 * random.normal(3 * i + 2)});
    }
    return dataset_of(x, y);
}

inline TrainResult train_on(const Network& network, const TrainOptions& options,
                            const Dataset& training, const TrainHooks& hooks = {}) {
    Diagnostics diagnostics;
    return train(network, options, {.training = training}, diagnostics, hooks);
}

// The trained value of a weight.
inline const Tensor& trained(const Network& network, const TrainResult& result,
                             const std::string& name) {
    for (std::size_t i = 0; i < network.weights.size(); ++i) {
        if (network.graph.name(network.weights[i].node) == name) {
            return result.weights[i];
        }
    }
    throw std::runtime_error("no weight " + name);
}

}  // namespace chainrule
