// The op that a binary operator of the language stands for.
#pragma once

#include "ir/op.h"
#include "lang/ast.h"

namespace chainrule {

const Op& op_of(ast::BinaryOp op);

}  // namespace chainrule
