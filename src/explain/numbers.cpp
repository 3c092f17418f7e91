#include "explain/numbers.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "ops/build.h"

namespace chainrule {
namespace {

// A reader of `[[1, 2], [3, 4]]`; depth is bounded by the rank that makes sense.
class TensorReader {
public:
    TensorReader(std::string_view text, std::string_view what) : text_(text), what_(what) {}

    Tensor read() {
        Tensor tensor;
        tensor.data.clear();
        read_axis(tensor, 0);
        skip_blanks();
        if (place_ != text_.size()) {
            fail("unexpected '" + std::string(1, text_[place_]) + "'");
        }
        return tensor;
    }

private:
    [[noreturn]] void fail(const std::string& why) const {
        throw UserError(std::string(what_) + ": " + why + " at character " +
                        std::to_string(place_ + 1) +
                        "; a value is a number or an array of numbers, like [[1, 2], [3, 4]]");
    }

    void skip_blanks() {
        while (place_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[place_]))) {
            ++place_;
        }
    }

    bool take(char c) {
        skip_blanks();
        const bool there = place_ < text_.size() && text_[place_] == c;
        place_ += there ? 1 : 0;
        return there;
    }

    void read_axis(Tensor& tensor, std::size_t axis) {
        constexpr std::size_t max_rank = 16;
        if (!take('[')) {
            if (axis != tensor.shape.size() && !tensor.data.empty()) {
                fail("a number where a row is expected: the rows differ in depth");
            }
            tensor.data.push_back(read_number());
            return;
        }
        if (axis >= max_rank) {
            fail("too many nested brackets");
        }
        const bool first = tensor.data.empty() && tensor.shape.size() == axis;
        if (first) {
            tensor.shape.push_back(0);
        } else if (axis >= tensor.shape.size()) {
            fail("a row where a number is expected: the rows differ in depth");
        }
        std::int64_t count = 0;
        do {
            read_axis(tensor, axis + 1);
            ++count;
        } while (take(','));
        if (!take(']')) {
            fail("expected ',' or ']'");
        }
        if (tensor.shape[axis] == 0) {
            tensor.shape[axis] = count;
        } else if (tensor.shape[axis] != count) {
            fail("rows of " + std::to_string(tensor.shape[axis]) + " and " + std::to_string(count) +
                 " numbers");
        }
    }

    double read_number() {
        skip_blanks();
        const char* begin = text_.data() + place_;
        const char* end = text_.data() + text_.size();
        const char* start = begin != end && *begin == '+' ? begin + 1 : begin;
        double value = 0;
        const auto [stop, error] = std::from_chars(start, end, value);
        if (error == std::errc::result_out_of_range) {
            fail("a number that overflows a double");
        }
        if (error != std::errc() || stop == start) {
            fail("expected a number");
        }
        place_ += static_cast<std::size_t>(stop - begin);
        return value;
    }

    std::string_view text_;
    std::string_view what_;
    std::size_t place_ = 0;
};

void check_labels(const Graph& graph, NodeId leaf, const Tensor& value) {
    const Type& type = graph.type(leaf);
    if (!type.is_index()) {
        return;
    }
    for (const double label : value.data) {
        const bool below = type.classes == 0 || label < static_cast<double>(type.classes);
        if (std::trunc(label) != label || label < 0 || !below) {
            throw UserError("--at " + graph.name(leaf) + ": " + format_number(label) +
                            " is no label: labels are whole numbers from 0 to " +
                            std::to_string(type.classes - 1));
        }
    }
}

Tensor in_shape(const Tensor& value, const Shape& shape) {
    if (value.is_scalar() && !shape.empty()) {
        return Tensor::filled(shape, value.data[0]);
    }
    return value;
}

NodeId leaf_called(const Network& network, const std::string& name) {
    const Graph& graph = network.graph;
    const auto id = graph.find(name);
    if (id && graph[*id].op->is_leaf()) {
        return *id;
    }
    if (id) {
        throw UserError("--at " + name +
                        ": it is computed by its equation; give values to inputs, " +
                        "targets, weights and constants");
    }
    std::vector<std::string_view> leaves;
    for (const NodeId node : graph.named()) {
        if (graph[node].op->is_leaf()) {
            leaves.push_back(graph.name(node));
        }
    }
    const std::string_view near = nearest_name(name, leaves);
    throw UserError("--at " + name + ": the network has no such name" +
                    (near.empty() ? "" : "; did you mean " + std::string(near) + "?"));
}

}  // namespace

Tensor parse_tensor(std::string_view text, std::string_view what) {
    return TensorReader(text, what).read();
}

std::pair<std::string, Tensor> parse_at(std::string_view text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) {
        throw UserError("--at " + std::string(text) + ": expected NAME=VALUE, like x=0.5");
    }
    std::string name(text.substr(0, equals));
    name.erase(std::remove(name.begin(), name.end(), ' '), name.end());
    return {name, parse_tensor(text.substr(equals + 1), "--at " + name)};
}

Bindings given_values(const Network& network, const NamedValues& at) {
    Bindings values;
    for (const Weight& weight : network.weights) {
        if (weight.value) {
            values.insert_or_assign(weight.node,
                                    in_shape(*weight.value, network.graph.type(weight.node).shape));
        }
    }
    for (const auto& [id, value] : network.constant_values) {
        values.insert_or_assign(id, in_shape(value, network.graph.type(id).shape));
    }
    for (const auto& [name, value] : at) {
        const NodeId id = leaf_called(network, name);
        const Shape& shape = network.graph.type(id).shape;
        if (value.shape != shape) {
            throw UserError("--at " + name + ": the value has shape " + to_string(value.shape) +
                            ", and " + name + " is declared " + to_string(shape));
        }
        check_labels(network.graph, id, value);
        values.insert_or_assign(id, value);
    }
    return values;
}

std::vector<bool> computable_nodes(const Graph& graph, const Bindings& values) {
    std::vector<bool> computable(graph.size());
    for (std::uint32_t i = 0; i < graph.size(); ++i) {
        const Node& node = graph[{i}];
        const bool given = node.op != &leaf_op || values.contains({i});
        computable[i] = given && node.op != &apply_op &&
                        element_count(node.type.shape) <= max_evaluated_elements &&
                        std::ranges::all_of(node.operands, [&](NodeId operand) -> bool {
                            return computable[operand.index];
                        });
    }
    return computable;
}

double evaluation_cost(const Graph& graph, std::span<const NodeId> roots) {
    double cost = 0;
    for (const NodeId id : reachable(graph, roots)) {
        const Node& node = graph[id];
        const auto elements = [&](NodeId of) {
            return static_cast<double>(element_count(graph.type(of).shape));
        };
        const bool contracts =
            node.op == &matmul_op || node.op == &inverse_op || node.op == &logdet_op;
        if (contracts) {
            const NodeId first = node.operands[0];
            const auto inner = static_cast<double>(graph.type(first).shape.back());
            cost += inner * (node.op == &matmul_op ? elements(id) : elements(first));
        } else {
            cost += elements(id);
        }
    }
    return cost;
}

bool is_evaluable(const Graph& graph, std::span<const NodeId> roots) {
    return std::ranges::all_of(reachable(graph, roots), [&](NodeId id) {
        return element_count(graph.type(id).shape) <= max_evaluated_elements;
    });
}

}  // namespace chainrule
