#include "render/draw.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "notation/formula.h"
#include "render/line_breaks.h"
#include "render/markup.h"
#include "render/number_text.h"

namespace chainrule {
namespace {

constexpr std::size_t max_operations = 200;  // of a formula that is written into a node
constexpr int formula_width = 30;            // columns
constexpr std::size_t max_formula_lines = 3;
constexpr std::size_t max_numbers = 3;  // of a tensor

constexpr std::string_view value_colour = "#1f5fbf";
constexpr std::string_view gradient_colour = "#b3261e";
constexpr std::string_view faint_colour = "#6a7280";

// DejaVu comes with fontconfig on Debian; elsewhere the next one does.
constexpr std::string_view prologue = R"(digraph network {
  rankdir=LR; nodesep=0.22; ranksep=0.45; pad=0.2; bgcolor="white";
  fontname="DejaVu Sans,Helvetica,Arial,sans-serif"; fontsize=11; fontcolor="#6a7280"; labelloc=b;
  node [fontname="DejaVu Sans,Helvetica,Arial,sans-serif", fontsize=11, fontcolor="#1d2129",
        color="#8a919c", penwidth=1, margin="0.09,0.05", height=0.3];
  edge [color="#8a919c", arrowsize=0.6];
)";

enum class Kind : std::uint8_t { input, target, weight, constant, equation, output, objective };

std::string_view style_of(Kind kind) {
    switch (kind) {
    case Kind::input:
        return R"(shape=ellipse, style=filled, fillcolor="#e8f0fb", margin="0,0")";
    case Kind::target:
        return R"(shape=ellipse, style=filled, fillcolor="#eeeaf7", margin="0,0")";
    case Kind::weight:
        return R"(shape=box, style=filled, fillcolor="#fdf2d8")";
    case Kind::constant:
        return R"(shape=box, style=filled, fillcolor="#eeeeea")";
    case Kind::equation:
        return R"(shape=box, style="rounded,filled", fillcolor="#ffffff")";
    case Kind::output:
        return R"(shape=box, style="rounded,filled", fillcolor="#ffffff", penwidth=2)";
    case Kind::objective:
        return R"(shape=box, style=filled, fillcolor="#fbe9e7", color="#b3261e", peripheries=2)";
    }
    return "";
}

std::string coloured(std::string_view text, std::string_view colour) {
    return fmt::format(R"(<FONT COLOR="{}">{}</FONT>)", colour, escape_markup(text));
}

// `0.433217`, `[0.25, -1]`, `0.1, 0.2, 0.3, ...` (the shape stands beside the name).
std::string numbers_of(const Tensor& tensor) {
    if (tensor.is_scalar()) {
        return short_number(tensor.data[0]);
    }
    constexpr int digits = 4;
    std::string text;
    for (std::size_t i = 0; i < std::min(tensor.size(), max_numbers); ++i) {
        text += (i == 0 ? "" : ", ") + short_number(tensor.data[i], digits);
    }
    return "[" + text + (tensor.size() > max_numbers ? ", ...]" : "]");
}

// The layer that owns a node: `h` of `h.W`; empty for a node of the network's own.
std::string owner_of(const std::string& name) {
    const std::size_t dot = name.rfind('.');
    return dot == std::string::npos ? "" : name.substr(0, dot);
}

class Picture {
public:
    Picture(const Network& network, const PictureNumbers& numbers)
        : network_(network), graph_(network.graph), numbers_(numbers) {
        note(network.constants, Kind::constant);
        note(network.inputs, Kind::input);
        for (const Weight& weight : network.weights) {
            kinds_.emplace(weight.node, Kind::weight);
        }
        note(network.outputs, Kind::output);
        note(network.equations, Kind::equation);
        note(network.targets, Kind::target);
        if (network.objective.valid()) {
            kinds_.insert_or_assign(network.objective, Kind::objective);
        }
        find_frames();
    }

    std::string dot() {
        text_ = prologue;
        text_ += fmt::format("  label=<{}>;\n", caption());
        write_frame("");
        for (const auto& [id, kind] : kinds_) {
            for (const NodeId from : dependences(id)) {
                // What goes from equation to equation is kept straight; weights stand aside.
                text_ += fmt::format("  n{} -> n{}{};\n", from.index, id.index,
                                     graph_[from].op->is_leaf() ? "" : " [weight=8]");
            }
        }
        return std::move(text_) + "}\n";
    }

private:
    void note(const std::vector<NodeId>& nodes, Kind kind) {
        for (const NodeId id : nodes) {
            if (graph_.is_named(id)) {
                kinds_.emplace(id, kind);
            }
        }
    }

    // Frames, one inside the other: a name that owns others is in its own frame.
    void find_frames() {
        std::set<std::string> owners;
        for (const auto& [id, kind] : kinds_) {
            for (std::string owner = owner_of(graph_.name(id)); !owner.empty();
                 owner = owner_of(owner)) {
                owners.insert(owner);
            }
        }
        for (const std::string& owner : owners) {
            inner_frames_[owner_of(owner)].push_back(owner);
        }
        for (const auto& [id, kind] : kinds_) {
            const std::string& name = graph_.name(id);
            members_[owners.contains(name) ? name : owner_of(name)].push_back(id);
        }
    }

    // Depth is that of the dots in a name, which has at most 255 characters.
    void write_frame(const std::string& owner) {
        for (const NodeId id : members_[owner]) {
            write_node(id);
        }
        write_ranks(members_[owner]);
        for (const std::string& inner : inner_frames_[owner]) {
            text_ += fmt::format("  subgraph cluster_{} {{\n", ++frames_);
            text_ +=
                "  style=\"rounded,filled\"; color=\"#c9ccd2\"; fillcolor=\"#f6f6f2\"; "
                "labeljust=l; labelloc=t;\n";
            text_ += fmt::format("  label=<{}>;\n", coloured(frame_title(inner), faint_colour));
            write_frame(inner);
            text_ += "  }\n";
        }
    }

    // Weights stand below or above their first user, not before it: half the ranks, and the frames
    // of successive layers do not overlap.
    void write_ranks(const std::vector<NodeId>& members) {
        std::set<NodeId> placed;
        for (const NodeId user : members) {
            std::string rank;
            for (const NodeId from :
                 graph_[user].op->is_leaf() ? std::set<NodeId>{} : dependences(user)) {
                const Kind kind = kinds_.at(from);
                const bool given = kind == Kind::weight || kind == Kind::constant;
                const bool here = std::ranges::find(members, from) != members.end();
                if (given && here && placed.insert(from).second) {
                    rank += fmt::format(" n{};", from.index);
                }
            }
            if (!rank.empty()) {
                text_ += fmt::format("  {{ rank=same;{} n{}; }}\n", rank, user.index);
            }
        }
    }

    std::string frame_title(const std::string& owner) const {
        const auto id = graph_.find(owner);
        const WrittenCall* call = id ? graph_.written(*id) : nullptr;
        return call != nullptr ? owner + " = " + call->function + "(...)" : owner;
    }

    void write_node(NodeId id) {
        text_ +=
            fmt::format("  n{} [{}, label=<{}>];\n", id.index, style_of(kinds_.at(id)), label(id));
    }

    std::string label(NodeId id) const {
        const Type& type = graph_.type(id);
        std::string rows = "<B>" + escape_markup(graph_.name(id)) + "</B>";
        if (!type.is_scalar()) {
            rows += coloured(" " + to_string(type.shape), faint_colour);
        }
        if (!graph_[id].op->is_leaf()) {
            rows += formula(id);
        }
        rows += number_row(numbers_.values, id, value_colour);
        rows += number_row(numbers_.gradients, id, gradient_colour);
        return rows;
    }

    std::string formula(NodeId id) const {
        const FormulaOptions options{.definition = true, .unfold = {}, .as_written = every_call};
        if (formula_size(graph_, id, options) > max_operations) {
            return "<BR/>...";
        }
        std::vector<std::string> lines =
            wrap_text(write_formula(graph_, id, options), formula_width);
        if (lines.size() > max_formula_lines) {
            lines.resize(max_formula_lines);
            lines.back() += " ...";
        }
        std::string rows;
        for (const std::string& line : lines) {
            rows += "<BR/>" + escape_markup(line);
        }
        return rows;
    }

    static std::string number_row(const std::unordered_map<NodeId, Tensor>& numbers, NodeId id,
                                  std::string_view colour) {
        const auto found = numbers.find(id);
        return found == numbers.end() ? "" : "<BR/>" + coloured(numbers_of(found->second), colour);
    }

    std::string caption() const {
        // find_last_of gives npos without a slash, and npos + 1 is 0.
        std::string text = escape_markup(network_.file.substr(network_.file.find_last_of('/') + 1));
        if (!numbers_.values.empty()) {
            text += "    " + coloured("values", value_colour);
        }
        if (!numbers_.gradients.empty() && network_.objective.valid()) {
            text += "    " +
                    coloured("gradients of " + graph_.name(network_.objective), gradient_colour);
        }
        return text;
    }

    // The named nodes that `id` is computed from, with none between.
    std::set<NodeId> dependences(NodeId id) const {
        std::set<NodeId> found;
        std::set<NodeId> seen;
        std::vector<NodeId> open = graph_[id].operands;
        while (!open.empty()) {
            const NodeId operand = open.back();
            open.pop_back();
            if (kinds_.contains(operand)) {
                found.insert(operand);
            } else if (seen.insert(operand).second) {
                open.insert(open.end(), graph_[operand].operands.begin(),
                            graph_[operand].operands.end());
            }
        }
        return found;
    }

    const Network& network_;
    const Graph& graph_;
    const PictureNumbers& numbers_;
    std::map<NodeId, Kind> kinds_;
    std::map<std::string, std::vector<NodeId>> members_;
    std::map<std::string, std::vector<std::string>> inner_frames_;
    std::string text_;
    int frames_ = 0;
};

}  // namespace

std::string draw_dot(const Network& network, const PictureNumbers& numbers) {
    return Picture(network, numbers).dot();
}

std::string page_picture(const Network& network, const std::function<PictureNumbers()>& numbers) {
    constexpr std::size_t max_nodes = 60;
    if (network.graph.named().size() > max_nodes) {
        return "";
    }
    try {
        return layout_picture(draw_dot(network, numbers()), PictureFormat::svg);
    } catch (const UnsupportedError&) {
        return "";
    }
}

}  // namespace chainrule
