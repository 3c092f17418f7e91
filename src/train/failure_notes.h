// What is told of a step that fails beside its first value that is not finite: the notes on one
// example of the step, which has been run by reference.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/dataset.h"
#include "elaborate/network.h"
#include "eval/batch_evaluator.h"
#include "lang/diagnostic.h"
#include "train/recipe.h"

namespace chainrule {

// "row 3 of log.csv makes it by its column u, as the network gets it: u = -1, y = 2". Too many
// columns are not listed.
Note note_on_row(const BatchEvaluator& step, std::size_t example, const Network& network,
                 const Dataset& data, std::size_t row, const std::vector<std::string>& columns);

// "what goes into h: w = 1, u = -1": the named values that the formula of `value` is written in, if
// any. The loss may have no name.
std::optional<Note> note_on_values(const BatchEvaluator& step, std::size_t example, NodeId value,
                                   const std::string& name);

// The first element of an elementwise value that is beyond `largest`, and what it is computed from.
struct BadElement {
    std::vector<double> operands;
    double result;
};
std::optional<BadElement> bad_element(const BatchEvaluator& step, std::size_t example, NodeId value,
                                      double largest);

// "it begins with log(0) = -inf".
Note note_on_beginning(const Node& node, const BadElement& element);

// Whether an operand of exactly 0 makes it: log(0), 1 / 0, 0 / 0, but not exp(1000) or log(-1).
bool is_pole_at_zero(const Node& node, const BadElement& element);
constexpr std::string_view advice_on_pole =
    "keep what it begins with away from exactly 0, as sqrt(z + 1e-12) does where sqrt(z) does not";

// "the data or the formula, or leave such steps out with --on-nan skip"
std::string what_to_mend(const TrainOptions& options, const Dataset& data);

}  // namespace chainrule
