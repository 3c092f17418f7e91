// Values, initialisers, fans, layers.
#include <gtest/gtest.h>

#include "elaborate/network_text.h"

namespace chainrule::tests {
namespace {

const Weight& weight_of(const Elaborated& net, const std::string& name) {
    return *net.network.weight(*net.network.graph.find(name));
}

std::string value_of(const Elaborated& net, const std::string& name) {
    const auto& value = weight_of(net, name).value;
    return value ? format_tensor(*value) : "none";
}

Elaborated weights(const std::string& text) {
    return network_of({.text = text, .needs_loss = false});
}

TEST(Declaration, a_value_is_broadcast_to_the_declared_shape) {
    const Elaborated net = weights("weight b[3] = 1/2, W[2,3] = [1,2,3], c = -2^2, d");
    EXPECT_EQ(value_of(net, "b"), "[0.5, 0.5, 0.5]");
    EXPECT_EQ(value_of(net, "W"), "[[1, 2, 3], [1, 2, 3]]");
    EXPECT_EQ(value_of(net, "c"), "-4");
    EXPECT_EQ(value_of(net, "d"), "none");
}

TEST(Declaration, a_shape_comes_from_the_value_if_none_is_declared) {
    const Elaborated net = weights("constant A = [[2,-1],[3,4]]\nweight V = A @ A + 1, r = [1,2]'");
    EXPECT_EQ(type_of(net, "A"), "f64[2, 2]");
    EXPECT_EQ(value_of(net, "V"), "[[2, -5], [19, 14]]");
    EXPECT_EQ(type_of(net, "r"), "f64 row[2]");
}

TEST(Declaration, a_constant_may_be_a_dimension) {
    EXPECT_EQ(type_of(weights("weight W[n, 2]\nconstant n = 3"), "W"), "f64[3, 2]");
}

TEST(Declaration, a_large_weight_of_one_number_is_filled_when_it_is_needed) {
    const Elaborated net = weights("weight W[1048576, 1048576] = 0.5");
    EXPECT_FALSE(weight_of(net, "W").value.has_value());
    EXPECT_EQ(weight_of(net, "W").initialiser->kind, Initialiser::Kind::constant);
    EXPECT_EQ(weight_of(net, "W").initialiser->a, 0.5);
}

TEST(Declaration, initialisers_have_the_fields_names_and_the_papers_bare_ones) {
    using Kind = Initialiser::Kind;
    const std::vector<std::pair<std::string, Kind>> table = {
        {"zeros", Kind::zeros},
        {"ones", Kind::constant},
        {"constant(2)", Kind::constant},
        {"uniform(-1, 1)", Kind::uniform},
        {"normal(0, 0.1)", Kind::normal},
        {"xavier", Kind::xavier_uniform},
        {"xavier_normal", Kind::xavier_normal},
        {"glorot_uniform", Kind::xavier_uniform},
        {"he", Kind::he_normal},
        {"he_uniform", Kind::he_uniform},
    };
    for (const auto& [text, kind] : table) {
        const Elaborated net = weights("weight W[2, 2] ~ " + text);
        EXPECT_EQ(weight_of(net, "W").initialiser->kind, kind) << text;
    }
    const Elaborated net = weights("weight W[2] ~ normal(sd = 1/4, mean = 3)");
    EXPECT_EQ(weight_of(net, "W").initialiser->a, 3);
    EXPECT_EQ(weight_of(net, "W").initialiser->b, 0.25);
}

TEST(Declaration, fans_come_from_the_axis_that_the_first_use_contracts) {
    const Elaborated net = weights(
        "input x[3], u[5]\nweight A[5,3], B[3,5], C[3,5], v[3], s, D[4,6]\n"
        "a = A @ x\nb = x @ B\nc = C' @ x\nd = v' @ x\ne = s * x");
    const auto fans = [&](const std::string& name) {
        const Weight& weight = weight_of(net, name);
        return std::pair(weight.fan_in, weight.fan_out);
    };
    EXPECT_EQ(fans("A"), std::pair(std::int64_t{3}, std::int64_t{5}));
    EXPECT_EQ(fans("B"), std::pair(std::int64_t{3}, std::int64_t{5}));
    EXPECT_EQ(fans("C"), std::pair(std::int64_t{3}, std::int64_t{5}));
    EXPECT_EQ(fans("v"), std::pair(std::int64_t{3}, std::int64_t{1}));
    EXPECT_EQ(fans("s"), std::pair(std::int64_t{1}, std::int64_t{1}));
    EXPECT_EQ(fans("D"), std::pair(std::int64_t{6}, std::int64_t{4})) << "as in D @ x";
}

TEST(Layer, a_use_owns_its_weights_and_equations) {
    const Elaborated net =
        network_of({"input x[4]\ntarget y: class(3)\nh = dense(x, 8, relu)\ns = linear(h, 3)\n"
                    "loss cross_entropy(s, y)\npenalty 1e-4 * sum(h.W^2)"});
    EXPECT_EQ(weight_names(net), "h.W, h.b, s.W, s.b");
    EXPECT_EQ(names(net, net.network.equations), "h.z, h, s");
    EXPECT_EQ(type_of(net, "h.W"), "f64[8, 4]");
    EXPECT_EQ(inlined(net, "h.z"), "h.W @ x + h.b");
    EXPECT_EQ(inlined(net, "h"), "relu(h.z)");
    EXPECT_EQ(weight_of(net, "h.W").fan_in, 4);
}

TEST(Layer, an_anonymous_use_is_numbered) {
    const Elaborated net = weights(
        "input x[4]\ndense1 = x + 1\n"
        "a = tanh(dense(dense(x, 3, relu), 2, relu))");
    EXPECT_EQ(weight_names(net), "dense2.W, dense2.b, dense3.W, dense3.b");
}

TEST(Layer, an_anonymous_use_inside_a_layer_leaves_the_bodys_names_alone) {
    const Elaborated net = weights(
        "input x[4]\nlayer two(x[n]) {\n  a = tanh(linear(x, n))\n  linear1 = linear(a, n)\n"
        "  linear1\n}\nh = two(x)");
    EXPECT_EQ(weight_names(net), "h.linear2.W, h.linear2.b, h.linear1.W, h.linear1.b");
}

TEST(Layer, layers_nest_with_dotted_names) {
    const Elaborated net = weights(
        "input x[4]\nlayer two(x[n], m) {\n  u = dense(x, m, tanh)\n  dense(u, m, tanh)\n}\n"
        "h = two(x, 5)");
    EXPECT_EQ(weight_names(net), "h.u.W, h.u.b, h.dense1.W, h.dense1.b");
}

TEST(Layer, functions_keep_the_name_under_which_they_are_given) {
    const Elaborated net = weights(
        "input x[4]\nfunction act(z) = z * sigmoid(z)\nfunction g\n"
        "h = dense(x, 3, act)\nk = dense(h, 3, g)\nl = dense(h, 3, swish)");
    EXPECT_EQ(written(net, "h"), "act(h.z)");
    EXPECT_EQ(inlined(net, "h"), "h.z * sigmoid(h.z)");
    EXPECT_EQ(inlined(net, "k"), "g(k.z)");
    EXPECT_EQ(written(net, "l"), "swish(l.z)");
    EXPECT_EQ(inlined(net, "l"), "silu(l.z)");
}

TEST(Layer, a_layer_of_the_users_hides_the_librarys) {
    const Elaborated net =
        weights("input x[4]\nlayer dense(x[n]) { weight w[n]; w * x }\nh = dense(x)");
    EXPECT_EQ(weight_names(net), "h.w");
}

TEST(Layer, dimensions_bind_from_arguments_and_numbers) {
    const Elaborated net = weights(
        "input x[4], y[4]\nlayer both(a[n], b[n], k) { weight W[k, n]; W @ (a * b) * k }\n"
        "h = both(b = y, a = x, k = 2)");
    EXPECT_EQ(type_of(net, "h.W"), "f64[2, 4]");
    EXPECT_EQ(inlined(net, "h"), "h.W @ (x * y) * 2");
}

TEST(Layer, every_layer_of_the_library_can_be_used) {
    const Elaborated net = weights(
        "input x[4]\na = dense(x, 3, tanh)\nb = linear(a, 5)\n"
        "c = residual(b, mish)\nd = mlp(c, 6, 2, arctan)\n"
        "e = layer_norm(d)\nf = dense(e, 1, identity)");
    EXPECT_EQ(type_of(net, "f"), "f64[1]");
    EXPECT_EQ(inlined(net, "f"), "f.z");
}

}  // namespace
}  // namespace chainrule::tests
