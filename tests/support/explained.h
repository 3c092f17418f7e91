// What the program says of a network that a test writes down, read back.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace chainrule::tests {

// `explain --format json` on `text`, with more options. Throws std::runtime_error with what the
// program said if it did not end well.
nlohmann::json explained(const std::string& text, const std::vector<std::string>& options = {});

// The record of an array whose `key` is `value`: explained(...)["gradients"] of "w1".
const nlohmann::json& record(const nlohmann::json& array, const std::string& key,
                             const std::string& value);

// The gradient with respect to `of`: `value_of_gradient(json, "w1")` is its value.
double value_of_gradient(const nlohmann::json& explanation, const std::string& of);

// `check --answers` on `text`: the marks ("right", "wrong", ...) of the lines of `answers`.
std::vector<std::string> marks(const std::string& text, const std::string& answers,
                               const std::vector<std::string>& options = {});

// Lines of an answer file with every formula of an explanation that stands for itself: all of them
// must be marked right.
std::string formulas_as_answers(const nlohmann::json& explanation);

}  // namespace chainrule::tests
