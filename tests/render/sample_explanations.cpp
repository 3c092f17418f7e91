#include "sample_explanations.h"

#include <cmath>
#include <limits>

#include "notation/names.h"

namespace chainrule {
namespace {

Formula name(const std::string& text) { return {text, latex_name(text)}; }

Formula quotient(const std::string& d, const std::string& by) {
    return {"d" + d + "/d" + by,
            "\\frac{\\partial " + latex_name(d) + "}{\\partial " + latex_name(by) + "}"};
}

Partial partial(const std::string& d, const std::string& by, const Formula& local,
                const Formula& expr, const std::string& rule, std::optional<Tensor> value) {
    return {d, by, quotient(d, by), local, expr, rule, false, std::move(value)};
}

Formula sigmoid_of(const std::string& x) {
    return {"sigmoid(" + x + ")", "\\sigma(" + latex_name(x) + ")"};
}

ForwardLine forward(const std::string& node, const Formula& expr, std::optional<Tensor> value) {
    return {node, name(node), expr, std::nullopt, "", std::move(value)};
}

}  // namespace

Explanation worksheet_explanation() {
    Explanation e;
    e.network = "worksheet.nn";
    e.rate_symbol = "alpha";
    e.rate = 0.1;
    e.forward = {forward("z1", {"x * w1", "x \\cdot w_1"}, Tensor(0.15)),
                 forward("a1", {"g1(z1)", "g_1\\left(z_1\\right)"}, Tensor(0.5374298453437496)),
                 forward("z2", {"a1 * w2", "a_1 \\cdot w_2"}, Tensor(-0.2687149226718748)),
                 forward("a2", {"g2(z2)", "g_2\\left(z_2\\right)"}, Tensor(0.4332226447456692))};
    e.forward[1].inlined = sigmoid_of("z1");
    e.forward[3].inlined = sigmoid_of("z2");
    e.loss = {"Loss",
              {"Loss", "\\mathrm{Loss}"},
              {"Loss(a2, y)", "\\mathrm{Loss}\\left(a_2, y\\right)"},
              {"1/2 * (a2 - y)^2", "\\frac{1}{2} \\cdot (a_2 - y)^2"},
              {"1/2 * (g2(g1(x * w1) * w2) - y)^2",
               "\\frac{1}{2} \\cdot \\left(g_2\\left(g_1\\left(x \\cdot w_1\\right) \\cdot "
               "w_2\\right) - y\\right)^2"},
              Tensor(0.1606182852243213)};
    const Partial loss_a2 = partial("Loss", "a2", {"a2 - y", "a_2 - y"}, {"a2 - y", "a_2 - y"},
                                    "power, subtract", Tensor(-0.5667773552543308));
    const Partial a2_z2 =
        partial("a2", "z2", {"g2(z2) * (1 - g2(z2))", "g_2(z_2) \\cdot (1 - g_2(z_2))"},
                {"a2 * (1 - a2)", "a_2 \\cdot (1 - a_2)"}, "sigmoid", Tensor(0.2455407847901));
    const Partial z2_w2 =
        partial("z2", "w2", name("a1"), name("a1"), "multiply", Tensor(0.5374298453437496));
    const Partial z2_a1 = partial("z2", "a1", name("w2"), name("w2"), "multiply", Tensor(-0.5));
    const Partial a1_z1 =
        partial("a1", "z1", {"g1(z1) * (1 - g1(z1))", "g_1(z_1) \\cdot (1 - g_1(z_1))"},
                {"a1 * (1 - a1)", "a_1 \\cdot (1 - a_1)"}, "sigmoid", Tensor(0.2485990066));
    const Partial z1_w1 = partial("z1", "w1", name("x"), name("x"), "multiply", Tensor(0.5));

    GradientLine w1;
    w1.of = "w1";
    w1.symbol = quotient("Loss", "w1");
    w1.paths = {{"dLoss/da2", "da2/dz2", "dz2/da1", "da1/dz1", "dz1/dw1"}};
    w1.path_count = 1;
    w1.chain = {"dLoss/da2 * da2/dz2 * dz2/da1 * da1/dz1 * dz1/dw1",
                "\\frac{\\partial \\mathrm{Loss}}{\\partial a_2} \\cdot \\frac{\\partial "
                "a_2}{\\partial z_2} \\cdot \\frac{\\partial z_2}{\\partial a_1} \\cdot "
                "\\frac{\\partial a_1}{\\partial z_1} \\cdot \\frac{\\partial z_1}{\\partial w_1}"};
    w1.partials = {loss_a2, a2_z2, z2_a1, a1_z1, z1_w1};
    w1.product = {"(a2 - y) * (a2 * (1 - a2)) * w2 * (a1 * (1 - a1)) * x",
                  "(a_2 - y) \\cdot (a_2 \\cdot (1 - a_2)) \\cdot w_2 \\cdot (a_1 \\cdot (1 - "
                  "a_1)) \\cdot x"};
    w1.expr = {"(a2 - y) * a2 * (1 - a2) * w2 * a1 * (1 - a1) * x",
               "(a_2 - y) \\cdot a_2 \\cdot (1 - a_2) \\cdot w_2 \\cdot a_1 \\cdot (1 - a_1) "
               "\\cdot x"};
    w1.value = Tensor(0.008649121);
    w1.verified = Verification{20, 3e-12};

    GradientLine w2;
    w2.of = "w2";
    w2.symbol = quotient("Loss", "w2");
    w2.paths = {{"dLoss/da2", "da2/dz2", "dz2/dw2"}};
    w2.path_count = 1;
    w2.chain = {"dLoss/da2 * da2/dz2 * dz2/dw2",
                "\\frac{\\partial \\mathrm{Loss}}{\\partial a_2} \\cdot \\frac{\\partial "
                "a_2}{\\partial z_2} \\cdot \\frac{\\partial z_2}{\\partial w_2}"};
    w2.partials = {loss_a2, a2_z2, z2_w2};
    w2.product = {"(a2 - y) * (a2 * (1 - a2)) * a1",
                  "(a_2 - y) \\cdot (a_2 \\cdot (1 - a_2)) \\cdot a_1"};
    w2.expr = {"(a2 - y) * a2 * (1 - a2) * a1", "(a_2 - y) \\cdot a_2 \\cdot (1 - a_2) \\cdot a_1"};
    w2.value = Tensor(-0.07479199);
    w2.verified = Verification{20, 1.5e-12};
    e.gradients = {w1, w2};
    e.update = {{"w1",
                 name("w1"),
                 {"w1 - alpha * " + w1.expr.text, "w_1 - \\alpha \\cdot " + w1.expr.latex},
                 Tensor(0.29913508)},
                {"w2",
                 name("w2"),
                 {"w2 - alpha * " + w2.expr.text, "w_2 - \\alpha \\cdot " + w2.expr.latex},
                 Tensor(-0.4925208)}};
    return e;
}

Explanation abstract_explanation() {
    Explanation e = worksheet_explanation();
    e.rate.reset();
    for (ForwardLine& line : e.forward) {
        line.value.reset();
        line.inlined.reset();
    }
    e.loss.expr = e.loss.written;
    e.loss.substituted = {"Loss(g2(g1(x * w1) * w2), y)",
                          "\\mathrm{Loss}\\left(g_2\\left(g_1\\left(x \\cdot w_1\\right) \\cdot "
                          "w_2\\right), y\\right)"};
    e.loss.value.reset();
    for (GradientLine& gradient : e.gradients) {
        gradient.value.reset();
        for (Partial& factor : gradient.partials) {
            factor.value.reset();
            if (factor.rule == "sigmoid") {
                const std::string g = factor.d == "a2" ? "g2" : "g1";
                factor.local = {g + "'(" + factor.by + ")",
                                latex_name(g) + "'\\left(" + latex_name(factor.by) + "\\right)"};
                factor.expr = factor.local;
                factor.rule = "apply";
            }
        }
    }
    for (UpdateLine& line : e.update) {
        line.value.reset();
    }
    return e;
}

Explanation tensor_explanation() {
    Explanation e;
    e.network = "two_layers.nn";
    e.rate_symbol = "alpha";
    e.forward = {{"z1",
                  name("z1"),
                  {"W1 @ x + b1", "W_1 \\, x + b_1"},
                  {},
                  "[3]",
                  Tensor({3}, {0.25, -1, 2})},
                 {"a1",
                  name("a1"),
                  sigmoid_of("z1"),
                  {},
                  "[3]",
                  Tensor({3}, {0.562176500885798, 0.268941421369995, 0.880797077977882})},
                 {"z2",
                  name("z2"),
                  {"W2 @ a1", "W_2 \\, a_1"},
                  {},
                  "[2]",
                  Tensor({2}, {std::numeric_limits<double>::infinity(), -0.5})}};
    e.loss = {"Loss",
              {"Loss", "\\mathrm{Loss}"},
              {"cross_entropy(z2, y)", "\\operatorname{cross\\_entropy}(z_2, y)"},
              {"cross_entropy(z2, y)", "\\operatorname{cross\\_entropy}(z_2, y)"},
              {"cross_entropy(W2 @ sigmoid(W1 @ x + b1), y)",
               "\\operatorname{cross\\_entropy}(W_2 \\, \\sigma(W_1 \\, x + b_1), y)"},
              Tensor(std::numeric_limits<double>::quiet_NaN())};
    Partial rule{
        "Loss",
        "z2",
        quotient("Loss", "z2"),
        {"softmax(z2) - one_hot(y)", "\\operatorname{softmax}(z_2) - \\operatorname{onehot}(y)"},
        {"softmax(z2) - one_hot(y)", "\\operatorname{softmax}(z_2) - \\operatorname{onehot}(y)"},
        "cross_entropy",
        false,
        Tensor({2}, {0.25, -0.25})};
    Cotangent delta2{
        "delta2", "z2",      {"delta2", "\\delta_2"}, quotient("Loss", "z2"), {}, rule.expr, {rule},
        "[2]",    rule.value};
    Partial back2{"z2",
                  "a1",
                  quotient("z2", "a1"),
                  {"W2' @ delta2", "W_2^{\\top} \\, \\delta_2"},
                  {"W2' @ delta2", "W_2^{\\top} \\, \\delta_2"},
                  "matmul",
                  true,
                  {}};
    Partial back1{"a1",
                  "z1",
                  quotient("a1", "z1"),
                  {"a1 * (1 - a1)", "a_1 \\odot (1 - a_1)"},
                  {"a1 * (1 - a1)", "a_1 \\odot (1 - a_1)"},
                  "sigmoid",
                  false,
                  {}};
    Cotangent delta1{"delta1",
                     "z1",
                     {"delta1", "\\delta_1"},
                     quotient("Loss", "z1"),
                     {"(W2' @ delta2) * da1/dz1",
                      "(W_2^{\\top} \\, \\delta_2) \\odot \\frac{\\partial a_1}{\\partial z_1}"},
                     {"(W2' @ delta2) * a1 * (1 - a1)",
                      "(W_2^{\\top} \\, \\delta_2) \\odot a_1 \\odot (1 - a_1)"},
                     {back2, back1},
                     "[3]",
                     Tensor({3}, {0.1, 0.2, 0.3})};
    e.cotangents = {delta2, delta1};
    Partial outer{"z2",
                  "W2",
                  quotient("z2", "W2"),
                  {"delta2 @ a1'", "\\delta_2 \\, a_1^{\\top}"},
                  {"delta2 @ a1'", "\\delta_2 \\, a_1^{\\top}"},
                  "matmul",
                  true,
                  {}};
    GradientLine w2;
    w2.of = "W2";
    w2.symbol = quotient("Loss", "W2");
    w2.paths = {{"dLoss/dz2", "dz2/dW2"}};
    w2.path_count = 1;
    w2.chain = {"dLoss/dz2 * dz2/dW2",
                "\\frac{\\partial \\mathrm{Loss}}{\\partial z_2} \\cdot \\frac{\\partial "
                "z_2}{\\partial W_2}"};
    w2.partials = {outer};
    w2.product = outer.expr;
    w2.expr = outer.expr;
    w2.shape = "[2, 3]";
    w2.value =
        Tensor({2, 3}, {0.140544125, 0.06723535, 0.220199, -0.140544125, -0.06723535, -0.220199});
    w2.verified = Verification{20, 2e-11};
    e.gradients = {w2};
    e.update = {
        {"W2",
         name("W2"),
         {"W2 - alpha * (delta2 @ a1')", "W_2 - \\alpha \\cdot (\\delta_2 \\, a_1^{\\top})"},
         {}}};
    e.remarks = {"w3 does not reach the loss: its gradient is 0"};
    return e;
}

Explanation deep_explanation(int layers) {
    Explanation e;
    e.network = "deep.nn";
    e.rate_symbol = "alpha";
    std::vector<Partial> chain;
    const auto n = [](const char* letter, int i) { return letter + std::to_string(i); };
    Formula inside = name("x");
    for (int i = 1; i <= layers; ++i) {
        const Formula before = name(i == 1 ? "x" : n("a", i - 1));
        e.forward.push_back(forward(
            n("z", i),
            {n("w", i) + " * " + before.text, latex_name(n("w", i)) + " \\cdot " + before.latex},
            std::nullopt));
        e.forward.push_back(forward(n("a", i), sigmoid_of(n("z", i)), std::nullopt));
        inside = {"sigmoid(" + n("w", i) + " * " + inside.text + ")",
                  "\\sigma(" + latex_name(n("w", i)) + " \\cdot " + inside.latex + ")"};
    }
    const std::string last = n("a", layers);
    e.loss = {
        "Loss",
        {"Loss", "\\mathrm{Loss}"},
        {"squared_error(" + last + ", y)",
         "\\operatorname{squared\\_error}(" + latex_name(last) + ", y)"},
        {"1/2 * (" + last + " - y)^2", "\\frac{1}{2} \\cdot (" + latex_name(last) + " - y)^2"},
        {"1/2 * (" + inside.text + " - y)^2",
         "\\frac{1}{2} \\cdot \\left(" + inside.latex + " - y\\right)^2"},
        {}};
    chain.push_back(partial("Loss", last, {last + " - y", latex_name(last) + " - y"},
                            {last + " - y", latex_name(last) + " - y"}, "squared_error", {}));
    for (int i = layers; i >= 1; --i) {
        const std::string a = n("a", i);
        const std::string z = n("z", i);
        const std::string w = n("w", i);
        chain.push_back(partial(
            a, z,
            {"sigmoid(" + z + ") * (1 - sigmoid(" + z + "))",
             "\\sigma(" + latex_name(z) + ") \\cdot (1 - \\sigma(" + latex_name(z) + "))"},
            {a + " * (1 - " + a + ")", latex_name(a) + " \\cdot (1 - " + latex_name(a) + ")"},
            "sigmoid", {}));
        const Formula before = name(i == 1 ? "x" : n("a", i - 1));
        GradientLine line;
        line.of = w;
        line.symbol = quotient("Loss", w);
        line.partials = chain;
        line.partials.push_back(partial(z, w, before, before, "multiply", {}));
        line.paths.emplace_back();
        line.path_count = 1;
        for (const Partial& factor : line.partials) {
            const bool first = line.chain.text.empty();
            const bool sum = factor.expr.text.find(" - ") < factor.expr.text.find(" * ");
            line.paths[0].push_back(factor.symbol.text);
            line.chain.text += (first ? "" : " * ") + factor.symbol.text;
            line.chain.latex += (first ? "" : " \\cdot ") + factor.symbol.latex;
            line.expr.text +=
                (first ? "" : " * ") + (sum ? "(" + factor.expr.text + ")" : factor.expr.text);
            line.expr.latex += (first ? "" : " \\cdot ") +
                               (sum ? "(" + factor.expr.latex + ")" : factor.expr.latex);
        }
        line.product = line.expr;
        line.verified = Verification{20, 1e-11};
        e.gradients.insert(e.gradients.begin(), line);
        e.update.insert(e.update.begin(),
                        UpdateLine{w,
                                   name(w),
                                   {w + " - alpha * " + line.expr.text,
                                    latex_name(w) + " - \\alpha \\cdot " + line.expr.latex},
                                   {}});
        if (i > 1) {
            chain.push_back(partial(z, before.text, name(w), name(w), "multiply", {}));
        }
    }
    // The user's order: the deepest gradient shows every partial, the others refer to it.
    return e;
}

}  // namespace chainrule
