#include <algorithm>
#include <optional>

#include "ops/matmul.h"

namespace chainrule {
namespace {

// A vector or a row.
bool is_flat(const Type& type) { return type.rank() == 1; }

Shape leading(const Type& type) {
    return is_flat(type) ? Shape{} : Shape(type.shape.begin(), type.shape.end() - 2);
}

// What a row of a and what a column of b hold: the two numbers that must agree.
std::int64_t columns(const Type& a) { return a.shape.back(); }
std::int64_t rows(const Type& b) { return is_flat(b) ? b.shape[0] : b.shape[b.rank() - 2]; }

std::optional<Shape> broadcast_leading(const Type& a, const Type& b) {
    Shape wide = leading(a);
    Shape narrow = leading(b);
    if (wide.size() < narrow.size()) {
        std::swap(wide, narrow);
    }
    for (std::size_t from_end = 1; from_end <= narrow.size(); ++from_end) {
        std::int64_t& mine = wide[wide.size() - from_end];
        const std::int64_t other = narrow[narrow.size() - from_end];
        if (mine != other && mine != 1 && other != 1) {
            return std::nullopt;
        }
        mine = mine == 1 ? other : mine;
    }
    return wide;
}

bool is_outer(const Type& a, const Type& b) { return is_flat(a) && !a.row && b.row; }

// A row to the right of anything but a vector.
bool is_misplaced_row(const Type& a, const Type& b) { return b.row && !is_outer(a, b); }

bool fits(const Type& a, const Type& b) {
    return is_outer(a, b) ||
           (!b.row && columns(a) == rows(b) && broadcast_leading(a, b).has_value());
}

Type transposed(Type type) {
    if (is_flat(type)) {
        type.row = !type.row;
    } else {
        std::swap(type.shape[type.rank() - 1], type.shape[type.rank() - 2]);
    }
    return type;
}

// The first of a' @ b, a @ b' and b @ a that has a type; only matrices are turned, and a row that
// stands wrong.
std::string suggestion(const ShapeCall& call) {
    const Type& a = call[0];
    const Type& b = call[1];
    const std::string left = call.name(0);
    const std::string right = call.name(1);
    std::string product;
    if (left.empty() || right.empty()) {
        return "";
    }
    if (!is_flat(a) && fits(transposed(a), b)) {
        product = left + "' @ " + right;
    } else if ((!is_flat(b) || b.row) && fits(a, transposed(b))) {
        product = left + " @ " + right + "'";
    } else if (fits(b, a)) {
        product = right + " @ " + left;
    } else {
        return "";
    }
    return "did you mean " + product + "?";
}

[[noreturn]] void refuse(const ShapeCall& call, const std::string& why) {
    throw ShapeError("cannot multiply " + call.describe(0) + " @ " + call.describe(1) + ": " + why,
                     1, suggestion(call));
}

std::string mismatch(const Type& a, const Type& b) {
    const std::string left = std::to_string(columns(a));
    const std::string right = std::to_string(rows(b));
    if (is_flat(a) && is_flat(b)) {
        return left + " elements against " + right;
    }
    return left + (is_flat(a) ? " elements" : " columns") + " against " + right + " rows";
}

Shape product_shape(const ShapeCall& call) {
    const Type& a = call[0];
    const Type& b = call[1];
    if (is_misplaced_row(a, b)) {
        refuse(call,
               "a row stands to the left of a matrix or a vector, or to the right of a vector");
    }
    if (is_outer(a, b)) {
        return {a.shape[0], b.shape[0]};
    }
    if (columns(a) != rows(b)) {
        refuse(call, mismatch(a, b));
    }
    const auto stack = broadcast_leading(a, b);
    if (!stack) {
        refuse(call, "leading axes " + to_string(leading(a)) + " against " + to_string(leading(b)));
    }
    Shape shape = *stack;
    if (!is_flat(a)) {
        shape.push_back(a.shape[a.rank() - 2]);
    }
    if (!is_flat(b)) {
        shape.push_back(b.shape.back());
    }
    return shape;
}

}  // namespace

Type matmul_shape(const ShapeCall& call) {
    refuse_index(call, "a matrix product", 0);
    refuse_index(call, "a matrix product", 1);
    Type result = scalar_result(call);
    if (call[0].is_scalar() || call[1].is_scalar()) {
        const Type& scaled = call[call[0].is_scalar() ? 1 : 0];
        result.shape = scaled.shape;
        result.row = scaled.row;
        return result;
    }
    result.shape = product_shape(call);
    result.row = call[0].row && call[1].rank() == 2;
    return checked_size(call, "matmul", result);
}

std::vector<SampleCase> matmul_cases() {
    return {{{f64(), f64()}, {}},
            {{f64(), f64({2, 3})}, {}},
            {{f64(), f64_row(3)}, {}},
            {{f64({3}), f64()}, {}},
            {{f64({1, 1}), f64({1})}, {}},
            {{f64({0, 3}), f64({3})}, {}},
            {{f64({2, 0}), f64({0})}, {}},
            {{f64({3}), f64({3})}, {}},
            {{f64_row(3), f64({3})}, {}},
            {{f64({2}), f64_row(3)}, {}},
            {{f64({2, 3}), f64({3})}, {}},
            {{f64({2}), f64({2, 3})}, {}},
            {{f64_row(2), f64({2, 3})}, {}},
            {{f64({2, 3}), f64({3, 4})}, {}},
            {{f64({2, 3, 4}), f64({2, 4, 2})}, {}},
            {{f64({2, 3, 4}), f64({4, 2})}, {}},
            {{f64({3, 4}), f64({2, 4, 2})}, {}},
            {{f64({2, 1, 2, 3}), f64({4, 3, 2})}, {}},
            {{f64({2, 3, 4}), f64({4})}, {}},
            {{f64({3}), f64({2, 3, 4})}, {}},
            {{f64_row(3), f64({2, 3, 4})}, {}},
            {{f64({20, 30}), f64({30, 10})}, {}}};
}

}  // namespace chainrule
