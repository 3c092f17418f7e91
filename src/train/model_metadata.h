// The metadata of a model file, read without trust: every error names the file, and says that it is
// damaged or another version's.
//
//     const ModelMetadata metadata(path, file.metadata);
//     metadata.json("preprocessing").at("means")
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "lang/diagnostic.h"

namespace chainrule {

class ModelMetadata {
public:
    // Both must outlive it.
    ModelMetadata(const std::string& path, const std::map<std::string, std::string>& entries)
        : path_(path), entries_(entries) {}

    const std::string& text(const std::string& key) const;
    nlohmann::ordered_json json(const std::string& key) const;

    template <typename T>
    T value(const std::string& key) const {
        return checked([&] { return json(key).get<T>(); });
    }

    // The result of `read`; what it throws of a wrong form (Json::exception, std::runtime_error)
    // becomes a refusal.
    template <typename Read>
    auto checked(Read read) const {
        try {
            return read();
        } catch (const UserError&) {
            throw;
        } catch (const nlohmann::json::exception& error) {
            refuse(error.what());
        } catch (const std::runtime_error& error) {
            refuse(error.what());
        }
    }

    // UserError: the file is damaged, or was written by another version of chainrule.
    [[noreturn]] void refuse(const std::string& why) const;

private:
    const std::string& path_;
    const std::map<std::string, std::string>& entries_;
};

}  // namespace chainrule
