#include "compile/schedule.h"

#include <algorithm>
#include <map>
#include <set>

#include "ops/op_list.h"

namespace chainrule {
namespace {

// A shared tensor of at least so many elements gets a job of its own rows.
constexpr std::int64_t own_job_elements = 512;
// A matrix product of at least so many multiplications is an action of its own.
constexpr std::int64_t own_product_multiplications = 16384;

bool has_lowering_of_rows(const Node& node) {
    return std::holds_alternative<ScalarBody>(node.op->lowering) ||
           std::holds_alternative<MatrixProduct>(node.op->lowering);
}

// Whether an op takes its operands from memory, and none computed where it is used.
bool reads_memory(const Op& op) {
    return std::holds_alternative<Routine>(op.lowering) || op.is_indexed();
}

class Scheduler {
public:
    Scheduler(const Graph& graph, Layouts& layouts, const CompileOptions& options)
        : graph_(graph),
          layouts_(layouts),
          options_(options),
          nodes_(reachable(graph, graph.outputs)),
          roots_(graph.outputs.begin(), graph.outputs.end()),
          users_(graph.size()),
          phase_(graph.size(), 0) {
        for (const NodeId id : nodes_) {
            if (reads_memory(*graph_[id].op)) {
                for (const NodeId source : sources(id)) {
                    read_in_memory_.insert(source);
                }
            }
        }
        std::erase_if(nodes_, [&](NodeId id) { return !is_computed(id); });
        for (const NodeId id : nodes_) {
            for (const NodeId source : read_by(id)) {
                users_[source.index].push_back(id);
            }
        }
    }

    Schedule run() {
        find_phases();
        sink_phases();
        delay_updates();
        make_jobs();
        order_within_jobs();
        return std::move(schedule_);
    }

private:
    // Leaves, constants and what is read through its view are not computed.
    bool is_computed(NodeId id) {
        const Node& node = graph_[id];
        const bool given =
            node.op->is_leaf() || std::holds_alternative<BatchCount>(node.op->lowering);
        return !given && (!node.op->is_view() || layouts_.of(id).base == id) &&
               (roots_.contains(id) || read_in_memory_.contains(id) ||
                !is_inlined(graph_, layouts_, id));
    }

    std::vector<NodeId> sources(NodeId id) {
        std::vector<NodeId> result;
        for (const NodeId operand : graph_[id].operands) {
            const NodeId base = layouts_.of(operand).base;
            if (std::ranges::find(result, base) == result.end()) {
                result.push_back(base);
            }
        }
        return result;
    }

    // Its sources, and those of what is computed where it is used.
    std::vector<NodeId> read_by(NodeId id) {
        std::vector<NodeId> open = sources(id);
        std::vector<NodeId> result;
        while (!open.empty()) {
            const NodeId source = open.back();
            open.pop_back();
            if (std::ranges::find(result, source) != result.end()) {
                continue;
            }
            result.push_back(source);
            if (!is_node(source) && is_inlined(graph_, layouts_, source)) {
                const std::vector<NodeId> behind = sources(source);
                open.insert(open.end(), behind.begin(), behind.end());
            }
        }
        return result;
    }

    bool is_batch_fold(NodeId id) const {
        return std::holds_alternative<BatchFold>(graph_[id].op->lowering);
    }

    RowDomain domain(NodeId id) const {
        const Node& node = graph_[id];
        if (node.type.per_example) {
            return {.batch = true, .rows = 0};
        }
        const bool own =
            has_lowering_of_rows(node) && node.type.rank() >= 2 &&
            (element_count(node.type.shape) >= own_job_elements || is_action(graph_, id, options_));
        return {.batch = false, .rows = own ? node.type.shape[0] : 1};
    }

    // Whether a row of `user` needs only the same row of `source`, so that one job can hold both.
    bool shares_rows(NodeId user, NodeId source) {
        const RowDomain own = domain(user);
        if (own != domain(source) || is_batch_fold(user)) {
            return false;
        }
        if (own.batch || own.rows == 1) {
            return true;
        }
        return std::ranges::all_of(graph_[user].operands, [&](NodeId operand) {
            const Layout& layout = layouts_.of(operand);
            return layout.base != source ||
                   (layout.is_whole(graph_) && layout.shape == graph_.type(source).shape &&
                    std::holds_alternative<ScalarBody>(graph_[user].op->lowering));
        });
    }

    // The phases from `source` to what needs it. The parts of a sum over the batch take one for
    // themselves, which what is per example shares.
    std::size_t wait(NodeId user, NodeId source) {
        const bool before_parts = is_batch_fold(user) && !domain(source).batch;
        return shares_rows(user, source) ? 0 : before_parts ? 2 : 1;
    }

    bool is_node(NodeId id) const { return std::ranges::binary_search(nodes_, id); }

    void find_phases() {
        for (const NodeId id : nodes_) {
            phase_[id.index] = is_batch_fold(id) ? 1 : 0;  // its parts come before it
            for (const NodeId source : read_by(id)) {
                if (is_node(source)) {
                    phase_[id.index] =
                        std::max(phase_[id.index], phase_[source.index] + wait(id, source));
                }
            }
        }
    }

    // The latest phase that the users of `id` allow.
    std::size_t latest_phase(NodeId id) {
        std::size_t latest = ~std::size_t{0};
        for (const NodeId user : users_[id.index]) {
            latest = std::min(latest, phase_[user.index] - wait(user, id));
        }
        return latest;
    }

    void sink_phases() {
        for (auto id = nodes_.rbegin(); id != nodes_.rend(); ++id) {
            const bool cheap = std::holds_alternative<ScalarBody>(graph_[*id].op->lowering);
            if (cheap && !users_[id->index].empty()) {
                phase_[id->index] = std::max(phase_[id->index], latest_phase(*id));
            }
        }
    }

    // A leaf's new value is written over the old one: no earlier than what still reads the old one.
    void delay_updates() {
        for (const StateUpdate& update : options_.updates) {
            if (!is_node(update.value)) {
                continue;
            }
            std::size_t& phase = phase_[update.value.index];
            for (const NodeId reader : users_[update.leaf.index]) {
                const bool same_job =
                    domain(reader) == domain(update.value) && shares_rows(reader, update.value);
                if (reader != update.value && is_node(reader)) {
                    phase = std::max(phase, phase_[reader.index] + (same_job ? 0U : 1U));
                }
            }
        }
    }

    void make_jobs() {
        for (const NodeId id : nodes_) {
            place(phase_[id.index], domain(id),
                  {.node = id, .is_action = is_action(graph_, id, options_)});
            if (is_batch_fold(id)) {
                place(phase_[id.index] - 1, {.batch = true, .rows = 0},
                      {.node = id, .kind = ItemKind::partial});
            }
        }
        std::ranges::stable_sort(schedule_.jobs, {}, &ScheduledJob::phase);
        schedule_.job_of.assign(graph_.size(), no_job);
        for (std::size_t job = 0; job < schedule_.jobs.size(); ++job) {
            for (const Item& item : schedule_.jobs[job].items) {
                if (item.kind == ItemKind::compute) {
                    schedule_.job_of[item.node.index] = job;
                }
            }
        }
    }

    void place(std::size_t phase, RowDomain where, const Item& item) {
        const auto found = std::ranges::find_if(schedule_.jobs, [&](const ScheduledJob& job) {
            return job.phase == phase && job.domain == where;
        });
        if (found != schedule_.jobs.end()) {
            found->items.push_back(item);
        } else {
            schedule_.jobs.push_back({where, phase, {item}});
        }
    }

    // The rounds of products in a job that an item must follow; then, as with phases, as late as
    // can be.
    void order_within_jobs() {
        for (ScheduledJob& job : schedule_.jobs) {
            std::map<NodeId, Item*> here;
            for (Item& item : job.items) {
                for (const NodeId source : needed(item)) {
                    const auto found = here.find(source);
                    if (found != here.end()) {
                        item.after = std::max(item.after, found->second->after +
                                                              (found->second->is_action ? 1U : 0U));
                    }
                }
                if (item.kind == ItemKind::compute) {
                    here.emplace(item.node, &item);
                }
            }
            sink_in_job(job, here);
        }
    }

    // What an item reads, and for an update also what else reads the old value.
    std::vector<NodeId> needed(const Item& item) {
        std::vector<NodeId> result = read_by(item.node);
        for (const StateUpdate& update : options_.updates) {
            if (update.value == item.node) {
                std::ranges::copy(users_[update.leaf.index], std::back_inserter(result));
            }
        }
        return result;
    }

    void sink_in_job(ScheduledJob& job, const std::map<NodeId, Item*>& here) {
        std::map<NodeId, std::size_t> latest;
        for (auto item = job.items.rbegin(); item != job.items.rend(); ++item) {
            const auto found = latest.find(item->node);
            const bool sinks = item->kind == ItemKind::compute && !item->is_action;
            if (sinks && found != latest.end()) {
                item->after = std::max(item->after, found->second);
            }
            for (const NodeId source : needed(*item)) {
                if (here.contains(source) && source != item->node) {
                    const auto [place, is_new] = latest.emplace(source, item->after);
                    place->second = std::min(place->second, item->after);
                }
            }
        }
    }

    const Graph& graph_;
    Layouts& layouts_;
    const CompileOptions& options_;
    std::vector<NodeId> nodes_;
    std::set<NodeId> roots_;
    std::set<NodeId> read_in_memory_;
    std::vector<std::vector<NodeId>> users_;
    std::vector<std::size_t> phase_;
    Schedule schedule_;
};

// The multiplications of one run.
std::int64_t multiplications(const Graph& graph, NodeId product, std::int64_t batch) {
    const Node& node = graph[product];
    const Type& a = graph.type(node.operands[0]);
    const std::int64_t inner = a.is_scalar() ? 1 : a.shape.back();
    const bool outer = node.type.rank() == 2 && a.rank() == 1;
    const bool batched = a.per_example || graph.type(node.operands[1]).per_example;
    return element_count(node.type.shape) * (outer ? 1 : inner) * (batched ? batch : 1);
}

// One operand per example a vector, the other a shared matrix; or a sum of outer products.
bool is_matrix_product_of_batches(const Graph& graph, NodeId product) {
    const Node& node = graph[product];
    const Type& a = graph.type(node.operands[0]);
    const Type& b = graph.type(node.operands[1]);
    if (node.op == &batch_matmul_op) {
        return a.per_example && b.per_example && a.rank() == 1 && b.rank() == 1 &&
               node.type.rank() == 2;
    }
    const Type& vector = a.per_example ? a : b;
    const Type& matrix = a.per_example ? b : a;
    return vector.per_example && !matrix.per_example && vector.rank() == 1 && matrix.rank() == 2;
}

}  // namespace

bool is_inlined(const Graph& graph, Layouts& layouts, NodeId id) {
    const Node& node = graph[id];
    if (node.type.per_example || !node.type.is_scalar() ||
        !std::holds_alternative<ScalarBody>(node.op->lowering)) {
        return false;
    }
    return std::ranges::all_of(node.operands, [&](NodeId operand) {
        const NodeId base = layouts.of(operand).base;
        const Op& op = *graph[base].op;
        return op.is_leaf() || std::holds_alternative<BatchCount>(op.lowering) ||
               is_inlined(graph, layouts, base);
    });
}

bool is_action(const Graph& graph, NodeId id, const CompileOptions& options) {
    const Node& node = graph[id];
    if (std::holds_alternative<Routine>(node.op->lowering)) {
        return true;
    }
    return std::holds_alternative<MatrixProduct>(node.op->lowering) &&
           is_matrix_product_of_batches(graph, id) &&
           multiplications(graph, id, options.batch) >= own_product_multiplications;
}

Schedule make_schedule(const Graph& graph, Layouts& layouts, const CompileOptions& options) {
    return Scheduler(graph, layouts, options).run();
}

}  // namespace chainrule
