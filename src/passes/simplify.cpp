#include "passes/simplify.h"

#include "passes/collect_terms.h"
#include "passes/readable_rules.h"
#include "passes/rebuild.h"
#include "passes/rewrite.h"

namespace chainrule {

Graph simplify(const Graph& graph) {
    constexpr int max_rounds = 16;
    const RewriteSet rules(readable_rules());
    Graph now = rewrite(graph, rules);
    for (int round = 0; round < max_rounds; ++round) {
        Graph next = rewrite(collect_terms(now), rules);
        if (same(now, next)) {
            return next;
        }
        now = std::move(next);
    }
    return now;
}

}  // namespace chainrule
