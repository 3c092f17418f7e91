// A network: what a `.nn` text means. Its equations are nodes of one graph, written for one
// example; the rest says which nodes are what, and what the file knows of their values.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/graph.h"
#include "lang/ast.h"
#include "lang/diagnostic.h"

namespace chainrule {

// Whether inputs (and targets) are marked per example. `explain` and `check` speak of one example,
// so that nothing is per example and no batch reduction stands in the way; `train` speaks of many.
enum class Examples : std::uint8_t { one, many };

// What `~ name(arguments)` asks for.
struct Initialiser {
    enum class Kind : std::uint8_t {
        zeros,
        constant,
        uniform,
        normal,
        xavier_uniform,
        xavier_normal,
        he_uniform,
        he_normal
    };
    Kind kind = Kind::zeros;
    double a = 0;  // constant: the value; uniform: low; normal: mean
    double b = 1;  // uniform: high; normal: standard deviation
    Span span;
};

struct Weight {
    NodeId node;
    std::optional<Tensor> value;             // `= 0.3`, broadcast to the weight's shape
    std::optional<Initialiser> initialiser;  // `~ he_normal`
    // Axes of the weight that its first use contracts (fan-in) and keeps (fan-out), as element
    // counts; what He and Xavier scale by.
    std::int64_t fan_in = 1;
    std::int64_t fan_out = 1;
};

// A setting of the `train` statement: a number, a word, a call (`adam(rate = 1e-3)`) or a list of
// numbers. The command line can also give numbers by name, which are arguments without a word.
struct RecipeValue {
    std::string word;
    double number = 0;
    std::map<std::string, double> arguments;
    std::vector<double> list;
    Span span;
};

struct Network {
    std::string file;  // as given: "worksheet.nn"
    Graph graph;
    std::vector<NodeId> inputs;
    std::vector<NodeId> targets;
    std::vector<Weight> weights;  // in order of declaration, layers' weights at their use
    std::vector<NodeId> constants;
    std::map<NodeId, Tensor> constant_values;  // of constants that have one
    std::vector<NodeId> equations;             // named equations in order; the loss if it is one
    std::vector<NodeId> outputs;               // of `output`; else the last equation but the loss

    // The objective of one example, `loss` plus penalties, as a named node: called "Loss", or what
    // the `loss` statement names (`loss f`) when there are no penalties. Invalid without a loss.
    NodeId objective;
    NodeId loss;  // without the penalties; may be anonymous or the objective itself
    std::vector<NodeId> penalties;  // each a scalar
    std::map<std::string, RecipeValue> recipe;

    // Alpha, or `eta` if the network has a name `alpha`.
    std::string rate_symbol;

    const Weight* weight(NodeId id) const;
};

// The names that a text may use: values, and functions given, abstract and built in. An elaborated
// network keeps its scope, so that printed formulas and answers can be read in it.
class Scope;

struct Elaborated {
    Network network;
    std::shared_ptr<Scope> scope;
};

struct ElaborateOptions {
    Examples examples = Examples::one;
    // Equations and definitions given on the command line ("g1 = sigmoid"), read after the file's
    // own.
    std::vector<std::string> defines;
    bool needs_loss = true;  // explain, check, train: a missing loss is an error
    // The texts of imported files by their paths; with them no file is read.
    std::optional<std::map<std::string, std::string>> imports = std::nullopt;
};

// Reads `file` ("-" is standard input), its imports and the defines; everything wrong goes to
// `diagnostics`, and the result is empty if there was an error.
std::optional<Elaborated> load_network(const std::string& file, const ElaborateOptions& options,
                                       SourceMap& sources, Diagnostics& diagnostics);

// The same for a text; imports are looked up relative to the folder of `file`.
std::optional<Elaborated> elaborate_text(const std::string& file, const std::string& text,
                                         const ElaborateOptions& options, SourceMap& sources,
                                         Diagnostics& diagnostics);

// One expression of a tree (parse_expression, parse_answers) in the network's scope, as nodes of
// `graph`, which must contain the network's named nodes under their names (a copy of the network's
// graph does). Names bound in `extra` come first (cotangents: "delta2"). A quotient dA/dB with A
// and B known is looked up in `extra` under its text "dA/dB", else it is the partial derivative of
// A's equation with respect to B with the other named nodes held fixed, or, if A's equation does
// not mention B, its total derivative. Throws UserError.
Expr elaborate_expression(const Scope& scope, Graph& graph, const ast::Tree& tree, ast::ExprId root,
                          const std::map<std::string, NodeId>& extra = {});

}  // namespace chainrule
