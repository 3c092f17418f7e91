#include "train/symptom_tests.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "render/number_text.h"
#include "train/gradient_symptoms.h"
#include "train/rate_symptom.h"
#include "train/target_range.h"
#include "train/unit_symptoms.h"
#include "train/unscaled_inputs.h"

namespace chainrule {
namespace {

std::vector<Finding> unscaled_inputs(const TrainingView& view) {
    std::vector<Finding> found;
    if (view.epoch > 0 || find_optimizer(view.options.optimizer.name())->full_batch != nullptr) {
        return found;
    }
    for (Diagnostic& warning : warn_of_unscaled_inputs(view.network, view.rows)) {
        found.push_back({std::move(warning.message), warning.span});
    }
    return found;
}

constexpr std::array<SymptomCause, 3> of_rate{
    {{"exploding_gradients"}, {"dead_units", 1}, {"saturated_units", 1}}};
constexpr std::array<SymptomCause, 4> of_death{
    {{"identical_units"}, {"exploding_values"}, {"rate_too_large"}, {"unscaled_inputs"}}};
constexpr std::array<SymptomCause, 2> of_saturation{{{"rate_too_large"}, {"unscaled_inputs"}}};
constexpr std::array<SymptomCause, 4> of_vanishing{
    {{"identical_units"}, {"exploding_values"}, {"dead_units"}, {"saturated_units"}}};
constexpr std::array<SymptomCause, 2> of_explosion{{{"exploding_values"}, {"rate_too_large"}}};

constexpr SymptomTest tests[] = {{"identical_units", identical_units},
                                 {"unscaled_inputs", unscaled_inputs},
                                 {"targets_out_of_range", targets_out_of_range},
                                 {"exploding_values", exploding_values},
                                 {"exploding_gradients", exploding_on_the_road, of_explosion},
                                 {"rate_too_large", rate_too_large, of_rate},
                                 {"dead_units", dead_units, of_death},
                                 {"saturated_units", saturated_units, of_saturation},
                                 {"vanishing_gradients", vanishing_gradients, of_vanishing},
                                 {"exploding_gradients", exploding_by_steps, of_explosion}};

bool begins_as(const Network& network, NodeId weight, Initialiser::Kind normal,
               Initialiser::Kind uniform) {
    const std::optional<Initialiser>& initialiser = network.weight(weight)->initialiser;
    return initialiser && (initialiser->kind == normal || initialiser->kind == uniform);
}

}  // namespace

std::string number_text(double number) { return short_number(number, 3); }

std::string what_helps(const std::vector<std::string>& ways) {
    std::string text;
    for (std::size_t i = 0; i < ways.size(); ++i) {
        const bool is_last = i + 1 == ways.size();
        text += (i == 0            ? ""
                 : ways.size() > 2 ? ", "
                                   : " ") +
                std::string(is_last && i > 0 ? "or " : "") + ways[i];
    }
    return text.empty() ? "" : "; what helps: " + text;
}

bool begins_as_he(const Network& network, NodeId weight) {
    return begins_as(network, weight, Initialiser::Kind::he_normal, Initialiser::Kind::he_uniform);
}

bool begins_as_xavier(const Network& network, NodeId weight) {
    return begins_as(network, weight, Initialiser::Kind::xavier_normal,
                     Initialiser::Kind::xavier_uniform);
}

double length_of(std::span<const Tensor> gradients) {
    double squares = 0;
    for (const Tensor& gradient : gradients) {
        for (const double number : gradient.data) {
            squares += number * number;
        }
    }
    return std::sqrt(squares);
}

bool TrainingView::has_told(std::string_view name, std::int64_t since) const {
    return std::ranges::any_of(state.told, [&](const Symptom& symptom) {
        return symptom.name == name && symptom.epoch >= since;
    });
}

bool SymptomTest::is_known(const TrainingView& view) const {
    return view.has_told(name) || std::ranges::any_of(explained_by, [&](const SymptomCause& cause) {
               return view.has_told(cause.name, cause.since);
           });
}

std::span<const SymptomTest> symptom_tests() { return tests; }

}  // namespace chainrule
