#include "passes/pipeline.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "derive/derive.h"
#include "ops/build.h"
#include "passes/collect_terms.h"
#include "passes/expand.h"
#include "passes/fold_constants.h"
#include "passes/forget_names.h"
#include "passes/readable_rules.h"
#include "passes/rebuild.h"
#include "passes/recognise_contractions.h"
#include "passes/reuse_relu.h"
#include "passes/rewrite.h"
#include "passes/simplify.h"
#include "passes/speed_rules.h"

namespace chainrule {
namespace {

Graph derive_by_weights(const Graph& graph) {
    std::vector<NodeId> weights;
    for (const NodeId id : graph.named()) {
        if (graph.is_op(id, leaf_op) &&
            std::get<std::string>(graph[id].attributes[0]) == "weight") {
            weights.push_back(id);
        }
    }
    return with_gradients(graph, weights);
}

Graph rewrite_readably(const Graph& graph) { return rewrite(graph, RewriteSet(readable_rules())); }

constexpr Pass readable_passes[] = {
    {"derive", "appends the gradients with respect to the weights", derive_by_weights},
    {"drop_unused", "leaves out what no output needs", without_unused},
    {"rewrite", "applies the readable identities, operands first", rewrite_readably},
    {"collect_terms", "puts products and sums in order", collect_terms},
    {"simplify", "both in turn until nothing changes", simplify},
};

constexpr Pass fast_passes[] = {
    {"forget_names", "makes one node of equal named ones", forget_names},
    {"simplify_composites", "applies the identities that save work", rewrite_for_speed},
    {"expand", "puts in the place of composite ops what they are made of", expand},
    {"simplify_parts", "applies the identities again to what has come in", rewrite_for_speed},
    {"reuse_relu", "asks the sign of relu(x) instead of that of x", reuse_relu},
    {"fold_constants", "computes what depends on no leaf", fold_constants},
    {"recognise_contractions", "makes one product, or one table, of a sum over the batch",
     recognise_contractions},
};

void check_known(std::span<const Pass> passes, const std::string& name) {
    std::string names;
    for (const Pass& pass : passes) {
        if (pass.name == name) {
            return;
        }
        names += (names.empty() ? "" : ", ") + std::string(pass.name);
    }
    throw UserError("no pass is called '" + name + "'; the passes are " + names);
}

}  // namespace

std::span<const Pass> all_passes() { return readable_passes; }
std::span<const Pass> speed_passes() { return fast_passes; }

Graph run_passes(const Graph& graph, const PipelineOptions& options) {
    return run_passes(graph, all_passes(), options);
}

Graph run_passes(const Graph& graph, std::span<const Pass> passes, const PipelineOptions& options) {
    if (!options.last.empty()) {
        check_known(passes, options.last);
    }
    for (const std::string& name : options.skip) {
        check_known(passes, name);
    }
    Graph now = graph;
    const auto last = std::ranges::find(passes, options.last, &Pass::name);
    const auto end = last == passes.end() ? last : std::next(last);
    for (const Pass& pass : std::ranges::subrange(passes.begin(), end)) {
        if (options.skip.contains(std::string(pass.name))) {
            continue;
        }
        const auto start = std::chrono::steady_clock::now();
        Graph next = pass.run(now);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        try {
            verify(next);
        } catch (const InternalError& error) {
            throw InternalError("after the pass " + std::string(pass.name) + ": " + error.what());
        }
        if (options.after) {
            options.after(pass, next, !same(now, next), took.count());
        }
        now = std::move(next);
    }
    return now;
}

}  // namespace chainrule
