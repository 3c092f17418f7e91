#include "train/check_passes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "backend/compiled_graph.h"
#include "eval/evaluate.h"
#include "ir/random.h"
#include "ops/op_list.h"

namespace chainrule {
namespace {

constexpr std::size_t examples = 5;

// Numbers in 0.1 .. 0.9, which most functions take; class labels below the number of classes.
Tensor drawn(const Type& type, std::string_view name, std::uint64_t example) {
    const RandomStream numbers(1, stream_id(name, example));
    Tensor tensor = Tensor::filled(type.shape, 0);
    for (std::size_t i = 0; i < tensor.data.size(); ++i) {
        tensor.data[i] =
            type.classes > 0
                ? static_cast<double>(numbers.below(i, static_cast<std::uint64_t>(type.classes)))
                : static_cast<double>(static_cast<float>(numbers.uniform(i, 0.1, 0.9)));
    }
    return tensor;
}

BatchBindings drawn_leaves(const Graph& graph, std::size_t batch) {
    BatchBindings values;
    for (const NodeId id : graph.named()) {
        if (graph.is_op(id, leaf_op)) {
            const Type& type = graph.type(id);
            for (std::size_t e = 0; e < (type.per_example ? batch : 1); ++e) {
                values[id].push_back(drawn(type, graph.name(id), e));
            }
        }
    }
    return values;
}

std::vector<Batch> values_of(const Graph& graph, std::size_t batch) {
    return evaluate_batch(graph, graph.outputs, drawn_leaves(graph, batch), batch);
}

bool differs(double got, double wanted, double tolerance) {
    if (std::isnan(wanted)) {
        return !std::isnan(got);
    }
    return !(got == wanted ||
             std::abs(got - wanted) <= tolerance * std::max(1.0, std::abs(wanted)));
}

[[noreturn]] void accuse(const std::string& stage, std::size_t output, double got, double wanted) {
    throw InternalError(fmt::format("{} changes output {}: {} is computed where {} was", stage,
                                    output, got, wanted));
}

}  // namespace

void check_same_values(const Graph& before, const Graph& after, const std::string& pass) {
    const std::vector<Batch> wanted = values_of(before, examples);
    const std::vector<Batch> got = values_of(after, examples);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        for (std::size_t e = 0; e < wanted[i].size(); ++e) {
            for (std::size_t k = 0; k < wanted[i][e].data.size(); ++k) {
                if (differs(got[i][e].data[k], wanted[i][e].data[k], 1e-9)) {
                    accuse("the pass " + pass, i, got[i][e].data[k], wanted[i][e].data[k]);
                }
            }
        }
    }
}

void check_plan(const Graph& graph, const Plan& plan) {
    const auto batch = static_cast<std::size_t>(plan.batch);
    const std::vector<Batch> wanted = values_of(graph, batch);
    ThreadPool pool(1);
    CompiledGraph compiled(plan, pool);
    const bool single = plan.real == ScalarKind::f32;
    std::map<NodeId, std::vector<float>> floats;
    BatchBindings given = drawn_leaves(graph, batch);
    std::map<NodeId, std::vector<double>> doubles;
    for (const auto& [leaf, tensors] : given) {
        for (const Tensor& tensor : tensors) {
            doubles[leaf].insert(doubles[leaf].end(), tensor.data.begin(), tensor.data.end());
        }
        std::ranges::transform(doubles[leaf], std::back_inserter(floats[leaf]),
                               [](double x) { return static_cast<float>(x); });
        compiled.bind(graph.name(leaf),
                      single ? static_cast<void*>(floats[leaf].data()) : doubles[leaf].data());
    }
    std::vector<std::int64_t> rows(batch);
    std::iota(rows.begin(), rows.end(), std::int64_t{0});
    compiled.run(rows);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        std::size_t place = 0;
        for (const Tensor& tensor : wanted[i]) {
            for (const double x : tensor.data) {
                const double got = compiled.output_number(i, place++);
                if (differs(got, x, single ? 1e-3 : 1e-9)) {
                    accuse("compiled code", i, got, x);
                }
            }
        }
    }
}

}  // namespace chainrule
