// The stamp `verified` is earned: a formula that is wrong does not get it.
#include "explain/verify.h"

#include <gtest/gtest.h>

#include "support/texts.h"

namespace chainrule::tests {
namespace {

std::vector<Verification> verified(const std::string& loss, const std::string& gradient) {
    const Elaborated network = elaborated("weight w\nspare = log(w)\nloss " + loss + "\n");
    const Graph& graph = network.network.graph;
    return verify(*network.scope, graph, network.network.objective, {*graph.find("w")}, {},
                  {{gradient, {}, 0}});
}

TEST(Verify, a_right_formula_gets_its_points_and_a_small_error) {
    const auto result = verified("sin(w)", "cos(w)");
    ASSERT_EQ(result.size(), 1U);
    EXPECT_EQ(result[0].points, 20);
    EXPECT_LT(result[0].max_relative_error, 1e-9);
    EXPECT_GT(result[0].max_relative_error, 0);
}

TEST(Verify, a_wrong_formula_is_refused_however_near_it_is) {
    for (const char* wrong : {"-cos(w)", "cos(w) + 1e-4", "cos(w) * 1.00001", "sin(w)", "1",
                              "where(w > 1, 0, cos(w))"}) {
        EXPECT_THROW(verified("sin(w)", wrong), InternalError) << wrong;
    }
}

TEST(Verify, a_formula_that_does_not_read_back_is_refused) {
    EXPECT_THROW(verified("sin(w)", "cos(w"), InternalError);
    EXPECT_THROW(verified("sin(w)", "cosinus(w)"), InternalError);
    EXPECT_THROW(verified("sin(w)", "cos(u)"), InternalError);
}

TEST(Verify, a_loss_without_a_finite_value_gets_no_points) {
    EXPECT_EQ(verified("log(-1 - w^2)", "2 * w / (1 + w^2)")[0].points, 0);
}

TEST(Verify, kinks_and_poles_are_stepped_around) {
    EXPECT_EQ(verified("abs(w)", "sign(w)")[0].points, 20);
    EXPECT_EQ(verified("1 / w", "-1 / w^2")[0].points, 20);
    EXPECT_EQ(verified("log(w)", "1 / w")[0].points, 20);
    EXPECT_EQ(verified("asin(w)", "1 / sqrt(1 - w^2)")[0].points, 20);
}

}  // namespace
}  // namespace chainrule::tests
