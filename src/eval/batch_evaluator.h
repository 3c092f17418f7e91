// A graph prepared to be evaluated many times, as training does: the nodes that the roots need
// stand in one list, each with a place for its value, and the places are used again by every run.
//
// A per-example node has one tensor for each example of the batch, a shared one has one. What
// depends on no leaf is computed once. The graph must outlive the evaluator and not change
// meanwhile.
//
//     BatchEvaluator evaluator(graph, roots);
//     evaluator.set_batch_size(32);
//     evaluator.leaf(x)[i].data = ...;         // every leaf that leaves() names
//     evaluator.run();
//     evaluator[root][0]
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "ir/graph.h"

namespace chainrule {

class BatchEvaluator {
public:
    BatchEvaluator(const Graph& graph, std::span<const NodeId> roots);

    const Graph& graph() const { return graph_; }

    // What run() computes or is given, ascending; and which of it is given.
    std::span<const NodeId> nodes() const { return nodes_; }
    std::span<const NodeId> leaves() const { return leaves_; }

    // 1 at first. The values of per-example leaves have to be given again.
    void set_batch_size(std::size_t batch_size);
    std::size_t batch_size() const { return batch_size_; }

    // The tensors of a leaf, in its shape, to be filled. They keep their numbers from run to run.
    std::span<Tensor> leaf(NodeId id);

    // Told each value that run() computes from others, which it may move, as another rounding
    // would.
    using Move = std::function<void(const Node& node, std::span<Tensor> value)>;
    void run(const Move& move = {});

    // The value of one of nodes().
    std::span<const Tensor> operator[](NodeId id) const;
    // For one example: a shared value is the same for every example.
    const Tensor& value(NodeId id, std::size_t example) const;

    // The same to be moved out; the next run() needs a new evaluator.
    std::vector<Tensor> take(NodeId id);

private:
    struct Slot {
        const Node* node = nullptr;
        std::vector<std::uint32_t> operands;  // their slots
        bool fixed = false;                   // depends on no leaf and no batch
        std::vector<Tensor> value;            // as many as the largest batch had examples
    };

    Slot make_slot(NodeId id) const;
    std::size_t slot_of(NodeId id) const;
    std::size_t copies(const Slot& slot) const;
    const Tensor& operand(const Slot& slot, std::size_t i, std::size_t example) const;
    void compute(Slot& slot);
    void elementwise(Slot& slot, ElementFunction f);
    void example_by_example(Slot& slot, ExampleFunction f);
    void whole_batch(Slot& slot, BatchFunction f);

    const Graph& graph_;
    std::size_t batch_size_ = 1;
    std::vector<NodeId> nodes_;
    std::vector<NodeId> leaves_;
    std::vector<Slot> slots_;  // one per node of nodes_
    std::vector<const double*>
        elements_;  // the operands of an elementwise op, and one element each
    std::vector<double> element_;
    std::vector<const Tensor*> tensors_;
    std::vector<std::span<const Tensor>> batches_;
};

}  // namespace chainrule
