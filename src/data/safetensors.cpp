#include "data/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>
#include <span>
#include <string_view>

#include "data/atomic_file.h"
#include "data/byte_source.h"
#include "data/safetensors_header.h"
#include "data/tensor_bytes.h"
#include "data/tensor_checksums.h"
#include "data/words.h"
#include "lang/diagnostic.h"

namespace chainrule {
namespace {

constexpr std::size_t length_bytes = 8;
constexpr std::size_t piece_size = std::size_t{64} << 10;

// --- writing --------------------------------------------------------------------------------

// Widest dtype first, as the format's own library writes them; then as given.
std::vector<const NamedTensor*> data_order(const std::vector<NamedTensor>& tensors) {
    std::vector<const NamedTensor*> order;
    for (const NamedTensor& tensor : tensors) {
        order.push_back(&tensor);
    }
    std::stable_sort(order.begin(), order.end(), [](const NamedTensor* a, const NamedTensor* b) {
        return bytes_of(a->dtype) > bytes_of(b->dtype);
    });
    return order;
}

void check_tensor(const NamedTensor& tensor, std::set<std::string>& names) {
    std::size_t elements = 1;
    for (const std::int64_t dimension : tensor.shape) {
        elements *= static_cast<std::size_t>(dimension);
    }
    if (elements != tensor.data.size()) {
        throw InternalError(fmt::format("the tensor {} has {} numbers for {} elements", tensor.name,
                                        tensor.data.size(), elements));
    }
    if (tensor.name == "__metadata__" || !names.insert(tensor.name).second) {
        throw InternalError(fmt::format("no tensor may be called {} (again)", tensor.name));
    }
}

std::string make_header(const std::vector<const NamedTensor*>& tensors,
                        const std::map<std::string, std::string>& metadata) {
    nlohmann::ordered_json header = nlohmann::ordered_json::object();
    header["__metadata__"] = metadata;
    std::set<std::string> names;
    std::uint64_t offset = 0;
    for (const NamedTensor* tensor : tensors) {
        check_tensor(*tensor, names);
        const std::uint64_t end = offset + tensor->data.size() * bytes_of(tensor->dtype);
        header[tensor->name] = {{"dtype", tensor->dtype == TensorDtype::f32 ? "F32" : "F64"},
                                {"shape", tensor->shape},
                                {"data_offsets", {offset, end}}};
        offset = end;
    }
    std::string text = header.dump();
    text.resize((text.size() + length_bytes - 1) / length_bytes * length_bytes, ' ');
    if (text.size() > longest_safetensors_header) {
        throw UserError(fmt::format("the header would have {} bytes, above the limit of {}",
                                    text.size(), longest_safetensors_header));
    }
    return text;
}

// --- reading --------------------------------------------------------------------------------

void read_exactly(ByteSource& source, std::span<char> bytes) {
    if (source.read(bytes) != bytes.size()) {
        throw UserError(source.name() + " was changed while it was read: try again");
    }
}

std::vector<double> read_data(ByteSource& source, const TensorEntry& entry) {
    std::vector<double> data;
    data.reserve(entry.elements());
    const std::size_t width = bytes_of(entry.dtype);
    std::vector<char> chunk(piece_size);
    while (data.size() < entry.elements()) {
        const std::size_t count = std::min(chunk.size() / width, entry.elements() - data.size());
        read_exactly(source, {chunk.data(), count * width});
        for (std::size_t i = 0; i < count; ++i) {
            const char* const at = chunk.data() + i * width;
            data.push_back(
                entry.dtype == TensorDtype::f32
                    ? std::bit_cast<float>(load_word<std::uint32_t>(at, ByteOrder::little))
                    : std::bit_cast<double>(load_word<std::uint64_t>(at, ByteOrder::little)));
        }
    }
    return data;
}

std::uint64_t checked_header_length(ByteSource& source, std::uint64_t file_size) {
    const auto fail = [&](const std::string& message) {
        throw UserError(
            fmt::format("{} is not a valid safetensors file: {}", source.name(), message));
    };
    if (file_size < length_bytes) {
        fail(fmt::format("it has {} bytes, fewer than the 8 of the header's length", file_size));
    }
    std::array<char, length_bytes> bytes{};
    read_exactly(source, bytes);
    const auto length = load_word<std::uint64_t>(bytes.data(), ByteOrder::little);
    if (length > longest_safetensors_header) {
        fail(fmt::format("its header would have {} bytes, above the limit of {}", length,
                         longest_safetensors_header));
    }
    if (length > file_size - length_bytes) {
        fail(fmt::format("its header would have {} bytes, but {} follow", length,
                         file_size - length_bytes));
    }
    return length;
}

}  // namespace

bool has_own_format(const TensorFile& file) {
    const auto found = file.metadata.find(own_format.first);
    return found != file.metadata.end() && *found == own_format;
}

void write_safetensors(const std::string& path, const TensorFile& file) {
    const std::vector<const NamedTensor*> tensors = data_order(file.tensors);
    std::map<std::string, std::string> metadata = file.metadata;
    metadata[checksums_key] = checksums_of(file);
    const std::string header = make_header(tensors, metadata);
    std::string length;
    append_word(length, static_cast<std::uint64_t>(header.size()));
    AtomicFile out(path);
    out.write(length);
    out.write(header);
    for (const NamedTensor* tensor : tensors) {
        for_each_chunk(*tensor, [&](std::string_view bytes) { out.write(bytes); });
    }
    out.commit();
}

TensorFile read_safetensors(const std::string& path) {
    ByteSource source(path);
    const std::uint64_t file_size = source.size();
    const std::uint64_t length = checked_header_length(source, file_size);
    SafetensorsHeader header;
    {
        std::string json(length, '\0');
        read_exactly(source, json);
        header = parse_safetensors_header(json, file_size - length_bytes - length, source.name());
    }
    TensorFile file;
    file.metadata = std::move(header.metadata);
    for (TensorEntry& entry : header.tensors) {
        std::vector<double> data = read_data(source, entry);
        file.tensors.push_back(
            {std::move(entry.name), std::move(entry.shape), entry.dtype, std::move(data)});
    }
    verify_checksums(file, source.name());
    return file;
}

}  // namespace chainrule
