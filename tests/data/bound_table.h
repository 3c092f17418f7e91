// Tables that are bound to a network's inputs and target, and what is said of them.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "data/dataset.h"
#include "data/table.h"
#include "test_files.h"

namespace chainrule {

inline Dataset bind(std::string_view text, const BindRequest& request) {
    const TempFolder folder;
    return bind_dataset(read_table(folder.write("d.csv", text)), request);
}

inline std::string bind_refusal(std::string_view text, const BindRequest& request) {
    const TempFolder folder;
    const std::string path = folder.write("d.csv", text);
    std::string message = refusal([&] { bind_dataset(read_table(path), request); });
    const std::size_t at = message.find(path);
    return at == std::string::npos ? message : message.erase(at, path.size() - 5);
}

inline std::string only_message(const Dataset& data) {
    EXPECT_EQ(data.diagnostics.size(), 1U);
    return data.diagnostics.empty() ? "" : data.diagnostics[0].message;
}

inline BindRequest vector_and_target(std::int64_t size, std::int64_t classes = 0) {
    return {.inputs = {{"x", {size}}}, .target = TargetRequest{"y", {}, classes}};
}

}  // namespace chainrule
