// The data of train --stream: tables and arrays that memory does not hold, prepared as prepare_data
// prepares others (train/training_data.h), so that a network learns the same from both.
//
// Readings of the file: one to survey it (of arrays, of their headers), one to count the rows that
// count where they have weights, one to count the classes where the split or weights go by them,
// one to learn (scales, categories, labels), then two in every epoch: one to take steps, one to
// measure the training part with the weights that the epoch ended with; a held-out part is one
// more. What is learnt is bit for bit what training in memory learns, and the split is the same.
//
//     StreamedData data = prepare_stream(network, {.data = "x.csv"}, options, 65'536, diagnostics);
//     train(network, options, data.sources, diagnostics);
#pragma once

#include <cstddef>

#include "train/example_source.h"
#include "train/training_data.h"

namespace chainrule {

struct StreamedData {
    TrainingSources sources;
    LearntData learnt;
};

// `buffer` is that of the shuffle buffer (train/streamed_source.h), in rows. Errors and warnings
// are those of prepare_data, and UserError for what cannot be read again and again
// (data/examples_stream.h).
StreamedData prepare_stream(const Network& network, const DataRequest& request,
                            const TrainOptions& options, std::size_t buffer,
                            Diagnostics& diagnostics);

}  // namespace chainrule
