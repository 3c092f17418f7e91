// Numbers are those of the C library's strtod, to the last bit.
#include "data/decimal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "data/cell.h"
#include "data/plain_cells.h"
#include "data/plain_decimal.h"
#include "data/plain_numbers.h"

namespace chainrule {
namespace {

// Between digits that are not its own.
struct Padded {
    explicit Padded(const std::string& own) : text(PlainCells::padding, '7'), size(own.size()) {
        text += own + "," + std::string(PlainCells::padding, '5');
    }
    bool parse(double& number) {
        PlainDecimal found;
        const char* const begin = text.data() + PlainCells::padding;
        const bool is_plain = parse_plain_decimal(begin, begin + size, found);
        number = found.number;
        return is_plain;
    }
    std::string text;
    std::size_t size;
};

// A column of the text and others, as a whole; empty where one of its cells is none of the plain
// ones.
std::vector<double> plain_column(const std::string& number) {
    Padded padded(number + "\n-1.5\n" + number + "\n" + number + "\n" + number + "\n");
    PlainCells cells;
    if (!cells.find(padded.text.data() + PlainCells::padding, padded.size, ',', 1)) {
        return {};
    }
    std::vector<double> numbers(cells.rows());
    PlainNumbers all;
    const bool is_plain =
        read_plain_numbers(cells, 0, 0, numbers.data(), all) == cells.rows() && cells.rows() == 5;
    if (is_plain) {
        EXPECT_EQ(all.least, std::ranges::min(numbers));
        EXPECT_EQ(all.greatest, std::ranges::max(numbers));
        EXPECT_TRUE(all.have_signs);
        EXPECT_TRUE(all.have_points);
    }
    return is_plain ? numbers : std::vector<double>();
}

// How many texts were read by whom, so that a test that checks nothing fails.
struct Checked {
    std::size_t decimal = 0;
    std::size_t plain = 0;

    void check(const std::string& text) {
        const auto expected = std::bit_cast<std::uint64_t>(std::strtod(text.c_str(), nullptr));
        double number = 0;
        if (parse_decimal(text, number)) {
            ++decimal;
            ASSERT_EQ(std::bit_cast<std::uint64_t>(number), expected) << text;
        }
        const bool is_plain = Padded(text).parse(number);
        if (is_plain) {
            ++plain;
            ASSERT_EQ(std::bit_cast<std::uint64_t>(number), expected) << text;
        }
        const std::vector<double> column = plain_column(text);
        ASSERT_EQ(column.size(), is_plain ? 5U : 0U) << text;
        for (const std::size_t row : {0U, 2U, 3U, 4U}) {
            ASSERT_TRUE(!is_plain || std::bit_cast<std::uint64_t>(column[row]) == expected) << text;
        }
        const Cell cell = parse_cell(text);
        ASSERT_EQ(cell.kind, CellKind::number) << text;
        ASSERT_EQ(std::bit_cast<std::uint64_t>(cell.number), expected) << text;
    }
};

std::string digits_with_point(std::string digits, std::size_t after_point) {
    if (digits.size() <= after_point) {
        digits.insert(0, after_point + 1 - digits.size(), '0');
    }
    return digits.insert(digits.size() - after_point, ".");
}

std::string shortest(double number) {
    std::array<char, 64> text{};
    return {text.data(), std::to_chars(text.data(), text.data() + text.size(), number).ptr};
}

class RandomNumbers {
public:
    explicit RandomNumbers(std::size_t rounds) : rounds_(rounds) {}

    Checked shortest_of_any_double() {
        return repeat([this](Checked& checked) {
            const auto number = std::bit_cast<double>(random_());
            if (std::isfinite(number)) {
                checked.check(shortest(number));
            }
        });
    }

    Checked shortest_of_normal_doubles() {
        std::normal_distribution<double> normal;
        return repeat([&](Checked& checked) { checked.check(shortest(normal(random_))); });
    }

    Checked digits_and_points() {
        return repeat([this](Checked& checked) {
            std::string digits;
            for (std::size_t left = 1 + below(24); left > 0; --left) {
                digits += static_cast<char>('0' + below(10));
            }
            const std::string sign = below(2) == 0 ? "" : "-";
            checked.check(sign + digits_with_point(digits, below(digits.size() + 1)));
            checked.check(sign + digits + "e" + std::to_string(static_cast<int>(below(60)) - 30));
        });
    }

    // (2 m + 1) / 2^k with m of 53 bits lies half-way between two doubles; times 5^k / 10^k it is a
    // decimal. Its neighbours in the last digit are on either side of the half.
    Checked half_way_between_doubles() {
        return repeat([this](Checked& checked) {
            std::uint64_t digits = ((random_() >> 11) | std::uint64_t{1} << 52) * 2 + 1;
            std::size_t point = 0;
            for (; digits <= ~std::uint64_t{0} / 5; digits *= 5, ++point) {
                check_neighbours(checked, digits, point);
            }
            check_neighbours(checked, digits, point);
        });
    }

private:
    template <typename Work>
    Checked repeat(Work work) {
        Checked checked;
        for (std::size_t i = 0; i < rounds_ && !testing::Test::HasFatalFailure(); ++i) {
            work(checked);
        }
        return checked;
    }

    static void check_neighbours(Checked& checked, std::uint64_t digits, std::size_t point) {
        for (const std::uint64_t each : {digits - 1, digits, digits + 1}) {
            checked.check(digits_with_point(std::to_string(each), point));
        }
    }

    std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

    std::mt19937_64 random_{20'261'128};
    std::size_t rounds_;
};

TEST(DecimalStrtod, agrees_on_a_sample_of_every_kind_of_number) {
    RandomNumbers numbers(3000);
    EXPECT_GT(numbers.shortest_of_any_double().decimal, 100U);
    const Checked normal = numbers.shortest_of_normal_doubles();
    EXPECT_GT(normal.decimal, 2500U);
    EXPECT_GT(normal.plain, 2500U);
    EXPECT_GT(numbers.digits_and_points().plain, 1000U);
    EXPECT_GT(numbers.half_way_between_doubles().decimal, 3000U);
}

TEST(SlowDecimalStrtod, agrees_on_a_million_numbers_of_every_kind) {
    RandomNumbers numbers(1'000'000);
    EXPECT_GT(numbers.shortest_of_any_double().decimal, 30'000U);
    EXPECT_GT(numbers.shortest_of_normal_doubles().plain, 800'000U);
    EXPECT_GT(numbers.digits_and_points().plain, 300'000U);
    EXPECT_GT(numbers.half_way_between_doubles().decimal, 1'000'000U);
}

// The longest fraction that is still read at once, the shortest that is not, and a byte that is no
// digit at each place.
TEST(PlainDecimal, takes_fractions_of_one_to_nineteen_digits_and_no_other_byte) {
    for (std::size_t size = 1; size <= 19; ++size) {
        const std::string text = "0." + std::string("9876543210123456789").substr(0, size);
        Checked checked;
        checked.check(text);
        EXPECT_EQ(checked.plain, 1U) << text;
        checked.check("-" + text);
        for (std::size_t at = 2; at < text.size(); ++at) {
            for (const char other : {'/', ':', ' ', '.', '-', 'e', '\xB5', '\0'}) {
                std::string broken = text;
                broken[at] = other;
                double number = 0;
                EXPECT_FALSE(Padded(broken).parse(number)) << broken;
                EXPECT_TRUE(plain_column(broken).empty()) << broken;
            }
        }
    }
}

// A point at every place of every length that is read at once, and one length more.
TEST(PlainDecimal, takes_a_point_at_any_place) {
    for (std::size_t size = 1; size <= 25; ++size) {
        const std::string digits =
            std::string("000000").append("1234567890987654321").substr(25 - size);
        for (std::size_t point = 0; point <= size; ++point) {
            Checked checked;
            checked.check(digits_with_point(digits, point));
            EXPECT_TRUE(checked.plain == 1 || point == 0 || size > 19) << size << " " << point;
        }
    }
    double number = 0;
    for (const char* const text :
         {"", " ", "-", ".", "-.", " -.", "--1", "1 ", "+1", "1-", "..", "1e5", "nan"}) {
        EXPECT_FALSE(Padded(text).parse(number)) << text;
        EXPECT_TRUE(plain_column(text).empty()) << text;
    }
}

}  // namespace
}  // namespace chainrule
