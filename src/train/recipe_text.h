// The values of a recipe as text: as the command line says them, and as messages and pages print
// them.
//
//     read_setting("--optimizer", "sgd(momentum = 0.9)")
//     read_class_weights("--class-weights", "no=1,yes=3")
//     text_of(value)
#pragma once

#include <string>
#include <string_view>

#include "elaborate/network.h"

namespace chainrule {

// A name, or a name with numbers, as the language has them. UserError for what is neither.
RecipeValue read_setting(const std::string& option, std::string_view text);

// A name, a list of numbers `1,3`, or numbers by name `no=1,yes=3`, where names may hold commas and
// signs of equality. UserError for a number that is none.
RecipeValue read_class_weights(const std::string& option, std::string_view text);

// `sgd(momentum = 0.9)`, `0.1`, `1,3`, `no=1,yes=3`.
std::string text_of(const RecipeValue& value);

}  // namespace chainrule
