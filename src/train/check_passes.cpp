#include "train/check_passes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "backend/compiled_graph.h"
#include "backend/native.h"
#include "eval/batch_evaluator.h"
#include "ir/random.h"
#include "ops/op_list.h"
#include "passes/told_places.h"

namespace chainrule {
namespace {

constexpr std::size_t examples = 5;

// Numbers in 0.1 .. 0.9, which most functions take, or as many times smaller that no sum saturates
// a sigmoid: by ten, and a weight by its longest axis too, along which products are summed.
enum class Leaves : std::uint8_t { ordinary, small };

double scale_of(const Type& type, Leaves leaves) {
    if (leaves == Leaves::ordinary) {
        return 1;
    }
    return type.per_example || type.is_scalar()
               ? 0.1
               : 0.1 / static_cast<double>(std::max<std::int64_t>(1, std::ranges::max(type.shape)));
}

// Labels below the number of classes, and places that there are.
Tensor drawn(const Graph& graph, NodeId leaf, std::uint64_t example, Leaves leaves) {
    const Type& type = graph.type(leaf);
    const std::string& name = graph.name(leaf);
    const std::int64_t below = places_told_by(graph, leaf).value_or(type.classes);
    const RandomStream numbers(1, stream_id(name, example));
    const double scale = scale_of(type, leaves);
    Tensor tensor = Tensor::filled(type.shape, 0);
    for (std::size_t i = 0; i < tensor.data.size(); ++i) {
        tensor.data[i] =
            below > 0
                ? static_cast<double>(numbers.below(i, static_cast<std::uint64_t>(below)))
                : static_cast<double>(static_cast<float>(scale * numbers.uniform(i, 0.1, 0.9)));
    }
    return tensor;
}

std::vector<Tensor> drawn_examples(const Graph& graph, NodeId leaf, std::size_t batch,
                                   Leaves leaves) {
    const Type& type = graph.type(leaf);
    std::vector<Tensor> tensors;
    for (std::size_t e = 0; e < (type.per_example ? batch : 1); ++e) {
        tensors.push_back(drawn(graph, leaf, e, leaves));
    }
    return tensors;
}

// Of each output the numbers of all examples, one behind the other.
using OutputNumbers = std::vector<std::vector<double>>;

OutputNumbers outputs_of(const Graph& graph, std::size_t batch, Leaves leaves,
                         const BatchEvaluator::Move& move = {}) {
    BatchEvaluator evaluator(graph, graph.outputs);
    evaluator.set_batch_size(batch);
    for (const NodeId leaf : evaluator.leaves()) {
        std::ranges::move(drawn_examples(graph, leaf, batch, leaves), evaluator.leaf(leaf).begin());
    }
    evaluator.run(move);
    OutputNumbers outputs;
    for (const NodeId output : graph.outputs) {
        std::vector<double>& numbers = outputs.emplace_back();
        for (const Tensor& tensor : evaluator[output]) {
            numbers.insert(numbers.end(), tensor.data.begin(), tensor.data.end());
        }
    }
    return outputs;
}

// Moves each number that is computed by one unit in its last place, up or down at random.
class RandomRounding {
public:
    RandomRounding(ScalarKind real, std::uint64_t sample)
        : unit_(real == ScalarKind::f32 ? 0x1p-23 : 0x1p-52),
          signs_(1, stream_id("rounding", sample)) {}

    void operator()(const Node& node, std::span<Tensor> value) {
        if (node.type.is_index()) {
            return;
        }
        for (Tensor& tensor : value) {
            for (double& x : tensor.data) {
                x *= 1 + (signs_.bits(drawn_++) % 2 == 0 ? unit_ : -unit_);
            }
        }
    }

private:
    double unit_;
    RandomStream signs_;
    std::uint64_t drawn_ = 0;
};

// What a graph's outputs are at drawn leaves, and which other numbers are the same but for
// rounding: those nearer than a fixed tolerance, and where the graph's own rounding moves an output
// further (1 - sigmoid(x) at a steep x), those nearer than that. How far it moves one is seen by
// evaluating the graph again with other roundings (Parker, Monte Carlo Arithmetic, 1997).
class Expected {
public:
    Expected(const Graph& graph, std::size_t batch, ScalarKind real, Leaves leaves)
        : graph_(graph),
          batch_(batch),
          real_(real),
          leaves_(leaves),
          outputs_(outputs_of(graph, batch, leaves)) {}

    const OutputNumbers& outputs() const { return outputs_; }

    bool refuses(std::size_t output, std::size_t place, double got) {
        const double wanted = outputs_[output][place];
        const double size = std::isfinite(wanted) ? std::max(1.0, std::abs(wanted)) : 0;
        const double tolerance = (real_ == ScalarKind::f32 ? 1e-3 : 1e-9) * size;
        // Roundings between the sums and products of one node and those of its parts.
        constexpr double roundings = 100;
        return distance(got, wanted) > tolerance &&
               distance(got, wanted) > tolerance + roundings * moved(output, place);
    }

private:
    // Of what is not finite from all that it is not, infinite.
    static double distance(double x, double y) {
        if (x == y || (std::isnan(x) && std::isnan(y))) {
            return 0;
        }
        const double difference = std::abs(x - y);
        return std::isfinite(difference) ? difference : std::numeric_limits<double>::infinity();
    }

    double moved(std::size_t output, std::size_t place) {
        constexpr std::uint64_t samples = 4;
        for (std::uint64_t sample = samples_.size(); sample < samples; ++sample) {
            samples_.push_back(outputs_of(graph_, batch_, leaves_, RandomRounding(real_, sample)));
        }
        double farthest = 0;
        for (const OutputNumbers& sample : samples_) {
            farthest = std::max(farthest, distance(sample[output][place], outputs_[output][place]));
        }
        return farthest;
    }

    const Graph& graph_;
    std::size_t batch_;
    ScalarKind real_;
    Leaves leaves_;
    OutputNumbers outputs_;
    std::vector<OutputNumbers> samples_;  // by other roundings; only where they are asked for
};

[[noreturn]] void accuse(const std::string& stage, std::size_t output, double got, double wanted) {
    throw InternalError(fmt::format("{} changes output {}: {} is computed where {} was", stage,
                                    output, got, wanted));
}

// The drawn leaves as compiled code takes them: the numbers of all examples, one after the other.
class DrawnMemory {
public:
    DrawnMemory(const Graph& graph, std::size_t batch, ScalarKind real)
        : single_(real == ScalarKind::f32) {
        for (const NodeId id : graph.named()) {
            if (!graph.is_op(id, leaf_op)) {
                continue;
            }
            std::vector<double>& numbers = doubles_[graph.name(id)];
            for (const Tensor& tensor : drawn_examples(graph, id, batch, Leaves::ordinary)) {
                numbers.insert(numbers.end(), tensor.data.begin(), tensor.data.end());
            }
            floats_[graph.name(id)].assign(numbers.begin(), numbers.end());
        }
    }

    void* at(const std::string& leaf) {
        return single_ ? static_cast<void*>(floats_.at(leaf).data()) : doubles_.at(leaf).data();
    }
    double number(const std::string& leaf, std::size_t i) const {
        return single_ ? static_cast<double>(floats_.at(leaf)[i]) : doubles_.at(leaf)[i];
    }

private:
    bool single_;
    std::map<std::string, std::vector<float>> floats_;
    std::map<std::string, std::vector<double>> doubles_;
};

std::vector<std::int64_t> first_rows(std::size_t count) {
    std::vector<std::int64_t> rows(count);
    std::iota(rows.begin(), rows.end(), std::int64_t{0});
    return rows;
}

// `got(i)` is number i of the output.
template <class Got>
void compare(const std::string& stage, Expected& expected, std::size_t output, const Got& got) {
    const std::vector<double>& wanted = expected.outputs()[output];
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const double found = got(i);
        if (expected.refuses(output, i, found)) {
            accuse(stage, output, found, wanted[i]);
        }
    }
}

void compare_graphs(const Graph& before, const Graph& after, const std::string& pass, Leaves leaves,
                    bool finite_only = false) {
    Expected expected(before, examples, ScalarKind::f64, leaves);
    const OutputNumbers got = outputs_of(after, examples, leaves);
    for (std::size_t i = 0; i < got.size(); ++i) {
        compare("the pass " + pass, expected, i, [&](std::size_t place) {
            const double wanted = expected.outputs()[i][place];
            return finite_only && !std::isfinite(wanted) ? wanted : got[i][place];
        });
    }
}

}  // namespace

void check_same_values(const Graph& before, const Graph& after, const std::string& pass) {
    for (const Leaves leaves : {Leaves::ordinary, Leaves::small}) {
        compare_graphs(before, after, pass, leaves);
    }
}

void check_same_losses(const Graph& written, const Graph& computed, const std::string& pass) {
    compare_graphs(written, computed, pass, Leaves::small, /*finite_only=*/true);
}

void check_plan(const Graph& graph, const Plan& plan) {
    const auto batch = static_cast<std::size_t>(plan.batch);
    Expected expected(graph, batch, plan.real, Leaves::ordinary);
    ThreadPool pool(1);
    CompiledGraph compiled(plan, pool);
    DrawnMemory memory(graph, batch, plan.real);
    for (const LeafPlan& leaf : plan.leaves) {
        compiled.bind(leaf.name, memory.at(leaf.name));
    }
    compiled.run(first_rows(batch));
    for (std::size_t i = 0; i < expected.outputs().size(); ++i) {
        compare("compiled code", expected, i,
                [&](std::size_t place) { return compiled.output_number(i, place); });
    }
}

void check_loop(const Graph& graph, std::span<const StateUpdate> updates,
                const TensorProgram& loop) {
    const auto batch = static_cast<std::size_t>(loop.batch);
    Expected expected(graph, batch, loop.real, Leaves::ordinary);
    DrawnMemory memory(graph, batch, loop.real);
    std::vector<void*> leaves;
    for (const LeafPlan& leaf : loop.leaves) {
        leaves.push_back(memory.at(leaf.name));
    }
    const auto code = native_backend().compile_loop(loop, false);
    code->run(leaves.data(), first_rows(batch).data(), 1);
    for (const StateUpdate& update : updates) {
        const auto output = static_cast<std::size_t>(
            std::ranges::find(graph.outputs, update.value) - graph.outputs.begin());
        compare("the compiled loop", expected, output,
                [&](std::size_t place) { return memory.number(graph.name(update.leaf), place); });
    }
}

}  // namespace chainrule
