#include "train/forward.h"

#include <algorithm>
#include <optional>

#include "backend/compiled_graph.h"
#include "compile/compile.h"
#include "train/feed.h"
#include "train/leaf_memory.h"

namespace chainrule {
namespace {

class ReferenceForward final : public Forward {
public:
    ReferenceForward(const TrainSetup& setup, std::vector<NodeId> roots)
        : network_(setup.network),
          roots_(std::move(roots)),
          evaluator_(setup.objective.graph, roots_) {
        feed_constants(evaluator_, network_);
    }

    void set_weights(std::span<const Tensor> weights) override {
        feed_weights(evaluator_, network_, weights);
    }
    void run(const Dataset& data, std::span<const std::size_t> rows) override {
        feed_rows(evaluator_, network_, data, rows);
        evaluator_.run();
    }
    std::size_t most_rows() const override { return 128; }
    std::span<const double> value(std::size_t i, std::size_t example) const override {
        const std::span<const Tensor> values = evaluator_[roots_[i]];
        return values[values.size() == 1 ? 0 : example].data;
    }

private:
    const Network& network_;
    std::vector<NodeId> roots_;
    BatchEvaluator evaluator_;
};

class CompiledForward final : public Forward {
public:
    CompiledForward(const TrainSetup& setup, const std::vector<NodeId>& roots, const Dataset& like,
                    std::size_t most_rows)
        : network_(setup.network),
          most_rows_(most_rows),
          memory_(setup.network, setup.options.dtype),
          compiled_(plan_of(setup, roots, like), setup.pool) {
        memory_.bind([&](const std::string& leaf, void* at) { compiled_.bind(leaf, at); });
        for (const NodeId root : roots) {
            const Type& type = setup.objective.graph.type(root);
            values_.push_back({.size = static_cast<std::size_t>(element_count(type.shape)),
                               .per_example = type.per_example,
                               .numbers = {}});
        }
    }

    void set_weights(std::span<const Tensor> weights) override { memory_.set_weights(weights); }
    void run(const Dataset& data, std::span<const std::size_t> rows) override {
        bind_data(network_, data,
                  [&](const std::string& leaf, const void* at) { compiled_.bind_rows(leaf, at); });
        compiled_.run(as_compiled_rows(rows));
        for (std::size_t i = 0; i < values_.size(); ++i) {
            Value& value = values_[i];
            value.numbers.resize(value.size * (value.per_example ? rows.size() : 1));
            compiled_.read_output(i, value.numbers);
        }
    }
    std::size_t most_rows() const override { return most_rows_; }
    std::span<const double> value(std::size_t i, std::size_t example) const override {
        const Value& value = values_[i];
        return std::span(value.numbers)
            .subspan(value.per_example ? example * value.size : 0, value.size);
    }

private:
    // Of a root, for each example of the last run.
    struct Value {
        std::size_t size;
        bool per_example;
        std::vector<double> numbers;
    };

    Plan plan_of(const TrainSetup& setup, const std::vector<NodeId>& roots, const Dataset& like) {
        Graph graph = setup.objective.graph;
        graph.outputs = roots;
        return make_plan(graph, {.real = real_of(setup.options.dtype),
                                 .batch = static_cast<std::int64_t>(most_rows()),
                                 .formats = formats_of(setup.network, like)});
    }

    const Network& network_;
    std::size_t most_rows_;
    LeafMemory memory_;
    CompiledGraph compiled_;
    std::vector<Value> values_;
};

}  // namespace

std::unique_ptr<Forward> make_forward(const TrainSetup& setup, std::vector<NodeId> roots,
                                      const Dataset& like, std::size_t most_rows) {
    if (setup.options.backend == Backend::reference) {
        return std::make_unique<ReferenceForward>(setup, std::move(roots));
    }
    return std::make_unique<CompiledForward>(setup, roots, like, most_rows);
}

}  // namespace chainrule
