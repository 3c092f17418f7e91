#include "render/draw.h"

#include <memory>

#include "cli/command.h"

namespace chainrule {
namespace {

struct DrawOptions {
    NetworkOptions network;
    std::string output;
};

std::string picture(const std::string& dot, const std::string& output) {
    if (output.ends_with(".png")) {
        return layout_picture(dot, PictureFormat::png);
    }
    if (output.empty() || output == "-" || output.ends_with(".dot") || output.ends_with(".gv")) {
        return dot;
    }
    if (output.ends_with(".svg")) {
        return layout_picture(dot, PictureFormat::svg);
    }
    throw UserError("-o " + output + ": a picture ends in .svg, .png or .dot");
}

void run(const DrawOptions& options, CommandContext& context) {
    keep_inputs(options.output, {options.network.file, options.network.at_file});
    const Elaborated elaborated =
        load(options.network, Examples::one, context, /*needs_loss=*/false);
    const std::string dot =
        draw_dot(elaborated.network, picture_numbers(elaborated.network, options.network.values()));
    write_result(options.output, picture(dot, options.output), context);
}

}  // namespace

void add_draw_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<DrawOptions>();
    CLI::App* command =
        app.add_subcommand("draw", "a picture of the network, with values and gradients on it");
    options->network.add_to(*command);
    add_out_option(*command, options->output,
                   "the picture: .svg, .png or .dot (default: dot on standard output)");
    command->footer("Example:\n  chainrule draw worksheet.nn -o graph.svg --at x=0.5 --at y=1");
    command->callback([options, &context] { run(*options, context); });
}

}  // namespace chainrule
