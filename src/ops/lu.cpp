#include "ops/lu.h"

#include <algorithm>
#include <cmath>

namespace chainrule {
namespace {

void swap_rows(MatrixSpan a, std::size_t row, std::size_t other) {
    const auto first = a.elements.begin();
    const auto at = [&](std::size_t r) { return static_cast<std::ptrdiff_t>(r * a.columns); };
    std::swap_ranges(first + at(row), first + at(row + 1), first + at(other));
}

void move_pivot_up(MatrixSpan a, MatrixSpan right, std::size_t step) {
    std::size_t pivot = step;
    for (std::size_t row = step + 1; row < a.columns; ++row) {
        if (std::abs(a(row, step)) > std::abs(a(pivot, step))) {
            pivot = row;
        }
    }
    if (pivot != step) {
        swap_rows(a, pivot, step);
        swap_rows(right, pivot, step);
    }
}

void eliminate(MatrixSpan a, std::size_t step) {
    for (std::size_t row = step + 1; row < a.columns; ++row) {
        a(row, step) /= a(step, step);
        for (std::size_t column = step + 1; column < a.columns; ++column) {
            a(row, column) -= a(row, step) * a(step, column);
        }
    }
}

}  // namespace

bool decompose(MatrixSpan a, MatrixSpan right) {
    bool regular = true;
    for (std::size_t step = 0; step < a.columns; ++step) {
        move_pivot_up(a, right, step);
        if (a(step, step) == 0) {
            regular = false;
        } else {
            eliminate(a, step);
        }
    }
    return regular;
}

void solve(MatrixSpan lu, MatrixSpan b) {
    for (std::size_t k = 0; k < b.columns; ++k) {
        for (std::size_t row = 0; row < lu.columns; ++row) {
            for (std::size_t column = 0; column < row; ++column) {
                b(row, k) -= lu(row, column) * b(column, k);
            }
        }
        for (std::size_t row = lu.columns; row-- > 0;) {
            for (std::size_t column = row + 1; column < lu.columns; ++column) {
                b(row, k) -= lu(row, column) * b(column, k);
            }
            b(row, k) /= lu(row, row);
        }
    }
}

}  // namespace chainrule
