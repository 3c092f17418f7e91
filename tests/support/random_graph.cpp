#include "support/random_graph.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "ir/random.h"
#include "ops/build.h"

namespace chainrule::tests {
namespace {

constexpr std::int64_t most_elements = 12;
constexpr double most_of_a_value = 1e3;

bool is_point(const Interval& interval) { return interval.low == interval.high; }

class Generator {
public:
    Generator(std::uint64_t seed, const RandomGraphOptions& options)
        : options_(options), random_(seed, stream_id("random graph")) {
        result_.batch_size = options.batch ? 3 : 1;
        for (const Op* op : all_ops()) {
            if (!op->sample.cases().empty() && !options.without.contains(op->name)) {
                ops_.push_back(op);
            }
        }
    }

    RandomGraph run() {
        for (const Shape& shape : {Shape{}, Shape{}, Shape{3}, Shape{2, 3}}) {
            Type type;
            type.shape = shape;
            add_leaf(type, {{-2, 2}});
        }
        for (std::size_t i = 0; i < options_.operations; ++i) {
            step();
        }
        finish();
        return std::move(result_);
    }

private:
    std::uint64_t below(std::uint64_t bound) { return random_.below(next_++, bound); }
    double uniform(double low, double high) { return random_.uniform(next_++, low, high); }
    bool chance(double probability) { return random_.uniform(next_++) < probability; }
    template <class T>
    const T& one_of(const std::vector<T>& values) {
        return values[below(values.size())];
    }

    Graph& graph() { return result_.graph; }

    Batch value_of(Expr x) {
        return evaluate_batch(graph(), std::vector{x.id}, result_.values, result_.batch_size)[0];
    }

    // A number from the domain, off the ends of its intervals.
    double draw(const Domain& domain) {
        const Interval& interval = one_of(domain);
        const double margin = 0.05 * (interval.high - interval.low);
        return is_point(interval) ? interval.low
                                  : uniform(interval.low + margin, interval.high - margin);
    }

    Tensor draw_tensor(const Type& type, const Domain& domain) {
        Tensor tensor = Tensor::filled(type.shape, 0);
        for (double& value : tensor.data) {
            value = type.classes > 0
                        ? static_cast<double>(below(static_cast<std::uint64_t>(type.classes)))
                        : draw(domain);
        }
        return tensor;
    }

    Expr add_leaf(Type type, const Domain& domain) {
        type.per_example |= options_.batch && chance(0.5);
        Batch batch;
        for (std::size_t e = 0; e < (type.per_example ? result_.batch_size : 1); ++e) {
            batch.push_back(draw_tensor(type, domain));
        }
        return add_leaf_with(type, std::move(batch));
    }

    Expr add_leaf_with(const Type& type, Batch batch) {
        const std::string role = type.is_index() ? "target" : type.per_example ? "input" : "weight";
        const std::string name = (type.per_example ? "x" : "w") + std::to_string(names_++);
        const NodeId id = graph().add_named(name, leaf_op, {}, {role, type});
        result_.values.emplace(id, std::move(batch));
        if (!type.is_index()) {
            result_.leaves.push_back(id);
            pool_.push_back(graph().expr(id));
        }
        return graph().expr(id);
    }

    // --- operands --------------------------------------------------------------------------------

    // A value of that type from the pool, late ones first; or one made of another; or a leaf.
    Expr from_pool(const Type& type, const Domain& domain) {
        std::vector<Expr> fitting;
        for (const Expr& x : pool_) {
            if (x.type().shape == type.shape && x.type().row == type.row &&
                (x.type().per_example || !type.per_example)) {
                fitting.push_back(x);
            }
        }
        if (!fitting.empty() && chance(0.8)) {
            const std::size_t last = std::min<std::size_t>(fitting.size(), 4);
            return fitting[fitting.size() - 1 - below(chance(0.7) ? last : fitting.size())];
        }
        const Expr other = one_of(pool_);
        if (!type.per_example && chance(0.6)) {
            if (type.is_scalar()) {
                return call(chance(0.5) ? sum_op : mean_op, {other});
            }
            if (other.type().is_scalar()) {
                return broadcast_to(other, type);
            }
        }
        return add_leaf(type, domain);
    }

    bool inside(Expr x, const Interval& interval) {
        const double margin = 0.05 * (interval.high - interval.low);
        for (const Tensor& tensor : value_of(x)) {
            if (std::ranges::any_of(tensor.data, [&](double v) {
                    return v < interval.low + margin || v > interval.high - margin;
                })) {
                return false;
            }
        }
        return true;
    }

    Expr squashed(Expr x, const Domain& domain) {
        if (std::ranges::any_of(domain, [&](const Interval& i) { return inside(x, i); })) {
            return x;
        }
        const Interval& interval = one_of(domain);
        return interval.low + (interval.high - interval.low) * sigmoid(x);
    }

    Expr condition(const Type& type) {
        const Expr x = from_pool(type, {{-2, 2}});
        return chance(0.5) ? x > literal(graph(), uniform(-0.5, 0.5))
                           : x <= from_pool(type, {{-2, 2}});
    }

    Expr operand(const Type& type, const Domain& domain) {
        if (type.is_index()) {
            return add_leaf(type, domain);
        }
        if (std::ranges::all_of(domain, is_point)) {
            const bool yes_or_no = std::ranges::all_of(
                domain, [](const Interval& i) { return i.low == 0 || i.low == 1; });
            if (yes_or_no && domain.size() == 2 && chance(0.7)) {
                return condition(type);
            }
            const Expr points = literal(graph(), draw_tensor(type, domain));
            return type.row ? transpose(points) : points;
        }
        return squashed(from_pool(type, domain), domain);
    }

    std::vector<Expr> prepared_operands(const Op& op, const SampleCase& sample) {
        std::vector<Tensor> tensors;
        for (const Type& type : sample.operands) {
            tensors.push_back(draw_tensor(type, op.sample.domains[0]));
        }
        op.sample.prepare(tensors);
        std::vector<Expr> operands;
        for (std::size_t i = 0; i < tensors.size(); ++i) {
            operands.push_back(add_leaf_with(sample.operands[i], {tensors[i]}));
        }
        return operands;
    }

    std::vector<Expr> operands_of(const Op& op, const SampleCase& sample) {
        if (op.sample.prepare != nullptr) {
            return prepared_operands(op, sample);
        }
        std::vector<Expr> operands;
        for (std::size_t i = 0; i < sample.operands.size(); ++i) {
            const auto& domains = op.sample.domains;
            Type type = sample.operands[i];
            // An elementwise op broadcasts.
            if (op.is_elementwise() && sample.operands.size() > 1 && !type.is_index() &&
                chance(0.2)) {
                type.shape.clear();
                type.row = false;
            }
            operands.push_back(operand(type, domains[std::min(i, domains.size() - 1)]));
        }
        return operands;
    }

    // --- steps -----------------------------------------------------------------------------------

    std::vector<SampleCase> usable_cases(const Op& op) const {
        std::vector<SampleCase> cases = op.sample.cases();
        std::erase_if(cases, [&](const SampleCase& sample) {
            return std::ranges::any_of(sample.operands, [&](const Type& type) {
                const std::int64_t count = element_count(type.shape);
                return count < 1 || count > most_elements || (type.per_example && !options_.batch);
            });
        });
        const bool of_batches = op.is_of_batches();
        return of_batches && !options_.batch ? std::vector<SampleCase>{} : cases;
    }

    void step() {
        const Op& op = *one_of(ops_);
        const std::vector<SampleCase> cases = usable_cases(op);
        if (cases.empty()) {
            return;
        }
        const SampleCase& sample = one_of(cases);
        const std::vector<Expr> operands = operands_of(op, sample);
        Expr value = operands.empty() ? graph().expr(graph().add(op, {}, sample.attributes))
                                      : call(op, operands, sample.attributes);
        if (chance(options_.named)) {
            value = name_node(value, "v" + std::to_string(names_++));
        }
        if (is_tame(value)) {
            pool_.push_back(value);
        }
    }

    bool is_tame(Expr value) {
        const std::int64_t count = element_count(value.type().shape);
        if (value.type().is_index() || count == 0 || count > 4 * most_elements) {
            return false;
        }
        return largest(value) < most_of_a_value;
    }

    double largest(Expr value) {
        double result = 0;
        for (const Tensor& tensor : value_of(value)) {
            for (const double element : tensor.data) {
                result = std::isfinite(element) ? std::max(result, std::abs(element))
                                                : std::numeric_limits<double>::infinity();
            }
        }
        return result;
    }

    // The loss: what nothing uses, added up in like sizes.
    void finish() {
        std::vector<bool> used(graph().size(), false);
        for (const Expr& x : pool_) {
            for (const NodeId id : reachable(graph(), std::vector{x.id})) {
                used[id.index] = used[id.index] || id != x.id;
            }
        }
        Expr total;
        for (const Expr& x : std::vector(pool_)) {
            if (used[x.id.index]) {
                continue;
            }
            used[x.id.index] = true;
            const double scale = std::exp2(-std::ceil(std::log2(std::max(1.0, largest(x)))));
            const Expr mean = x.type().is_scalar() ? x : call(mean_op, {x});
            const Expr term = scale == 1 ? mean : scale * mean;
            total = total.valid() ? total + term : term;
        }
        if (total.type().per_example) {
            total = call(batch_mean_op, {total});
        }
        graph().outputs = {name_node(total, "L").id};
    }

    const RandomGraphOptions& options_;
    RandomStream random_;
    std::uint64_t next_ = 0;
    std::size_t names_ = 0;
    std::vector<const Op*> ops_;
    std::vector<Expr> pool_;
    RandomGraph result_;
};

}  // namespace

RandomGraph random_graph(std::uint64_t seed, const RandomGraphOptions& options) {
    RandomGraph random = Generator(seed, options).run();
    return random;
}

BatchBindings moved_values(const RandomGraph& random, std::uint64_t seed, double distance) {
    BatchBindings values = random.values;
    for (const NodeId leaf : random.leaves) {
        const RandomStream stream(seed, stream_id("move", leaf.index));
        std::uint64_t next = 0;
        for (Tensor& tensor : values.at(leaf)) {
            for (double& value : tensor.data) {
                value += stream.uniform(next++, -distance, distance);
            }
        }
    }
    return values;
}

}  // namespace chainrule::tests
