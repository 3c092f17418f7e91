#include "data/split.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "test_files.h"

namespace chainrule {
namespace {

TEST(Split, holds_every_row_once_in_the_asked_proportion) {
    rc::check("a partition", [] {
        const auto rows = *rc::gen::inRange<std::size_t>(2, 500);
        const auto held = *rc::gen::inRange<std::size_t>(1, rows);
        const auto seed = *rc::gen::arbitrary<std::uint64_t>();
        const Split split =
            split_rows(rows, static_cast<double>(held) / static_cast<double>(rows), seed);
        RC_ASSERT(split.held_out.size() == held);
        std::vector<std::size_t> all = split.training;
        all.insert(all.end(), split.held_out.begin(), split.held_out.end());
        std::sort(all.begin(), all.end());
        RC_ASSERT(all.size() == rows);
        for (std::size_t i = 0; i < rows; ++i) {
            RC_ASSERT(all[i] == i);
        }
    });
}

TEST(Split, depends_on_the_seed_and_on_nothing_else) {
    EXPECT_EQ(split_rows(100, 0.2, 7).held_out, split_rows(100, 0.2, 7).held_out);
    EXPECT_NE(split_rows(100, 0.2, 7).held_out, split_rows(100, 0.2, 8).held_out);
}

TEST(Split, draws_its_rows_from_all_over_the_file) {
    // Files are often sorted by class: the held-out rows must not be a stretch of them.
    const Split split = split_rows(1000, 0.2, 0);
    const auto in_first_half = std::count_if(split.held_out.begin(), split.held_out.end(),
                                             [](auto row) { return row < 500; });
    EXPECT_NEAR(static_cast<double>(in_first_half), 100, 35);
}

TEST(Split, refuses_to_leave_a_side_without_rows) {
    EXPECT_EQ(
        refusal([] { split_rows(2, 0.2, 0); }),
        "holding out 0.2 of 2 rows leaves none to validate with: it takes at least one row on "
        "each side");
    EXPECT_EQ(refusal([] { split_rows(1, 0.6, 0); }),
              "holding out 0.6 of 1 row leaves none to train on: it takes at least one row on each "
              "side");
    EXPECT_EQ(split_rows(3, 0.2, 0).held_out.size(), 1U);
}

TEST(Split, refuses_a_fraction_outside_0_to_1) {
    for (const double fraction : {0.0, 1.0, -0.5, 20.0, std::nan("")}) {
        EXPECT_TRUE(contains(refusal([&] { split_rows(10, fraction, 0); }),
                             "of the rows: the split is a number between 0 and 1"))
            << fraction;
    }
}

// --- by class, against scikit-learn: tests/data/weights/make.py ---

using nlohmann::json;

const json& sklearn() {
    static const json read =
        json::parse(std::ifstream(CHAINRULE_SOURCE_DIR "/tests/data/weights/weights.json"));
    return read;
}

// Rows of the classes mixed, as many of each.
std::vector<std::uint32_t> mixed_classes(const std::vector<std::size_t>& counts) {
    std::vector<std::uint32_t> classes;
    for (std::size_t k = 0; k < counts.size(); ++k) {
        classes.insert(classes.end(), counts[k], static_cast<std::uint32_t>(k));
    }
    std::vector<std::uint32_t> mixed;
    for (const std::size_t i : epoch_order(classes.size(), 3, 0)) {
        mixed.push_back(classes[i]);
    }
    return mixed;
}

std::vector<std::size_t> counts_of(const std::vector<std::uint32_t>& classes,
                                   const std::vector<std::size_t>& rows, std::size_t count) {
    std::vector<std::size_t> counts(count);
    for (const std::size_t row : rows) {
        ++counts[classes[row]];
    }
    return counts;
}

TEST(Split, holds_out_as_many_of_each_class_as_scikit_learn) {
    int compared = 0;
    for (const json& one : sklearn()["classes"]) {
        const std::vector<std::size_t> counts = one["rows"];
        const std::vector<std::uint32_t> classes = mixed_classes(counts);
        for (const auto& [fraction, wanted] : one["held_out"].items()) {
            const Split split = split_rows(classes, std::stod(fraction), 0);
            EXPECT_EQ(counts_of(classes, split.held_out, counts.size()),
                      wanted.get<std::vector<std::size_t>>())
                << one["rows"] << " " << fraction;
            EXPECT_EQ(split.training.size() + split.held_out.size(), classes.size());
            ++compared;
        }
    }
    EXPECT_GE(compared, 12);
}

TEST(Split, by_class_keeps_a_row_of_each_class_to_train_on) {
    const std::vector<std::size_t> rare{1000, 1};
    EXPECT_EQ(held_out_of_classes(rare, 0.2), (std::vector<std::size_t>{200, 0}));
    EXPECT_EQ(held_out_of_classes(rare, 0.9995), (std::vector<std::size_t>{999, 0}))
        << "1000 of 1001 were to be held out";
    const std::vector<std::size_t> pairs{2, 2, 6, 0};
    EXPECT_EQ(held_out_of_classes(pairs, 0.7), (std::vector<std::size_t>{1, 1, 5, 0}));
    const std::vector<std::size_t> lone{1, 1, 1};
    EXPECT_EQ(refusal([&] { held_out_of_classes(lone, 0.4); }),
              "holding out 0.4 of 3 rows leaves none to validate with, for every class keeps a row "
              "to train on: --stratify none holds out any rows");
}

TEST(Split, of_one_class_is_the_split_that_asks_for_none) {
    const std::vector<std::uint32_t> classes(100, 0);
    EXPECT_EQ(split_rows(classes, 0.2, 7).held_out, split_rows(100, 0.2, 7).held_out);
}

TEST(Folds, have_as_many_of_each_class_as_those_of_scikit_learn) {
    for (const json& one : sklearn()["classes"]) {
        const std::vector<std::size_t> counts = one["rows"];
        const std::vector<std::uint32_t> classes = mixed_classes(counts);
        for (const auto& [folds, wanted] : one["folds"].items()) {
            const std::vector<std::size_t> fold = folds_of_rows(classes, std::stoul(folds), 5);
            std::vector<std::vector<std::size_t>> found(std::stoul(folds),
                                                        std::vector<std::size_t>(counts.size()));
            for (std::size_t row = 0; row < fold.size(); ++row) {
                ++found[fold[row]][classes[row]];
            }
            EXPECT_EQ(found, (wanted.get<std::vector<std::vector<std::size_t>>>()));
        }
    }
    for (const auto& [rows_and_folds, wanted] : sklearn()["fold_sizes"].items()) {
        const std::size_t comma = rows_and_folds.find(',');
        const std::vector<std::uint32_t> none(std::stoul(rows_and_folds.substr(0, comma)), 0);
        std::vector<std::size_t> sizes(std::stoul(rows_and_folds.substr(comma + 1)));
        for (const std::size_t fold : folds_of_rows(none, sizes.size(), 5)) {
            ++sizes[fold];
        }
        EXPECT_EQ(sizes, wanted.get<std::vector<std::size_t>>());
    }
}

TEST(Folds, depend_on_the_seed_and_are_no_stretches_of_the_file) {
    const std::vector<std::uint32_t> none(1000, 0);
    const std::vector<std::size_t> fold = folds_of_rows(none, 5, 1);
    EXPECT_EQ(fold, folds_of_rows(none, 5, 1));
    EXPECT_NE(fold, folds_of_rows(none, 5, 2));
    const auto in_first_half = std::count(fold.begin(), fold.begin() + 500, 0U);
    EXPECT_NEAR(static_cast<double>(in_first_half), 100, 35);
}

TEST(Folds, are_at_least_2_and_at_most_as_many_as_rows) {
    const std::vector<std::uint32_t> none(5, 0);
    EXPECT_EQ(refusal([&] { folds_of_rows(none, 6, 0); }),
              "5 rows cannot be dealt out to 6 folds: --folds is at least 2 and at most the number "
              "of rows");
    EXPECT_EQ(folds_of_rows(none, 5, 0).size(), 5U);
}

TEST(EpochOrder, visits_every_row_once_and_differs_between_epochs_and_seeds) {
    std::vector<std::size_t> order = epoch_order(50, 1, 0);
    EXPECT_EQ(order, epoch_order(50, 1, 0));
    EXPECT_NE(order, epoch_order(50, 1, 1));
    EXPECT_NE(order, epoch_order(50, 2, 0));
    std::sort(order.begin(), order.end());
    for (std::size_t i = 0; i < order.size(); ++i) {
        EXPECT_EQ(order[i], i);
    }
}

}  // namespace
}  // namespace chainrule
