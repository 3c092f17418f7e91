// Turns sums over the batch of matrix products into one product over the batch: the gradient of a
// weight matrix is D' @ X, not a sum of outer products. That of a table of which each example takes
// some rows is one table, to which all examples add.
//
// Needs: no names but those of leaves. Guarantees: the same values but for rounding; a batch_sum
// stands over no matrix product and no scatter_add, and over no sum with one.
//
//     before: batch_sum(delta @ x')             batch_sum(scatter_add(delta, i, 1000))
//     after:  batch_matmul(delta, x')           batch_scatter_add(delta, i, 1000)
#pragma once

#include "ir/graph.h"

namespace chainrule {

Graph recognise_contractions(const Graph& graph);

}  // namespace chainrule
