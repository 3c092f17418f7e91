#include "render/training_page.h"

#include <gtest/gtest.h>

#include <limits>

#include "commands.h"
#include "sample_explanations.h"

namespace chainrule {
namespace {

TEST(Chart, ticks_are_round_numbers_within_the_range) {
    EXPECT_EQ(ticks(0, 1, 4), (std::vector<double>{0, 0.5, 1}));
    EXPECT_EQ(ticks(1, 40, 6), (std::vector<double>{10, 20, 30, 40}));
    EXPECT_EQ(ticks(-3, 3, 6), (std::vector<double>{-3, -2, -1, 0, 1, 2, 3}));
}

TEST(Chart, a_value_that_is_not_finite_is_a_gap) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const std::string svg =
        chart_svg({"loss", {{"a", {{1, 1}, {2, 2}, {3, nan}, {4, 2}, {5, 1}}}}});
    const std::size_t path = svg.find("<path class=\"curve");
    const std::string d = svg.substr(path, svg.find("/>", path) - path);
    EXPECT_EQ(std::count(d.begin(), d.end(), 'M'), 2);
    EXPECT_EQ(chart_svg({"loss", {{"a", {{1, nan}}}}}), "");
}

TEST(Chart, is_logarithmic_where_values_span_decades) {
    const std::string svg = chart_svg({"loss", {{"a", {{1, 1}, {2, 0.001}}}}});
    for (const char* mark : {">1<", ">0.1<", ">0.01<", ">0.001<"}) {
        EXPECT_NE(svg.find(mark), std::string::npos) << mark;
    }
}

TEST(Chart, a_long_curve_keeps_its_extremes_in_few_points) {
    Curve curve{"a", {}};
    for (int i = 0; i < 100'000; ++i) {
        curve.points.emplace_back(i, i == 77'777 ? 9.0 : 1.0);
    }
    const std::string svg = chart_svg({"loss", {curve}});
    EXPECT_LT(svg.size(), 200'000U);
    EXPECT_NE(svg.find("a: 9"), std::string::npos);
}

TEST(TrainingPage, stands_alone_and_escapes_everything_of_the_user) {
    const std::string hostile = "<script>alert('x')</script>&\"";
    TrainingPage page;
    page.title = hostile;
    page.summary = {{hostile, hostile}};
    page.metrics = {{hostile}, {{hostile, {hostile}}}};
    page.charts = {{hostile, {{hostile, {{1, 2}, {2, 3}}}, {hostile, {{1, 2}, {2, 1}}}}}};
    page.confusion = {hostile, {hostile, hostile}, {{3, 1}, {0, 0}}};
    page.picture = "<svg xmlns=\"http://www.w3.org/2000/svg\"><g></g></svg>";
    page.recipe = {{hostile, hostile}};
    page.source = hostile;
    page.derivation = worksheet_explanation();
    page.derivation_note = hostile;
    const std::string html = render_training_page(page);
    EXPECT_EQ(markup_error(html), "");
    for (const char* outside : {"http", "url(", "@import", "<script", "<link", "src="}) {
        EXPECT_EQ(html.find(outside), std::string::npos) << outside;
    }
    EXPECT_NE(html.find("--share: 0.750"), std::string::npos);
}

}  // namespace
}  // namespace chainrule
