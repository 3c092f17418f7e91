#include "compile/fuse.h"

#include <algorithm>
#include <set>

#include "compile/nest.h"
#include "compile/product.h"
#include "ops/op_list.h"

namespace chainrule {
namespace {

// A round of a job: loop nests, then the products and routines that follow them.
struct Round {
    std::vector<NestDraft> nests;
    std::vector<Item> actions;
};

struct DraftedJob {
    RowDomain domain;
    std::size_t phase;
    std::vector<Round> rounds;
};

// Where a value is computed: no two nests have the same place.
struct Location {
    std::size_t job = ~std::size_t{0};
    std::size_t round = 0;
    std::size_t nest = 0;

    bool shares_kernel(const Location& other) const {
        return job == other.job && round == other.round;
    }
    friend bool operator==(const Location&, const Location&) = default;
};

enum class Need : std::uint8_t { none, scratch, memory };

// A tile of fewer multiplications is not worth a thread's while; more than so many tiles are not
// needed.
constexpr std::int64_t least_work = std::int64_t{1} << 18;
constexpr std::int64_t most_tiles = 8;
constexpr std::int64_t largest_batch_tile = 128;
// Elements of a product's right matrix up to which emitted code is faster than the library's, which
// has to look at its arguments in every call. At 16,384 a step of 784-128-10 took nearly twice as
// long.
constexpr std::int64_t largest_emitted_product = 4096;

// Rows of a tile, from the rows there are and the multiplications of each: sizes of the problem
// alone.
std::int64_t tile_rows_of(std::int64_t rows, std::int64_t work_of_row, bool batch) {
    const std::int64_t most =
        batch ? std::max<std::int64_t>(2, (rows + largest_batch_tile - 1) / largest_batch_tile)
              : most_tiles;
    const std::int64_t tiles = std::clamp<std::int64_t>(rows * work_of_row / least_work, 1, most);
    return std::max<std::int64_t>(1, (rows + tiles - 1) / tiles);
}

class Fuser {
public:
    Fuser(const Graph& graph, Layouts& layouts, const Schedule& schedule,
          const CompileOptions& options, Plan& plan)
        : graph_(graph),
          layouts_(layouts),
          options_(options),
          plan_(plan),
          buffers_(graph, options, plan),
          location_(graph.size()),
          need_(graph.size(), Need::none) {
        for (const ScheduledJob& job : schedule.jobs) {
            jobs_.push_back(drafted(job));
        }
    }

    void run() {
        locate();
        find_needs();
        batch_tile_ = tile_rows_of(options_.batch, work_of_examples(), true);
        batch_tiles_ = (options_.batch + batch_tile_ - 1) / batch_tile_;
        for (const DraftedJob& job : jobs_) {
            plan_.phases.resize(std::max(plan_.phases.size(), job.phase + 1));
            plan_.phases[job.phase].jobs.push_back(planned(job));
        }
        std::erase_if(plan_.phases, [](const Phase& phase) { return phase.jobs.empty(); });
        for (const NodeId output : graph_.outputs) {
            plan_.outputs.push_back(buffers_.of(output));
        }
    }

private:
    DraftedJob drafted(const ScheduledJob& job) {
        DraftedJob result{job.domain, job.phase, {}};
        for (const Item& item : job.items) {
            result.rounds.resize(std::max(result.rounds.size(), item.after + 1));
        }
        for (std::size_t round = 0; round < result.rounds.size(); ++round) {
            std::vector<Item> fused;
            for (const Item& item : job.items) {
                if (item.after == round) {
                    (item.is_action ? result.rounds[round].actions : fused).push_back(item);
                }
            }
            result.rounds[round].nests = draft_nests(graph_, layouts_, options_, job.domain, fused);
        }
        return result;
    }

    // `f(item, location)` for all items; an action has a place behind all nests of its round.
    template <class F>
    void for_each_item(const F& f) {
        for (std::size_t job = 0; job < jobs_.size(); ++job) {
            for (std::size_t round = 0; round < jobs_[job].rounds.size(); ++round) {
                const Round& r = jobs_[job].rounds[round];
                for (std::size_t nest = 0; nest < r.nests.size(); ++nest) {
                    for (const Item& item : r.nests[nest].items) {
                        f(item, Location{job, round, nest});
                    }
                }
                for (const Item& item : r.actions) {
                    f(item, Location{job, round, ~std::size_t{0}});
                }
            }
        }
    }

    void locate() {
        for_each_item([&](const Item& item, const Location& where) {
            if (item.kind == ItemKind::compute) {
                location_[item.node.index] = where;
            }
        });
    }

    void find_needs() {
        const auto need = [&](NodeId node, Need what) {
            need_[node.index] = std::max(need_[node.index], what);
        };
        for_each_item([&](const Item& item, const Location& where) {
            if (item.is_action) {
                need(item.node, Need::memory);
            }
            if (is_batch_sum(item)) {
                return;  // it reads the parts
            }
            for (const NodeId operand : graph_[item.node].operands) {
                const Layout& layout = layouts_.of(operand);
                const NodeId base = layout.base == item.node ? operand : layout.base;
                const Location& from = location_[base.index];
                if (item.is_action || !where.shares_kernel(from)) {
                    need(base, Need::memory);
                } else if (!(where == from) || !layout.is_whole(graph_)) {
                    need(base, Need::scratch);
                }
            }
        });
        for (const NodeId output : graph_.outputs) {
            need(output, Need::memory);
        }
    }

    // Multiplications, or elements where nothing is multiplied, for one row.
    std::int64_t work_of_row(const DraftedJob& job) {
        std::int64_t work = 0;
        for (const Round& round : job.rounds) {
            for (const NestDraft& nest : round.nests) {
                for (const Item& item : nest.items) {
                    work += elements_of_row(item.node, job.domain);
                }
            }
            for (const Item& item : round.actions) {
                work += elements_of_row(item.node, job.domain) * terms(item.node);
            }
        }
        return work;
    }

    // How many products one element of the node is the sum of.
    std::int64_t terms(NodeId id) {
        const Node& node = graph_[id];
        if (!std::holds_alternative<MatrixProduct>(node.op->lowering)) {
            return 1;
        }
        const std::int64_t inner =
            product_axes(graph_, id, layouts_.of(node.operands[0]), layouts_.of(node.operands[1]))
                .inner.extent;
        return inner * (node.op == &batch_matmul_op ? options_.batch : 1);
    }

    // All batch jobs have the same tiles, for sums over the batch pass from one to the next.
    std::int64_t work_of_examples() {
        std::int64_t work = 0;
        for (const DraftedJob& job : jobs_) {
            work = std::max(work, job.domain.batch ? work_of_row(job) : 0);
        }
        return work;
    }

    bool is_batch_sum(const Item& item) const {
        return item.kind == ItemKind::compute &&
               std::holds_alternative<BatchFold>(graph_[item.node].op->lowering);
    }

    Job planned(const DraftedJob& job) {
        Job result;
        result.rows = job.domain.batch ? Extent::batch : job.domain.rows;
        result.tile_rows =
            job.domain.batch ? batch_tile_ : tile_rows_of(job.domain.rows, work_of_row(job), false);
        const auto is_placed = [&](NodeId id) { return location_[id.index].job != no_job; };
        const NestContext context{graph_,   layouts_,     options_, job.domain,
                                  buffers_, batch_tiles_, is_placed};
        for (const Round& round : job.rounds) {
            Kernel kernel = planned(round, context);
            if (!kernel.nests.empty()) {
                result.actions.emplace_back(std::move(kernel));
            }
            for (const Item& item : round.actions) {
                result.actions.push_back(planned(item, context));
            }
        }
        return result;
    }

    Kernel planned(const Round& round, const NestContext& context) {
        buffers_.reset_scratch();
        for (const NestDraft& draft : round.nests) {
            for (const Item& item : draft.items) {
                if (item.kind == ItemKind::compute && need_[item.node.index] == Need::scratch) {
                    buffers_.put_in_scratch(item.node, elements_of_row(item.node, context.domain));
                }
            }
        }
        Kernel kernel;
        const auto is_stored = [&](NodeId node) { return need_[node.index] != Need::none; };
        for (const NestDraft& draft : round.nests) {
            add_nests(context, draft, is_stored, kernel);
        }
        return kernel;
    }

    std::int64_t elements_of_row(NodeId node, const RowDomain& domain) const {
        const std::int64_t all = element_count(graph_.type(node).shape);
        return domain.batch ? all : all / std::max<std::int64_t>(1, domain.rows);
    }

    Action planned(const Item& item, const NestContext& context) {
        const Node& node = graph_[item.node];
        if (std::holds_alternative<Routine>(node.op->lowering)) {
            return RoutinePlan{item.node, access_to(context, layouts_.of(node.operands[0])),
                               access_to(context, layouts_.of(item.node))};
        }
        return planned_product(item.node, context);
    }

    ProductPlan planned_product(NodeId id, const NestContext& context) {
        ProductPlan product = placed_product(id, context);
        const std::int64_t k = product.k == Extent::batch ? options_.batch : product.k;
        product.is_emitted =
            options_.real == ScalarKind::f64 || product.n * k <= largest_emitted_product;
        return product;
    }

    // Rows of the tile: examples, which one operand has and the result; or the rows of the result.
    ProductPlan placed_product(NodeId id, const NestContext& context) {
        const Node& node = graph_[id];
        const Layout& left = layouts_.of(node.operands[0]);
        const Layout& right = layouts_.of(node.operands[1]);
        const ProductAxes axes = product_axes(graph_, id, left, right);
        Access a = access_to(context, left);
        Access b = access_to(context, right);
        Access c{.buffer = buffers_.of(id)};
        if (node.op == &batch_matmul_op) {
            a.strides = {axes.row.a, a.row_stride};
            b.strides = {b.row_stride, axes.column.b};
            c.strides = {axes.row.c, axes.column.c};
            a.row_stride = axes.row.a;
            b.row_stride = 0;
            c.row_stride = axes.row.c;
            return {a, b, c, axes.column.extent, Extent::batch};
        }
        const bool left_is_vector = graph_.type(node.operands[0]).per_example;
        const ProductAxis& n = left_is_vector ? axes.column : axes.row;
        c.row_stride = buffers_.block(c.buffer);
        c.strides = {c.row_stride, n.c};
        Access& vector = left_is_vector ? a : b;
        Access& matrix = left_is_vector ? b : a;
        vector.strides = {vector.row_stride, left_is_vector ? axes.inner.a : axes.inner.b};
        matrix.strides =
            left_is_vector ? std::vector{axes.inner.b, n.b} : std::vector{axes.inner.a, n.a};
        return {vector, matrix, c, n.extent, axes.inner.extent};
    }

    const Graph& graph_;
    Layouts& layouts_;
    const CompileOptions& options_;
    Plan& plan_;
    Buffers buffers_;
    std::vector<Location> location_;
    std::vector<Need> need_;
    std::vector<DraftedJob> jobs_;
    std::int64_t batch_tile_ = 1;
    std::int64_t batch_tiles_ = 1;
};

}  // namespace

void fuse(const Graph& graph, Layouts& layouts, const Schedule& schedule,
          const CompileOptions& options, Plan& plan) {
    Fuser(graph, layouts, schedule, options, plan).run();
}

}  // namespace chainrule
