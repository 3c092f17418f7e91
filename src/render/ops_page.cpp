#include "render/ops_page.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "derive/derive.h"
#include "notation/formula.h"
#include "ops/rules.h"
#include "passes/simplify.h"

namespace chainrule {
namespace {

constexpr std::string_view introduction =
    R"(# The ops

Every op that chainrule knows, with its meaning and its derivative rule. This page is generated:
`chainrule ops > docs/ops.md`, and a test holds it to the op records.

A rule gives the gradient of the loss with respect to an operand, where $\delta$ is the gradient with
respect to the result $y$. It is what the reverse pass builds, simplified for reading.

)";

constexpr std::array operand_names{"a", "b", "c", "d"};

// The op on placeholders, y = f(a, b, ...), and its rules as nodes.
struct Specimen {
    Graph graph;
    NodeId y;
    std::vector<NodeId> operands;
};

std::optional<Specimen> specimen_of(const Op& op) {
    const std::vector<SampleCase> cases = op.sample.cases();
    const auto usable = [](const SampleCase& sample) {
        return !sample.operands.empty() && sample.operands.size() <= operand_names.size() &&
               std::ranges::none_of(sample.operands, [](const Type& type) {
                   return element_count(type.shape) == 0;
               });
    };
    const auto sample = std::ranges::find_if(cases, usable);
    if (sample == cases.end()) {
        return std::nullopt;
    }
    Specimen specimen;
    for (std::size_t i = 0; i < sample->operands.size(); ++i) {
        specimen.operands.push_back(specimen.graph.add_named(
            operand_names[i], leaf_op, {}, {std::string("input"), sample->operands[i]}));
    }
    specimen.y = specimen.graph.add_named("y", op, specimen.operands, sample->attributes);
    return specimen;
}

std::string meaning(const Specimen& specimen) {
    FormulaOptions options{Script::latex, true, {}, {}};
    const std::string latex = write_formula(specimen.graph, specimen.y, options);
    options.script = Script::text;
    return "$$y = " + latex + "$$\n\n`" + write_formula(specimen.graph, specimen.y, options) +
           "`\n\n";
}

std::string rule_line(const Op& op, const Specimen& specimen, std::size_t operand) {
    const std::string name = operand_names[operand];
    if (const auto* none = std::get_if<NotDifferentiable>(&op.gradient_of(operand))) {
        return "- with respect to $" + name + "$: none; " + std::string(none->reason) + "\n";
    }
    if (specimen.graph.type(specimen.operands[operand]).is_index()) {
        return "- with respect to $" + name + "$: none; it holds whole-number labels\n";
    }
    Graph graph = specimen.graph;
    const Expr dy = graph.expr(graph.add_named(
        "delta", leaf_op, {}, {std::string("cotangent"), Type(graph.type(specimen.y))}));
    const NodeId wrt[] = {specimen.operands[operand]};
    graph.outputs = {specimen.y, pull_back(graph, specimen.y, dy, wrt).gradients[0].id};
    graph = simplify(graph);
    FormulaOptions options;
    options.script = Script::latex;
    const std::string latex = write_formula(graph, graph.outputs[1], options);
    return "- $\\dfrac{\\partial L}{\\partial " + name + "} = " + latex + "$ — `" +
           write_formula(graph, graph.outputs[1]) + "`\n";
}

std::string attribute_line(const Op& op) {
    std::string text;
    for (const AttributeSpec& spec : op.attributes) {
        text += (text.empty() ? "Attributes: `" : ", `") + std::string(spec.name) +
                (spec.required ? "` (required)" : "` = `" + to_string(spec.initial) + "`");
    }
    return text.empty() ? "" : text + ".\n\n";
}

std::string onnx_line(const Op& op) {
    if (const auto* none = std::get_if<NoOnnx>(&op.onnx)) {
        return "ONNX: none; " + std::string(none->reason) + ".\n\n";
    }
    return "ONNX: `" + std::string(std::get<OnnxOperator>(op.onnx).name) + "`.\n\n";
}

std::string sentence(std::string_view text) {
    std::string result(text);
    result.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(result.front())));
    return result + ".";
}

// A bar would end the cell.
std::string table_cell(std::string_view text) {
    std::string result;
    for (const char c : text) {
        result += c == '|' ? std::string("\\|") : std::string(1, c);
    }
    return result;
}

std::string section(const Op& op) {
    std::string text = "## " + std::string(op.name) + "\n\n" + sentence(op.summary) + "\n\n";
    text += attribute_line(op);
    const auto specimen = specimen_of(op);
    if (specimen && !op.is_leaf()) {
        text += meaning(*specimen);
        // A variadic op has one rule for all its operands.
        const std::size_t count = std::min(specimen->operands.size(), op.gradient.size());
        for (std::size_t i = 0; i < count; ++i) {
            text += rule_line(op, *specimen, i);
        }
        text += "\n";
    }
    if (!op.sample.conventions.empty()) {
        text += "| where | what holds |\n|---|---|\n";
        for (const Convention& convention : op.sample.conventions) {
            text +=
                "| " + table_cell(convention.where) + " | " + table_cell(convention.holds) + " |\n";
        }
        text += "\n";
    }
    return text + onnx_line(op);
}

}  // namespace

std::string render_ops_page() {
    std::string text(introduction);
    for (const Op* op : all_ops()) {
        text += section(*op);
    }
    text.pop_back();
    return text;
}

}  // namespace chainrule
