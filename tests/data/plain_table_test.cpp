// The fast road reads what the careful one reads, or stands aside.
#include "data/plain_table.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "data/decimal.h"
#include "data/text_codes.h"
#include "same_table.h"
#include "test_files.h"

namespace chainrule {
namespace {

BothRoads both(std::string_view text, std::size_t stretch_size = 1 << 19) {
    const TempFolder folder;
    return read_both(folder.write("d.csv", text), {}, stretch_size);
}

// --- numbers --------------------------------------------------------------------------------

double from_chars(const std::string& text) {
    double number = 0;
    const char* const begin = text.data() + (text[0] == '+' ? 1 : 0);
    const auto [stop, error] = std::from_chars(begin, text.data() + text.size(), number);
    EXPECT_EQ(stop, text.data() + text.size()) << text;
    return number;
}

// Against std::from_chars, which is correctly rounded.
void check_number(const std::string& text) {
    double number = 0;
    const auto expected = std::bit_cast<std::uint64_t>(from_chars(text));
    if (parse_decimal(text, number)) {
        RC_ASSERT(std::bit_cast<std::uint64_t>(number) == expected);
    }
}

TEST(Decimal, rounds_as_from_chars_does) {
    rc::check("shortest digits of any double", [](double number) {
        RC_PRE(std::isfinite(number));
        std::array<char, 64> text{};
        const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
        check_number(std::string(text.data(), end));
    });
    rc::check("digits with a point and an exponent", [] {
        const auto digits = *rc::gen::nonEmpty(
            rc::gen::container<std::string>(rc::gen::inRange<char>('0', '9' + 1)));
        const auto point = *rc::gen::inRange<std::size_t>(0, digits.size() + 1);
        const auto exponent = *rc::gen::inRange(-30, 31);
        const std::string sign = *rc::gen::element<std::string>("", "-", "+");
        const std::string text = sign + digits.substr(0, point) + "." + digits.substr(point);
        check_number(text);
        check_number(text + "e" + std::to_string(exponent));
    });
}

TEST(Decimal, takes_the_digits_that_data_files_hold) {
    for (const char* text : {"0", "-1", "12.5", "0.1", ".5", "5.", "1e3", "1E-05", "123456789",
                             "-0.12573022073120426", "0.300000000000000044"}) {
        double number = 0;
        EXPECT_TRUE(parse_decimal(text, number)) << text;
        EXPECT_EQ(number, from_chars(text)) << text;
    }
    double number = 0;
    EXPECT_TRUE(parse_decimal("-0", number));
    EXPECT_TRUE(std::signbit(number));
    for (const char* text : {"", "-", ".", "e5", "1e", "1e+", "--1", "1.2.3", "1 ", "0x1", "1,5",
                             "12345678901234567890", "1e28", "1e999", "inf", "nan"}) {
        EXPECT_FALSE(parse_decimal(text, number)) << text;
    }
}

// --- texts ----------------------------------------------------------------------------------

TEST(TextCodes, number_texts_in_order_of_appearance) {
    TextCodes codes;
    const std::vector<std::string> texts{"",
                                         "a",
                                         "b",
                                         "ab",
                                         "aba",
                                         "abcd",
                                         "abcdefg",
                                         "abcdefgh",
                                         "abcdefgi",
                                         std::string(16, 'x'),
                                         std::string(17, 'x'),
                                         std::string(30, 'x'),
                                         "xxxxxxxxyxxxxxxxxyxxxxxxxx",
                                         "xxxxxxxxxxxxxxxxyyxxxxxxxx",
                                         "xxxxxxxxxxxxxxxxzzxxxxxxxx",
                                         "xxxxxxxxyxxxxxxxxzxxxxxxxx"};
    for (int round = 0; round < 2; ++round) {
        for (std::size_t i = 0; i < texts.size(); ++i) {
            EXPECT_EQ(codes.code(texts[i]), i) << texts[i];
        }
    }
    EXPECT_EQ(codes.texts(), texts);
}

TEST(TextCodes, know_every_text_up_to_their_number_and_no_more) {
    TextCodes codes;
    for (std::size_t i = 0; i < TextCodes::most; ++i) {
        ASSERT_EQ(codes.code(std::to_string(i)), i);
    }
    EXPECT_EQ(codes.code("one more"), std::nullopt);
    EXPECT_EQ(codes.code("77"), 77U);
}

TEST(TextCodes, take_as_long_for_long_texts_that_begin_alike) {
    TextCodes codes;
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < 50'000; ++i) {
        ASSERT_EQ(codes.code("https://example.com/pages/" + std::to_string(100'000 + i)), i);
    }
    // A hundred times as long as it takes, a hundredth of what comparing each with all would.
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
}

// --- tables ---------------------------------------------------------------------------------

TEST(PlainTable, takes_the_fast_road_for_plain_text) {
    for (const char* text : {"1,2\n3,4\n", "a,b\n1,x\n2,y\n", "a,b\r\n1,x\r\n2,y\r\n",
                             "1;2\n\n \n3;4", "1\t2\n?\tNA\n", " \t\n4\t1\n\t3\n",
                             "1,2\n\n  \n3,4\n \n", "a,b\r\n\r\n1,2\r\n  \r\n3,4\r\n\r\n",
                             "1\n\n2\n \n\r\n3\r\n", "\"a\",\"b c\"\n\"1\",\"x\"\n2, \"y\" \n",
                             "\xEF\xBB\xBFx,y\n1,\xC3\xA9\n2,b\n", "1\n2\n"}) {
        const BothRoads roads = both(text);
        EXPECT_TRUE(roads.plain) << text;
        EXPECT_TRUE(roads.agree()) << text << *roads.plain << "\nand\n" << roads.careful;
    }
}

TEST(PlainTable, stands_aside_where_care_is_needed) {
    for (const char* text :
         {"1,2\n3\n", "1,2\n3,4,5\n", "a,\"b\nc\"\n1,2\n", "a,\"b\"\"c\"\n1,2\n", "a,b\"c\n1,2\n",
          "1,2\r3,4\n", "a,b\r\r\n1,2\n", "1,\xFF\n", "a,\"b\n", "\"a\"b,1\n"}) {
        EXPECT_FALSE(both(text).plain) << text;
    }
    EXPECT_FALSE(both(std::string_view("1,\0\n", 4)).plain);
    EXPECT_FALSE(both("").plain);
}

TEST(PlainTable, refuses_with_the_words_of_the_careful_road) {
    for (const char* text : {"a,b\n1,2\n\n3,abc\n5,6\n7,8\n", "1,2\n3,1e999\n5,6\n", "a,b,c\n",
                             "1,abc,3\n4,5,6\n7,8,9\n"}) {
        const BothRoads roads = both(text);
        EXPECT_TRUE(roads.plain) << text;
        EXPECT_EQ(*roads.plain, roads.careful);
    }
}

TEST(PlainTable, agrees_with_the_careful_road_wherever_the_stretches_are_cut) {
    rc::check("cells of all kinds", [] {
        const auto columns = *rc::gen::inRange<std::size_t>(1, 5);
        const auto plain = rc::gen::element<std::string>(
            "1", "-2.5", "0.12573022073120426", "300", "70000", "", "?", "red", "blue", " green ",
            "1e5", "\"quoted\"", "\"3\"", "long text of words", "1,5", "\xC3\xA9", "-0", "1e999");
        const auto odd = rc::gen::element<std::string>("\"a\"\"b\"", "x\"", "1;2", "\"a;b\"");
        const auto cell = rc::gen::weightedOneOf<std::string>({{99, plain}, {1, odd}});
        const auto rows = *rc::gen::container<std::vector<std::vector<std::string>>>(
            rc::gen::container<std::vector<std::string>>(columns, cell));
        const std::string line_end = *rc::gen::element<std::string>("\n", "\r\n", "\n\n");
        std::string text = *rc::gen::element<std::string>("", "\n", "\xEF\xBB\xBF");
        for (std::size_t i = 0; i < columns; ++i) {
            text += (i == 0 ? "" : ";") + std::string(1, static_cast<char>('a' + i));
        }
        text += line_end;
        for (const auto& row : rows) {
            for (std::size_t i = 0; i < row.size(); ++i) {
                text += (i == 0 ? "" : ";") + row[i];
            }
            text += line_end;
        }
        const auto stretch = *rc::gen::inRange<std::size_t>(1, 100);
        const BothRoads roads = both(text, stretch);
        RC_CLASSIFY(roads.plain.has_value());
        RC_ASSERT(roads.agree());
    });
}

TEST(PlainTable, agrees_with_the_careful_road_on_the_public_data_sets) {
    const std::filesystem::path shared = std::filesystem::path(CHAINRULE_SHARED_DATA) / "tabular";
    if (!std::filesystem::exists(shared)) {
        GTEST_SKIP() << "the shared data sets are not here";
    }
    for (const auto& entry : std::filesystem::directory_iterator(shared)) {
        const BothRoads roads = read_both(entry.path().string(), {}, 10'000);
        EXPECT_TRUE(roads.plain) << entry.path();
        EXPECT_TRUE(roads.agree()) << entry.path();
    }
}

}  // namespace
}  // namespace chainrule
