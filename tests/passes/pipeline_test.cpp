// The runner of passes, and names put in the place of what they stand for.
#include "passes/pipeline.h"

#include <gtest/gtest.h>

#include "eval/evaluate.h"
#include "lang/diagnostic.h"
#include "notation/formula.h"
#include "ops/build.h"
#include "passes/rebuild.h"
#include "passes/recall_names.h"
#include "support/random_graph.h"
#include "support/texts.h"

namespace chainrule::tests {
namespace {

Graph quadratic() {
    Graph graph = elaborated("weight w, y\nL = 1/2 * (w - y)^2\n").network.graph;
    graph.outputs = {*graph.find("L")};
    return graph;
}

std::vector<std::string> names_of_passes() {
    std::vector<std::string> names;
    for (const Pass& pass : all_passes()) {
        names.emplace_back(pass.name);
    }
    return names;
}

struct Outcome {
    Graph graph;
    std::vector<std::string> ran;
    std::vector<bool> changed;
};

Outcome run(const Graph& graph, PipelineOptions options = {}) {
    Outcome result;
    options.after = [&](const Pass& pass, const Graph& now, bool changed, double seconds) {
        verify(now);
        EXPECT_GE(seconds, 0);
        result.ran.emplace_back(pass.name);
        result.changed.push_back(changed);
    };
    result.graph = run_passes(graph, options);
    return result;
}

TEST(Pipeline, runs_every_pass_in_order) {
    const Outcome all = run(quadratic());
    EXPECT_EQ(all.ran, names_of_passes());
    ASSERT_EQ(all.graph.outputs.size(), 3u);
    EXPECT_EQ(write_formula(all.graph, all.graph.outputs[1]), "w - y");
    EXPECT_EQ(write_formula(all.graph, all.graph.outputs[2]), "y - w");
}

TEST(Pipeline, stops_after_the_pass_it_is_told) {
    const Outcome one = run(quadratic(), {.last = "derive", .skip = {}});
    EXPECT_EQ(one.ran, std::vector<std::string>{"derive"});
    EXPECT_EQ(one.graph.outputs.size(), 3u);
    const Outcome none = run(quadratic(), {.last = "derive", .skip = {"derive"}});
    EXPECT_EQ(none.graph.outputs.size(), 1u);
}

TEST(Pipeline, skips_by_name) {
    const Outcome some = run(quadratic(), {.last = {}, .skip = {"derive", "simplify"}});
    auto expected = names_of_passes();
    std::erase(expected, "derive");
    std::erase(expected, "simplify");
    EXPECT_EQ(some.ran, expected);
    EXPECT_EQ(some.graph.outputs.size(), 1u);
}

TEST(Pipeline, tells_whether_a_pass_changed_anything) {
    const Outcome first = run(quadratic());
    EXPECT_TRUE(first.changed.front()) << "derive adds outputs";
    const Outcome second = run(first.graph, {.last = {}, .skip = {"derive"}});
    EXPECT_EQ(second.changed, std::vector<bool>(second.ran.size(), false));
}

std::string error_of(const PipelineOptions& options) {
    try {
        run_passes(quadratic(), options);
    } catch (const UserError& error) {
        return error.what();
    }
    return "no error";
}

TEST(Pipeline, refuses_a_pass_that_does_not_exist_and_lists_those_that_do) {
    const std::string known =
        "the passes are derive, drop_unused, rewrite, collect_terms, simplify";
    EXPECT_EQ(error_of({.last = "optimise", .skip = {}}), "no pass is called 'optimise'; " + known);
    EXPECT_EQ(error_of({.last = {}, .skip = {"rewrites"}}),
              "no pass is called 'rewrites'; " + known);
}

TEST(Pipeline, of_random_graphs_settles) {
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
        const Graph graph = random_graph(seed, {.batch = true}).graph;
        const Graph once = run_passes(graph, {});
        const Outcome again = run(once, {.last = {}, .skip = {"derive"}});
        EXPECT_TRUE(same(once, again.graph)) << "seed " << seed;
    }
}

// --- recall_names -----------------------------------------------------------------------------

// The formula with names in the place of what they are computed from; `hidden` is anonymous.
std::string recalled(const std::string& text, const std::string& formula,
                     const std::vector<std::pair<std::string, std::string>>& names) {
    const Elaborated network = elaborated(text);
    Graph graph = network.network.graph;
    const NodeId root = expression(network, graph, formula).id;
    std::vector<Definition> definitions;
    graph.outputs = {root};
    for (const auto& [name, body] : names) {
        definitions.push_back({expression(network, graph, body).id, *graph.find(name)});
        graph.outputs.push_back(definitions.back().body);
        graph.outputs.push_back(definitions.back().named);
    }
    const Graph result = recall_names(graph, definitions);
    verify(result);
    return write_formula(result, result.outputs[0]);
}

TEST(RecallNames, puts_a_name_where_its_value_is_computed_again) {
    EXPECT_EQ(recalled("weight z\na = sigmoid(z)\n", "sigmoid(z) * (1 - sigmoid(z))",
                       {{"a", "sigmoid(z)"}}),
              "a * (1 - a)");
    EXPECT_EQ(recalled("weight x, w\nz = x * w\na = sin(z)\n", "sin(z) + x * w",
                       {{"z", "x * w"}, {"a", "sin(z)"}}),
              "a + z");
}

TEST(RecallNames, leaves_the_equation_itself_and_numbers) {
    EXPECT_EQ(recalled("weight z\na = sigmoid(z)\n", "a", {{"a", "sigmoid(z)"}}), "a");
    EXPECT_EQ(recalled("weight z\ntwo = 2 * 1\n", "2 * z", {{"two", "2"}}), "2 * z");
}

TEST(RecallNames, finds_names_that_stand_later_than_what_uses_them) {
    const Elaborated network = elaborated("weight z\nb = exp(sigmoid(z))\na = sigmoid(z)\n");
    Graph graph = network.network.graph;
    const NodeId body = *graph.anonymous_equal(*graph.find("a"));
    const Expr late = 2 * graph.expr(body);
    graph.outputs = {late.id, *graph.find("b"), *graph.find("a"), body};
    const Graph result = recall_names(graph, {{body, *graph.find("a")}});
    EXPECT_EQ(write_formula(result, result.outputs[0]), "2 * a");
    EXPECT_EQ(write_formula(result, *result.find("b"), {.definition = true}), "exp(a)")
        << "an equation reads its names too";
}

}  // namespace
}  // namespace chainrule::tests
