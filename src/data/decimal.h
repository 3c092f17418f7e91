// Decimal numbers to doubles, correctly rounded and fast for the numbers that data files hold.
//
// Up to 19 digits and powers of ten up to 27 take one division: both sides of it are exact, so only
// its rounding counts (Clinger, "How to read floating point numbers accurately", 1990). Longer digits
// than a double holds go through the 64 bits of x87's long double, whose second rounding to 53 bits
// matters only for a result that lies exactly half-way; that, and all else, is std::from_chars's.
//
//     double number = 0;
//     parse_decimal("-12.5", number)      // true
#pragma once

#include <string_view>

namespace chainrule {

// False where the text is not all of it such a number: then ask std::from_chars.
bool parse_decimal(std::string_view text, double& number);
// The same, faster, for a text after which eight bytes may be read and the first is no digit.
bool parse_padded_decimal(std::string_view text, double& number);

}  // namespace chainrule
