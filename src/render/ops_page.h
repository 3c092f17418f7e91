// docs/ops.md: every op with its meaning, its derivative rule, its conventions and what it exports
// to, read off the op records.
#pragma once

#include <string>

namespace chainrule {

// Markdown. `chainrule ops` prints it, and a test holds docs/ops.md to it.
std::string render_ops_page();

}  // namespace chainrule
