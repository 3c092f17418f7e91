#include "compile/balance_products.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <functional>
#include <numeric>
#include <optional>
#include <queue>
#include <ranges>

#include "compile/fold_steps.h"

namespace chainrule {
namespace {

using Kind = TensorStep::Kind;

// Processor cycles until a result is there, roughly: what matters is which of two values is later.
int latency(ScalarOp op) {
    switch (op) {
    case ScalarOp::input:
    case ScalarOp::number:
    case ScalarOp::bits_of:
    case ScalarOp::from_bits:
        return 0;
    case ScalarOp::add:
    case ScalarOp::subtract:
    case ScalarOp::multiply:
    case ScalarOp::fma:
    case ScalarOp::nearest:
    case ScalarOp::floor:
    case ScalarOp::whole_of:
    case ScalarOp::real_of:
        return 4;
    case ScalarOp::divide:
    case ScalarOp::square_root:
        return 12;
    default:
        return 1;
    }
}

int latency(const ScalarProgram& program) {
    std::vector<int> ready;
    for (const ScalarInstruction& instruction : program.instructions()) {
        int start = 0;
        for (std::size_t k = 0; k < instruction.arity; ++k) {
            start = std::max(start, ready[instruction.operands[k]]);
        }
        ready.push_back(start + latency(instruction.op));
    }
    return ready[program.outputs[0]];
}

int latency(const TensorStep& step) {
    constexpr int permutation = 4;
    switch (step.kind) {
    case Kind::map:
        return latency(step.program);
    case Kind::shuffle:
        return step.size == 1 ? 1 : permutation;
    case Kind::fold:
        return (latency(step.program) + permutation) *
               static_cast<int>(std::ceil(std::log2(std::max(1U, step.count))));
    case Kind::leaf:
    case Kind::constant:
        break;
    }
    return 0;
}

class Balancer {
public:
    explicit Balancer(const TensorProgram& program)
        : from_(program), uses_(program.steps.size(), 0), moved_(program.steps.size(), 0) {
        to_ = program;
        to_.steps.clear();
        to_.updates.clear();
    }

    TensorProgram run() {
        for (const TensorStep& step : from_.steps) {
            for (const std::uint32_t operand : step.operands) {
                ++uses_[operand];
            }
        }
        for (const auto& update : from_.updates) {
            ++uses_[update.value];
        }
        find_absorbed();
        for (std::uint32_t i = 0; i < from_.steps.size(); ++i) {
            if (absorbed_[i]) {
                continue;
            }
            moved_[i] = is_product(from_.steps[i]) ? balanced(i)
                        : is_sum(from_.steps[i])   ? begun_early(i)
                                                   : copied(from_.steps[i]);
        }
        for (const auto& update : from_.updates) {
            to_.updates.push_back({update.leaf, moved_[update.value]});
        }
        return std::move(to_);
    }

private:
    // A product that only one other product needs becomes a part of that.
    void find_absorbed() {
        absorbed_.assign(from_.steps.size(), false);
        for (const TensorStep& step : from_.steps) {
            if (!is_product(step)) {
                continue;
            }
            for (const std::uint32_t operand : step.operands) {
                absorbed_[operand] = is_product(from_.steps[operand]) && uses_[operand] == 1;
            }
        }
    }

    std::uint32_t add(TensorStep step) {
        int start = 0;
        for (const std::uint32_t operand : step.operands) {
            start = std::max(start, ready_[operand]);
        }
        ready_.push_back(start + latency(step));
        to_.steps.push_back(std::move(step));
        return static_cast<std::uint32_t>(to_.steps.size() - 1);
    }

    std::uint32_t copied(TensorStep step) {
        for (std::uint32_t& operand : step.operands) {
            operand = moved_[operand];
        }
        return add(std::move(step));
    }

    // A sum of products and of an addend that is there before them begins with the addend.
    std::uint32_t begun_early(std::uint32_t sum) {
        const TensorStep& step = from_.steps[sum];
        for (const std::size_t k : {0, 1}) {
            const std::uint32_t products = step.operands[k];
            const std::uint32_t addend = moved_[step.operands[1 - k]];
            const auto begun = from_.steps[products].kind == Kind::fold
                                   ? begun_fold(products, addend)
                                   : begun_chain(products, addend);
            if (begun) {
                return *begun;
            }
        }
        return copied(step);
    }

    // The step is a product that nothing else needs, and whose factors come after `addend`.
    bool can_begin(std::uint32_t product, std::uint32_t addend) const {
        const TensorStep& step = to_.steps[moved_[product]];
        return uses_[product] == 1 && is_product(step) &&
               ready_[addend] <= ready_[moved_[product]] - latency(step);
    }

    TensorStep fused(std::uint32_t size) const {
        TensorStep step{.kind = Kind::map, .size = size};
        std::array<Scalar, 3> x;
        for (std::uint32_t i = 0; i < x.size(); ++i) {
            x[i] = step.program.input(i, from_.real);
        }
        step.program.outputs = {fma(x[0], x[1], x[2]).id};
        return step;
    }

    // a b + (c d + addend) for (a b + c d) + addend.
    std::optional<std::uint32_t> begun_chain(std::uint32_t last, std::uint32_t addend) {
        std::vector<std::uint32_t> links;
        for (; is_fused(from_.steps[last]) && uses_[last] == 1;
             last = from_.steps[last].operands[2]) {
            links.push_back(moved_[last]);
        }
        if (links.empty() || !can_begin(last, addend)) {
            return std::nullopt;
        }
        links.push_back(moved_[last]);
        std::uint32_t total = addend;
        for (const std::uint32_t link : links | std::views::reverse) {
            TensorStep step = fused(to_.steps[link].size);
            const auto& factors = to_.steps[link].operands;
            step.operands = {factors[0], factors[1], total};
            total = add(std::move(step));
        }
        return total;
    }

    // Of the vectors to be folded, the second half joins the first, which begins with the addend.
    std::optional<std::uint32_t> begun_fold(std::uint32_t fold, std::uint32_t addend) {
        TensorStep step = from_.steps[fold];
        const std::uint32_t product = step.operands[0];
        if (uses_[fold] != 1 || !std::has_single_bit(step.count) ||
            step.program.instructions().back().op != ScalarOp::add || !can_begin(product, addend)) {
            return std::nullopt;
        }
        const std::uint32_t half = step.size * step.count / 2;
        std::vector<std::int32_t> begun(half, static_cast<std::int32_t>(step.size));
        std::iota(begun.begin(), begun.begin() + step.size, 0);
        const std::uint32_t zero =
            add({.kind = Kind::constant, .size = 1, .numbers = {step.initial}});
        std::uint32_t total = add({.kind = Kind::shuffle,
                                   .size = half,
                                   .operands = {addend, zero},
                                   .indices = std::move(begun)});
        const std::vector<std::uint32_t> factors = to_.steps[moved_[product]].operands;
        for (const std::uint32_t first : {0U, half}) {
            std::vector<std::int32_t> part(half);
            std::iota(part.begin(), part.end(), static_cast<std::int32_t>(first));
            TensorStep link = fused(half);
            link.operands = {shuffled(factors[0], part), shuffled(factors[1], part), total};
            total = add(std::move(link));
        }
        if (step.count == 2) {
            return total;
        }
        step.count /= 2;
        step.operands = {total};
        return add(std::move(step));
    }

    void find_factors(std::uint32_t product, std::vector<std::uint32_t>& factors) {
        for (const std::uint32_t operand : from_.steps[product].operands) {
            if (absorbed_[operand]) {
                find_factors(operand, factors);
            } else if (is_spread_product(from_.steps[operand])) {
                const TensorStep& spread = from_.steps[operand];
                for (const std::uint32_t factor : latest_apart(spread.operands[0])) {
                    factors.push_back(shuffled(factor, spread.indices));
                }
            } else {
                factors.push_back(moved_[operand]);
            }
        }
    }

    // The constant factors of a product, the latest of the others, and the product of the rest.
    std::vector<std::uint32_t> latest_apart(std::uint32_t product) {
        std::vector<std::uint32_t> factors;
        find_factors(product, factors);
        const auto variable = std::ranges::stable_partition(factors, [&](std::uint32_t factor) {
            return to_.steps[factor].kind == Kind::constant;
        });
        if (variable.size() > 2) {
            std::ranges::stable_sort(variable, {},
                                     [&](std::uint32_t factor) { return ready_[factor]; });
            const std::uint32_t rest =
                multiplied({variable.begin(), variable.end() - 1}, from_.steps[product]);
            factors.erase(variable.begin(), variable.end() - 1);
            factors.push_back(rest);
        }
        return factors;
    }

    // A shuffle of a product is a product of shuffles: more work, but done before the latest factor
    // is there.
    bool is_spread_product(const TensorStep& step) const {
        constexpr std::uint32_t few = 64;  // elements: a few registers
        return step.kind == Kind::shuffle && step.operands.size() == 1 && step.size <= few &&
               is_product(from_.steps[step.operands[0]]);
    }

    std::uint32_t shuffled(std::uint32_t operand, std::vector<std::int32_t> indices) {
        const TensorStep& from = to_.steps[operand];
        if (from.kind == Kind::shuffle && from.operands.size() == 1) {
            for (std::int32_t& index : indices) {
                index = from.indices[static_cast<std::size_t>(index)];
            }
            return shuffled(from.operands[0], std::move(indices));
        }
        const auto size = static_cast<std::uint32_t>(indices.size());
        if (from.kind == Kind::constant) {
            TensorStep step{.kind = Kind::constant, .size = size};
            for (const std::int32_t index : indices) {
                step.numbers.push_back(from.numbers[static_cast<std::size_t>(index)]);
            }
            return add(std::move(step));
        }
        return add({.kind = Kind::shuffle,
                    .size = size,
                    .operands = {operand},
                    .indices = std::move(indices)});
    }

    // All constant factors as one, none where that is 1.
    void merge_constants(std::vector<std::uint32_t>& factors) {
        const auto variable = std::ranges::stable_partition(factors, [&](std::uint32_t factor) {
            return to_.steps[factor].kind != Kind::constant;
        });
        if (variable.size() < 2) {
            return;
        }
        TensorStep all = to_.steps[variable.front()];
        for (const std::uint32_t factor : variable | std::views::drop(1)) {
            std::ranges::transform(all.numbers, to_.steps[factor].numbers, all.numbers.begin(),
                                   std::multiplies{});
        }
        factors.erase(variable.begin(), variable.end());
        if (factors.empty() || !is_one(all)) {
            factors.push_back(add(std::move(all)));
        }
    }

    // The two earliest factors are multiplied, again and again.
    std::uint32_t balanced(std::uint32_t product) {
        std::vector<std::uint32_t> factors;
        find_factors(product, factors);
        merge_constants(factors);
        return multiplied(factors, from_.steps[product]);
    }

    std::uint32_t multiplied(const std::vector<std::uint32_t>& factors, TensorStep step) {
        using Entry = std::pair<int, std::uint32_t>;  // when it is ready, the step
        std::priority_queue<Entry, std::vector<Entry>, std::greater<>> open;
        for (const std::uint32_t factor : factors) {
            open.emplace(ready_[factor], factor);
        }
        for (;;) {
            const std::uint32_t a = open.top().second;
            open.pop();
            if (open.empty()) {
                return a;
            }
            const std::uint32_t b = open.top().second;
            open.pop();
            step.operands = {a, b};
            const std::uint32_t made = add(step);
            open.emplace(ready_[made], made);
        }
    }

    const TensorProgram& from_;
    TensorProgram to_;
    std::vector<int> uses_;
    std::vector<bool> absorbed_;
    std::vector<std::uint32_t> moved_;
    std::vector<int> ready_;  // by step of to_
};

}  // namespace

TensorProgram balance_products(const TensorProgram& program) { return Balancer(program).run(); }

}  // namespace chainrule
