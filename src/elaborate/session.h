// What the parts of one elaboration share: the graph under construction, who reports errors, and
// where in the text it stands.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "elaborate/network.h"
#include "elaborate/scope.h"

namespace chainrule {

// Functions and layers call one another at most this deep.
inline constexpr std::size_t deepest_call = 200;
// A text whose functions and layers unfold to more operations than this, or than four times its own
// length, is refused.
inline constexpr std::size_t most_unfolded = 100'000;

// What a parameter, or a name inside a layer, stands for.
struct Local {
    enum class Kind : std::uint8_t { poison, value, number, function };
    Kind kind = Kind::poison;
    NodeId value;
    double number = 0;                        // a dimension: `m` of dense(x, 128, relu)
    const FunctionEntry* function = nullptr;  // what `g` is
    std::string function_name;                // under which name it was given
    std::string origin;                       // of a bound dimension: the argument that bound it
};
using Locals = std::unordered_map<std::string, Local>;

// Where an expression stands.
struct Environment {
    const ast::Tree* tree = nullptr;
    const Locals* locals = nullptr;  // null outside functions and layers
    std::string prefix;              // "h." inside the layer that `h = dense(...)` uses
    // Inside a layer: what its body defines, by name.
    const std::unordered_map<std::string, std::size_t>* siblings = nullptr;
    bool library = false;  // the tree is the library's: nothing points into it ...
    Span use;              // ... but here, where it is used
    bool in_loss = false;
    bool in_function = false;  // in the body of a function

    Span place(Span span) const { return library ? use : span; }
};

struct ActiveCall {
    const FunctionEntry* function = nullptr;
    Span span;
};

struct Session {
    Graph& graph;
    const Scope& scope;
    Diagnostics& diagnostics;
    Network* network = nullptr;                            // null for a lone expression
    const std::map<std::string, NodeId>* extra = nullptr;  // of a lone expression
    Examples examples = Examples::one;
    bool incomplete = false;  // names may be missing: an unknown one is no error
    std::unordered_set<std::string> poisoned = {};  // values in error, passed over in silence
    std::unordered_set<std::string> defined = {};   // the values that the text defines
    std::map<std::string, AbstractUse, std::less<>> abstract_uses = {};
    std::unordered_map<std::string, int> anonymous_layers = {};  // "h.dense" -> 2: h.dense2 is used
    using CallKey = std::tuple<const FunctionEntry*, std::vector<NodeId>, bool>;
    std::map<CallKey, std::optional<NodeId>> finished_calls = {};
    std::vector<ActiveCall> active = {};
    std::size_t most_nodes = most_unfolded;
    bool overflowed = false;  // the graph has more: reported once

    bool lone_expression() const { return network == nullptr; }

    void error(const Environment& where, Span span, std::string message,
               std::vector<Note> notes = {});
    // A shape rule's complaint at `span`, with a note at its culprit among `operands`, which are
    // written at `places`.
    void shape_error(const Environment& where, Span span, const ShapeError& error,
                     const std::vector<NodeId>& operands, const std::vector<Span>& places);
    // A note where the node is declared or defined; none if its place is unknown.
    std::vector<Note> note_at(NodeId node, const std::string& hint = {}) const;

    // The value of that name, or nothing. Throws nothing, reports nothing.
    std::optional<NodeId> find_value(const Environment& where, const std::string& name);
    // ", did you mean `z1`?" among values or functions, or empty.
    std::string suggest_value(const Environment& where, const std::string& name) const;
    std::string suggest_function(const std::string& name) const;

    // Says so and answers no if a call would nest too deep, if `function` is under way, or if the
    // graph has grown too large.
    bool enter(const FunctionEntry& function, const Environment& where, Span span);
    void leave() { active.pop_back(); }
};

}  // namespace chainrule
