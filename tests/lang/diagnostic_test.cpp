#include "lang/diagnostic.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace chainrule {
namespace {

// One error at the first occurrence of `marked` in `text`, as the reader sees it.
std::string shown(const std::string& text, const std::string& marked,
                  const std::string& message = "wrong") {
    SourceMap sources;
    const auto file = sources.add("net.nn", text);
    const auto begin = static_cast<std::uint32_t>(text.find(marked));
    const auto end = static_cast<std::uint32_t>(begin + marked.size());
    return format_diagnostic({Severity::error, message, {file, begin, end}, {}}, sources);
}

TEST(SourceMap, counts_files_from_one) {
    SourceMap sources;
    EXPECT_EQ(sources.add("a.nn", "x"), 1u);
    EXPECT_EQ(sources.add("b.nn", "y"), 2u);
    EXPECT_EQ(sources.name(2), "b.nn");
    EXPECT_EQ(sources.text(1), "x");
}

TEST(SourceMap, cuts_out_the_text_of_a_span_and_never_beyond_it) {
    SourceMap sources;
    const auto file = sources.add("a.nn", "z = x");
    EXPECT_EQ(sources.text(Span{file, 4, 5}), "x");
    EXPECT_EQ(sources.text(Span{file, 4, 500}), "x");
    EXPECT_EQ(sources.text(Span{file, 500, 600}), "");
    EXPECT_EQ(sources.text(Span{}), "");
}

TEST(SourceMap, places_an_offset_by_line_and_code_point) {
    SourceMap sources;
    const auto file = sources.add("a.nn", "a\nβ = γ\n");
    const auto place = sources.place(file, 7);
    EXPECT_EQ(place.line, 2u);
    EXPECT_EQ(place.column, 5u);
    EXPECT_EQ(place.line_text, "β = γ");
}

TEST(SourceMap, ends_lines_at_any_line_end) {
    SourceMap sources;
    const auto file = sources.add("a.nn", "a\r\nb\rc\nd");
    for (const auto& [offset, line, text] :
         std::vector<std::tuple<std::uint32_t, std::uint32_t, std::string>>{
             {0, 1, "a"}, {3, 2, "b"}, {5, 3, "c"}, {7, 4, "d"}}) {
        EXPECT_EQ(sources.place(file, offset).line, line);
        EXPECT_EQ(sources.place(file, offset).column, 1u);
        EXPECT_EQ(sources.place(file, offset).line_text, text);
    }
}

TEST(SourceMap, does_not_count_a_byte_order_mark_as_a_column) {
    SourceMap sources;
    const auto file = sources.add("a.nn", "\xEF\xBB\xBFx = 1");
    EXPECT_EQ(sources.place(file, 3).column, 1u);
    EXPECT_EQ(sources.place(file, 0).column, 1u);
    EXPECT_EQ(sources.place(file, 3).line_text, "x = 1");
}

TEST(SourceMap, places_the_end_of_a_text_and_what_lies_beyond_at_its_last_line) {
    SourceMap sources;
    const auto file = sources.add("a.nn", "ab");
    EXPECT_EQ(sources.place(file, 2).column, 3u);
    EXPECT_EQ(sources.place(file, 200).column, 3u);
    EXPECT_EQ(sources.place(sources.add("empty.nn", ""), 0).column, 1u);
}

TEST(FormatDiagnostic, shows_place_message_line_and_caret) {
    EXPECT_EQ(shown("input x\n\nz1 = W1 @ x\n", "@", "cannot multiply"),
              "net.nn:3:9: error: cannot multiply\n"
              "  3 | z1 = W1 @ x\n"
              "    |         ^\n");
}

TEST(FormatDiagnostic, underlines_a_longer_span) {
    EXPECT_EQ(shown("z = wieght", "wieght"),
              "net.nn:1:5: error: wrong\n"
              "  1 | z = wieght\n"
              "    |     ^~~~~~\n");
}

TEST(FormatDiagnostic, underlines_up_to_the_end_of_the_first_line) {
    EXPECT_EQ(shown("f(a,\n  b)", "f(a,\n  b)"),
              "net.nn:1:1: error: wrong\n"
              "  1 | f(a,\n"
              "    | ^~~~\n");
}

TEST(FormatDiagnostic, copies_tabs_so_that_the_caret_lines_up) {
    EXPECT_EQ(shown("\tz =\t* 2", "*"),
              "net.nn:1:6: error: wrong\n"
              "  1 | \tz =\t* 2\n"
              "    | \t   \t^\n");
}

TEST(FormatDiagnostic, counts_columns_in_code_points) {
    EXPECT_EQ(shown("α·β = $", "$"),
              "net.nn:1:7: error: wrong\n"
              "  1 | α·β = $\n"
              "    |       ^\n");
}

TEST(FormatDiagnostic, widens_the_margin_with_the_line_number) {
    EXPECT_EQ(shown(std::string(99, '\n') + "!", "!"),
              "net.nn:100:1: error: wrong\n"
              "  100 | !\n"
              "      | ^\n");
}

TEST(FormatDiagnostic, shows_unprintable_bytes_as_question_marks) {
    EXPECT_EQ(shown("a\x01\xFF\x1B[31m !", "!"),
              "net.nn:1:10: error: wrong\n"
              "  1 | a???[31m !\n"
              "    |          ^\n");
    EXPECT_EQ(shown("a\u202E !", "!"),
              "net.nn:1:4: error: wrong\n"
              "  1 | a? !\n"
              "    |    ^\n");
    EXPECT_EQ(format_diagnostic({Severity::error, "cell \x1B[2J", {}, {}}, SourceMap()),
              "error: cell ?[2J\n");
}

TEST(FormatDiagnostic, shows_a_window_of_a_long_line) {
    const std::string out = shown(std::string(1000, 'a') + "!" + std::string(1000, 'b'), "!");
    EXPECT_EQ(out, "net.nn:1:1001: error: wrong\n  1 | ..." + std::string(60, 'a') + "!" +
                       std::string(99, 'b') + "...\n    | " + std::string(63, ' ') + "^\n");
}

TEST(FormatDiagnostic, shows_the_start_and_the_end_of_a_long_line_without_a_gap) {
    const std::string begin = shown("!" + std::string(1000, 'b'), "!");
    EXPECT_EQ(begin,
              "net.nn:1:1: error: wrong\n  1 | !" + std::string(159, 'b') + "...\n    | ^\n");
    const std::string end = shown(std::string(1000, 'a') + "!", "!");
    EXPECT_EQ(end, "net.nn:1:1001: error: wrong\n  1 | ..." + std::string(159, 'a') + "!\n    | " +
                       std::string(162, ' ') + "^\n");
}

TEST(FormatDiagnostic, cuts_an_underline_at_the_window) {
    const std::string out = shown(std::string(1000, 'a'), std::string(1000, 'a'));
    EXPECT_EQ(out, "net.nn:1:1: error: wrong\n  1 | " + std::string(160, 'a') + "...\n    | ^" +
                       std::string(159, '~') + "\n");
}

TEST(FormatDiagnostic, gives_each_note_a_line_of_its_own) {
    SourceMap sources;
    const auto file = sources.add("net.nn", "input x\nz = W @ x");
    const Diagnostic diagnostic{Severity::warning,
                                "odd",
                                {file, 14, 15},
                                {{"x is declared here", {file, 6, 7}}, {"think again", {}}}};
    EXPECT_EQ(format_diagnostic(diagnostic, sources),
              "net.nn:2:7: warning: odd\n"
              "  2 | z = W @ x\n"
              "    |       ^\n"
              "net.nn:1:7: note: x is declared here\n"
              "note: think again\n");
}

TEST(FormatDiagnostic, colours_only_on_request) {
    SourceMap sources;
    const auto file = sources.add("net.nn", "x");
    const Diagnostic diagnostic{Severity::error, "wrong", {file, 0, 1}, {}};
    EXPECT_EQ(format_diagnostic(diagnostic, sources, true),
              "\x1b[1mnet.nn:1:1:\x1b[0m \x1b[1;31merror:\x1b[0m wrong\n"
              "  1 | x\n"
              "    | \x1b[1;32m^\x1b[0m\n");
}

TEST(Diagnostics, counts_all_errors_and_keeps_the_first_twenty) {
    Diagnostics diagnostics;
    for (int i = 0; i < 25; ++i) diagnostics.error({}, std::to_string(i));
    diagnostics.warning({}, "also");
    EXPECT_EQ(diagnostics.error_count(), 25u);
    ASSERT_EQ(diagnostics.items().size(), Diagnostics::limit + 1);
    EXPECT_EQ(diagnostics.items()[19].message, "19");
    EXPECT_EQ(diagnostics.items()[20].message, "also");
}

TEST(Diagnostics, a_warning_is_no_error) {
    Diagnostics diagnostics;
    diagnostics.warning({}, "careful");
    EXPECT_FALSE(diagnostics.has_errors());
}

TEST(NearestName, finds_a_name_within_a_third_of_its_length) {
    const std::vector<std::string_view> names = {"weight", "input", "sigmoid"};
    EXPECT_EQ(nearest_name("wieght", names), "weight");
    EXPECT_EQ(nearest_name("sigmoide", names), "sigmoid");
    EXPECT_EQ(nearest_name("inupt", names), "input");
    EXPECT_EQ(nearest_name("output_layer", names), "");
}

TEST(NearestName, prefers_the_nearer_and_then_the_earlier) {
    EXPECT_EQ(nearest_name("delta1", {"delta", "delta2", "delta11"}), "delta");
    EXPECT_EQ(nearest_name("softmax", {"softmx_", "softmax"}), "softmax");
}

TEST(NearestName, does_not_suggest_what_has_nothing_in_common) {
    EXPECT_EQ(nearest_name("x", {"y", "z"}), "");
    EXPECT_EQ(nearest_name("x", {"x1"}), "x1");
    EXPECT_EQ(nearest_name("", {"a"}), "");
}

TEST(UserError, carries_its_diagnostics_and_says_the_first) {
    const UserError one("wrong", Span{1, 2, 3}, {{"here", {}}});
    EXPECT_STREQ(one.what(), "wrong");
    ASSERT_EQ(one.diagnostics().size(), 1u);
    EXPECT_EQ(one.diagnostics()[0].message, "wrong");
    EXPECT_EQ(one.diagnostics()[0].span, (Span{1, 2, 3}));
    EXPECT_EQ(one.diagnostics()[0].notes.size(), 1u);

    const UserError many(std::vector<Diagnostic>{{Severity::error, "first", {}, {}},
                                                 {Severity::error, "second", {}, {}}});
    EXPECT_STREQ(many.what(), "first");
    EXPECT_EQ(many.diagnostics().size(), 2u);
    EXPECT_STREQ(UserError(Diagnostic{Severity::error, "whole", {}, {}}).what(), "whole");
}

}  // namespace
}  // namespace chainrule
