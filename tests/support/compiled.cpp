#include "support/compiled.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "backend/compiled_graph.h"
#include "compile/compile.h"
#include "ops/op_list.h"

namespace chainrule::tests {
namespace {

// The numbers of a leaf's tensors one after the other, in the plan's reals.
class Numbers {
public:
    Numbers(const Batch& batch, ScalarKind real) : single_(real == ScalarKind::f32) {
        for (const Tensor& tensor : batch) {
            doubles_.insert(doubles_.end(), tensor.data.begin(), tensor.data.end());
        }
        for (const double x : doubles_) {
            floats_.push_back(static_cast<float>(x));
        }
    }
    void* data() { return single_ ? static_cast<void*>(floats_.data()) : doubles_.data(); }

private:
    bool single_;
    std::vector<float> floats_;
    std::vector<double> doubles_;
};

// As the compiled code gets them.
BatchBindings rounded(BatchBindings values, ScalarKind real) {
    for (auto& [leaf, batch] : values) {
        for (Tensor& tensor : batch) {
            for (double& x : tensor.data) {
                x = real == ScalarKind::f32 ? static_cast<double>(static_cast<float>(x)) : x;
            }
        }
    }
    return values;
}

bool agrees(double got, double wanted, double scale, double tolerance) {
    if (std::isnan(wanted) || std::isinf(wanted)) {
        return (std::isnan(got) && std::isnan(wanted)) || got == wanted;
    }
    return std::abs(got - wanted) <= tolerance * std::max(1.0, scale);
}

std::string difference(const CompiledGraph& compiled, std::size_t output, const Batch& wanted,
                       double tolerance) {
    double scale = 0;
    for (const Tensor& tensor : wanted) {
        for (const double x : tensor.data) {
            scale = std::isfinite(x) ? std::max(scale, std::abs(x)) : scale;
        }
    }
    std::size_t place = 0;
    for (std::size_t example = 0; example < wanted.size(); ++example) {
        for (const double x : wanted[example].data) {
            const double got = compiled.output_number(output, place++);
            if (!agrees(got, x, scale, tolerance)) {
                return fmt::format("output {} of example {}, element {}: {}, not {}", output,
                                   example, (place - 1) % wanted[example].data.size(), got, x);
            }
        }
    }
    return "";
}

}  // namespace

std::string compiled_fault(const Graph& graph, const BatchBindings& values, std::size_t batch,
                           const CompiledCheck& check) {
    ThreadPool pool(check.threads);
    CompiledGraph compiled(
        make_plan(graph, {.real = check.real, .batch = static_cast<std::int64_t>(batch)}), pool);
    const BatchBindings given = rounded(values, check.real);
    std::map<NodeId, Numbers> memory;
    for (const auto& [leaf, tensors] : given) {
        Numbers& numbers = memory.emplace(leaf, Numbers(tensors, check.real)).first->second;
        compiled.bind(graph.name(leaf), numbers.data());
    }
    std::vector<std::int64_t> rows(batch);
    std::iota(rows.begin(), rows.end(), std::int64_t{0});
    compiled.run(rows);
    const std::vector<Batch> wanted = evaluate_batch(graph, graph.outputs, given, batch);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const std::string fault = difference(compiled, i, wanted[i], check.tolerance);
        if (!fault.empty()) {
            return fault + "\n" + print_plan(compiled.plan());
        }
    }
    return "";
}

}  // namespace chainrule::tests
