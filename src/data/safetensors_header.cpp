#include "data/safetensors_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "data/cell.h"
#include "lang/diagnostic.h"

namespace chainrule {
namespace {

constexpr std::size_t most_entries = 100'000;
constexpr std::size_t highest_rank = 64;

// Takes the header event by event, without a tree of it: depth and memory are bounded by the form
// that it must have, whatever the text.
class HeaderReader {
public:
    explicit HeaderReader(const std::string& source) : source_(source) {}

    SafetensorsHeader take() { return std::move(header_); }

    bool null() { refuse("a null"); }
    bool boolean(bool) { refuse("a boolean"); }
    bool number_float(double, const std::string&) { refuse("a number that is no integer"); }
    bool binary(nlohmann::json::binary_t&) { refuse("binary data"); }

    bool number_integer(std::int64_t number) {
        refuse(fmt::format("the number {}", number));  // only negative ones come here
    }

    bool number_unsigned(std::uint64_t number) {
        if (place_ == Place::shape) {
            if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
                refuse(fmt::format("the dimension {}", number));
            }
            if (header_.tensors.back().shape.size() == highest_rank) {
                fail(fmt::format("a shape of more than {} dimensions", highest_rank));
            }
            header_.tensors.back().shape.push_back(static_cast<std::int64_t>(number));
        } else if (place_ == Place::offsets && offset_count_ < 2) {
            (offset_count_ == 0 ? header_.tensors.back().begin : header_.tensors.back().end) =
                number;
            ++offset_count_;
        } else {
            refuse(fmt::format("the number {}", number));
        }
        return true;
    }

    bool string(std::string& text) {
        if (place_ == Place::metadata) {
            header_.metadata[key_] = text;
        } else if (place_ == Place::tensor && key_ == "dtype") {
            header_.tensors.back().dtype = parse_dtype(text);
        } else {
            refuse("the string " + quote_cell(text));
        }
        return true;
    }

    bool start_object(std::size_t) {
        if (place_ == Place::outside) {
            place_ = Place::header;
        } else if (place_ == Place::header && key_ == "__metadata__") {
            place_ = Place::metadata;
        } else if (place_ == Place::header) {
            place_ = Place::tensor;
            tensor_keys_.clear();
            header_.tensors.push_back({.name = key_, .shape = {}});
        } else {
            refuse("an object");
        }
        return true;
    }

    bool key(std::string& text) {
        std::set<std::string>& keys = place_ == Place::header     ? names_
                                      : place_ == Place::metadata ? metadata_keys_
                                                                  : tensor_keys_;
        if (!keys.insert(text).second) {
            fail(fmt::format("the key {} stands twice in the header", quote_cell(text)));
        }
        if (keys.size() > most_entries) {
            fail(fmt::format("the header has more than {} entries", most_entries));
        }
        key_ = text;
        if (place_ == Place::tensor && text != "dtype" && text != "shape" &&
            text != "data_offsets") {
            refuse("the key " + quote_cell(text));
        }
        return true;
    }

    bool end_object() {
        if (place_ == Place::tensor && tensor_keys_.size() != 3) {
            fail(fmt::format("the tensor {} lacks its dtype, shape or data_offsets",
                             quote_cell(header_.tensors.back().name)));
        }
        place_ = place_ == Place::header ? Place::outside : Place::header;
        return true;
    }

    bool start_array(std::size_t) {
        if (place_ != Place::tensor || key_ == "dtype") {
            refuse("an array");
        }
        place_ = key_ == "shape" ? Place::shape : Place::offsets;
        offset_count_ = 0;
        return true;
    }

    bool end_array() {
        if (place_ == Place::offsets && offset_count_ != 2) {
            fail(fmt::format("the tensor {} has {} data offsets, not 2",
                             quote_cell(header_.tensors.back().name), offset_count_));
        }
        place_ = Place::tensor;
        return true;
    }

    bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception&) {
        fail(fmt::format("byte {} of the header is not as JSON has it, in UTF-8", position));
    }

private:
    enum class Place { outside, header, metadata, tensor, shape, offsets };

    TensorDtype parse_dtype(const std::string& text) const {
        if (text == "F32") {
            return TensorDtype::f32;
        }
        if (text != "F64") {
            fail(fmt::format("the tensor {} has the dtype {}: F32 and F64 are read",
                             quote_cell(header_.tensors.back().name), quote_cell(text)));
        }
        return TensorDtype::f64;
    }

    [[noreturn]] void fail(const std::string& message) const {
        throw UserError(fmt::format("{} is not a valid safetensors file: {}", source_, message));
    }

    // `found` is in a place where the format has something else.
    [[noreturn]] void refuse(const std::string& found) const {
        switch (place_) {
        case Place::outside:
            fail(fmt::format("the header is {}, not an object", found));
        case Place::header:
            fail(fmt::format("the entry {} is {}, not an object", quote_cell(key_), found));
        case Place::metadata:
            fail(fmt::format("the metadata {} is {}, not a string", quote_cell(key_), found));
        default:
            fail(fmt::format("the tensor {} has {} in its {}",
                             quote_cell(header_.tensors.back().name), found, quote_cell(key_)));
        }
    }

    std::string source_;
    SafetensorsHeader header_;
    Place place_ = Place::outside;
    std::string key_;
    int offset_count_ = 0;
    std::set<std::string> names_;
    std::set<std::string> metadata_keys_;
    std::set<std::string> tensor_keys_;
};

// The bytes that a shape takes, or nothing where that is more than 64 bits hold.
bool byte_count(const TensorEntry& tensor, std::uint64_t& bytes) {
    bytes = bytes_of(tensor.dtype);
    if (std::find(tensor.shape.begin(), tensor.shape.end(), 0) != tensor.shape.end()) {
        bytes = 0;
        return true;
    }
    for (const std::int64_t dimension : tensor.shape) {
        const auto factor = static_cast<std::uint64_t>(dimension);
        if (bytes > std::numeric_limits<std::uint64_t>::max() / factor) {
            return false;
        }
        bytes *= factor;
    }
    return true;
}

void check_extent(const TensorEntry& tensor, std::uint64_t data_size, std::uint64_t expected_begin,
                  const std::string& source) {
    const auto fail = [&](const std::string& message) {
        throw UserError(fmt::format("{} is not a valid safetensors file: the tensor {} {}", source,
                                    quote_cell(tensor.name), message));
    };
    if (tensor.end < tensor.begin) {
        fail(fmt::format("ends at byte {}, before its begin, {}", tensor.end, tensor.begin));
    }
    if (tensor.end > data_size) {
        fail(fmt::format("ends at byte {} of {}", tensor.end, data_size));
    }
    if (tensor.begin != expected_begin) {
        fail(fmt::format(
            "begins at byte {}, where {} is expected: data must neither overlap nor leave "
            "gaps",
            tensor.begin, expected_begin));
    }
    if (tensor.begin % bytes_of(tensor.dtype) != 0) {
        fail(fmt::format("begins at byte {}, which is not aligned to {} bytes", tensor.begin,
                         bytes_of(tensor.dtype)));
    }
    std::uint64_t bytes = 0;
    if (!byte_count(tensor, bytes)) {
        fail(fmt::format("has the shape [{}], which no memory holds",
                         fmt::join(tensor.shape, ", ")));
    }
    if (bytes != tensor.end - tensor.begin) {
        fail(fmt::format("has the shape [{}], which takes {} bytes, but {} bytes of data",
                         fmt::join(tensor.shape, ", "), bytes, tensor.end - tensor.begin));
    }
}

}  // namespace

SafetensorsHeader parse_safetensors_header(std::string_view json, std::uint64_t data_size,
                                           const std::string& source) {
    if (json.empty() || json.front() != '{') {
        throw UserError(fmt::format(
            "{} is not a valid safetensors file: its header does not begin with {{", source));
    }
    if (json.find('\0') != std::string_view::npos) {  // where the parser would end
        throw UserError(
            fmt::format("{} is not a valid safetensors file: its header holds a NUL byte", source));
    }
    HeaderReader reader(source);
    nlohmann::json::sax_parse(json, &reader);
    SafetensorsHeader header = reader.take();
    std::stable_sort(header.tensors.begin(), header.tensors.end(),
                     [](const TensorEntry& a, const TensorEntry& b) {
                         return std::tie(a.begin, a.end) < std::tie(b.begin, b.end);
                     });
    std::uint64_t expected = 0;
    for (const TensorEntry& tensor : header.tensors) {
        check_extent(tensor, data_size, expected, source);
        expected = tensor.end;
    }
    if (expected != data_size) {
        throw UserError(
            fmt::format("{} is not a valid safetensors file: its tensors take {} bytes, but "
                        "{} follow the header",
                        source, expected, data_size));
    }
    return header;
}

}  // namespace chainrule
