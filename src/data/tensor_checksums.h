// What tells a damaged tensor file from a whole one: the CRC-32 of zlib (ISO 3309) of the bytes of
// each tensor and of the metadata. A file carries them as one entry of its metadata, `checksums`:
//
//     {"metadata": "59b0f2a1", "tensors": {"W": "0a1b2c3d", ...}}
//
// or "none", where a program that changes a file on purpose says so. Of the metadata they are taken
// over its other entries, ordered by key: key, NUL, value, NUL. A tensor's is that of its bytes
// alone, `zlib.crc32(tensor.tobytes())` in Python.
//
//     metadata["checksums"] = checksums_of(file);
#pragma once

#include <string>

#include "data/safetensors.h"

namespace chainrule {

inline const std::string checksums_key = "checksums";
inline const std::string no_checksums = "none";

// Of a file whose metadata has no checksums yet.
std::string checksums_of(const TensorFile& file);

// Compares the checksums that were read with those of what was read, and takes them out of the
// metadata. UserError naming the tensor that differs, and for a file in chainrule's own format
// without any: a damaged key must not take the check away. Another program's file without any is
// taken as it is.
void verify_checksums(TensorFile& file, const std::string& source);

}  // namespace chainrule
