#include "cli/command.h"
#include "render/ops_page.h"

namespace chainrule {

void add_ops_command(CLI::App& app, CommandContext& context) {
    CLI::App* command =
        app.add_subcommand("ops", "every op with its derivative rule and conventions, as Markdown");
    command->footer("Example:\n  chainrule ops > ops.md");
    command->callback([&context] { write_result("", render_ops_page(), context); });
}

}  // namespace chainrule
