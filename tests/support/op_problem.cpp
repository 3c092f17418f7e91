#include "support/op_problem.h"

#include <cmath>

#include "ir/random.h"

namespace chainrule::tests {
namespace {

double draw_element(const RandomStream& random, std::size_t i, const Domain& domain,
                    const Type& type) {
    const Interval& interval = domain[random.below(2 * i, domain.size())];
    if (type.classes > 0) {
        return static_cast<double>(
            random.below(2 * i + 1, static_cast<std::uint64_t>(type.classes)));
    }
    const double value = interval.low == interval.high
                             ? interval.low
                             : random.uniform(2 * i + 1, interval.low, interval.high);
    return type.is_index() ? std::floor(value) : value;
}

Batch draw_operand(const Op& op, std::size_t operand, const Type& type, std::size_t examples) {
    const auto& domains = op.sample.domains;
    const Domain& domain = domains[std::min(operand, domains.size() - 1)];
    const RandomStream random(1, stream_id(op.name, operand));
    Batch batch(type.per_example ? examples : 1, Tensor::filled(type.shape, 0));
    std::size_t count = 0;
    for (Tensor& tensor : batch) {
        for (double& value : tensor.data) {
            value = draw_element(random, count++, domain, type);
        }
    }
    return batch;
}

}  // namespace

NodeId add_leaf(Graph& graph, const std::string& name, const Type& type) {
    return graph.add_named(name, leaf_op, {}, {std::string("weight"), type});
}

OpProblem make_problem(const Op& op, const SampleCase& sample, std::size_t batch) {
    OpProblem problem;
    std::vector<Batch> drawn;
    for (std::size_t i = 0; i < sample.operands.size(); ++i) {
        problem.x.push_back(add_leaf(problem.graph, "x" + std::to_string(i), sample.operands[i]));
        drawn.push_back(draw_operand(op, i, sample.operands[i], batch));
    }
    if (op.sample.prepare != nullptr) {
        std::vector<Tensor> operands;
        for (const Batch& examples : drawn) {
            operands.push_back(examples.front());
        }
        op.sample.prepare(operands);
        for (std::size_t i = 0; i < drawn.size(); ++i) {
            drawn[i].front() = operands[i];
        }
    }
    for (std::size_t i = 0; i < drawn.size(); ++i) {
        problem.values.emplace(problem.x[i], std::move(drawn[i]));
    }
    problem.y = problem.graph.add(op, problem.x, sample.attributes);
    problem.dy = add_cotangent(problem, "dy", problem.graph.type(problem.y), batch).id;
    return problem;
}

Expr add_cotangent(OpProblem& problem, const std::string& name, const Type& type,
                   std::size_t examples) {
    const NodeId leaf = add_leaf(problem.graph, name, type);
    const RandomStream random(2, stream_id(name));
    Batch batch(type.per_example ? examples : 1, Tensor::filled(type.shape, 0));
    std::size_t count = 0;
    for (Tensor& tensor : batch) {
        for (double& value : tensor.data) {
            const double sign = random.below(2 * count + 1, 2) == 0 ? -1 : 1;
            value = sign * random.uniform(2 * count, 0.5, 1.5);
            ++count;
        }
    }
    problem.values.emplace(leaf, std::move(batch));
    return problem.graph.expr(leaf);
}

Batch value_of(const OpProblem& problem, NodeId id) {
    return evaluate_batch(problem.graph, std::vector{id}, problem.values, batch_size)[0];
}

}  // namespace chainrule::tests
