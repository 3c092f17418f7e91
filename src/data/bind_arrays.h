// Examples for a network from arrays: images and labels, or the arrays of one file.
//
// - The target is the array of the labels' file, where there is one; otherwise the array of the
//   target's name (or of `target_column`), otherwise the last of exactly as many as the network
//   takes.
// - Inputs take the arrays of their names, where the file has all of these; otherwise in order, and
//   then their numbers must agree.
// - An example whose shape differs from the input's is taken in row-major order if the number of
//   elements agrees: an image [28, 28] feeds `input x[784]`.
// - Numbers stay as they are, in their format (data/number_array.h); they are not scaled.
// - Labels become classes by the rules of data/class_labels.h. Rows count from 1.
//
// Errors: UserError naming the files, the counts and the shapes; also for a number that is not
// finite.
//
//     Dataset data = bind_arrays(images, labels, {.inputs = {{"x", {784}}},
//                                                 .target = TargetRequest{"y", {}, 10}});
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "data/array_file.h"
#include "data/dataset.h"

namespace chainrule {

// The arrays may be parts (data/array_parts.h) of the same examples.
Dataset bind_arrays(ArrayFile data, std::optional<ArrayFile> labels, const BindRequest& request);

// UserError unless two files hold as many examples; `what` are the other's, as `label`.
void check_counts(const std::string& file, std::size_t count, const std::string& other_file,
                  std::size_t other, const char* what);

}  // namespace chainrule
