// chainrule: reads the command line, runs a command, turns what it throws into messages and exit
// codes: 0 ok, 1 the user's input is wrong, 2 usage, 3 a bug in chainrule, 4 not supported.
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"

namespace {

using namespace chainrule;

constexpr const char* version = "chainrule 0.1.0";

int report(const std::exception_ptr& thrown, CommandContext& context) {
    try {
        std::rethrow_exception(thrown);
    } catch (const UserError& error) {
        for (const Diagnostic& diagnostic : error.diagnostics()) {
            print(diagnostic, context);
        }
        return 1;
    } catch (const UnsupportedError& error) {
        print({Severity::error, std::string("not supported: ") + error.what(), error.span(), {}},
              context);
        return 4;
    } catch (const std::bad_alloc&) {
        print({Severity::error, "not enough memory for tensors of this size", {}, {}}, context);
        return 1;
    } catch (const std::exception& error) {
        context.err << "chainrule: internal error: " << error.what()
                    << "\nThis is a bug in chainrule, not in your input. Please report it with the "
                       "command and the file.\n";
        return 3;
    }
}

std::vector<std::string> command_names(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands({})) {
        names.push_back(command->get_name());
    }
    return names;
}

// Of a command that is absent or none of ours; the parser's own words for all else.
std::string usage_message(const CLI::App* app, const CLI::Error& error) {
    if (error.get_name() != "RequiredError" || !app->get_subcommands().empty()) {
        return CLI::FailureMessage::simple(app, error);
    }
    const std::vector<std::string> rest = app->remaining();
    return fmt::format("{}: {}\nRun with --help for what each does.\n",
                       rest.empty() ? "a command is missing" : rest[0] + " is none of the commands",
                       fmt::join(command_names(*app), ", "));
}

// What people type before they know `--help`.
void add_help_command(CLI::App& app, CommandContext& context) {
    CLI::App* const help = app.add_subcommand("help", "the same as COMMAND --help");
    const std::vector<std::string> names = command_names(app);
    const auto name = std::make_shared<std::string>();
    help->add_option("COMMAND", *name)->check(CLI::IsMember(names));
    help->footer("Example:\n  chainrule help train");
    help->callback([&app, &context, name] {
        const CLI::App* const asked = name->empty() ? &app : app.get_subcommand(*name);
        const std::string title = name->empty() ? app.get_name() : app.get_name() + " " + *name;
        context.out << app.get_formatter()->make_help(asked, title, CLI::AppFormatMode::Normal);
    });
}

void set_up(CLI::App& app, CommandContext& context) {
    app.set_version_flag("--version", version);
    app.require_subcommand(1);
    app.failure_message(usage_message);
    app.set_help_all_flag("--help-all", "the help of every command");
    app.footer(
        "Exit codes: 0 ok; 1 what was given is wrong, as messages say; 2 wrong usage; 3 a bug in "
        "chainrule;\n"
        "4 not supported; 130 and 143 a training that Ctrl-C or SIGTERM ended.\n\n"
        "Example:\n  chainrule explain worksheet.nn --at x=0.5 --at y=1 --at w1=0.8 --at w2=-0.4");
    add_explain_command(app, context);
    add_check_command(app, context);
    add_draw_command(app, context);
    add_train_command(app, context);
    add_evaluate_command(app, context);
    add_predict_command(app, context);
    add_inspect_command(app, context);
    add_dump_command(app, context);
    add_ops_command(app, context);
    add_help_command(app, context);
}

// None of what is no terminal, or does not tell.
std::size_t terminal_width(int descriptor) {
    struct winsize size = {};
    const bool is_told = ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return is_told ? size.ws_col : SIZE_MAX;
}

// Help and version that are asked for are errors to the parser, of exit code 0.
void parse(CLI::App& app, int argc, char** argv, CommandContext& context) {
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        context.exit_code = app.exit(error, context.out, context.err) == 0 ? 0 : 2;
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::ios::sync_with_stdio(false);
    // A file larger than the user may write is then an error like that of a full disk, with a
    // message.
    std::signal(SIGXFSZ, SIG_IGN);
    CommandContext context{std::cout, std::cerr};
    context.command_line.assign(argv, argv + argc);
    context.out_is_terminal = isatty(STDOUT_FILENO) != 0;
    context.err_is_terminal = isatty(STDERR_FILENO) != 0;
    context.out_width = terminal_width(STDOUT_FILENO);
    context.err_width = terminal_width(STDERR_FILENO);
    const char* no_colour = std::getenv("NO_COLOR");
    context.no_colour = no_colour != nullptr && *no_colour != '\0';

    CLI::App app{"A compiler for neural networks that shows its work.", "chainrule"};
    set_up(app, context);
    try {
        parse(app, argc, argv, context);
        flush_out(context);
    } catch (...) {
        return report(std::current_exception(), context);
    }
    return context.exit_code;
}
