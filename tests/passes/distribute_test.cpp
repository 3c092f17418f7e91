// A product over a sum is multiplied out only where that cancels something.
#include "passes/distribute.h"

#include <gtest/gtest.h>

#include "notation/formula.h"
#include "ops/rules.h"

namespace chainrule {
namespace {

class Distribute : public testing::Test {
protected:
    Expr leaf(const std::string& name) {
        return graph.expr(graph.add_named(name, leaf_op, {}, {std::string("input"), f64()}));
    }
    std::string distributed(Expr product) {
        const Sum sum = distribute(graph, product_of(graph, product.id));
        return write_formula(graph, build(graph, sum).id);
    }
    Graph graph;
};

TEST_F(Distribute, multiplies_out_where_a_quotient_cancels) {
    const Expr p = leaf("p");
    const Expr y = leaf("y");
    const Expr s = leaf("s");
    EXPECT_EQ(distributed(p * (s - y / p)), "p * s - y");
}

TEST_F(Distribute, leaves_a_product_that_cancels_nothing) {
    const Expr a = leaf("a");
    const Expr y = leaf("y");
    const Expr w = leaf("w");
    EXPECT_EQ(distributed((a - y) * w), "(a - y) * w");
    EXPECT_EQ(distributed(w * (a / y - y)), "w * (a / y - y)");
}

}  // namespace
}  // namespace chainrule
