// Networks that have a symptom or have none, and what is told of them.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "network_text.h"
#include "train/symptoms.h"

namespace chainrule {

inline Dataset curved_rows(std::size_t rows = 100) {
    return noisy_rows(rows, [](double a, double b) { return a * b; });
}

inline std::vector<Symptom> symptoms_of(const std::string& text, TrainOptions options,
                                        const Dataset& data) {
    options.backend = Backend::reference;
    const TrainResult result = train_on(network_of(text), options, data);
    EXPECT_FALSE(result.failure) << result.failure->message;
    return result.symptoms.told;
}

// `name after epoch n: message` of each.
inline std::vector<std::string> told_of(const std::string& text, const TrainOptions& options = {},
                                        const Dataset& data = curved_rows()) {
    std::vector<std::string> lines;
    for (const Symptom& symptom : symptoms_of(text, options, data)) {
        lines.push_back(symptom.name + " after epoch " + std::to_string(symptom.epoch) + ": " +
                        symptom.message);
    }
    return lines;
}

using Lines = std::vector<std::string>;

// One symptom, of such a line.
inline void expect_one(const Lines& told, const std::string& begin, const std::string& end = "") {
    ASSERT_EQ(told.size(), 1U);
    EXPECT_TRUE(told[0].starts_with(begin) && told[0].ends_with(end)) << told[0];
}

// A second layer that hardly sees the first, whose gradient vanishes; v or V @ h is the answer.
inline Lines told_of_faint_layer(const std::string& weight, const std::string& loss) {
    return told_of(
        "input x[2]\ntarget y\nweight U[8, 2] ~ he_normal\nweight W[8, 8] ~ he_normal\n"
        "weight " +
            weight +
            " ~ xavier_normal\nweight c[8] = 1\n"
            "h = leaky_relu(W @ leaky_relu(1e-5 * (U @ x)) + c)\nloss " +
            loss + "\n",
        {.epochs = 1, .dtype = DType::f64});
}

inline std::string hidden_layer(const std::string& W, const std::string& b, const std::string& v,
                                const std::string& activation = "tanh") {
    return "input x[2]\ntarget y\nweight W[8, 2] " + W + "\nweight b[8] " + b + "\nweight v[8] " +
           v + "\nh = " + activation + "(W @ x + b)\nloss squared_error(v @ h, y)\n";
}

inline const std::string drawn_weights = "~ xavier_normal";

// `count` square layers between x and y.
inline std::string deep(int count, const std::string& activation, const std::string& start) {
    std::string text =
        "input x[2]\ntarget y\nweight W0[8, 2] " + start + "\nh0 = " + activation + "(W0 @ x)\n";
    for (int i = 1; i < count; ++i) {
        const std::string n = std::to_string(i);
        text += "weight W" + n + "[8, 8] " + start + "\nh" + n + " = " + activation + "(W" + n +
                " @ h" + std::to_string(i - 1) + ")\n";
    }
    return text + "weight V[1, 8] ~ xavier_normal\np = V @ h" + std::to_string(count - 1) +
           "\nloss squared_error(p[0], y)\n";
}

}  // namespace chainrule
