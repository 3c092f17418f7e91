#include "data/tensor_checksums.h"

#include <fmt/format.h>
#include <zlib.h>

#include <nlohmann/json.hpp>
#include <string_view>

#include "data/cell.h"
#include "data/tensor_bytes.h"
#include "lang/diagnostic.h"

namespace chainrule {
namespace {

using Json = nlohmann::json;  // its keys are sorted, so that equal checksums are equal texts

class Checksum {
public:
    void add(std::string_view bytes) {
        sum_ = crc32_z(sum_, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
    }
    std::string text() const { return fmt::format("{:08x}", sum_); }

private:
    uLong sum_ = crc32_z(0, nullptr, 0);
};

std::string of_tensor(const NamedTensor& tensor) {
    Checksum sum;
    for_each_chunk(tensor, [&](std::string_view bytes) { sum.add(bytes); });
    return sum.text();
}

std::string of_metadata(const TensorFile& file) {
    constexpr std::string_view nul("\0", 1);
    Checksum sum;
    for (const auto& [key, value] : file.metadata) {
        for (const std::string_view part :
             {std::string_view(key), nul, std::string_view(value), nul}) {
            sum.add(part);
        }
    }
    return sum.text();
}

Json checksums_json(const TensorFile& file) {
    Json tensors = Json::object();
    for (const NamedTensor& tensor : file.tensors) {
        tensors[tensor.name] = of_tensor(tensor);
    }
    return {{"metadata", of_metadata(file)}, {"tensors", std::move(tensors)}};
}

// What differs, for people.
std::string difference(const Json& found, const Json& stored) {
    const Json none = Json::object();
    const Json& sums = stored.is_object() && stored.contains("tensors") ? stored["tensors"] : none;
    for (const auto& [name, sum] : found["tensors"].items()) {
        if (!sums.is_object() || !sums.contains(name) || sums[name] != sum) {
            return "the tensor " + quote_cell(name);
        }
    }
    return "the metadata";
}

}  // namespace

std::string checksums_of(const TensorFile& file) { return checksums_json(file).dump(); }

void verify_checksums(TensorFile& file, const std::string& source) {
    const auto entry = file.metadata.extract(checksums_key);
    const auto refuse = [&](const std::string& why) {
        throw UserError(
            fmt::format("{} is damaged: {} (a program that changes a file on purpose sets \"{}\" "
                        "in the metadata "
                        "to \"{}\")",
                        source, why, checksums_key, no_checksums));
    };
    if (entry.empty()) {
        if (has_own_format(file)) {
            refuse("its metadata has no checksums, with which every model is saved");
        }
        return;
    }
    const Json found = checksums_json(file);
    if (entry.mapped() != no_checksums && entry.mapped() != found.dump()) {
        refuse(fmt::format("the checksum of {} is not the one that was saved",
                           difference(found, Json::parse(entry.mapped(), nullptr, false))));
    }
}

}  // namespace chainrule
