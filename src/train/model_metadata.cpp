#include "train/model_metadata.h"

#include <fmt/format.h>

namespace chainrule {

const std::string& ModelMetadata::text(const std::string& key) const {
    const auto found = entries_.find(key);
    if (found == entries_.end()) {
        refuse(fmt::format("its metadata has no \"{}\"", key));
    }
    return found->second;
}

nlohmann::ordered_json ModelMetadata::json(const std::string& key) const {
    auto parsed = nlohmann::ordered_json::parse(text(key), nullptr, false);
    if (parsed.is_discarded()) {
        refuse(fmt::format("\"{}\" in its metadata is no JSON", key));
    }
    return parsed;
}

void ModelMetadata::refuse(const std::string& why) const {
    throw UserError(fmt::format("{} is damaged, or was written by another version of chainrule: {}",
                                path_, why));
}

}  // namespace chainrule
