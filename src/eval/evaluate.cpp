#include "eval/evaluate.h"

#include "ops/rules.h"

namespace chainrule {
namespace {

template <class... Fs>
struct Overloaded : Fs... {
    using Fs::operator()...;
};

class Evaluation {
public:
    Evaluation(const Graph& graph, const BatchBindings& bindings, std::size_t batch_size)
        : graph_(graph), bindings_(bindings), batch_size_(batch_size) {}

    void run(std::span<const NodeId> roots) {
        for (const NodeId id : reachable(graph_, roots)) {
            values_.emplace(id, value_of(id));
        }
    }

    Batch& operator[](NodeId id) { return values_.at(id); }
    std::unordered_map<NodeId, Batch>& values() { return values_; }

private:
    std::size_t copies(NodeId id) const { return graph_.type(id).per_example ? batch_size_ : 1; }

    Batch value_of(NodeId id) {
        const Node& node = graph_[id];
        return std::visit(
            Overloaded{[&](GivenValue) { return given(id); },
                       [&](ElementFunction f) { return elementwise(id, node, f); },
                       [&](ExampleFunction f) { return example_by_example(id, node, f); },
                       [&](BatchFunction f) { return whole_batch(id, node, f); }},
            node.op->reference);
    }

    Batch given(NodeId id) const {
        const auto found = bindings_.find(id);
        if (found == bindings_.end()) {
            throw UserError(graph_.name(id) + " has no value", graph_.origin(id));
        }
        if (found->second.size() != copies(id)) {
            throw InternalError(graph_.name(id) + " was given " +
                                std::to_string(found->second.size()) + " values");
        }
        for (const Tensor& value : found->second) {
            if (value.shape != graph_.type(id).shape) {
                throw UserError("the value of " + graph_.name(id) + " has shape " +
                                    to_string(value.shape) + ", not " +
                                    to_string(graph_.type(id).shape),
                                graph_.origin(id));
            }
        }
        return found->second;
    }

    // Operand `i` for example `e`: a shared value is the same for every example.
    const Tensor& operand(const Node& node, std::size_t i, std::size_t e) const {
        const Batch& batch = values_.at(node.operands[i]);
        return batch.size() == 1 ? batch[0] : batch[e];
    }

    Batch elementwise(NodeId id, const Node& node, ElementFunction f) const {
        Batch result(copies(id), Tensor::filled(node.type.shape, 0));
        std::vector<double> x(node.operands.size());
        for (std::size_t e = 0; e < result.size(); ++e) {
            for (std::size_t k = 0; k < result[e].data.size(); ++k) {
                for (std::size_t i = 0; i < x.size(); ++i) {
                    x[i] = operand(node, i, e).data[k];
                }
                result[e].data[k] = f(x, node.attributes);
            }
        }
        return result;
    }

    Batch example_by_example(NodeId id, const Node& node, ExampleFunction f) const {
        Batch result(copies(id), Tensor::filled(node.type.shape, 0));
        std::vector<const Tensor*> x(node.operands.size());
        for (std::size_t e = 0; e < result.size(); ++e) {
            for (std::size_t i = 0; i < x.size(); ++i) {
                x[i] = &operand(node, i, e);
            }
            f({x, node.attributes, node.type, result[e]});
        }
        return result;
    }

    Batch whole_batch(NodeId id, const Node& node, BatchFunction f) const {
        Batch result(copies(id), Tensor::filled(node.type.shape, 0));
        std::vector<std::span<const Tensor>> x;
        for (const NodeId operand_id : node.operands) {
            x.emplace_back(values_.at(operand_id));
        }
        f({x, node.attributes, batch_size_, result});
        return result;
    }

    const Graph& graph_;
    const BatchBindings& bindings_;
    std::size_t batch_size_;
    std::unordered_map<NodeId, Batch> values_;
};

}  // namespace

std::unordered_map<NodeId, Tensor> evaluate_all(const Graph& graph, std::span<const NodeId> roots,
                                                const Bindings& bindings) {
    BatchBindings batches;
    for (const auto& [id, value] : bindings) {
        batches.emplace(id, Batch{value});
    }
    Evaluation evaluation(graph, batches, 1);
    evaluation.run(roots);
    std::unordered_map<NodeId, Tensor> values;
    for (auto& [id, batch] : evaluation.values()) {
        values.emplace(id, std::move(batch[0]));
    }
    return values;
}

std::vector<Tensor> evaluate(const Graph& graph, std::span<const NodeId> roots,
                             const Bindings& bindings) {
    const auto values = evaluate_all(graph, roots, bindings);
    std::vector<Tensor> results;
    for (const NodeId root : roots) {
        results.push_back(values.at(root));
    }
    return results;
}

std::vector<Batch> evaluate_batch(const Graph& graph, std::span<const NodeId> roots,
                                  const BatchBindings& bindings, std::size_t batch_size) {
    Evaluation evaluation(graph, bindings, batch_size);
    evaluation.run(roots);
    std::vector<Batch> results;
    for (const NodeId root : roots) {
        results.push_back(evaluation[root]);
    }
    return results;
}

}  // namespace chainrule
