#include "ops/lu.h"

#include <cmath>
#include <numeric>
#include <utility>

namespace chainrule {
namespace {

void move_pivot_up(LuDecomposition& lu, std::size_t step) {
    std::size_t pivot = step;
    for (std::size_t row = step + 1; row < lu.rows; ++row) {
        if (std::abs(lu(row, step)) > std::abs(lu(pivot, step))) {
            pivot = row;
        }
    }
    if (pivot != step) {
        std::swap(lu.order[pivot], lu.order[step]);
        for (std::size_t column = 0; column < lu.rows; ++column) {
            std::swap(lu(pivot, column), lu(step, column));
        }
    }
}

void eliminate(LuDecomposition& lu, std::size_t step) {
    for (std::size_t row = step + 1; row < lu.rows; ++row) {
        lu(row, step) /= lu(step, step);
        for (std::size_t column = step + 1; column < lu.rows; ++column) {
            lu(row, column) -= lu(row, step) * lu(step, column);
        }
    }
}

}  // namespace

LuDecomposition decompose(const Tensor& square) {
    LuDecomposition lu;
    lu.rows = static_cast<std::size_t>(square.shape[0]);
    lu.factors = square.data;
    lu.order.resize(lu.rows);
    std::iota(lu.order.begin(), lu.order.end(), std::size_t{0});
    for (std::size_t step = 0; step < lu.rows; ++step) {
        move_pivot_up(lu, step);
        if (lu(step, step) == 0) {
            lu.singular = true;
        } else {
            eliminate(lu, step);
        }
    }
    return lu;
}

std::vector<double> solve_unit(const LuDecomposition& lu, std::size_t k) {
    std::vector<double> x(lu.rows);
    for (std::size_t row = 0; row < lu.rows; ++row) {
        x[row] = lu.order[row] == k ? 1 : 0;
        for (std::size_t column = 0; column < row; ++column) {
            x[row] -= lu(row, column) * x[column];
        }
    }
    for (std::size_t row = lu.rows; row-- > 0;) {
        for (std::size_t column = row + 1; column < lu.rows; ++column) {
            x[row] -= lu(row, column) * x[column];
        }
        x[row] /= lu(row, row);
    }
    return x;
}

}  // namespace chainrule
