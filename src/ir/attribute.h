// Attributes: what an op is told besides its operands (an axis, a slope, a
// shape).
//
// A node holds one attribute per AttributeSpec of its op, in that order,
// defaults filled in, so that equal nodes have equal attributes.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ir/tensor.h"
#include "ir/type.h"

namespace chainrule {

// A whole number, a real one, a text, a list of whole numbers (axes, a shape),
// a literal, a type.
using Attribute =
    std::variant<std::int64_t, double, std::string, std::vector<std::int64_t>, Tensor, Type>;
using Attributes = std::vector<Attribute>;

struct AttributeSpec {
    std::string_view name;
    Attribute initial;      // the default; it also fixes the kind
    bool required = false;  // a call must give it
};

std::size_t hash_of(const Attributes& attributes);

// As a call writes it: `2`, `0.01`, `[0, 1]`, `tanh`.
std::string to_string(const Attribute& attribute);

}  // namespace chainrule
