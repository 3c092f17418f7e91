#include "eval/batch_evaluator.h"

#include <algorithm>
#include <stdexcept>
#include <variant>

#include "lang/overloaded.h"

namespace chainrule {
namespace {

bool is_given(const Op& op) { return std::holds_alternative<GivenValue>(op.reference); }

}  // namespace

BatchEvaluator::BatchEvaluator(const Graph& graph, std::span<const NodeId> roots)
    : graph_(graph), nodes_(reachable(graph, roots)) {
    slots_.reserve(nodes_.size());
    for (const NodeId id : nodes_) {
        slots_.push_back(make_slot(id));
        if (is_given(*graph[id].op)) {
            leaves_.push_back(id);
        } else if (slots_.back().fixed) {
            compute(slots_.back());
        }
    }
}

BatchEvaluator::Slot BatchEvaluator::make_slot(NodeId id) const {
    Slot slot;
    slot.node = &graph_[id];
    slot.fixed = !is_given(*slot.node->op) && !slot.node->type.per_example;
    for (const NodeId operand : slot.node->operands) {
        slot.operands.push_back(static_cast<std::uint32_t>(slot_of(operand)));
        slot.fixed = slot.fixed && slots_[slot.operands.back()].fixed;
    }
    slot.value.assign(1, Tensor::filled(slot.node->type.shape, 0));
    return slot;
}

std::size_t BatchEvaluator::slot_of(NodeId id) const {
    const auto found = std::ranges::lower_bound(nodes_, id);
    if (found == nodes_.end() || *found != id) {
        throw InternalError("node " + std::to_string(id.index) + " is not evaluated");
    }
    return static_cast<std::size_t>(found - nodes_.begin());
}

std::size_t BatchEvaluator::copies(const Slot& slot) const {
    return slot.node->type.per_example ? batch_size_ : 1;
}

void BatchEvaluator::set_batch_size(std::size_t batch_size) {
    batch_size_ = batch_size;
    for (Slot& slot : slots_) {
        if (slot.value.size() < copies(slot)) {
            slot.value.resize(copies(slot), Tensor::filled(slot.node->type.shape, 0));
        }
    }
}

std::span<Tensor> BatchEvaluator::leaf(NodeId id) {
    Slot& slot = slots_[slot_of(id)];
    return {slot.value.data(), copies(slot)};
}

std::span<const Tensor> BatchEvaluator::operator[](NodeId id) const {
    const Slot& slot = slots_[slot_of(id)];
    return {slot.value.data(), copies(slot)};
}

const Tensor& BatchEvaluator::value(NodeId id, std::size_t example) const {
    const Slot& slot = slots_[slot_of(id)];
    return slot.value[slot.node->type.per_example ? example : 0];
}

std::vector<Tensor> BatchEvaluator::take(NodeId id) {
    Slot& slot = slots_[slot_of(id)];
    slot.value.resize(copies(slot));
    return std::move(slot.value);
}

void BatchEvaluator::run(const Move& move) {
    for (Slot& slot : slots_) {
        if (slot.fixed || is_given(*slot.node->op)) {
            continue;
        }
        compute(slot);
        if (move) {
            move(*slot.node, {slot.value.data(), copies(slot)});
        }
    }
}

void BatchEvaluator::compute(Slot& slot) {
    std::visit(Overloaded{[](GivenValue) {}, [&](ElementFunction f) { elementwise(slot, f); },
                          [&](ExampleFunction f) { example_by_example(slot, f); },
                          [&](BatchFunction f) { whole_batch(slot, f); }},
               slot.node->op->reference);
}

// Operand `i` for one example.
const Tensor& BatchEvaluator::operand(const Slot& slot, std::size_t i, std::size_t example) const {
    const Slot& source = slots_[slot.operands[i]];
    return source.value[source.node->type.per_example ? example : 0];
}

void BatchEvaluator::elementwise(Slot& slot, ElementFunction f) {
    const std::size_t count = slot.operands.size();
    elements_.resize(count);
    element_.resize(count);
    for (std::size_t e = 0; e < copies(slot); ++e) {
        for (std::size_t i = 0; i < count; ++i) {
            elements_[i] = operand(slot, i, e).data.data();
        }
        std::vector<double>& result = slot.value[e].data;
        for (std::size_t k = 0; k < result.size(); ++k) {
            for (std::size_t i = 0; i < count; ++i) {
                element_[i] = elements_[i][k];
            }
            result[k] = f(element_, slot.node->attributes);
        }
    }
}

void BatchEvaluator::example_by_example(Slot& slot, ExampleFunction f) {
    tensors_.resize(slot.operands.size());
    for (std::size_t e = 0; e < copies(slot); ++e) {
        for (std::size_t i = 0; i < tensors_.size(); ++i) {
            tensors_[i] = &operand(slot, i, e);
        }
        std::ranges::fill(slot.value[e].data, 0.0);
        f({tensors_, slot.node->attributes, slot.node->type, slot.value[e]});
    }
}

void BatchEvaluator::whole_batch(Slot& slot, BatchFunction f) {
    batches_.clear();
    for (const std::uint32_t operand : slot.operands) {
        const Slot& source = slots_[operand];
        batches_.emplace_back(source.value.data(), copies(source));
    }
    const std::span<Tensor> result(slot.value.data(), copies(slot));
    for (Tensor& tensor : result) {
        std::ranges::fill(tensor.data, 0.0);
    }
    f({batches_, slot.node->attributes, batch_size_, result});
}

}  // namespace chainrule
