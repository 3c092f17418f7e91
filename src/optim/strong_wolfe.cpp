#include "optim/strong_wolfe.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <tuple>
#include <utility>

namespace chainrule {
namespace {

constexpr double enough_decrease = 1e-4;
constexpr double enough_flatness = 0.9;

// Where the cubic through two points with their slopes has its minimum, kept within low .. high.
double cubic_minimum(const LinePoint& one, const LinePoint& other, double low, double high) {
    const auto& [left, right] = one.t <= other.t ? std::tie(one, other) : std::tie(other, one);
    const double d1 = one.slope + other.slope - 3 * (one.loss - other.loss) / (one.t - other.t);
    const double square = d1 * d1 - one.slope * other.slope;
    if (!(square >= 0)) {
        return (low + high) / 2;
    }
    const double d2 = std::sqrt(square);
    const double t = right.t - (right.t - left.t) *
                                   ((right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2));
    return std::min(std::max(t, low), high);
}

class Search {
public:
    Search(const LineSearch& search, const LinePoint& start) : search_(search), start_(start) {}

    LineResult run(double first) {
        bracket(first);
        narrow();
        return {std::move(ends_[low_]), evaluations_};
    }

private:
    LinePoint evaluate(double t) {
        ++evaluations_;
        return search_.at(t);
    }

    bool decreases(const LinePoint& point) const {
        return !(point.loss > start_.loss + enough_decrease * point.t * start_.slope);
    }
    bool is_flat(const LinePoint& point) const {
        return std::abs(point.slope) <= -enough_flatness * start_.slope;
    }

    // Steps outwards until there is a minimum between the last two points, or a point that will do.
    void bracket(double first) {
        LinePoint before = start_;
        LinePoint now = evaluate(first);
        for (; steps_ < search_.most_steps; ++steps_) {
            if (!decreases(now) || (steps_ > 1 && now.loss >= before.loss)) {
                return enclose(std::move(before), std::move(now));
            }
            if (is_flat(now)) {
                done_ = true;
                ends_ = {now, now};
                return;
            }
            if (now.slope >= 0) {
                return enclose(std::move(before), std::move(now));
            }
            const double t =
                cubic_minimum(before, now, now.t + 0.01 * (now.t - before.t), now.t * 10);
            before = std::move(now);
            now = evaluate(t);
        }
        enclose(start_, std::move(now));
    }

    void enclose(LinePoint one, LinePoint other) {
        ends_ = {std::move(one), std::move(other)};
        order();
    }

    void order() { low_ = ends_[0].loss <= ends_[1].loss ? 0 : 1; }

    void narrow() {
        bool close_before = false;
        while (!done_ && steps_ < search_.most_steps) {
            if (std::abs(ends_[1].t - ends_[0].t) * search_.largest < search_.tolerance) {
                return;
            }
            replace_an_end(evaluate(next(close_before)));
            ++steps_;
        }
    }

    // The interpolated t; a tenth of the bracket away from its end where it comes near to one
    // twice.
    double next(bool& close_before) const {
        const double left = std::min(ends_[0].t, ends_[1].t);
        const double right = std::max(ends_[0].t, ends_[1].t);
        const double t = cubic_minimum(ends_[0], ends_[1], left, right);
        const double margin = 0.1 * (right - left);
        if (!(std::min(right - t, t - left) < margin)) {
            close_before = false;
            return t;
        }
        if (!close_before && t < right && t > left) {
            close_before = true;
            return t;
        }
        close_before = false;
        return std::abs(t - right) < std::abs(t - left) ? right - margin : left + margin;
    }

    void replace_an_end(LinePoint point) {
        LinePoint& low = ends_[low_];
        LinePoint& high = ends_[1 - low_];
        if (!decreases(point) || point.loss >= low.loss) {
            high = std::move(point);
            order();
            return;
        }
        if (is_flat(point)) {
            done_ = true;
        } else if (point.slope * (high.t - low.t) >= 0) {
            high = std::move(low);
        }
        low = std::move(point);
    }

    const LineSearch& search_;
    const LinePoint& start_;
    std::array<LinePoint, 2> ends_;
    std::size_t low_ = 0;
    bool done_ = false;
    std::int64_t steps_ = 0;
    std::int64_t evaluations_ = 0;
};

}  // namespace

LineResult strong_wolfe(const LineSearch& search, const LinePoint& start, double first) {
    return Search(search, start).run(first);
}

}  // namespace chainrule
