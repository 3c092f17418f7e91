// Row C8 of the list of bad inputs: scaling and imputing, learnt on the training part.
#include "data/preprocessing.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "lang/diagnostic.h"

namespace chainrule {
namespace {

using Doubles = std::vector<double>;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Dataset columns(std::vector<Doubles> inputs, std::vector<std::size_t> sizes) {
    Dataset data;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        data.rows = inputs[i].size() / sizes[i];
        for (std::size_t j = 0; j < sizes[i]; ++j) {
            data.columns.push_back("c" + std::to_string(data.columns.size() + 1));
            data.encodings.push_back({.name = data.columns.back(), .categories = {}});
        }
    }
    data.inputs.assign(inputs.begin(), inputs.end());
    data.input_sizes = std::move(sizes);
    return data;
}

Dataset column(Doubles numbers) { return columns({std::move(numbers)}, {1}); }

TEST(Preprocessing, standardises_with_the_populations_deviation) {
    Dataset data = column({2, 4, 4, 4, 5, 5, 7, 9});  // mean 5, deviation 2
    const Preprocessing how = learn_preprocessing(data, Scale::standard);
    EXPECT_EQ(how.means, (Doubles{5}));
    EXPECT_EQ(how.deviations, (Doubles{2}));
    preprocess(data, how);
    EXPECT_EQ(data.inputs[0], (Numbers{-1.5, -.5, -.5, -.5, 0, 0, 1, 2}));
}

TEST(Preprocessing, keeps_the_columns_of_several_inputs_apart) {
    Dataset data = columns({{1, 10, 3, 30}, {5, 7}}, {2, 1});
    const Preprocessing how = learn_preprocessing(data, Scale::standard);
    EXPECT_EQ(how.means, (Doubles{2, 20, 6}));
    EXPECT_EQ(how.deviations, (Doubles{1, 10, 1}));
    preprocess(data, how);
    EXPECT_EQ(data.inputs, (std::vector<Numbers>{{-1, -1, 1, 1}, {-1, 1}}));
}

TEST(Preprocessing, makes_a_constant_column_0_with_a_warning) {
    Dataset data = column({0.1, 0.1, 0.1});
    const Preprocessing how = learn_preprocessing(data, Scale::standard);
    EXPECT_EQ(how.deviations, (Doubles{0}));
    ASSERT_EQ(how.diagnostics.size(), 1U);
    EXPECT_EQ(how.diagnostics[0].severity, Severity::warning);
    EXPECT_EQ(how.diagnostics[0].message,
              "in the training data a column has one value only, which tells nothing (read as 0): "
              "c1");
    preprocess(data, how);
    EXPECT_EQ(data.inputs[0], (Numbers{0, 0, 0}));
    Dataset test = column({5});
    preprocess(test, how);
    EXPECT_EQ(test.inputs[0], (Numbers{0}));
}

TEST(Preprocessing, takes_no_rounding_error_for_a_mean_or_a_deviation) {
    // The sum of many equal numbers is rounded, and so would be their mean.
    for (std::size_t count = 2; count < 60; ++count) {
        for (const double x : {0.1, 1.0 / 3, 0.7, 1e-3}) {
            const Preprocessing how =
                learn_preprocessing(column(Doubles(count, x)), Scale::standard);
            EXPECT_EQ(how.deviations[0], 0) << count << " times " << x;
            EXPECT_EQ(how.means[0], x) << count << " times " << x;
        }
    }
}

TEST(Preprocessing, imputes_with_the_mean_of_what_is_there) {
    Dataset data = column({1, nan, 3});
    Dataset scaled = data;
    const Preprocessing plain = learn_preprocessing(data, Scale::none);
    preprocess(data, plain);
    EXPECT_EQ(data.inputs[0], (Numbers{1, 2, 3}));
    preprocess(scaled, learn_preprocessing(scaled, Scale::standard));
    EXPECT_EQ(scaled.inputs[0][1], 0);
    EXPECT_NEAR(scaled.inputs[0][2], 1, 1e-15);
}

TEST(Preprocessing, learns_nothing_from_the_data_it_is_applied_to) {
    const Preprocessing how = learn_preprocessing(column({1, 3}), Scale::standard);
    Dataset test = column({nan, 100, 3});
    preprocess(test, how);
    EXPECT_EQ(test.inputs[0], (Numbers{0, 98, 1}));
}

TEST(Preprocessing, reads_a_column_without_a_number_as_0_with_a_warning) {
    Dataset data = columns({{nan, 1, nan, 3}}, {2});
    const Preprocessing how = learn_preprocessing(data, Scale::none);
    ASSERT_EQ(how.diagnostics.size(), 1U);
    EXPECT_TRUE(how.diagnostics[0].message.find("no number at all") != std::string::npos);
    preprocess(data, how);
    EXPECT_EQ(data.inputs[0], (Numbers{0, 1, 0, 3}));
}

TEST(Preprocessing, leaves_values_as_they_are_without_scaling) {
    Dataset data = column({7, 7, 7});
    const Preprocessing how = learn_preprocessing(data, Scale::none);
    EXPECT_TRUE(how.diagnostics.empty());
    preprocess(data, how);
    EXPECT_EQ(data.inputs[0], (Numbers{7, 7, 7}));
}

TEST(Preprocessing, keeps_the_digits_of_columns_far_from_0_and_of_any_magnitude) {
    for (const double shift : {0.0, 1e9, -1e12}) {
        Dataset data = column({shift + 4, shift + 7, shift + 13, shift + 16});
        const Preprocessing how = learn_preprocessing(data, Scale::standard);
        EXPECT_NEAR(how.deviations[0], std::sqrt(22.5), 1e-14) << shift;
    }
    for (const double unit : {1e200, 1e308, 1e-200, 1e-306}) {
        Dataset data = column({-unit, unit});
        preprocess(data, learn_preprocessing(data, Scale::standard));
        EXPECT_NEAR(data.inputs[0][0], -1, 1e-15) << unit;
        EXPECT_NEAR(data.inputs[0][1], 1, 1e-15) << unit;
    }
}

TEST(Preprocessing, gives_finite_columns_of_mean_0_and_deviation_1) {
    rc::check("standardised", [] {
        const auto numbers = *rc::gen::suchThat(
            rc::gen::container<Doubles>(rc::gen::map(rc::gen::inRange(-1'000'000, 1'000'000),
                                                     [](int i) { return i / 64.0; })),
            [](const Doubles& all) { return all.size() > 1; });
        Dataset data = column(numbers);
        const Preprocessing how = learn_preprocessing(data, Scale::standard);
        preprocess(data, how);
        double sum = 0;
        double squares = 0;
        for (const double x : data.inputs[0].as<double>()) {
            RC_ASSERT(std::isfinite(x));
            sum += x;
            squares += x * x;
        }
        const auto count = static_cast<double>(numbers.size());
        RC_ASSERT(std::abs(sum / count) < 1e-9);
        RC_ASSERT(std::abs(squares / count - (how.deviations[0] == 0 ? 0 : 1)) < 1e-9);
    });
}

TEST(Preprocessing, leaves_the_elements_of_categories_and_fills_missing_ones_with_their_shares) {
    Dataset data = columns({{1, 0, 7, 0, 1, 9, 1, 0, 11, nan, nan, nan}}, {3});
    data.encodings = {{.name = "colour",
                       .kind = ColumnEncoding::Kind::category,
                       .width = 2,
                       .categories = {"blue", "red"}},
                      {.name = "size", .categories = {}}};
    const Preprocessing how = learn_preprocessing(data, Scale::standard);
    EXPECT_EQ(how.means, (Doubles{0, 0, 9}));
    EXPECT_EQ(how.deviations[0], 1);
    preprocess(data, how);
    EXPECT_EQ(data.inputs[0][0], 1);
    EXPECT_EQ(data.inputs[0][1], 0);
    EXPECT_EQ(data.inputs[0][9], 2.0 / 3);
    EXPECT_EQ(data.inputs[0][10], 1.0 / 3);
    EXPECT_EQ(data.inputs[0][11], 0);
}

TEST(Preprocessing, does_not_warn_of_a_category_that_no_training_row_holds) {
    Dataset data = columns({{0, 0}}, {1});
    data.encodings = {
        {.name = "c", .kind = ColumnEncoding::Kind::category, .width = 1, .categories = {}}};
    EXPECT_TRUE(learn_preprocessing(data, Scale::standard).diagnostics.empty());
}

TEST(Preprocessing, refuses_data_of_another_number_of_columns_as_a_bug) {
    const Preprocessing how = learn_preprocessing(column({1, 2}), Scale::standard);
    Dataset other = columns({{1, 2}}, {2});
    EXPECT_THROW(preprocess(other, how), InternalError);
}

}  // namespace
}  // namespace chainrule
