// Levenberg-Marquardt for an objective that is the sum of the squares of residuals r(w) with
// derivatives J (Levenberg 1944; Marquardt 1963), its damping found by a trust region, as in Moré,
// The Levenberg-Marquardt algorithm: implementation and theory, 1978, and so in MINPACK's lmder:
//
//     w <- w - p,   p the shortest with the least |J p - r|^2 + damping * |D p|^2,
//                   damping = 0 where |D p| <= radius, else such that |D p| = radius to a tenth
//
// D has the lengths of J's columns, the largest so far, which makes the steps the same in whatever
// units weights are. The radius, at first `radius` times |D w|, shrinks where the squares fall by
// less than a quarter of what J promised, and grows where they fall by more than three quarters. A
// step of training is one that makes the squares less. It has arrived where a step would change the
// weights by less than `tolerance` of |D w|, or the squares by no more than a double holds.
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "optim/optimizer.h"
#include "optim/pivoted_qr.h"

namespace chainrule {
namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double smallest = std::numeric_limits<double>::min();

std::vector<FullBatchState> marquardt_states(const Choice&, std::int64_t weights) {
    return {{"iterations", {}}, {"radius", {}}, {"damping", {}}, {"scale", {weights}}};
}

std::vector<double> scaled(std::span<const double> d, std::span<const double> x,
                           double factor = 1) {
    std::vector<double> result(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
        result[i] = factor * d[i] * x[i];
    }
    return result;
}

double square(double x) { return x * x; }

struct DampedStep {
    std::vector<double> p;
    double damping;
};

// The step within a trust region: a root of |D p(damping)| - radius, by Newton's iteration on its
// inverse within bounds (Moré 1978, section 5).
class TrustRegion {
public:
    TrustRegion(const PivotedQr& qr, std::span<const double> scale, double radius)
        : qr_(qr), scale_(scale), radius_(radius) {}

    // `guess` is the damping of the step before.
    DampedStep step(double guess) const {
        std::vector<double> p = qr_.solve();
        double size = length(scaled(scale_, p));
        if (size - radius_ <= 0.1 * radius_) {
            return {std::move(p), 0};
        }
        double low = qr_.has_full_rank() ? newton(p, size, qr_) : 0;
        const double high = upper_bound();
        double damping = std::min(std::max(guess, low), high);
        if (damping == 0) {
            damping = high * radius_ / size;
        }
        for (int iteration = 1;; ++iteration) {
            damping = damping == 0 ? std::max(smallest, 0.001 * high) : damping;
            const std::vector<double> root(p.size(), std::sqrt(damping));
            const DampedSolution damped(qr_, scaled(scale_, root));
            const double before = size - radius_;
            size = length(scaled(scale_, damped.x));
            const double over = size - radius_;
            if (std::abs(over) <= 0.1 * radius_ || (low == 0 && over <= before && before < 0) ||
                iteration == 10) {
                return {damped.x, damping};
            }
            if (over > 0) {
                low = std::max(low, damping);
            }
            damping = std::max(low, damping + newton(damped.x, size, damped));
        }
    }

private:
    // What Newton's iteration adds to the damping at which the step is p.
    template <class Solver>
    double newton(std::span<const double> p, double size, const Solver& solver) const {
        const std::vector<double> direction =
            solver.solve_transposed(scaled(scale_, scaled(scale_, p, 1 / size)));
        return (size - radius_) / radius_ / square(length(direction));
    }

    // |D^-1 J' r| / radius
    double upper_bound() const {
        std::vector<double> gradient = qr_.gradient();
        for (std::size_t i = 0; i < gradient.size(); ++i) {
            gradient[i] /= scale_[i];
        }
        const double bound = length(gradient) / radius_;
        return bound > 0 ? bound : smallest / std::min(radius_, 0.1);
    }

    const PivotedQr& qr_;
    std::span<const double> scale_;
    double radius_;
};

class TrustRegionStep {
public:
    TrustRegionStep(const FullBatchStep& step, const Residuals& residuals)
        : choice_(step.choice),
          weights_(step.weights),
          residuals_(residuals),
          iterations_(step.states[0].data[0]),
          radius_(step.states[1].data[0]),
          damping_(step.states[2].data[0]),
          scale_(step.states[3].data) {}

    bool run() {
        std::vector<double> values;
        std::vector<double> derivatives;
        residuals_.derivatives(weights_, values, derivatives);
        length_ = length(values);
        if (!std::isfinite(length_) || !std::isfinite(largest_size(derivatives))) {
            damping_ = std::numeric_limits<double>::quiet_NaN();
            return false;
        }
        const PivotedQr qr(std::move(derivatives), std::move(values), weights_.size());
        if (is_orthogonal(qr)) {
            return true;
        }
        ++iterations_;
        set_scale(qr.lengths());
        while (true) {
            const Trial trial = attempt(qr);
            if (trial.accepted) {
                weights_ = trial.weights;
            }
            if (has_arrived(trial)) {
                return true;
            }
            if (trial.accepted) {
                return false;
            }
        }
    }

private:
    struct Trial {
        std::vector<double> weights;
        double promised;  // by how much the squares fall, relative to what they are
        double actual;
        bool accepted;
    };

    // Whether no direction makes the squares less: the residuals are orthogonal to all columns of
    // J.
    bool is_orthogonal(const PivotedQr& qr) const {
        const std::vector<double> gradient = qr.gradient();
        for (std::size_t i = 0; i < gradient.size(); ++i) {
            if (std::abs(gradient[i]) > smallest * qr.lengths()[i] * length_) {
                return false;
            }
        }
        return true;
    }

    void set_scale(std::span<const double> lengths) {
        for (std::size_t i = 0; i < scale_.size(); ++i) {
            scale_[i] = is_first() && lengths[i] == 0 ? 1 : std::max(scale_[i], lengths[i]);
        }
        if (is_first()) {
            const double size = length(scaled(scale_, weights_));
            radius_ = choice_["radius"] * (size > 0 ? size : 1);
        }
    }

    bool is_first() const { return iterations_ == 1; }

    Trial attempt(const PivotedQr& qr) {
        const DampedStep step = TrustRegion(qr, scale_, radius_).step(damping_);
        damping_ = step.damping;
        Trial trial{.weights = weights_, .promised = 0, .actual = -infinity, .accepted = false};
        add_multiple(trial.weights, -1, step.p);
        const double size = length(scaled(scale_, step.p));
        if (is_first()) {
            radius_ = std::min(radius_, size);
        }
        std::vector<double> values;
        residuals_.values(trial.weights, values);
        const double after = length(values);
        if (0.1 * after < length_) {  // else, or where it is no number, as bad as can be
            trial.actual = 1 - square(after / length_);
        }
        const double by_model = square(qr.length_of_image(step.p) / length_);
        const double by_damping = square(std::sqrt(damping_) * size / length_);
        trial.promised = by_model + 2 * by_damping;
        const double ratio = trial.promised == 0 ? 0 : trial.actual / trial.promised;
        change_radius(ratio, trial.actual, -(by_model + by_damping), size);
        trial.accepted = ratio >= 1e-4;
        return trial;
    }

    // `slope` is that of the squares along the step, relative to what they are.
    void change_radius(double ratio, double actual, double slope, double size) {
        if (!(ratio > 0.25)) {
            const double factor =
                actual >= 0 ? 0.5 : std::max(0.1, 0.5 * slope / (slope + 0.5 * actual));
            radius_ = factor * std::min(radius_, 10 * size);
            damping_ /= factor;
        } else if (damping_ == 0 || ratio >= 0.75) {
            radius_ = 2 * size;
            damping_ *= 0.5;
        }
    }

    bool has_arrived(const Trial& trial) const {
        const bool no_less = std::abs(trial.actual) <= epsilon && trial.promised <= epsilon &&
                             trial.actual <= 2 * trial.promised;
        return no_less || radius_ <= choice_["tolerance"] * length(scaled(scale_, weights_));
    }

    const Choice& choice_;
    std::vector<double>& weights_;
    const Residuals& residuals_;
    double& iterations_;
    double& radius_;
    double& damping_;
    std::vector<double>& scale_;
    double length_ = 0;  // of the residuals before the step
};

bool marquardt_step(const FullBatchStep& step, const Residuals& residuals) {
    return TrustRegionStep(step, residuals).run();
}

const FullBatchMethod marquardt_method{.states = marquardt_states, .step = marquardt_step};

}  // namespace

const Optimizer levenberg_marquardt_optimizer{
    .method = {"levenberg_marquardt",
               {{"radius", &positive_number, 1}, {"tolerance", &positive_number, 1e-14}}},
    .full_batch = &marquardt_method};

}  // namespace chainrule
