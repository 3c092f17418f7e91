// The axes of a matrix product, for all its forms: vectors, rows, stacks of matrices.
//
//     result[stack, row, column] = sum over inner of a[stack, row, inner] * b[stack, inner, column]
#pragma once

#include <vector>

#include "compile/layout.h"

namespace chainrule {

struct ProductAxis {
    std::int64_t extent = 1;
    std::int64_t a = 0;  // the strides in the operands' bases and in the row-major result
    std::int64_t b = 0;
    std::int64_t c = 0;
};

struct ProductAxes {
    std::vector<ProductAxis> stack;
    ProductAxis row;     // b is 0
    ProductAxis column;  // a is 0
    ProductAxis inner;   // c is 0
};

// `product` is a node of matmul or batch_matmul, with no scalar operand.
ProductAxes product_axes(const Graph& graph, NodeId product, const Layout& a, const Layout& b);

}  // namespace chainrule
