// Decimal numbers to doubles, correctly rounded and fast for the numbers that data files hold: up
// to 19 digits and powers of ten from -27 to 27 (data/scale_decimal.h). All else is
// std::from_chars's.
//
//     double number = 0;
//     parse_decimal("-12.5", number)      // true
#pragma once

#include <string_view>

namespace chainrule {

// False where the text is not all of it such a number: then ask std::from_chars.
bool parse_decimal(std::string_view text, double& number);

}  // namespace chainrule
