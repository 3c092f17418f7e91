#include "ops/op_list.h"

#include <algorithm>
#include <array>

namespace chainrule {
namespace {

#define CHAINRULE_OP_ADDRESS(name) &name##_op,
constexpr std::array ops{CHAINRULE_OPS(CHAINRULE_OP_ADDRESS)};
#undef CHAINRULE_OP_ADDRESS

}  // namespace

std::string_view spelling_of(const Op& op) {
    const auto* call = std::get_if<CallNotation>(&op.notation);
    return call != nullptr && !call->spelling.empty() ? call->spelling : op.name;
}

std::span<const Op* const> all_ops() { return ops; }

const Op* find_op(std::string_view name) {
    const auto it = std::ranges::find_if(ops, [&](const Op* op) { return op->name == name; });
    return it == ops.end() ? nullptr : *it;
}

}  // namespace chainrule
