#include "ir/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <vector>

namespace chainrule {
namespace {

// The vectors of the authors' own distribution (Random123, tests/kat_vectors,
// philox4x32 10).
TEST(Philox, agrees_with_the_published_known_answers) {
    EXPECT_EQ(philox4x32({0, 0, 0, 0}, {0, 0}),
              (PhiloxCounter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
    constexpr std::uint32_t ones = 0xffffffff;
    EXPECT_EQ(philox4x32({ones, ones, ones, ones}, {ones, ones}),
              (PhiloxCounter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
    EXPECT_EQ(
        philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
        (PhiloxCounter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(RandomStream, is_a_function_of_seed_stream_and_index) {
    const RandomStream stream(7, stream_id("weight W"));
    const RandomStream again(7, stream_id("weight W"));
    EXPECT_EQ(stream.bits(1000), again.bits(1000));
    EXPECT_NE(stream.bits(1000), stream.bits(1001));
    EXPECT_NE(stream.bits(1000), RandomStream(8, stream_id("weight W")).bits(1000));
    EXPECT_NE(stream.bits(1000), RandomStream(7, stream_id("weight V")).bits(1000));
    EXPECT_NE(stream_id("epoch", 0), stream_id("epoch", 1));
    // The high half of each argument counts too.
    EXPECT_NE(stream.bits(0), stream.bits(std::uint64_t{1} << 40));
    EXPECT_NE(stream.bits(0),
              RandomStream(7 + (std::uint64_t{1} << 40), stream_id("weight W")).bits(0));
}

TEST(RandomStream, uniform_fills_the_unit_interval_evenly) {
    const RandomStream stream(1, 2);
    constexpr int draws = 100000;
    constexpr int bins = 20;
    std::array<int, bins> counts{};
    double sum = 0;
    for (int i = 0; i < draws; ++i) {
        const double u = stream.uniform(static_cast<std::uint64_t>(i));
        ASSERT_GE(u, 0.0);
        ASSERT_LT(u, 1.0);
        ++counts[static_cast<std::size_t>(u * bins)];
        sum += u;
    }
    EXPECT_NEAR(sum / draws, 0.5, 4 * std::sqrt(1.0 / 12 / draws));
    double chi_squared = 0;
    for (const int count : counts) {
        chi_squared += std::pow(count - draws / bins, 2) / (draws / bins);
    }
    EXPECT_LT(chi_squared, 43.8);  // the 0.999 quantile at 19 degrees of freedom
}

TEST(RandomStream, uniform_between_bounds_excludes_the_upper_one) {
    const RandomStream stream(1, 2);
    const double low = 1.0;
    const double high = std::nextafter(1.0, 2.0);
    for (std::uint64_t i = 0; i < 1000; ++i) {
        EXPECT_EQ(stream.uniform(i, low, high), low);
        const double u = stream.uniform(i, -3.0, 5.0);
        EXPECT_TRUE(-3.0 <= u && u < 5.0) << u;
    }
}

TEST(RandomStream, normal_has_the_moments_and_quantiles_of_a_normal) {
    const RandomStream stream(3, 4);
    constexpr int draws = 200000;
    double sum = 0;
    double squares = 0;
    double fourths = 0;
    int within_one = 0;
    for (int i = 0; i < draws; ++i) {
        const double z = stream.normal(static_cast<std::uint64_t>(i));
        ASSERT_TRUE(std::isfinite(z));
        sum += z;
        squares += z * z;
        fourths += z * z * z * z;
        within_one += std::abs(z) < 1 ? 1 : 0;
    }
    EXPECT_NEAR(sum / draws, 0.0, 0.01);
    EXPECT_NEAR(squares / draws, 1.0, 0.015);
    EXPECT_NEAR(fourths / draws, 3.0, 0.1);
    EXPECT_NEAR(static_cast<double>(within_one) / draws, 0.6826895, 0.005);
}

TEST(RandomStream, below_is_unbiased_at_bounds_near_the_top) {
    const RandomStream stream(5, 6);
    // With 3 * 2^62 as the bound, a method without rejection would hit the lowest
    // third half the time.
    const std::uint64_t bound = std::uint64_t{3} << 62;
    std::array<int, 3> thirds{};
    constexpr int draws = 30000;
    for (int i = 0; i < draws; ++i) {
        const std::uint64_t value = stream.below(static_cast<std::uint64_t>(i), bound);
        ASSERT_LT(value, bound);
        ++thirds[value / (std::uint64_t{1} << 62)];
    }
    for (const int count : thirds) {
        EXPECT_NEAR(count, draws / 3, 400);
    }
    EXPECT_EQ(stream.below(9, 1), 0U);
}

TEST(RandomStream, permutation_holds_every_number_once) {
    for (const std::size_t count : {0, 1, 2, 3, 17, 1000}) {
        std::vector<std::size_t> order = RandomStream(1, count).permutation(count);
        ASSERT_EQ(order.size(), count);
        std::sort(order.begin(), order.end());
        for (std::size_t i = 0; i < count; ++i) {
            EXPECT_EQ(order[i], i);
        }
    }
}

TEST(RandomStream, every_permutation_of_four_is_as_likely) {
    std::map<std::vector<std::size_t>, int> counts;
    constexpr int draws = 24000;
    for (int i = 0; i < draws; ++i) {
        ++counts[RandomStream(11, static_cast<std::uint64_t>(i)).permutation(4)];
    }
    ASSERT_EQ(counts.size(), 24U);
    for (const auto& [order, count] : counts) {
        EXPECT_NEAR(count, draws / 24, 160);  // five deviations
    }
}

}  // namespace
}  // namespace chainrule
