// J P = Q R by Householder reflections, the columns taken by what is left of their lengths, the
// longest first, so that a J of deficient rank shows by small numbers at the end of R's diagonal;
// and the least squares problems in J that are solved with it (Businger and Golub 1965; Golub and
// Van Loan, Matrix Computations, 5.4). No normal equations: these would lose half of the digits.
//
//     const PivotedQr qr(std::move(columns), residuals, n);
//     qr.solve()                       // the x with the least |J x - residuals|
//     const DampedSolution damped(qr, d);
//     damped.x                         // the x with the least |J x - residuals|^2 + |d x|^2
#pragma once

#include <span>
#include <vector>

namespace chainrule {

class PivotedQr {
public:
    // `columns` has J column after column, each as long as `right`.
    PivotedQr(std::vector<double> columns, std::vector<double> right, std::size_t count);

    std::size_t size() const { return pivots_.size(); }  // of x
    // Of R, an upper triangle; 0 in the rows that J has not.
    double r(std::size_t row, std::size_t column) const {
        return row < rows_ ? columns_[column * rows_ + row] : 0;
    }
    // Element i of Q' times the right side.
    double right(std::size_t i) const { return i < rows_ ? right_[i] : 0; }
    // Which column of J stands at place i of R.
    std::size_t pivot(std::size_t i) const { return pivots_[i]; }
    // How long the columns of J are.
    std::span<const double> lengths() const { return lengths_; }
    bool has_full_rank() const;

    // 0 for what a deficient rank leaves open.
    std::vector<double> solve() const;
    // R' z = P' y
    std::vector<double> solve_transposed(std::span<const double> y) const;
    // |J x|
    double length_of_image(std::span<const double> x) const;
    // J' times the right side.
    std::vector<double> gradient() const;

private:
    void reflect(std::size_t k);
    void bring_longest(std::size_t k);
    std::span<double> column(std::size_t k) {
        return std::span(columns_).subspan(k * rows_, rows_);
    }

    std::size_t rows_;
    std::vector<double> columns_;
    std::vector<double> right_;
    std::vector<double> lengths_;
    std::vector<double> left_;  // what is left of the length of the column at each place
    std::vector<std::size_t> pivots_;
};

// The same with rows diag(d) below J, by Givens rotations of R.
class DampedSolution {
public:
    DampedSolution(const PivotedQr& qr, std::span<const double> d);

    std::vector<double> x;
    // S' z = P' y, where S is the triangle that the rotations make of R.
    std::vector<double> solve_transposed(std::span<const double> y) const;

private:
    void rotate_in(std::size_t place, double d);
    double& s(std::size_t row, std::size_t column) { return s_[row * size_ + column]; }
    double s(std::size_t row, std::size_t column) const { return s_[row * size_ + column]; }

    const PivotedQr& qr_;
    std::size_t size_;
    std::vector<double> s_;
    std::vector<double> right_;
};

}  // namespace chainrule
