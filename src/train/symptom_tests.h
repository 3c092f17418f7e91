// The symptoms as a table: a name and a test, which looks at a training and says in a sentence what
// it finds.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "train/gradient_sample.h"
#include "train/hidden_units.h"
#include "train/train_state.h"

namespace chainrule {

// What a test looks at.
struct TrainingView {
    const Network& network;
    const Objective& objective;
    const TrainOptions& options;
    const Dataset& rows;  // the sampled ones
    std::span<const HiddenUnits> units;
    std::span<const Tensor> weights;
    const SymptomState& state;
    std::int64_t epoch = 0;                // that is over; 0: none yet
    std::span<const EpochRecord> epochs;   // the latest
    const SampleValues* sample = nullptr;  // in this epoch; null: it is not looked at
    std::function<SampleValues(std::span<const Tensor>)> sample_at;  // at other weights
    // Of these nodes, as of SampleValues::watched.
    std::function<std::vector<std::vector<double>>(const std::vector<NodeId>&)> values_of;

    // In this epoch or after it.
    bool has_told(std::string_view name, std::int64_t since = 0) const;
};

struct Finding {
    std::string message;
    Span span;
};

// What makes another symptom a consequence, once it is told: at any time, or since an epoch.
struct SymptomCause {
    std::string_view name;
    std::int64_t since = 0;
};

struct SymptomTest {
    std::string_view name;
    std::vector<Finding> (*find)(const TrainingView& view);
    std::span<const SymptomCause> explained_by = {};

    // That it is no news, or a consequence.
    bool is_known(const TrainingView& view) const;
};

// Three digits of it, for messages.
std::string number_text(double number);
// `; what helps: a, b, or c`; nothing of none.
std::string what_helps(const std::vector<std::string>& ways);

// Whether a weight is drawn as He et al. ("Delving deep into rectifiers", 2015) or as Glorot and
// Bengio ("Understanding the difficulty of training deep feedforward neural networks", 2010) say.
bool begins_as_he(const Network& network, NodeId weight);
bool begins_as_xavier(const Network& network, NodeId weight);

// Of all numbers as one vector.
double length_of(std::span<const Tensor> gradients);

// In the order in which they are asked: of two that are seen at once, one that explains the other
// comes before it.
std::span<const SymptomTest> symptom_tests();

}  // namespace chainrule
