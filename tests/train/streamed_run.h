// A training on data in memory, and the same on them streamed.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "network_text.h"
#include "train/streamed_data.h"

namespace chainrule {

// Two classes by four numbers.
inline const std::string four_inputs = R"(
    input x[4]
    target y: class(2)
    weight W[2, 4] ~ normal(0, 0.1)
    o = W @ x
    loss cross_entropy(o, y)
)";

struct StreamedRun {
    TrainResult result;
    LearntData learnt;
    std::vector<std::string> said;
};

inline std::vector<std::string> messages(const Diagnostics& diagnostics) {
    std::vector<std::string> all;
    for (const Diagnostic& diagnostic : diagnostics.items()) {
        all.push_back(diagnostic.message);
    }
    return all;
}

inline StreamedRun in_memory(const DataRequest& request, const TrainOptions& options,
                             const std::string& text = four_inputs) {
    const Network network = network_of(text);
    Diagnostics diagnostics;
    const PreparedData data = prepare_data(network, request, options, diagnostics);
    return {train(network, options, data.parts, diagnostics), data.learnt, messages(diagnostics)};
}

inline StreamedRun streamed(const DataRequest& request, const TrainOptions& options,
                            std::size_t buffer, const std::string& text = four_inputs) {
    const Network network = network_of(text);
    Diagnostics diagnostics;
    const StreamedData data = prepare_stream(network, request, options, buffer, diagnostics);
    return {train(network, options, data.sources, diagnostics), data.learnt, messages(diagnostics)};
}

inline TrainOptions options_with(double split) {
    TrainOptions options{.epochs = 2, .batch = 8, .seed = 5, .threads = 1};
    options.split = split;
    return options;
}

inline void expect_same(const StreamedRun& one, const StreamedRun& other) {
    ASSERT_EQ(one.result.weights.size(), other.result.weights.size());
    EXPECT_EQ(one.result.weights[0].data, other.result.weights[0].data);
    EXPECT_EQ(one.result.train.loss, other.result.train.loss);
    EXPECT_EQ(one.result.train.roc_auc, other.result.train.roc_auc);
    EXPECT_EQ(one.learnt.preprocessing.means, other.learnt.preprocessing.means);
    EXPECT_EQ(one.learnt.preprocessing.deviations, other.learnt.preprocessing.deviations);
    EXPECT_EQ(one.learnt.preprocessing.fills, other.learnt.preprocessing.fills);
    EXPECT_EQ(one.learnt.columns, other.learnt.columns);
    EXPECT_EQ(one.learnt.labels, other.learnt.labels);
    EXPECT_EQ(one.said, other.said);
}

}  // namespace chainrule
