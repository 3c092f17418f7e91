#include "ir/graph_text.h"

#include <algorithm>
#include <charconv>

#include "lang/overloaded.h"

namespace chainrule {
namespace {

std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        result += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    }
    return result + "\"";
}

// `[2, 2]{1, 2, 3, 4}`: a shape and its elements, so that an empty tensor keeps its shape.
std::string tensor_text(const Tensor& tensor) {
    std::string text = to_string(tensor.shape) + "{";
    for (std::size_t i = 0; i < tensor.data.size(); ++i) {
        text += (i == 0 ? "" : ", ") + format_number(tensor.data[i]);
    }
    return text + "}";
}

std::string attribute_text(const Attribute& attribute) {
    return std::visit(Overloaded{[](const std::string& text) { return quoted(text); },
                                 [](const Tensor& tensor) { return tensor_text(tensor); },
                                 [](const auto& other) { return to_string(Attribute(other)); }},
                      attribute);
}

std::string node_text(NodeId id) { return "%" + std::to_string(id.index); }

// Reads the pieces of one line, left to right.
class LineReader {
public:
    LineReader(std::string_view line, std::size_t number) : rest_(line), number_(number) {}

    [[noreturn]] void fail(const std::string& why) const {
        throw UserError("graph text, line " + std::to_string(number_) + ": " + why);
    }

    void skip_blanks() {
        while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\r')) {
            rest_.remove_prefix(1);
        }
    }

    bool take(std::string_view token) {
        skip_blanks();
        const bool there = rest_.starts_with(token);
        rest_.remove_prefix(there ? token.size() : 0);
        return there;
    }

    void expect(std::string_view token) {
        if (!take(token)) {
            fail("expected '" + std::string(token) + "' before '" +
                 std::string(rest_.substr(0, 20)) + "'");
        }
    }

    bool at_end() {
        skip_blanks();
        return rest_.empty();
    }

    std::string word() {
        skip_blanks();
        std::size_t length = 0;
        while (length < rest_.size() &&
               (std::isalnum(static_cast<unsigned char>(rest_[length])) != 0 ||
                rest_[length] == '_')) {
            ++length;
        }
        std::string text(rest_.substr(0, length));
        rest_.remove_prefix(length);
        return text;
    }

    std::string quoted_text() {
        expect("\"");
        std::string text;
        while (!rest_.empty() && rest_.front() != '"') {
            rest_.remove_prefix(rest_.front() == '\\' && rest_.size() > 1 ? 1 : 0);
            text += rest_.front();
            rest_.remove_prefix(1);
        }
        expect("\"");
        return text;
    }

    template <class T>
    T number() {
        skip_blanks();
        T value{};
        const auto [stop, error] =
            std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
        if (error != std::errc()) {
            fail("expected a number before '" + std::string(rest_.substr(0, 20)) + "'");
        }
        rest_.remove_prefix(static_cast<std::size_t>(stop - rest_.data()));
        return value;
    }

    NodeId node() {
        expect("%");
        return {number<std::uint32_t>()};
    }

    template <class T>
    std::vector<T> list(std::string_view open, std::string_view close) {
        std::vector<T> values;
        expect(open);
        while (!take(close)) {
            if (!values.empty()) {
                expect(",");
            }
            values.push_back(number<T>());
        }
        return values;
    }

    // At most 2^40 elements, as the language allows.
    Shape shape() {
        Shape shape = list<std::int64_t>("[", "]");
        constexpr std::int64_t most = std::int64_t{1} << 40;
        std::int64_t count = 1;
        for (const std::int64_t extent : shape) {
            if (extent < 0 || extent > most / count) {
                fail("no value has the shape " + to_string(shape));
            }
            count *= std::max<std::int64_t>(extent, 1);
        }
        return shape;
    }

    Tensor tensor() {
        Shape shape = this->shape();
        std::vector<double> data = list<double>("{", "}");
        if (static_cast<std::int64_t>(data.size()) != element_count(shape)) {
            fail("a tensor of shape " + to_string(shape) + " with " + std::to_string(data.size()) +
                 " elements");
        }
        return {std::move(shape), std::move(data)};
    }

    Type type() {
        Type type;
        const std::string kind = word();
        if (kind != "f32" && kind != "f64" && kind != "index") {
            fail("'" + kind + "' is no type: expected f32, f64 or index");
        }
        type.dtype = kind == "f32" ? DType::f32 : kind == "f64" ? DType::f64 : DType::index;
        type.row = take("row");
        skip_blanks();
        if (rest_.starts_with("[")) {
            type.shape = shape();
        }
        if (type.row && type.rank() != 1) {
            fail("a row has one axis, not " + to_string(type.shape));
        }
        if (take("class(")) {
            type.classes = number<std::int64_t>();
            expect(")");
            if (type.classes < 1 || !type.is_index()) {
                fail("a class label below " + std::to_string(type.classes));
            }
        }
        type.per_example = take("per example");
        return type;
    }

    Attribute attribute(const Attribute& kind) {
        return std::visit(
            Overloaded{[&](std::int64_t) { return Attribute(number<std::int64_t>()); },
                       [&](double) { return Attribute(number<double>()); },
                       [&](const std::string&) { return Attribute(quoted_text()); },
                       [&](const std::vector<std::int64_t>&) {
                           return Attribute(list<std::int64_t>("[", "]"));
                       },
                       [&](const Tensor&) { return Attribute(tensor()); },
                       [&](const Type&) { return Attribute(type()); }},
            kind);
    }

private:
    std::string_view rest_;
    std::size_t number_;
};

void read_node(LineReader& line, Graph& graph, const Op* (*find_op)(std::string_view)) {
    const NodeId id = line.node();
    line.expect("=");
    const std::string op_name = line.word();
    const Op* op = find_op(op_name);
    if (op == nullptr) {
        line.fail("no op is called '" + op_name + "'");
    }
    line.expect("(");
    std::vector<NodeId> operands;
    Attributes attributes;
    while (!line.take(")")) {
        if (!operands.empty() || !attributes.empty()) {
            line.expect(",");
        }
        line.skip_blanks();
        if (attributes.size() < op->attributes.size() &&
            line.take(std::string(op->attributes[attributes.size()].name) + "=")) {
            attributes.push_back(line.attribute(op->attributes[attributes.size()].initial));
            continue;
        }
        operands.push_back(line.node());
        if (operands.back().index >= graph.size()) {
            line.fail("an operand that no line before defines");
        }
    }
    const auto count = static_cast<int>(operands.size());
    if (count < op->arity.min || count > op->arity.max) {
        line.fail(op_name + " does not take " + std::to_string(count) + " operands");
    }
    std::string name;
    if (!line.take(":")) {
        name = line.quoted_text();
        line.expect(":");
    }
    if (!name.empty() && graph.find(name)) {
        line.fail("a second node called " + name);
    }
    const NodeId added = name.empty() ? graph.add(*op, operands, attributes)
                                      : graph.add_named(name, *op, operands, attributes);
    if (added != id || graph.type(added) != line.type() || !line.at_end()) {
        line.fail("the node is not the one that its number and type say");
    }
}

}  // namespace

std::string print_graph(const Graph& graph) {
    std::string text;
    for (std::uint32_t i = 0; i < graph.size(); ++i) {
        const Node& node = graph[{i}];
        std::string arguments;
        for (const NodeId operand : node.operands) {
            arguments += (arguments.empty() ? "" : ", ") + node_text(operand);
        }
        for (std::size_t k = 0; k < node.attributes.size(); ++k) {
            arguments += (arguments.empty() ? "" : ", ") +
                         std::string(node.op->attributes[k].name) + "=" +
                         attribute_text(node.attributes[k]);
        }
        const std::string& name = graph.name({i});
        text += node_text({i}) + " = " + std::string(node.op->name) + "(" + arguments + ")" +
                (name.empty() ? "" : " " + quoted(name)) + " : " + to_string(node.type) + "\n";
    }
    text += "outputs";
    for (const NodeId output : graph.outputs) {
        text += " " + node_text(output);
    }
    return text + "\n";
}

Graph parse_graph(std::string_view text, const Op* (*find_op)(std::string_view)) {
    Graph graph;
    std::size_t number = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        LineReader line(text.substr(0, end), ++number);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.at_end()) {
            continue;
        }
        try {
            if (line.take("outputs")) {
                while (!line.at_end()) {
                    graph.outputs.push_back(line.node());
                    if (graph.outputs.back().index >= graph.size()) {
                        line.fail("an output that no line defines");
                    }
                }
            } else {
                read_node(line, graph, find_op);
            }
        } catch (const ShapeError& error) {
            line.fail(error.what());
        } catch (const InternalError& error) {
            // What only a bug builds elsewhere is here the text's mistake.
            line.fail(error.what());
        }
    }
    return graph;
}

}  // namespace chainrule
