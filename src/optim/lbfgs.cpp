// L-BFGS (Liu and Nocedal 1989; Nocedal and Wright, Numerical Optimization, 2006, algorithm 7.4) in
// the very steps of PyTorch's torch.optim.LBFGS. Of the last moves s = w' - w with the gradient's
// changes y = g' - g, at most `history` of them, the direction is
//
//     d = -H g,     H from  s y' / (y' s)  by the two-loop recursion, at first (y' s) / (y' y)
//     w <- w + t * d
//
// with t = rate, or by strong_wolfe = 1 as the line search finds it (optim/strong_wolfe.h), `rate`
// first. The first direction is -g, the first t at most rate / |g|_1. A step of training is up to
// `iterations` of these, with up to `evaluations` of the loss (0: 5/4 as many); it ends early where
// the gradient's largest number is at most tolerance_grad, or where weights and loss move by less
// than tolerance_change.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "optim/optimizer.h"
#include "optim/strong_wolfe.h"

namespace chainrule {
namespace {

std::vector<FullBatchState> lbfgs_states(const Choice& choice, std::int64_t weights) {
    const auto history = static_cast<std::int64_t>(choice["history"]);
    return {{"iterations", {}},
            {"pairs", {}},
            {"length", {}},
            {"scale", {}},
            {"direction", {weights}},
            {"gradient", {weights}},
            {"moves", {history, weights}},
            {"gradient_changes", {history, weights}}};
}

// The last moves, and what the gradient did along each; the oldest first.
class History {
public:
    History(double& pairs, Tensor& moves, Tensor& changes)
        : pairs_(pairs), moves_(moves), changes_(changes), size_(changes.shape[1]) {
        for (std::size_t i = 0; i < count(); ++i) {
            inverses_.push_back(1 / inner_product(row(changes_, i), row(moves_, i)));
        }
    }

    void add(std::span<const double> move, std::span<const double> change, double product) {
        if (count() == static_cast<std::size_t>(moves_.shape[0])) {
            for (Tensor* tensor : {&moves_, &changes_}) {
                std::copy(tensor->data.begin() + size_, tensor->data.end(), tensor->data.begin());
            }
            inverses_.erase(inverses_.begin());
            --pairs_;
        }
        std::ranges::copy(move, row(moves_, count()).begin());
        std::ranges::copy(change, row(changes_, count()).begin());
        inverses_.push_back(1 / product);
        ++pairs_;
    }

    // -H g
    void direction(std::span<const double> gradient, double scale, std::span<double> d) const {
        std::ranges::transform(gradient, d.begin(), std::negate<>());
        std::vector<double> along(count());
        for (std::size_t i = count(); i-- > 0;) {
            along[i] = inner_product(row(moves_, i), d) * inverses_[i];
            add_multiple(d, -along[i], row(changes_, i));
        }
        std::ranges::for_each(d, [&](double& x) { x *= scale; });
        for (std::size_t i = 0; i < count(); ++i) {
            const double back = inner_product(row(changes_, i), d) * inverses_[i];
            add_multiple(d, along[i] - back, row(moves_, i));
        }
    }

private:
    std::size_t count() const { return static_cast<std::size_t>(pairs_); }
    std::span<double> row(Tensor& tensor, std::size_t i) const {
        const auto size = static_cast<std::size_t>(size_);
        return std::span(tensor.data).subspan(i * size, size);
    }

    double& pairs_;
    Tensor& moves_;
    Tensor& changes_;
    std::int64_t size_;
    std::vector<double> inverses_;  // of the inner products of each pair
};

class Step {
public:
    Step(const FullBatchStep& step, const LossFunction& loss)
        : choice_(step.choice),
          rate_(step.rate),
          weights_(step.weights),
          loss_(loss),
          iterations_(step.states[0].data[0]),
          t_(step.states[2].data[0]),
          scale_(step.states[3].data[0]),
          d_(step.states[4].data),
          before_(step.states[5].data),
          history_(step.states[1].data[0], step.states[6], step.states[7]) {}

    bool run() {
        now_ = at(weights_);
        evaluations_ = 1;
        if (is_flat()) {
            return true;
        }
        const auto most = static_cast<std::int64_t>(choice_["iterations"]);
        const double most_evaluations = allowed_evaluations();
        for (std::int64_t i = 1; i <= most; ++i) {
            ++iterations_;
            find_direction();
            before_ = now_.gradient;
            const double loss_before = now_.loss;
            t_ = iterations_ == 1 ? std::min(1.0, 1 / sum_of_sizes(before_)) * rate_ : rate_;
            now_.slope = inner_product(now_.gradient, d_);
            if (now_.slope > -choice_["tolerance_change"]) {
                return true;
            }
            move(i == most);
            if (i == most || evaluations_ >= most_evaluations) {
                return false;
            }
            if (is_flat()) {
                return true;
            }
            if (moves_little(loss_before)) {
                return false;
            }
        }
        return false;
    }

private:
    LinePoint at(std::span<const double> weights) const {
        LinePoint point;
        point.loss = loss_(weights, point.gradient);
        return point;
    }

    double allowed_evaluations() const {
        return choice_["evaluations"] > 0 ? choice_["evaluations"]
                                          : std::floor(choice_["iterations"] * 5 / 4);
    }

    static double sum_of_sizes(std::span<const double> x) {
        double sum = 0;
        for (const double value : x) {
            sum += std::abs(value);
        }
        return sum;
    }

    bool is_flat() const { return largest_size(now_.gradient) <= choice_["tolerance_grad"]; }

    bool moves_little(double loss_before) const {
        const double tolerance = choice_["tolerance_change"];
        return largest_size(d_) * std::abs(t_) <= tolerance ||
               std::abs(now_.loss - loss_before) < tolerance;
    }

    void find_direction() {
        if (iterations_ == 1) {
            scale_ = 1;
        } else {
            std::vector<double> change = now_.gradient;
            add_multiple(change, -1, before_);
            std::vector<double> move = d_;
            std::ranges::for_each(move, [&](double& x) { x *= t_; });
            const double product = inner_product(change, move);
            if (product > 1e-10) {
                history_.add(move, change, product);
                scale_ = product / inner_product(change, change);
            }
        }
        history_.direction(now_.gradient, scale_, d_);
    }

    std::vector<double> along(double t) const {
        std::vector<double> weights = weights_;
        add_multiple(weights, t, d_);
        return weights;
    }

    // Without a line search, nobody asks for the loss behind the last move.
    void move(bool is_last) {
        if (choice_["strong_wolfe"] > 0) {
            const LineSearch search{
                .at =
                    [&](double t) {
                        LinePoint point = at(along(t));
                        point.t = t;
                        point.slope = inner_product(point.gradient, d_);
                        return point;
                    },
                .largest = largest_size(d_),
                .tolerance = choice_["tolerance_change"],
                .most_steps = static_cast<std::int64_t>(allowed_evaluations() - evaluations_)};
            now_.t = 0;
            LineResult found = strong_wolfe(search, now_, t_);
            now_ = std::move(found.point);
            t_ = now_.t;
            evaluations_ += static_cast<double>(found.evaluations);
            weights_ = along(t_);
            return;
        }
        weights_ = along(t_);
        if (!is_last) {
            now_ = at(weights_);
            ++evaluations_;
        }
    }

    const Choice& choice_;
    const double rate_;
    std::vector<double>& weights_;
    const LossFunction& loss_;
    double& iterations_;
    double& t_;
    double& scale_;
    std::vector<double>& d_;
    std::vector<double>& before_;  // the gradient where the last direction was found
    History history_;
    LinePoint now_;
    double evaluations_ = 0;
};

bool lbfgs_step(const FullBatchStep& step, const LossFunction& loss) {
    return Step(step, loss).run();
}

const FullBatchMethod lbfgs_method{.states = lbfgs_states, .step = lbfgs_step};

}  // namespace

const Optimizer lbfgs_optimizer{.method = {"lbfgs",
                                           {{"rate", &positive_number, 1},
                                            {"history", &counting_number, 100},
                                            {"iterations", &counting_number, 20},
                                            {"evaluations", &whole_number, 0},
                                            {"tolerance_grad", &number_from_0, 1e-7},
                                            {"tolerance_change", &number_from_0, 1e-9},
                                            {"strong_wolfe", &yes_or_no, 0}}},
                                .full_batch = &lbfgs_method};

}  // namespace chainrule
