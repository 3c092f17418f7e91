#include "cli/table_options.h"

#include "cli/command.h"
#include "lang/diagnostic.h"

namespace chainrule {
namespace {

char delimiter_of(const std::string& text) {
    if (text == "tab" || text == "\\t") {
        return '\t';
    }
    const bool is_one_character = text.size() == 1 && static_cast<unsigned char>(text[0]) < 0x80;
    const std::string unfit = "\"\r\n .+-_";
    const bool is_part_of_cells =
        is_one_character && (unfit.find(text[0]) != std::string::npos ||
                             std::string("0123456789").find(text[0]) != std::string::npos);
    if (!is_one_character || is_part_of_cells) {
        throw UserError("--delimiter is \"" + text +
                        "\": a delimiter is one character, such as , ; or |, or the word tab");
    }
    return text[0];
}

}  // namespace

void TableOptions::add_to(CLI::App& command, const std::string& usual_target) {
    command
        .add_option(
            "--target", target,
            "the column of the target, by name or number from 1 (default: " + usual_target + ")")
        ->type_name("COLUMN");
    add_format_to(command);
}

CLI::Option* TableOptions::add_weights_to(CLI::App& command) {
    return command
        .add_option("--weights", weights,
                    "the column of the rows' weights, by name or number from 1: how much each row "
                    "counts, at least 0, which leaves it out (but a word among numbers is refused "
                    "there too); the column feeds no input (default: all count alike)")
        ->type_name("COLUMN")
        ->check(not_empty("name a column, or leave the option out"));
}

void TableOptions::add_format_to(CLI::App& command) {
    command
        .add_option(
            "--delimiter", delimiter,
            "what separates the cells of a table: , ; | or tab (default: seen from its first "
            "line)")
        ->type_name("CHARACTER");
    command
        .add_option("--header", header,
                    "whether a table's first row names its columns: auto (default: seen from the "
                    "cells), yes, no")
        ->check(CLI::IsMember({"auto", "yes", "no"}));
}

TableFormat TableOptions::format() const {
    TableFormat format;
    if (!delimiter.empty()) {
        format.delimiter = delimiter_of(delimiter);
    }
    if (header != "auto") {
        format.has_header = header == "yes";
    }
    return format;
}

}  // namespace chainrule
