// Whether the fast road and the careful one read the same of a file: for the tests and the fuzzer.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <string>

#include "data/careful_table.h"
#include "data/plain_table.h"
#include "data/table.h"
#include "lang/diagnostic.h"

namespace chainrule {

// All that a table holds, as a text; numbers by their bits.
inline std::string fingerprint(const Table& table) {
    std::string text = std::to_string(table.has_header) + table.delimiter;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        text += std::to_string(table.line(row)) + " ";
    }
    for (const Column& column : table.columns) {
        text += "\n" + column.name + ": " + std::to_string(static_cast<int>(column.kind)) + " " +
                std::to_string(column.missing) + " " + std::to_string(column.too_many_values);
        for (std::size_t row = 0; row < column.numbers.size(); ++row) {
            text += " " + std::to_string(std::bit_cast<std::uint64_t>(column.numbers[row]));
        }
        text += " " +
                std::to_string(column.numbers.size() == 0 ? 0 : column.numbers.bytes_per_number());
        for (const std::uint16_t code : column.codes) {
            text += " " + std::to_string(code);
        }
        for (const std::string& value : column.values) {
            text += " '" + value + "'";
        }
    }
    return text;
}

// The fingerprint, or the messages of the refusal; none where `read` gives no table.
template <typename Read>
std::optional<std::string> outcome_of(Read read) {
    try {
        const std::optional<Table> table = read();
        return table ? std::optional(fingerprint(*table)) : std::nullopt;
    } catch (const UserError& error) {
        std::string messages = "refused";
        for (const Diagnostic& diagnostic : error.diagnostics()) {
            messages += "\n" + diagnostic.message;
            for (const Note& note : diagnostic.notes) {
                messages += "\n  " + note.message;
            }
        }
        return messages;
    }
}

struct BothRoads {
    std::optional<std::string> plain;  // none where the file is not plain
    std::string careful;

    bool agree() const { return !plain || *plain == careful; }
};

inline BothRoads read_both(const std::string& path, const TableFormat& format,
                           std::size_t stretch_size) {
    BothRoads both;
    both.plain = outcome_of([&] {
        DataSource source(path);
        return read_plain_table(source, format, stretch_size);
    });
    both.careful = *outcome_of([&] {
        DataSource source(path);
        return std::optional(read_careful_table(source, format));
    });
    return both;
}

}  // namespace chainrule
