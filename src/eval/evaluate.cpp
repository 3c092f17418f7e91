#include "eval/evaluate.h"

#include "eval/batch_evaluator.h"

namespace chainrule {
namespace {

void give(BatchEvaluator& evaluator, const Graph& graph, NodeId id,
          std::span<const Tensor> values) {
    const std::span<Tensor> places = evaluator.leaf(id);
    if (values.size() != places.size()) {
        throw InternalError(graph.name(id) + " was given " + std::to_string(values.size()) +
                            " values");
    }
    for (std::size_t e = 0; e < values.size(); ++e) {
        if (values[e].shape != graph.type(id).shape) {
            throw UserError("the value of " + graph.name(id) + " has shape " +
                                to_string(values[e].shape) + ", not " +
                                to_string(graph.type(id).shape),
                            graph.origin(id));
        }
        places[e] = values[e];
    }
}

// Gives each leaf its tensors and runs. `find(id)` is empty where there are none.
template <class Find>
void run_with(BatchEvaluator& evaluator, const Graph& graph, std::size_t batch_size,
              const Find& find) {
    evaluator.set_batch_size(batch_size);
    for (const NodeId id : evaluator.leaves()) {
        const std::span<const Tensor> values = find(id);
        if (values.data() == nullptr) {
            throw UserError(graph.name(id) + " has no value", graph.origin(id));
        }
        give(evaluator, graph, id, values);
    }
    evaluator.run();
}

void run_with(BatchEvaluator& evaluator, const Graph& graph, const Bindings& bindings) {
    run_with(evaluator, graph, 1, [&](NodeId id) {
        const auto found = bindings.find(id);
        return found == bindings.end() ? std::span<const Tensor>()
                                       : std::span<const Tensor>(&found->second, 1);
    });
}

}  // namespace

std::unordered_map<NodeId, Tensor> evaluate_all(const Graph& graph, std::span<const NodeId> roots,
                                                const Bindings& bindings) {
    BatchEvaluator evaluator(graph, roots);
    run_with(evaluator, graph, bindings);
    std::unordered_map<NodeId, Tensor> values;
    values.reserve(evaluator.nodes().size());
    for (const NodeId id : evaluator.nodes()) {
        values.emplace(id, std::move(evaluator.take(id)[0]));
    }
    return values;
}

std::vector<Tensor> evaluate(const Graph& graph, std::span<const NodeId> roots,
                             const Bindings& bindings) {
    BatchEvaluator evaluator(graph, roots);
    run_with(evaluator, graph, bindings);
    std::vector<Tensor> results;
    for (const NodeId root : roots) {
        results.push_back(evaluator[root][0]);
    }
    return results;
}

std::vector<Batch> evaluate_batch(const Graph& graph, std::span<const NodeId> roots,
                                  const BatchBindings& bindings, std::size_t batch_size) {
    BatchEvaluator evaluator(graph, roots);
    run_with(evaluator, graph, batch_size, [&](NodeId id) {
        const auto found = bindings.find(id);
        return found == bindings.end() ? std::span<const Tensor>()
                                       : std::span<const Tensor>(found->second);
    });
    std::vector<Batch> results;
    for (const NodeId root : roots) {
        const std::span<const Tensor> value = evaluator[root];
        results.emplace_back(value.begin(), value.end());
    }
    return results;
}

}  // namespace chainrule
