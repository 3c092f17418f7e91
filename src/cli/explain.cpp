#include "explain/explain.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <functional>
#include <memory>

#include "cli/command.h"
#include "render/render.h"

namespace chainrule {
namespace {

struct ExplainCommand {
    NetworkOptions network;
    std::vector<std::string> wrt;
    double rate = 0;
    std::string format = "text";
    std::string output;
};

int terminal_width(const CommandContext& context) {
    winsize size{};
    const bool known = context.out_is_terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
                       size.ws_col >= 40;
    return known ? std::min<int>(size.ws_col, 120) : 80;
}

std::string render(const Explanation& explanation, const Network& network,
                   const ExplainCommand& options, const CommandContext& context) {
    const std::map<std::string, std::function<std::string()>> formats{
        {"text",
         [&] {
             const bool colour = options.output.empty() && context.colour_out();
             return render_text(explanation, terminal_width(context), colour);
         }},
        {"latex", [&] { return render_latex(explanation); }},
        {"markdown", [&] { return render_markdown(explanation); }},
        {"html",
         [&] {
             return render_html(explanation, page_picture(network, [&] {
                                    return picture_numbers(network, options.network.values());
                                }));
         }},
        {"json", [&] { return render_json(explanation); }},
    };
    return formats.at(options.format)();
}

void run(const ExplainCommand& options, bool has_rate, CommandContext& context) {
    if (has_rate && !(options.rate > 0 && options.rate < 1e300)) {
        throw UserError("--rate " + format_number(options.rate) +
                        ": the step size must be a positive number");
    }
    keep_inputs(options.output, {options.network.file, options.network.at_file});
    const Elaborated elaborated = load(options.network, Examples::one, context);
    ExplainOptions explain_options{options.wrt, options.network.values(), std::nullopt, true};
    if (has_rate) {
        explain_options.rate = options.rate;
    }
    const Explanation explanation = explain(elaborated, explain_options);
    std::string text = render(explanation, elaborated.network, options, context);
    if (!text.ends_with('\n')) {
        text += '\n';
    }
    write_result(options.output, text, context);
}

}  // namespace

void add_explain_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<ExplainCommand>();
    CLI::App* command = app.add_subcommand(
        "explain",
        "the forward pass, the derivation by the chain rule and the update, step by step");
    options->network.add_to(*command);
    command->add_option("--wrt", options->wrt, "derive by these names only (default: all weights)")
        ->delimiter(',')
        ->type_name("NAMES");
    CLI::Option* rate = command->add_option("--rate", options->rate,
                                            "the step size of the update, for its numbers");
    command->add_option("--format", options->format, "how to show it")
        ->check(CLI::IsMember({"text", "latex", "markdown", "html", "json"}))
        ->capture_default_str();
    add_out_option(*command, options->output, "a file to write to (default: standard output)");
    command->footer(
        "Example:\n  chainrule explain worksheet.nn --define 'g1 = sigmoid' --define 'g2 = "
        "sigmoid' \\\n"
        "    --define 'Loss(a, t) = 1/2*(a - t)^2' --at x=0.5 --at y=1 --at w1=0.8 --at w2=-0.4 "
        "\\\n"
        "    --rate 0.1");
    command->callback([options, rate, &context] { run(*options, rate->count() > 0, context); });
}

}  // namespace chainrule
