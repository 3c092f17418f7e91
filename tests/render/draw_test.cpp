#include "render/draw.h"

#include <gtest/gtest.h>

#include <chrono>

#include "data/test_files.h"
#include "ops/build.h"

namespace chainrule {
namespace {

NodeId leaf(Network& network, const std::string& name, const std::string& role, Shape shape = {}) {
    Type type;
    type.shape = std::move(shape);
    return network.graph.add_named(name, leaf_op, {}, {role, type});
}

NodeId equation(Network& network, const std::string& name, Expr value) {
    const NodeId id = name_node(value, name).id;
    network.equations.push_back(id);
    return id;
}

// z = w * x + b, a = sigmoid(z), Loss = (a - y)^2 / 2, with the layer's names under `h`.
Network small_network() {
    Network network;
    network.file = "folder/small<&>.nn";
    Graph& graph = network.graph;
    const NodeId x = leaf(network, "x", "input");
    const NodeId y = leaf(network, "y", "target");
    const NodeId w = leaf(network, "h.w", "weight");
    const NodeId b = leaf(network, "h.b", "weight");
    network.inputs = {x};
    network.targets = {y};
    network.weights = {{w, {}, {}}, {b, {}, {}}};
    const NodeId z = equation(network, "h.z", graph.expr(w) * graph.expr(x) + graph.expr(b));
    const NodeId a = equation(network, "h", sigmoid(graph.expr(z)));
    network.outputs = {a};
    const Expr error = graph.expr(a) - graph.expr(y);
    network.objective = name_node(error * error / 2.0, "Loss").id;
    return network;
}

// A chain of `layers` layers, each with two weights.
Network deep_network(int layers) {
    Network network;
    network.file = "deep.nn";
    NodeId before = leaf(network, "x", "input");
    network.inputs = {before};
    for (int i = 1; i <= layers; ++i) {
        const std::string h = "h" + std::to_string(i);
        const NodeId w = leaf(network, h + ".W", "weight");
        const NodeId b = leaf(network, h + ".b", "weight");
        network.weights.push_back({w, {}, {}});
        network.weights.push_back({b, {}, {}});
        Graph& graph = network.graph;
        before = equation(network, h, sigmoid(graph.expr(w) * graph.expr(before) + graph.expr(b)));
    }
    return network;
}

std::string edge(const Network& network, const std::string& from, const std::string& to) {
    const auto number = [&](const std::string& name) {
        return std::to_string(network.graph.find(name)->index);
    };
    return "n" + number(from) + " -> n" + number(to);
}

TEST(DrawDot, has_an_edge_for_each_direct_dependence_and_no_other) {
    const Network network = small_network();
    const std::string dot = draw_dot(network);
    EXPECT_TRUE(contains(dot, edge(network, "x", "h.z"))) << dot;
    EXPECT_TRUE(contains(dot, edge(network, "h.w", "h.z")));
    EXPECT_TRUE(contains(dot, edge(network, "h.z", "h")));
    EXPECT_TRUE(contains(dot, edge(network, "h", "Loss")));
    EXPECT_TRUE(contains(dot, edge(network, "y", "Loss")));
    EXPECT_FALSE(contains(dot, edge(network, "x", "h")));
    EXPECT_FALSE(contains(dot, edge(network, "h.z", "Loss")));
}

TEST(DrawDot, writes_the_equation_under_the_name_and_escapes_it) {
    Network network = small_network();
    Graph& graph = network.graph;
    equation(network, "positive",
             graph.expr(*graph.find("x")) > 0.0 * graph.expr(*graph.find("y")));
    const std::string dot = draw_dot(network);
    EXPECT_TRUE(contains(dot, "<B>h.z</B><BR/>h.w * x + h.b")) << dot;
    EXPECT_TRUE(contains(dot, "<B>h</B><BR/>sigmoid(h.z)"));
    EXPECT_TRUE(contains(dot, "x &gt; ")) << dot;
    EXPECT_TRUE(contains(dot, "label=<small&lt;&amp;&gt;.nn>")) << dot;
}

TEST(DrawDot, values_are_blue_and_gradients_red) {
    const Network network = small_network();
    PictureNumbers numbers;
    numbers.values[*network.graph.find("h")] = Tensor(0.25);
    numbers.gradients[*network.graph.find("h")] = Tensor({3}, {1, -2.123456789, 3});
    const std::string dot = draw_dot(network, numbers);
    EXPECT_TRUE(contains(dot, "<FONT COLOR=\"#1f5fbf\">0.25</FONT>")) << dot;
    EXPECT_TRUE(contains(dot, "<FONT COLOR=\"#b3261e\">[1, -2.123, 3]</FONT>")) << dot;
    EXPECT_TRUE(contains(dot, "gradients of Loss"));
    EXPECT_FALSE(contains(draw_dot(network), "gradients of"));
}

TEST(DrawDot, groups_what_a_layer_owns_with_the_layer) {
    const Network network = small_network();
    const std::string dot = draw_dot(network);
    const std::size_t begin = dot.find("subgraph cluster_1 {");
    const std::string cluster = dot.substr(begin, dot.find("  }\n", begin) - begin);
    for (const char* name : {"<B>h.w</B>", "<B>h.b</B>", "<B>h.z</B>", "<B>h</B>"}) {
        EXPECT_TRUE(contains(cluster, name)) << name << "\n" << dot;
    }
    EXPECT_FALSE(contains(cluster, "<B>x</B>"));
    EXPECT_FALSE(contains(dot, "cluster_2"));
}

TEST(DrawDot, shortens_a_long_formula) {
    Network network;
    const NodeId x = leaf(network, "x", "input");
    network.inputs = {x};
    Graph& graph = network.graph;
    Expr sum = graph.expr(x);
    for (int i = 0; i < 1000; ++i) {
        sum = sum * graph.expr(x) + static_cast<double>(i);
    }
    equation(network, "long_sum", sum);
    EXPECT_LT(draw_dot(network).size(), 2000U);
}

TEST(LayoutPicture, makes_svg_and_png) {
    const std::string dot = draw_dot(small_network());
    const std::string svg = layout_picture(dot, PictureFormat::svg);
    EXPECT_TRUE(contains(svg, "<svg")) << svg.substr(0, 200);
    EXPECT_TRUE(contains(svg, ">h.w * x + h.b</text>")) << svg;
    EXPECT_TRUE(contains(svg, "</svg>"));
    const std::string png = layout_picture(dot, PictureFormat::png);
    EXPECT_EQ(png.substr(0, 8), "\x89PNG\r\n\x1a\n");
    EXPECT_EQ(png.substr(png.size() - 8, 4), "IEND");
}

TEST(LayoutPicture, lays_out_thirty_nodes_in_one_row_of_layers) {
    const std::string svg = layout_picture(draw_dot(deep_network(10)), PictureFormat::svg);
    double width = 0;
    double height = 0;
    ASSERT_EQ(std::sscanf(svg.c_str() + svg.find("<svg"), "<svg width=\"%lfpt\" height=\"%lfpt\"",
                          &width, &height),
              2);
    EXPECT_GT(width, 5 * height);
    EXPECT_LT(height, 300);
}

TEST(LayoutPicture, a_text_that_is_no_graph_is_our_bug) {
    EXPECT_THROW(layout_picture("digraph {", PictureFormat::svg), InternalError);
}

}  // namespace
}  // namespace chainrule
