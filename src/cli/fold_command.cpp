#include "cli/fold_command.h"

#include <fmt/format.h>

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/progress_bar.h"
#include "cli/resume_command.h"
#include "cli/stop_signals.h"
#include "train/cross_validation.h"

namespace chainrule {
namespace {

// A bar for each training.
using Bar = std::optional<ProgressBar>;

FoldHooks hooks_of(const TrainCommand& options, Bar& bar, CommandContext& context) {
    FoldHooks hooks;
    hooks.on_diagnostic = [&](const Diagnostic& diagnostic) {
        bar.reset();
        print(diagnostic, context);
    };
    hooks.on_fold = [&](const FoldRecord& record) {
        bar.reset();
        if (!options.json) {
            write_result("", (record.fold == 1 ? fold_heading(record) : "") + fold_line(record),
                         context);
        }
    };
    hooks.train.on_batch = [&](const Progress& progress) {
        if (!bar) {
            bar.emplace(context.err, context.err_is_terminal);
        }
        bar->show(progress);
    };
    hooks.train.should_stop = [] { return StopSignals::seen() != 0; };
    return hooks;
}

}  // namespace

void check_fold_options(const TrainCommand& options) {
    if (*options.folds < 2) {
        throw UserError(fmt::format("--folds is {}: there are at least 2", *options.folds));
    }
    const std::vector<std::pair<bool, std::string_view>> refused{
        {!options.out.empty(),
         "--out: cross-validation tells how good models would be and keeps none; leave out "
         "--folds to train one on all rows, or --out"},
        {!options.resume.empty(), "--resume: it begins anew; leave one of them out"},
        {!options.data.test.empty(),
         "--test: each fold is the test part of the others; leave one of them out"},
        {options.train.split.value_or(0) > 0,
         "--split: each fold is held out from the others; leave one of them out"},
        {options.stream, "--stream: the rows are dealt out in memory; leave one of them out"},
        {!options.log.empty(),
         "--log: there are as many trainings as folds; leave one of them out"},
        {!options.report.empty(),
         "--report: there are as many trainings as folds; leave one of them out"}};
    for (const auto& [is_given, what] : refused) {
        if (is_given) {
            throw UserError(fmt::format("--folds does not go with {}", what));
        }
    }
}

void run_folds(const Network& network, const TrainCommand& options, const DataRequest& data,
               CommandContext& context) {
    Bar bar;
    const StopSignals signals;
    const CrossValidation result =
        cross_validate(network, merge_options(network, options.train), data,
                       static_cast<std::size_t>(*options.folds), hooks_of(options, bar, context));
    bar.reset();
    const bool is_whole = !result.interrupted && !result.failure;
    if (options.json || is_whole) {
        write_result("", options.json ? folds_json(result) : fold_summary(result), context);
    }
    if (result.interrupted) {
        context.err << fmt::format("interrupted after {} of {} folds\n", result.folds.size(),
                                   *options.folds);
        context.exit_code = StopSignals::exit_code();
    }
    if (result.failure) {
        print(*result.failure, context);
        context.err << how_to_replay(options, result.failed_on, false, context);
        context.exit_code = 1;
    }
}

}  // namespace chainrule
