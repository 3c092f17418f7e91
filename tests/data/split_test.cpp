#include "data/split.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
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
