#include "optim/pivoted_qr.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "optim/full_batch.h"

namespace chainrule {
namespace {

// R x = right, of the first `rank` places; `r(row, column)`. The others are 0.
template <class Triangle>
std::vector<double> solve_upper(const Triangle& r, std::vector<double> right, std::size_t rank) {
    std::fill(right.begin() + static_cast<std::ptrdiff_t>(rank), right.end(), 0);
    for (std::size_t i = rank; i-- > 0;) {
        for (std::size_t k = i + 1; k < rank; ++k) {
            right[i] -= r(i, k) * right[k];
        }
        right[i] /= r(i, i);
    }
    return right;
}

template <class Triangle>
std::vector<double> solve_lower(const Triangle& r, std::vector<double> right) {
    for (std::size_t i = 0; i < right.size(); ++i) {
        for (std::size_t k = 0; k < i; ++k) {
            right[i] -= r(k, i) * right[k];
        }
        right[i] /= r(i, i);
    }
    return right;
}

// How many leading places have numbers other than 0 on the diagonal.
template <class Triangle>
std::size_t rank_of(const Triangle& r, std::size_t size) {
    std::size_t rank = 0;
    while (rank < size && r(rank, rank) != 0) {
        ++rank;
    }
    return rank;
}

std::vector<double> in_order_of_pivots(const PivotedQr& qr, std::span<const double> y) {
    std::vector<double> result(qr.size());
    for (std::size_t i = 0; i < qr.size(); ++i) {
        result[i] = y[qr.pivot(i)];
    }
    return result;
}

std::vector<double> in_order_of_columns(const PivotedQr& qr, std::span<const double> y) {
    std::vector<double> result(qr.size());
    for (std::size_t i = 0; i < qr.size(); ++i) {
        result[qr.pivot(i)] = y[i];
    }
    return result;
}

}  // namespace

PivotedQr::PivotedQr(std::vector<double> columns, std::vector<double> right, std::size_t count)
    : rows_(right.size()), columns_(std::move(columns)), right_(std::move(right)), pivots_(count) {
    std::iota(pivots_.begin(), pivots_.end(), std::size_t{0});
    for (std::size_t k = 0; k < count; ++k) {
        lengths_.push_back(length(column(k)));
    }
    left_ = lengths_;
    for (std::size_t k = 0; k < std::min(rows_, count); ++k) {
        bring_longest(k);
        reflect(k);
    }
}

void PivotedQr::bring_longest(std::size_t k) {
    const auto longest = static_cast<std::size_t>(
        std::max_element(left_.begin() + static_cast<std::ptrdiff_t>(k), left_.end()) -
        left_.begin());
    if (longest != k) {
        std::ranges::swap_ranges(column(k), column(longest));
        std::swap(left_[k], left_[longest]);
        std::swap(pivots_[k], pivots_[longest]);
    }
}

// Makes the column at place k zero below the diagonal: H = 1 - v v' / v[0], v in the column's
// direction.
void PivotedQr::reflect(std::size_t k) {
    const std::span<double> own = column(k).subspan(k);
    const double norm = length(own);
    if (norm == 0) {
        return;
    }
    const double signed_norm = own[0] < 0 ? -norm : norm;
    std::vector<double> v(own.begin(), own.end());
    std::ranges::for_each(v, [&](double& x) { x /= signed_norm; });
    v[0] += 1;
    const auto apply = [&](std::span<double> to) {
        add_multiple(to, -inner_product(v, to) / v[0], v);
    };
    for (std::size_t other = k + 1; other < size(); ++other) {
        apply(column(other).subspan(k));
        left_[other] = k + 1 < rows_ ? length(column(other).subspan(k + 1)) : 0;
    }
    apply(std::span(right_).subspan(k));
    std::ranges::fill(own, 0);
    own[0] = -signed_norm;
}

bool PivotedQr::has_full_rank() const {
    return rank_of([&](std::size_t i, std::size_t k) { return r(i, k); }, size()) == size();
}

std::vector<double> PivotedQr::solve() const {
    const auto triangle = [&](std::size_t i, std::size_t k) { return r(i, k); };
    std::vector<double> y(size());
    for (std::size_t i = 0; i < size(); ++i) {
        y[i] = right(i);
    }
    return in_order_of_columns(*this,
                               solve_upper(triangle, std::move(y), rank_of(triangle, size())));
}

std::vector<double> PivotedQr::solve_transposed(std::span<const double> y) const {
    return solve_lower([&](std::size_t i, std::size_t k) { return r(i, k); },
                       in_order_of_pivots(*this, y));
}

double PivotedQr::length_of_image(std::span<const double> x) const {
    std::vector<double> image(size(), 0);
    for (std::size_t i = 0; i < size(); ++i) {
        for (std::size_t k = i; k < size(); ++k) {
            image[i] += r(i, k) * x[pivots_[k]];
        }
    }
    return length(image);
}

std::vector<double> PivotedQr::gradient() const {
    std::vector<double> product(size(), 0);
    for (std::size_t k = 0; k < size(); ++k) {
        for (std::size_t i = 0; i <= k; ++i) {
            product[k] += r(i, k) * right(i);
        }
    }
    return in_order_of_columns(*this, product);
}

DampedSolution::DampedSolution(const PivotedQr& qr, std::span<const double> d)
    : qr_(qr), size_(qr.size()), s_(size_ * size_, 0), right_(size_) {
    for (std::size_t i = 0; i < size_; ++i) {
        right_[i] = qr.right(i);
        for (std::size_t k = i; k < size_; ++k) {
            s(i, k) = qr.r(i, k);
        }
    }
    for (std::size_t place = 0; place < size_; ++place) {
        rotate_in(place, d[qr.pivot(place)]);
    }
    const auto triangle = [&](std::size_t i, std::size_t k) { return s(i, k); };
    x = in_order_of_columns(qr, solve_upper(triangle, right_, rank_of(triangle, size_)));
}

// A row that is d at `place`, else 0: each rotation takes its first number away and fills the next
// ones.
void DampedSolution::rotate_in(std::size_t place, double d) {
    std::vector<double> row(size_, 0);
    row[place] = d;
    double row_right = 0;
    for (std::size_t k = place; k < size_; ++k) {
        if (row[k] == 0) {
            continue;
        }
        const double norm = std::hypot(s(k, k), row[k]);
        const double cosine = s(k, k) / norm;
        const double sine = row[k] / norm;
        const auto rotate = [&](double& upper, double& lower) {
            const double before = upper;
            upper = cosine * before + sine * lower;
            lower = cosine * lower - sine * before;
        };
        for (std::size_t other = k; other < size_; ++other) {
            rotate(s(k, other), row[other]);
        }
        rotate(right_[k], row_right);
    }
}

std::vector<double> DampedSolution::solve_transposed(std::span<const double> y) const {
    return solve_lower([&](std::size_t i, std::size_t k) { return s(i, k); },
                       in_order_of_pivots(qr_, y));
}

}  // namespace chainrule
