// Values and gradients at the edge: kinks, ties, poles, infinities and numbers that a naive formula
// overflows on. The rows are those of the table that states them for the project.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "derive/derive.h"
#include "ops/edge_cases.h"
#include "ops/workbench.h"
#include "support/op_problem.h"

namespace chainrule::tests {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Tensor list(std::initializer_list<double> values) { return vector(values).value; }

std::vector<EdgeCase> kinks_and_poles() {
    return {
        {"row_1_relu_of_0", &relu_op, {scalar(0)}, 0.0, {0.0}},
        {"row_2_relu_of_nan", &relu_op, {scalar(nan)}, nan, {1.0}},
        {"row_3_abs_of_0", &abs_op, {scalar(0)}, 0.0, {0.0}},
        {"row_4_max_tie", &maximum_op, {scalar(2), scalar(2)}, 2.0, {0.5, 0.5}},
        {"row_4_min_tie", &minimum_op, {scalar(2), scalar(2)}, 2.0, {0.5, 0.5}},
        {"row_8_max_of_nan", &maximum_op, {scalar(nan), scalar(1)}, nan, {1.0, 1.0}},
        {"row_8_min_of_nan", &minimum_op, {scalar(1), scalar(nan)}, nan, {1.0, 1.0}},
        {"row_9_sqrt_of_0", &sqrt_op, {scalar(0)}, 0.0, {infinity}},
        {"row_10_sqrt_below_0", &sqrt_op, {scalar(-1)}, nan, {nan}},
        {"row_12_rsqrt_of_0", &rsqrt_op, {scalar(0)}, infinity, {-infinity}},
        {"row_13_log_of_0", &log_op, {scalar(0)}, -infinity, {infinity}},
        {"row_14_log_below_0", &log_op, {scalar(-1)}, nan, {-1.0}},
        {"row_15_log1p", &log1p_op, {scalar(1e-20)}, 1e-20, {1.0}},
        {"row_15_expm1", &expm1_op, {scalar(1e-20)}, 1e-20, {1.0}},
        {"row_16_exp_out_of_range", &exp_op, {scalar(710)}, infinity, {infinity}},
        {"row_24_leaky_relu_of_0", &leaky_relu_op, {scalar(0)}, 0.0, {0.01}},
        {"row_25_elu_of_0", &elu_op, {scalar(0)}, 0.0, {1.0}},
        {"row_25_selu_of_0", &selu_op, {scalar(0)}, 0.0, {1.7580993408473766}},
        {"row_26_clip_at_low", &clip_op, {scalar(0)}, 0.0, {1.0}, {0.0, 1.0}},
        {"row_26_clip_at_high", &clip_op, {scalar(1)}, 1.0, {1.0}, {0.0, 1.0}},
        {"row_26_clip_outside", &clip_op, {scalar(1.5)}, 1.0, {0.0}, {0.0, 1.0}},
        {"row_27_relu6_of_0", &relu6_op, {scalar(0)}, 0.0, {0.0}},
        {"row_27_relu6_of_6", &relu6_op, {scalar(6)}, 6.0, {0.0}},
        {"row_28_0_to_0", &power_op, {scalar(0), scalar(0)}, 1.0, {0.0, 0.0}},
        {"row_29_0_to_half", &power_op, {scalar(0), scalar(0.5)}, 0.0, {infinity, 0.0}},
        {"row_29_0_to_2", &power_op, {scalar(0), scalar(2)}, 0.0, {0.0, 0.0}},
        {"row_30_below_0_to_2", &power_op, {scalar(-2), scalar(2)}, 4.0, {-4.0, nan}},
        {"row_44_round_half", &round_op, {vector({0.5, 1.5, 2.5})}, list({0, 2, 2}), {{}}},
        {"row_45_atan2_of_0", &atan2_op, {scalar(0), scalar(0)}, 0.0, {nan, nan}},
        {"row_45_hypot_of_0", &hypot_op, {scalar(0), scalar(0)}, 0.0, {0.0, 0.0}},
        {"row_46_1_by_0", &divide_op, {scalar(1), scalar(0)}, infinity, {infinity, -infinity}},
        {"row_46_minus_1_by_0", &divide_op, {scalar(-1), scalar(0)}, -infinity, {{}, infinity}},
        {"row_46_0_by_0", &divide_op, {scalar(0), scalar(0)}, nan, {infinity, nan}},
        {"row_46_0_times_inf", &multiply_op, {scalar(0), scalar(infinity)}, nan, {infinity, 0.0}},
        {"sign_of_0", &sign_op, {scalar(0)}, 0.0, {{}}},
        {"sign_of_nan", &sign_op, {scalar(nan)}, nan, {{}}},
        {"hinge_on_the_margin", &hinge_op, {scalar(1), scalar(1)}, 0.0, {0.0, 0.0}},
        {"hinge_of_class_0", &hinge_op, {scalar(0.5), label(0, 2)}, 1.5, {1.0}},
        {"hinge_of_number_0", &hinge_op, {scalar(0.5), scalar(0)}, 1.5, {1.0}},
        {"huber_at_delta", &huber_op, {scalar(3), scalar(2)}, 0.5, {1.0, -1.0}},
    };
}

std::vector<EdgeCase> stable_forms() {
    const std::string tanh_form = "tanh";
    return {
        {"row_17_sigmoid_of_1000", &sigmoid_op, {scalar(1000)}, 1.0, {0.0}},
        {"row_17_sigmoid_of_minus_1000", &sigmoid_op, {scalar(-1000)}, 0.0, {0.0}},
        // e^-90 (1 - e^-90), to double precision.
        {"row_18_sigmoid_tail",
         &sigmoid_op,
         {scalar(-90)},
         8.1940126239905143e-40,
         {8.1940126239905143e-40}},
        {"row_19_tanh_of_1000", &tanh_op, {scalar(-1000)}, -1.0, {0.0}},
        {"row_20_softplus_of_1000", &softplus_op, {scalar(1000)}, 1000.0, {1.0}},
        {"row_20_softplus_of_minus_1000", &softplus_op, {scalar(-1000)}, 0.0, {0.0}},
        {"row_21_softplus_of_21",
         &softplus_op,
         {scalar(21)},
         21 + 7.5825604250371456e-10,
         {1 - 7.5825604221623845e-10}},
        {"row_22_logsigmoid", &logsigmoid_op, {scalar(-1000)}, -1000.0, {1.0}},
        {"row_23_gelu_of_minus_inf", &gelu_op, {scalar(-infinity)}, -0.0, {0.0}},
        {"row_23_gelu_tanh_of_minus_inf", &gelu_op, {scalar(-infinity)}, -0.0, {0.0}, {tanh_form}},
        {"row_23_silu_of_minus_inf", &silu_op, {scalar(-infinity)}, -0.0, {0.0}},
        {"gelu_of_inf", &gelu_op, {scalar(infinity)}, infinity, {1.0}},
        {"gelu_tanh_of_inf", &gelu_op, {scalar(infinity)}, infinity, {1.0}, {tanh_form}},
        {"gelu_tail", &gelu_op, {scalar(-1000)}, -0.0, {0.0}},
        {"gelu_tanh_tail", &gelu_op, {scalar(-1e200)}, -0.0, {0.0}, {tanh_form}},
        {"silu_of_1000", &silu_op, {scalar(1000)}, 1000.0, {1.0}},
        {"silu_of_minus_1000", &silu_op, {scalar(-1000)}, -0.0, {0.0}},
        {"elu_of_minus_1000", &elu_op, {scalar(-1000)}, -1.0, {0.0}},
        {"elu_of_1000", &elu_op, {scalar(1000)}, 1000.0, {1.0}},
        {"erf_of_1000", &erf_op, {scalar(1000)}, 1.0, {0.0}},
        {"normal_cdf_of_minus_1000", &normal_cdf_op, {scalar(-1000)}, 0.0, {0.0}},
        {"hypot_of_1e200", &hypot_op, {scalar(3e200), scalar(4e200)}, 5e200, {0.6, 0.8}},
    };
}

std::vector<EdgeCase> reduction_edges() {
    const auto axis = std::vector<std::int64_t>{-1};
    const std::int64_t masked = 1;
    const double log2 = std::log(2.0);
    return {
        {"row_5_reduce_max_ties", &max_op, {vector({1, 3, 3})}, 3.0, {list({0, 0.5, 0.5})}},
        {"row_5_reduce_min_ties", &min_op, {vector({1, 3, 1})}, 1.0, {list({0.5, 0, 0.5})}},
        {"row_7_argmax_tie", &argmax_op, {vector({1, 3, 3})}, 1.0, {{}}},
        {"row_7_argmax_of_nan", &argmax_op, {vector({1, nan, 3})}, 1.0, {{}}},
        {"row_11_norm_of_0", &norm_op, {vector({0, 0})}, 0.0, {list({0, 0})}},
        {"row_32_softmax_of_1000",
         &softmax_op,
         {vector({1000, 1000, -1000})},
         list({0.5, 0.5, 0}),
         {list({0.25, -0.25, 0})},
         {},
         list({1, 0, 0})},
        {"row_33_softmax_of_minus_inf",
         &softmax_op,
         {vector({-infinity, -infinity})},
         list({nan, nan}),
         {list({nan, nan})}},
        {"row_33_softmax_masked",
         &softmax_op,
         {vector({-infinity, -infinity})},
         list({0, 0}),
         {list({0, 0})},
         {axis, masked}},
        {"row_34_log_softmax",
         &log_softmax_op,
         {vector({0, -1e4})},
         list({0, -1e4}),
         {list({-1, 1})},
         {},
         list({0, 1})},
        {"row_35_logsumexp_of_1000",
         &logsumexp_op,
         {vector({1000, 1000})},
         1000 + log2,
         {list({0.5, 0.5})},
         {},
         {},
         0},
        {"row_36_logsumexp_of_minus_inf",
         &logsumexp_op,
         {vector({-infinity, -infinity})},
         -infinity,
         {list({0, 0})}},
        {"row_36_logsumexp_of_nothing", &logsumexp_op, {vector({})}, -infinity, {list({})}},
        {"row_41_mean_of_nothing", &mean_op, {vector({})}, nan, {list({})}},
        {"row_41_sum_of_nothing", &sum_op, {vector({})}, 0.0, {list({})}},
        {"row_41_prod_of_nothing", &prod_op, {vector({})}, 1.0, {list({})}},
        {"row_42_prod_with_0", &prod_op, {vector({0, 2, 3})}, 0.0, {list({6, 0, 0})}},
        {"row_42_prod_with_two_0", &prod_op, {vector({0, 0, 3})}, 0.0, {list({0, 0, 0})}},
        {"row_47_gather_accumulates",
         &gather_op,
         {vector({5, 6, 7}), positions({0, 0, 2})},
         list({5, 5, 7}),
         {list({2, 0, 1})}},
    };
}

std::vector<EdgeCase> loss_edges() {
    const Op* bce = &binary_cross_entropy_op;
    const Op* logits = &binary_cross_entropy_with_logits_op;
    const Op* entropy = &cross_entropy_op;
    return {
        {"row_37_wrong_by_1000", logits, {scalar(1000), scalar(0)}, 1000.0, {1.0, -1000.0}},
        {"row_37_wrong_by_minus_1000", logits, {scalar(-1000), label(1, 2)}, 1000.0, {-1.0}},
        {"row_37_right_by_1000", logits, {scalar(1000), label(1, 2)}, 0.0, {0.0}},
        {"row_38_minus_inf_and_0", logits, {scalar(-infinity), scalar(0)}, 0.0, {0.0}},
        {"row_38_inf_and_1", logits, {scalar(infinity), scalar(1)}, 0.0, {0.0}},
        {"row_39_cross_entropy",
         entropy,
         {vector({1000, -1000}), label(1, 2)},
         2000.0,
         {list({1, -1})}},
        // log(1 + e^-50): the digits of a sure and right choice.
        {"cross_entropy_tail",
         entropy,
         {vector({50, 0}), label(0, 2)},
         1.9287498479639178e-22,
         {{}}},
        {"cross_entropy_of_a_masked_class",
         entropy,
         {vector({0, -infinity}), vector({1, 0})},
         0.0,
         {list({0, 0})}},
        {"cross_entropy_of_weights",
         entropy,
         {vector({0, 0}), vector({2, 4})},
         6 * std::log(2.0),
         {list({1, -1}), list({std::log(2.0), std::log(2.0)})}},
        {"bce_right", bce, {scalar(1), label(1, 2)}, 0.0, {nan}},
        {"bce_wrong", bce, {scalar(0), label(1, 2)}, infinity, {-infinity}},
        {"bce_of_a_half", bce, {scalar(0.5), scalar(1)}, std::log(2.0), {-2.0, 0.0}},
        {"squared_error_of_nothing",
         &squared_error_op,
         {vector({}), vector({})},
         0.0,
         {list({}), list({})}},
        {"mean_squared_error_of_nothing",
         &mean_squared_error_op,
         {vector({}), vector({})},
         nan,
         {list({}), list({})}},
    };
}

class Edge : public testing::TestWithParam<EdgeCase> {};

TEST_P(Edge, has_the_value_and_the_gradients_of_the_table) {
    const EdgeCase& edge = GetParam();
    const Outcome outcome = outcome_of(edge);
    EXPECT_EQ(difference(outcome.value, edge.value, edge.tolerance), std::nullopt) << "value";
    for (std::size_t i = 0; i < edge.gradients.size(); ++i) {
        if (edge.gradients[i]) {
            ASSERT_TRUE(outcome.gradients[i].has_value());
            EXPECT_EQ(difference(*outcome.gradients[i], *edge.gradients[i], edge.tolerance),
                      std::nullopt)
                << "gradient by operand " << i;
        }
    }
}

std::string edge_name(const testing::TestParamInfo<EdgeCase>& info) { return info.param.name; }
INSTANTIATE_TEST_SUITE_P(KinksAndPoles, Edge, testing::ValuesIn(kinks_and_poles()), edge_name);
INSTANTIATE_TEST_SUITE_P(StableForms, Edge, testing::ValuesIn(stable_forms()), edge_name);
INSTANTIATE_TEST_SUITE_P(Reductions, Edge, testing::ValuesIn(reduction_edges()), edge_name);
INSTANTIATE_TEST_SUITE_P(Losses, Edge, testing::ValuesIn(loss_edges()), edge_name);

TEST(EdgeCases, a_difference_is_seen) {
    EXPECT_EQ(difference(0.0, 0.0, 0), std::nullopt);
    EXPECT_EQ(difference(-0.0, 0.0, 0), std::nullopt);
    EXPECT_EQ(difference(0.0, -0.0, 0), "0 instead of -0");
    EXPECT_EQ(difference(nan, 1.0, 1), "nan instead of 1");
    EXPECT_EQ(difference(1.0, nan, 1), "1 instead of nan");
    EXPECT_EQ(difference(1e300, infinity, 1), "1e+300 instead of inf");
    EXPECT_EQ(difference(1 + 1e-14, 1.0, 1e-15), "1.00000000000001 instead of 1");
    EXPECT_EQ(difference(list({1}), 1.0, 1), "[1] instead of 1");
}

// The derivative of where(x > 0, f(x), 0) at 0.
double masked_derivative(const Op& op) {
    Graph graph;
    const Expr x = graph.expr(add_leaf(graph, "x", {}));
    const Expr y = where(x > literal(graph, 0), call(op, {x}), 0);
    const NodeId gradient = derive(graph, y.id, std::vector{x.id}).gradients[0].id;
    return evaluate(graph, std::vector{gradient}, {{x.id, Tensor(0.0)}})[0].data[0];
}

TEST(EdgeOfWhere, row_31_what_is_masked_stays_masked) {
    EXPECT_EQ(masked_derivative(log_op), 0);
    EXPECT_EQ(masked_derivative(sqrt_op), 0);
    EXPECT_EQ(masked_derivative(rsqrt_op), 0);
}

TEST(EdgeOfCrossEntropy, row_40_a_label_out_of_range_is_an_error) {
    try {
        outcome_of({"", &cross_entropy_op, {vector({1, 2, 3}), label(3, 3)}, 0.0, {}});
        FAIL() << "label 3 of 3 classes was taken";
    } catch (const UserError& error) {
        EXPECT_STREQ(error.what(),
                     "cross_entropy has no class 3: there are 3 logits, and classes count from 0");
    }
}

// Value, first and second derivative of an op at x.
std::vector<double> derivatives_at(const Op& op, double at, const Attributes& attributes) {
    Graph graph;
    const Expr x = graph.expr(add_leaf(graph, "x", {}));
    const Expr y = call(op, {x}, attributes);
    const Expr first = derive(graph, y.id, std::vector{x.id}).gradients[0];
    const Expr second = derive(graph, first.id, std::vector{x.id}).gradients[0];
    std::vector<double> numbers;
    for (const Tensor& value :
         evaluate(graph, std::vector{y.id, first.id, second.id}, {{x.id, Tensor(at)}})) {
        numbers.push_back(value.data[0]);
    }
    return numbers;
}

TEST(EdgeOfActivations, nothing_overflows_at_a_thousand_in_two_derivatives) {
    const Attributes tanh_form{std::string("tanh")};
    const std::vector<std::pair<const Op*, Attributes>> activations{
        {&sigmoid_op, {}},    {&logsigmoid_op, {}}, {&tanh_op, {}}, {&softplus_op, {}},
        {&relu_op, {}},       {&relu6_op, {}},      {&elu_op, {}},  {&selu_op, {}},
        {&leaky_relu_op, {}}, {&silu_op, {}},       {&gelu_op, {}}, {&gelu_op, tanh_form},
        {&erf_op, {}},        {&normal_cdf_op, {}}, {&atan_op, {}}};
    for (const auto& [op, attributes] : activations) {
        for (const double x : {-1000.0, -40.0, 40.0, 1000.0}) {
            for (const double number : derivatives_at(*op, x, attributes)) {
                EXPECT_TRUE(std::isfinite(number)) << op->name << " at " << x;
            }
        }
    }
}

}  // namespace
}  // namespace chainrule::tests
