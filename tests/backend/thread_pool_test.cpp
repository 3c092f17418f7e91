// Each tile of a run is done once, by one thread, before the run returns.
#include "backend/thread_pool.h"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

namespace chainrule {
namespace {

TEST(ThreadPool, does_each_tile_once_before_a_run_returns) {
    ThreadPool pool(4);
    for (std::size_t run = 0; run < 20'000; ++run) {
        // Sizes that leave threads without a tile, and pauses that let them sleep.
        std::vector<int> times(run % 9, 0);
        pool.run(times.size(), [&](std::size_t tile, std::size_t thread) {
            ++times[tile];
            EXPECT_LT(thread, pool.size());
        });
        ASSERT_EQ(times, std::vector<int>(run % 9, 1)) << run;
        if (run % 1000 == 0) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }
}

TEST(ThreadPool, gives_a_thread_one_tile_at_a_time) {
    ThreadPool pool(4);
    std::vector<int> inside(pool.size(), 0);
    for (int run = 0; run < 1000; ++run) {
        pool.run(16, [&](std::size_t, std::size_t thread) {
            EXPECT_EQ(++inside[thread], 1);
            --inside[thread];
        });
    }
}

}  // namespace
}  // namespace chainrule
