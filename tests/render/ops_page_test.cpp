// docs/ops.md says what the op records say.
#include "render/ops_page.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "ops/rules.h"

namespace chainrule {
namespace {

TEST(OpsPage, in_the_repository_is_what_the_op_records_give) {
    std::ifstream file(std::string(CHAINRULE_SOURCE_DIR) + "/docs/ops.md");
    const std::string page{std::istreambuf_iterator<char>(file), {}};
    EXPECT_EQ(page, render_ops_page()) << "run: build/chainrule ops > docs/ops.md";
}

TEST(OpsPage, has_a_section_for_every_op_with_its_rule) {
    const std::string page = render_ops_page();
    for (const Op* op : all_ops()) {
        EXPECT_NE(page.find("\n## " + std::string(op->name) + "\n"), std::string::npos) << op->name;
    }
    EXPECT_NE(page.find("`delta * y * (1 - y)`"), std::string::npos);
}

}  // namespace
}  // namespace chainrule
