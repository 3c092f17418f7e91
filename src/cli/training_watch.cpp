#include "cli/training_watch.h"

#include <ostream>

#include "train/report.h"
#include "train/training_data.h"

namespace chainrule {

TrainingWatch::TrainingWatch(const WatchedTraining& training, CommandContext& context)
    : training_(training),
      context_(context),
      bar_(context.err, context.err_is_terminal, context.err_width) {
    if (!training.log_folder.empty()) {
        log_ = std::make_unique<TrainingLog>(training.log_folder, training.network,
                                             training.options, *training.data.training);
    }
}

TrainHooks TrainingWatch::hooks() {
    TrainHooks hooks;
    hooks.on_batch = [this](const Progress& progress) { bar_.show(progress); };
    hooks.on_epoch = [this](const EpochRecord& record, std::span<const Tensor> weights) {
        show_epoch(record, weights);
    };
    hooks.on_symptom = [this](const Symptom& symptom) { show_symptom(symptom); };
    return hooks;
}

void TrainingWatch::show_symptom(const Symptom& symptom) {
    bar_.clear();
    print({Severity::warning, symptom_text(symptom), symptom.span, {}}, context_);
}

void TrainingWatch::show_epoch(const EpochRecord& record, std::span<const Tensor> weights) {
    if (!training_.quiet && !has_lost_output_) {
        bar_.clear();
        std::string text;
        if (!has_heading_) {
            has_heading_ = true;
            text = takes_data(training_.network) ? data_line(training_.data) : "";
            text += epoch_heading(record, context_.out_width);
        }
        context_.out << text << epoch_lines(record, context_.out_width) << std::flush;
        has_lost_output_ = !context_.out;
    }
    log([&](TrainingLog& file) { file.write(record, weights); });
}

void TrainingWatch::log(const std::function<void(TrainingLog&)>& write) {
    if (log_ == nullptr) {
        return;
    }
    try {
        write(*log_);
    } catch (const UserError& error) {
        bar_.clear();
        for (const Diagnostic& diagnostic : error.diagnostics()) {
            print(diagnostic, context_);
        }
        context_.err << "training goes on without the log\n";
        context_.exit_code = 1;
        log_.reset();
    }
}

void TrainingWatch::finish(const TrainResult& result) {
    bar_.clear();
    log([&](TrainingLog& file) { file.finish(result); });
}

}  // namespace chainrule
