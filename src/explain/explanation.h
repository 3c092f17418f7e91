// The explanation of a network: the seven answers of a worksheet, as data. Renderers read this
// record and nothing else; every formula is there as text, which is legal input of the language,
// and as LaTeX.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ir/tensor.h"

namespace chainrule {

struct Formula {
    std::string text;
    std::string latex;
};

// What the `verified` stamp says: the formula was parsed again and evaluated at that many random
// points, against reverse mode and against central differences.
struct Verification {
    int points = 0;
    double max_relative_error = 0;
};

// `z1 = x * w1`: a named equation, in terms of its inputs, as the user wrote it.
struct ForwardLine {
    std::string node;
    Formula name;
    Formula expr;                    // calls of the user's functions as written: g1(z1)
    std::optional<Formula> inlined;  // with the functions' bodies, where that differs
    std::string shape;               // "[3]"; empty for a scalar
    std::optional<Tensor> value;
};

struct LossLine {
    std::string name;  // "Loss", or the node that the loss statement names
    Formula name_formula;
    Formula written;      // Loss(a2, y)
    Formula expr;         // 1/2 * (a2 - y)^2
    Formula substituted;  // 1/2 * (g2(g1(x * w1) * w2) - y)^2
    std::optional<Tensor> value;
};

// A partial derivative at a node: da2/dz2.
struct Partial {
    std::string d;
    std::string by;
    Formula symbol;    // da2/dz2; LaTeX \frac{\partial a_2}{\partial z_2}
    Formula local;     // the op's own rule on its operands: g2(z2) * (1 - g2(z2))
    Formula expr;      // in forward values: a2 * (1 - a2)
    std::string rule;  // the ops whose rules were used: "sigmoid"; "power, subtract"
    // Of a tensor, where a partial is not a formula of its own: what the rule makes of the
    // cotangent
    // (`expr` is W2' @ delta2, with delta2 the cotangent of d).
    bool pulls_back = false;
    std::optional<Tensor> value;
};

// dLoss/dh under a name, used by the gradients: delta2 = (a2 - y) * a2 * (1 - a2).
struct Cotangent {
    std::string name;   // "delta2"
    std::string of;     // "z2"
    Formula symbol;     // delta2; \delta_2
    Formula of_symbol;  // dLoss/dz2
    Formula recursion;  // sum over the users: dLoss/da2 * da2/dz2 + ...
    Formula expr;
    std::vector<Partial> partials;  // at each user of `of`
    std::string shape;
    std::optional<Tensor> value;
};

struct GradientLine {
    std::string of;
    Formula symbol;                               // dLoss/dw1
    std::vector<std::vector<std::string>> paths;  // {"dLoss/da2", "da2/dz2", ...} each, loss first
    double path_count = 0;                        // may exceed paths.size(), which is then empty
    Formula chain;                                // dLoss/da2 * da2/dz2 * dz2/dw2, a sum over paths
    std::vector<Partial> partials;                // each once, in chain order
    Formula product;                              // the factors put in, before simplification
    Formula expr;                                 // simplified
    std::string shape;
    std::optional<Tensor> value;
    std::optional<Verification> verified;
};

struct UpdateLine {
    std::string weight;
    Formula name;
    Formula expr;  // w1 - alpha * (a2 - y) * ...
    std::optional<Tensor> value;
};

struct Explanation {
    std::string network;  // the file's name
    std::string rate_symbol;
    std::optional<double> rate;
    std::vector<ForwardLine> forward;
    LossLine loss;
    std::vector<Cotangent> cotangents;  // in the order of the reverse pass: from the loss down
    std::vector<GradientLine> gradients;
    std::vector<UpdateLine> update;
    // What a reader should know: "w3 does not reach the loss".
    std::vector<std::string> remarks;
};

}  // namespace chainrule
