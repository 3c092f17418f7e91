#include "train/check_passes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "backend/compiled_graph.h"
#include "backend/native.h"
#include "eval/evaluate.h"
#include "ir/random.h"
#include "ops/op_list.h"

namespace chainrule {
namespace {

constexpr std::size_t examples = 5;

// Numbers in 0.1 .. 0.9, which most functions take, or as many times smaller that no sum saturates a
// sigmoid: by ten, and a weight by its longest axis too, along which products are summed.
enum class Leaves : std::uint8_t { ordinary, small };

double scale_of(const Type& type, Leaves leaves) {
    if (leaves == Leaves::ordinary) {
        return 1;
    }
    return type.per_example || type.is_scalar()
               ? 0.1
               : 0.1 / static_cast<double>(std::max<std::int64_t>(1, std::ranges::max(type.shape)));
}

// Class labels are below the number of classes.
Tensor drawn(const Type& type, std::string_view name, std::uint64_t example, Leaves leaves) {
    const RandomStream numbers(1, stream_id(name, example));
    const double scale = scale_of(type, leaves);
    Tensor tensor = Tensor::filled(type.shape, 0);
    for (std::size_t i = 0; i < tensor.data.size(); ++i) {
        tensor.data[i] =
            type.classes > 0
                ? static_cast<double>(numbers.below(i, static_cast<std::uint64_t>(type.classes)))
                : static_cast<double>(static_cast<float>(scale * numbers.uniform(i, 0.1, 0.9)));
    }
    return tensor;
}

BatchBindings drawn_leaves(const Graph& graph, std::size_t batch,
                           Leaves leaves = Leaves::ordinary) {
    BatchBindings values;
    for (const NodeId id : graph.named()) {
        if (graph.is_op(id, leaf_op)) {
            const Type& type = graph.type(id);
            for (std::size_t e = 0; e < (type.per_example ? batch : 1); ++e) {
                values[id].push_back(drawn(type, graph.name(id), e, leaves));
            }
        }
    }
    return values;
}

std::vector<Batch> values_of(const Graph& graph, std::size_t batch,
                             Leaves leaves = Leaves::ordinary) {
    return evaluate_batch(graph, graph.outputs, drawn_leaves(graph, batch, leaves), batch);
}

bool differs(double got, double wanted, double tolerance) {
    if (std::isnan(wanted)) {
        return !std::isnan(got);
    }
    // An infinity is within any share of itself of every number.
    return got != wanted &&
           !(std::isfinite(wanted) &&
             std::abs(got - wanted) <= tolerance * std::max(1.0, std::abs(wanted)));
}

[[noreturn]] void accuse(const std::string& stage, std::size_t output, double got, double wanted) {
    throw InternalError(fmt::format("{} changes output {}: {} is computed where {} was", stage,
                                    output, got, wanted));
}

// The drawn leaves as compiled code takes them: the numbers of all examples, one after the other.
class DrawnMemory {
public:
    DrawnMemory(const Graph& graph, std::size_t batch, ScalarKind real)
        : single_(real == ScalarKind::f32) {
        for (const auto& [leaf, tensors] : drawn_leaves(graph, batch)) {
            std::vector<double>& numbers = doubles_[graph.name(leaf)];
            for (const Tensor& tensor : tensors) {
                numbers.insert(numbers.end(), tensor.data.begin(), tensor.data.end());
            }
            floats_[graph.name(leaf)].assign(numbers.begin(), numbers.end());
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

// `got(i)` is number i of the output's tensors, laid one behind the other.
template <class Got>
void compare(const std::string& stage, std::size_t output, const Batch& wanted, ScalarKind real,
             const Got& got) {
    std::size_t place = 0;
    for (const Tensor& tensor : wanted) {
        for (const double x : tensor.data) {
            const double found = got(place++);
            if (differs(found, x, real == ScalarKind::f32 ? 1e-3 : 1e-9)) {
                accuse(stage, output, found, x);
            }
        }
    }
}

void compare_graphs(const Graph& before, const Graph& after, const std::string& pass,
                    Leaves leaves) {
    const std::vector<Batch> wanted = values_of(before, examples, leaves);
    const std::vector<Batch> got = values_of(after, examples, leaves);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        for (std::size_t e = 0; e < wanted[i].size(); ++e) {
            for (std::size_t k = 0; k < wanted[i][e].data.size(); ++k) {
                const double x = wanted[i][e].data[k];
                const double found = got[i][e].data[k];
                const bool differ = leaves == Leaves::ordinary
                                        ? differs(found, x, 1e-9)
                                        : std::isfinite(x) && differs(found, x, 1e-6);
                if (differ) {
                    accuse("the pass " + pass, i, found, x);
                }
            }
        }
    }
}

}  // namespace

void check_same_values(const Graph& before, const Graph& after, const std::string& pass) {
    compare_graphs(before, after, pass, Leaves::ordinary);
}

void check_same_losses(const Graph& written, const Graph& computed, const std::string& pass) {
    compare_graphs(written, computed, pass, Leaves::small);
}

void check_plan(const Graph& graph, const Plan& plan) {
    const auto batch = static_cast<std::size_t>(plan.batch);
    const std::vector<Batch> wanted = values_of(graph, batch);
    ThreadPool pool(1);
    CompiledGraph compiled(plan, pool);
    DrawnMemory memory(graph, batch, plan.real);
    for (const LeafPlan& leaf : plan.leaves) {
        compiled.bind(leaf.name, memory.at(leaf.name));
    }
    compiled.run(first_rows(batch));
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        compare("compiled code", i, wanted[i], plan.real,
                [&](std::size_t place) { return compiled.output_number(i, place); });
    }
}

void check_loop(const Graph& graph, std::span<const StateUpdate> updates,
                const TensorProgram& loop) {
    const auto batch = static_cast<std::size_t>(loop.batch);
    const std::vector<Batch> wanted = values_of(graph, batch);
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
        compare("the compiled loop", output, wanted[output], loop.real,
                [&](std::size_t place) { return memory.number(graph.name(update.leaf), place); });
    }
}

}  // namespace chainrule
