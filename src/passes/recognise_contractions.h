// Turns sums over the batch of matrix products into one product over the batch: the gradient of a
// weight matrix is D' @ X, not a sum of outer products.
//
// Needs: no names but those of leaves. Guarantees: the same values but for rounding; a batch_sum
// stands over no matrix product, and over no sum with one.
//
//     before: batch_sum(delta @ x')
//     after:  batch_matmul(delta, x')
#pragma once

#include "ir/graph.h"

namespace chainrule {

Graph recognise_contractions(const Graph& graph);

}  // namespace chainrule
