// What the commands share: where they write, and what they read a network with.
//
// A command is one file: it adds its options to the program and, when chosen, runs. It throws
// UserError, UnsupportedError or InternalError; main turns these into messages and exit codes.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <iosfwd>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "elaborate/network.h"
#include "explain/numbers.h"
#include "lang/diagnostic.h"
#include "render/draw.h"

namespace chainrule {

// Of an option whose value an unset variable of the shell may have emptied; `wanted` says what to
// give.
CLI::Validator not_empty(const std::string& wanted);

struct CommandContext {
    std::ostream& out;  // results
    std::ostream& err;  // progress and diagnostics
    bool out_is_terminal = false;
    bool err_is_terminal = false;
    std::size_t out_width = SIZE_MAX;  // columns of the terminal; of no terminal there is no limit
    std::size_t err_width = SIZE_MAX;
    bool no_colour = false;  // NO_COLOR is set
    std::vector<std::string> command_line = {};
    SourceMap sources = {};
    int exit_code = 0;

    bool colour_out() const { return out_is_terminal && !no_colour; }
    bool colour_err() const { return err_is_terminal && !no_colour; }
};

// FILE, --define, --at, --at-file: the options of every command that reads a network.
struct NetworkOptions {
    std::string file;
    std::vector<std::string> defines;
    std::vector<std::string> at;
    std::string at_file;

    void add_to(CLI::App& command, bool with_values = true);
    NamedValues values() const;
};

// The network, with warnings printed. Throws UserError with all that is wrong.
Elaborated load(const NetworkOptions& options, Examples examples, CommandContext& context,
                bool needs_loss = true);

// Prints a diagnostic to the context's error stream.
void print(const Diagnostic& diagnostic, CommandContext& context);
void print_all(std::span<const Diagnostic> diagnostics, CommandContext& context);
// A warning of so many rows whose answer is NaN; nothing where there are none.
void print_unanswered(std::uint64_t rows, std::string_view source, CommandContext& context);

// The numbers for a network's picture: values and, with a loss, gradients, as far as `at` and the
// file give them.
PictureNumbers picture_numbers(const Network& network, const NamedValues& at);

// UserError where standard output did not take all that was written to it.
void flush_out(CommandContext& context);

// -o, --out and --output, which are one: the file that a command writes its result to.
CLI::Option* add_out_option(CLI::App& command, std::string& path, const std::string& help);

// Writes `text` to `path`, whole or not at all; "" and "-" are standard output.
void write_result(const std::string& path, const std::string& text, CommandContext& context);

// Refuses to write to `out` where it is one of the files that are read: the network, the data.
void keep_inputs(const std::string& out, const std::vector<std::string>& inputs);

void add_explain_command(CLI::App& app, CommandContext& context);
void add_check_command(CLI::App& app, CommandContext& context);
void add_draw_command(CLI::App& app, CommandContext& context);
void add_train_command(CLI::App& app, CommandContext& context);
void add_evaluate_command(CLI::App& app, CommandContext& context);
void add_predict_command(CLI::App& app, CommandContext& context);
void add_inspect_command(CLI::App& app, CommandContext& context);
void add_dump_command(CLI::App& app, CommandContext& context);
void add_ops_command(CLI::App& app, CommandContext& context);

}  // namespace chainrule
