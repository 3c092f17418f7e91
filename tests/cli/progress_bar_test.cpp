#include "cli/progress_bar.h"

#include <gtest/gtest.h>

#include <sstream>

namespace chainrule {
namespace {

using namespace std::chrono_literals;

TEST(ProgressBar, tells_rate_and_time_left_of_the_whole_training) {
    std::ostringstream out;
    const ProgressBar::Clock::time_point start{};
    ProgressBar bar(out, true);
    bar.show({1, 4, 0, 10, 1000}, start);
    bar.show({1, 4, 5, 10, 1000}, start + 50ms);
    EXPECT_EQ(out.str(), "\r\x1b[Kepoch 1/4  [>                   ]   0 %")
        << "not twice in 100 ms";
    out.str("");
    bar.show({2, 4, 10, 10, 1000}, start + 10s);
    EXPECT_EQ(out.str(), "\r\x1b[Kepoch 2/4  [==========>         ]  50 %  200 rows/s  0:10 left");
}

TEST(ProgressBar, judges_a_resumed_training_by_what_it_did_itself) {
    std::ostringstream out;
    ProgressBar bar(out, true);
    bar.show({51, 100, 0, 10, 1'000'000}, {});
    bar.show({51, 100, 10, 10, 1'000'000}, ProgressBar::Clock::time_point{} + 100s);
    EXPECT_NE(out.str().find("10 k rows/s  1:21:40 left"), std::string::npos) << out.str();
}

TEST(ProgressBar, fits_a_narrow_terminal_by_leaving_out_the_rate_then_by_a_shorter_bar) {
    const auto line_at = [](std::size_t width) {
        std::ostringstream out;
        ProgressBar bar(out, true, width);
        bar.show({2, 50, 0, 10, 1000}, {});
        out.str("");
        bar.show({26, 50, 0, 10, 1000}, ProgressBar::Clock::time_point{} + 24s);
        return out.str().substr(4);
    };
    EXPECT_EQ(line_at(80), "epoch 26/50  [==========>         ]  50 %  1000 rows/s  0:25 left");
    EXPECT_EQ(line_at(66), line_at(80)) << "one column is left free";
    EXPECT_EQ(line_at(65), "epoch 26/50  [==========>         ]  50 %  0:25 left");
    EXPECT_EQ(line_at(40), "epoch 26/50  [===>   ]  50 %  0:25 left");
    EXPECT_EQ(line_at(30), "epoch 26/50  [====>   ]  50 %");
    EXPECT_LT(line_at(10).size(), 10U);
}

TEST(ProgressBar, disabled_writes_nothing) {
    std::ostringstream out;
    ProgressBar(out, false).show({1, 4, 5, 10, 1000}, {});
    EXPECT_EQ(out.str(), "");
}

}  // namespace
}  // namespace chainrule
