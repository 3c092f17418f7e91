#include "notation/formula.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "notation/names.h"
#include "ops/rules.h"

namespace chainrule {
namespace {

Precedence tighter(Precedence p) {
    return static_cast<Precedence>(static_cast<std::uint8_t>(p) + 1);
}

std::string brackets(const std::string& text, Script script) {
    const bool tall = script == Script::latex && text.find("\\frac") != std::string::npos;
    return (tall ? "\\left(" : "(") + text + (tall ? "\\right)" : ")");
}

class Writer {
public:
    Writer(const Graph& graph, NodeId root, const FormulaOptions& options)
        : graph_(graph), root_(root), options_(options) {
        if (!graph.is_named(root)) {
            root_ = stripped(root, false, false);
        }
        find_parts();
    }

    std::string write() {
        for (const NodeId id : order_) {
            written_.emplace(id, write_node(id));
        }
        return std::move(written_.at(root_).text);
    }

    std::size_t size() {
        std::unordered_map<NodeId, std::size_t> sizes;
        for (const NodeId id : order_) {
            std::size_t size = 1;
            for (const NodeId part : parts_.at(id)) {
                size = std::min(size + sizes.at(part), max_formula_size);
            }
            sizes.emplace(id, size);
        }
        return sizes.at(root_);
    }

private:
    bool by_name(NodeId id) const {
        if (!graph_.is_named(id) || graph_.is_op(id, leaf_op)) {
            return graph_.is_named(id);
        }
        return !(id == root_ && options_.definition) && !(options_.unfold && options_.unfold(id));
    }

    const WrittenCall* call_of(NodeId id) const {
        const bool wanted = options_.as_written && options_.as_written(id);
        const WrittenCall* call = wanted ? graph_.written(id) : nullptr;
        // A node that was there before the call's arguments means more than this call.
        const bool older = call != nullptr &&
                           std::ranges::any_of(call->arguments, [&](NodeId a) { return a >= id; });
        return older ? nullptr : call;
    }

    bool is_implicit(NodeId id) const {
        return !by_name(id) && std::holds_alternative<ImplicitNotation>(graph_[id].op->notation);
    }

    // Past the nodes that the language inserts by itself: broadcasts and casts for the operands of
    // elementwise operations only.
    NodeId stripped(NodeId id, bool broadcasts, bool casts) const {
        while (is_implicit(id) && (broadcasts || !graph_.is_op(id, broadcast_op)) &&
               (casts || !graph_.is_op(id, cast_op))) {
            id = graph_[id].operands[0];
        }
        return id;
    }

    // Whether an elementwise node broadcasts these operands to its own type again.
    bool broadcasts_again(const Node& node, const std::vector<NodeId>& operands) const {
        std::vector<Type> types;
        for (const NodeId operand : operands) {
            types.push_back(graph_.type(operand));
        }
        const auto nameless = [](std::size_t) { return std::string(); };
        const Type type = broadcast_type(*node.op, {types, node.attributes, nameless});
        return type.shape == node.type.shape && type.row == node.type.row;
    }

    // The nodes that the formula of `id` shows as its operands.
    std::vector<NodeId> shown_operands(NodeId id) const {
        const Node& node = graph_[id];
        std::vector<NodeId> plain;
        std::vector<NodeId> bare;
        const auto& operands = call_of(id) != nullptr ? call_of(id)->arguments : node.operands;
        const bool elementwise =
            call_of(id) == nullptr && node.op->is_elementwise() && node.op != &cast_op;
        for (const NodeId operand : operands) {
            plain.push_back(stripped(operand, false, elementwise));
            bare.push_back(stripped(operand, true, elementwise));
        }
        const bool strips = elementwise && operands.size() > 1 && broadcasts_again(node, bare);
        return strips ? bare : plain;
    }

    void find_parts() {
        std::vector<NodeId> open{root_};
        std::set<NodeId> seen{root_};
        while (!open.empty()) {
            const NodeId id = open.back();
            open.pop_back();
            std::vector<NodeId>& parts = parts_[id];
            parts = by_name(id) ? std::vector<NodeId>{} : shown_operands(id);
            for (const NodeId part : parts) {
                ++uses_[part];
                if (seen.insert(part).second) {
                    open.push_back(part);
                }
            }
        }
        order_.assign(seen.begin(), seen.end());
    }

    // The text of a part: handed over if this is its last use, so that a long chain is never
    // copied.
    std::string take(NodeId part, Precedence at_least) {
        Written& written = written_.at(part);
        const bool last = --uses_.at(part) == 0;
        const bool bracketed = written.precedence < at_least;
        std::string text = last ? std::move(written.text) : written.text;
        if (bracketed) {
            text = brackets(text, options_.script);
        }
        return text;
    }

    Written write_node(NodeId id) {
        const bool latex = options_.script == Script::latex;
        if (by_name(id)) {
            return {latex ? latex_name(graph_.name(id)) : graph_.name(id), Precedence::atom};
        }
        const std::vector<NodeId>& parts = parts_.at(id);
        if (const WrittenCall* call = call_of(id)) {
            return write_call(latex ? latex_name(call->function) : call->function, parts, {});
        }
        const Node& node = graph_[id];
        if (const auto* infix = std::get_if<InfixNotation>(&node.op->notation)) {
            return write_infix(*infix, parts);
        }
        if (const auto* custom = std::get_if<NotationFunction>(&node.op->notation)) {
            return write_custom(*custom, node, parts);
        }
        if (graph_.is_op(id, identity_op)) {
            const Precedence precedence = written_.at(parts[0]).precedence;
            return {take(parts[0], precedence), precedence};
        }
        if (graph_.is_op(id, cast_op) && !latex) {
            // The language has no word for it: what makes a number of a label is to count with it.
            return {"1 * " + take(parts[0], tighter(Precedence::product)), Precedence::product};
        }
        const auto* call = std::get_if<CallNotation>(&node.op->notation);
        if (latex) {
            return write_template(
                call != nullptr ? call->latex : std::get<ImplicitNotation>(node.op->notation).latex,
                node, parts);
        }
        return write_call(std::string(spelling_of(*node.op)), parts,
                          attribute_texts(*node.op, node.attributes));
    }

    Written write_infix(const InfixNotation& infix, const std::vector<NodeId>& parts) {
        const bool latex = options_.script == Script::latex;
        // Comparisons do not chain.
        const bool chains = infix.precedence != Precedence::comparison;
        std::string text = take(parts[0], chains ? infix.precedence : tighter(infix.precedence));
        text += ' ';
        text += latex ? infix.latex : infix.symbol;
        text += infix.latex.empty() && latex ? "" : " ";
        text += take(parts[1], tighter(infix.precedence));
        return {std::move(text), infix.precedence};
    }

    Written write_custom(NotationFunction notation, const Node& node,
                         const std::vector<NodeId>& parts) {
        std::vector<Type> types;
        for (const NodeId part : parts) {
            types.push_back(graph_.type(part));
        }
        // A leaf is written by name; the only other name a notation sets is an abstract function's.
        const auto* function =
            node.attributes.empty() ? nullptr : std::get_if<std::string>(&node.attributes[0]);
        const std::string name = function == nullptr ? "" : latex_name(*function);
        return notation({options_.script, types, node.attributes, node.type, name,
                         [&](std::size_t i, Precedence p) { return take(parts[i], p); }});
    }

    Written write_call(const std::string& function, const std::vector<NodeId>& parts,
                       const std::vector<std::string>& attributes) {
        std::string text;
        for (const NodeId part : parts) {
            text += (text.empty() ? "" : ", ") + take(part, Precedence::comparison);
        }
        for (const std::string& attribute : attributes) {
            text += (text.empty() ? "" : ", ") + attribute;
        }
        return {function + brackets(text, options_.script), Precedence::atom};
    }

    // Fills {0}, {1}, ... with operands and {name} with attributes; {...} with all operands.
    Written write_template(std::string_view form, const Node& node,
                           const std::vector<NodeId>& parts) {
        std::string text;
        for (std::size_t i = 0; i < form.size(); ++i) {
            const std::size_t close = form[i] == '{' ? form.find('}', i) : std::string_view::npos;
            const std::string_view key =
                close == std::string_view::npos ? "" : form.substr(i + 1, close - i - 1);
            const auto filled = fill(key, text, node, parts);
            if (filled) {
                text += *filled;
                i = close;
            } else {
                text += form[i];
            }
        }
        return {stretched(text), Precedence::atom};
    }

    std::optional<std::string> fill(std::string_view key, std::string_view before, const Node& node,
                                    const std::vector<NodeId>& parts) {
        if (key == "...") {
            std::string all;
            for (const NodeId part : parts) {
                all += (all.empty() ? "" : ", ") + take(part, Precedence::comparison);
            }
            return all;
        }
        if (key.size() == 1 && key[0] >= '0' &&
            static_cast<std::size_t>(key[0] - '0') < parts.size()) {
            const std::size_t end = before.find_last_not_of(' ');
            const bool enclosed =
                end != std::string_view::npos &&
                std::string_view("({,|[").find(before[end]) != std::string_view::npos;
            return take(parts[static_cast<std::size_t>(key[0] - '0')],
                        enclosed ? Precedence::comparison : Precedence::atom);
        }
        for (std::size_t i = 0; i < node.attributes.size(); ++i) {
            if (node.op->attributes[i].name == key) {
                return to_string(node.attributes[i]);
            }
        }
        return std::nullopt;
    }

    // Brackets around a fraction grow with it.
    static std::string stretched(const std::string& text) {
        if (text.find("\\frac") == std::string::npos) {
            return text;
        }
        std::string result;
        for (std::size_t i = 0; i < text.size(); ++i) {
            const bool sized = result.ends_with("\\left") || result.ends_with("\\right");
            if (text[i] == '(' && !sized) {
                result += "\\left(";
            } else if (text[i] == ')' && !sized) {
                result += "\\right)";
            } else {
                result += text[i];
            }
        }
        return result;
    }

    const Graph& graph_;
    NodeId root_;
    const FormulaOptions& options_;
    std::unordered_map<NodeId, std::vector<NodeId>> parts_;
    std::unordered_map<NodeId, std::size_t> uses_;
    std::vector<NodeId> order_;
    std::unordered_map<NodeId, Written> written_;
};

}  // namespace

std::string write_formula(const Graph& graph, NodeId root, const FormulaOptions& options) {
    Writer writer(graph, root, options);
    if (writer.size() >= max_formula_size) {
        throw UnsupportedError("writing out a formula of more than a million operations");
    }
    return writer.write();
}

std::size_t formula_size(const Graph& graph, NodeId root, const FormulaOptions& options) {
    return Writer(graph, root, options).size();
}

}  // namespace chainrule
