// Examples that are not in memory, through a shuffle buffer of bounded size, as tf.data's shuffle()
// has it:
//
//     fill the buffer with the first rows of the file
//     while the file has more rows: take a row of the buffer at random, put the next one there
//     take the rest of the buffer in a random order
//
// Rows near each other in the file so come near each other, within about the buffer's size: a file
// sorted by class wants a buffer that holds all of it. All draws are functions of the seed and the
// epoch; a buffer that holds the whole part takes it in the order of training in memory
// (epoch_order, data/split.h), and gives the same bits.
//
// Metrics over a stream keep no more than 4,194,304 scores: of more (of more than two classes, rows
// times classes) the area under the ROC curve is left out.
//
// Memory: the window, which is the buffer and some rows besides (those of the steps that are being
// taken, at least a batch), in the format of the file (an image's pixel is a byte), and the parts
// that are read (data/examples_stream.h).
//
//     auto source = streamed_source(examples, Side::training, {.buffer = 65'536, .batch = 32});
#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "data/example_parts.h"
#include "train/example_source.h"

namespace chainrule {

struct BufferSize {
    std::size_t buffer = std::size_t{1} << 16;  // rows that are drawn from
    std::size_t batch = 32;                     // the largest that is taken
};

// `examples` have rows on that side. Without a size the source has no window, and is only visited.
std::unique_ptr<ExampleSource> streamed_source(std::shared_ptr<const StreamedExamples> examples,
                                               Side side, const std::optional<BufferSize>& size);

}  // namespace chainrule
