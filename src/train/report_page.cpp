#include "train/report_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "explain/explain.h"
#include "render/draw.h"
#include "render/number_text.h"
#include "train/metrics_text.h"
#include "train/recipe_text.h"
#include "train/report.h"

namespace chainrule {
namespace {

constexpr std::size_t most_names = 60;
constexpr std::size_t most_numbers = 1000;

struct Part {
    std::string name;
    const Metrics* metrics;
};

std::vector<Part> parts_of(const TrainResult& result) {
    std::vector<Part> parts{{"training", &result.train}};
    if (!result.epochs.empty() && result.epochs.back().validation) {
        parts.push_back({"held out", &*result.epochs.back().validation});
    }
    if (result.test) {
        parts.push_back({"test", &*result.test});
    }
    return parts;
}

MetricTable metric_table(const std::vector<Part>& parts) {
    MetricTable table;
    for (const Part& part : parts) {
        table.parts.push_back(part.name);
        const auto texts = metric_texts(*part.metrics);
        table.rows.resize(texts.size());
        for (std::size_t i = 0; i < texts.size(); ++i) {
            table.rows[i].first = texts[i].first;
            table.rows[i].second.push_back(texts[i].second);
        }
    }
    return table;
}

// `value` of an epoch's metrics; none where there is none.
template <class Value>
Chart chart_of(std::string title, const std::vector<EpochRecord>& epochs, const Value& value) {
    Chart chart{std::move(title), {{"training", {}}, {"held out", {}}}};
    for (const EpochRecord& record : epochs) {
        const auto x = static_cast<double>(record.epoch);
        if (const std::optional<double> y = value(record.train)) {
            chart.curves[0].points.emplace_back(x, *y);
        }
        if (const std::optional<double> y =
                record.validation ? value(*record.validation) : std::nullopt) {
            chart.curves[1].points.emplace_back(x, *y);
        }
    }
    std::erase_if(chart.curves, [](const Curve& curve) { return curve.points.empty(); });
    return chart;
}

std::vector<Chart> charts_of(const std::vector<EpochRecord>& epochs) {
    std::vector<Chart> charts{
        chart_of("loss", epochs, [](const Metrics& m) { return std::optional(m.loss); })};
    for (const MetricField& field : metric_fields()) {
        charts.push_back(chart_of(std::string(field.heading), epochs,
                                  [&](const Metrics& m) { return m.*field.value; }));
    }
    Chart rates{"learning rate", {{"rate", {}}}};
    for (const EpochRecord& record : epochs) {
        rates.curves[0].points.emplace_back(static_cast<double>(record.epoch), record.rate);
    }
    charts.push_back(std::move(rates));
    std::erase_if(charts, [](const Chart& chart) { return chart.curves.empty(); });
    return charts;
}

std::vector<Fact> summary_of(const ReportedTraining& training) {
    std::size_t numbers = 0;
    for (const Tensor& weight : training.result.model_weights()) {
        numbers += weight.size();
    }
    std::vector<Fact> facts;
    if (takes_data(training.network)) {
        const std::string& source = training.data.training->window().source;
        std::string rows = data_line(training.data);
        rows.pop_back();
        facts.emplace_back("data", source.empty() ? rows : source + ": " + rows);
    }
    facts.emplace_back("weights", fmt::format("{} numbers", numbers));
    const TrainResult& result = training.result;
    const std::int64_t epochs = result.epochs.empty() ? 0 : result.epochs.back().epoch;
    facts.emplace_back("epochs", fmt::format("{} of {}", epochs, training.options.epochs));
    if (result.interrupted || result.failure) {
        facts.emplace_back("stopped",
                           result.failure ? failure_report(result).message : "interrupted");
    }
    return facts;
}

// The final weights and a row of the training part, by their names.
NamedValues example_of(const ReportedTraining& training, const Network& one) {
    NamedValues at;
    for (std::size_t i = 0; i < one.weights.size(); ++i) {
        at.insert_or_assign(one.graph.name(one.weights[i].node),
                            training.result.model_weights()[i]);
    }
    for (const auto& [constant, value] : training.network.constant_values) {
        at.insert_or_assign(training.network.graph.name(constant), value);
    }
    const Dataset& data = training.data.training->window();
    for (std::size_t i = 0; i < one.inputs.size(); ++i) {
        Tensor value = Tensor::filled(one.graph.type(one.inputs[i]).shape, 0);
        data.inputs[i].copy_to(value.data, 0);
        at.insert_or_assign(one.graph.name(one.inputs[i]), std::move(value));
    }
    if (!one.targets.empty()) {
        Tensor value = Tensor::filled(one.graph.type(one.targets[0]).shape, 0);
        std::copy_n(data.targets.begin(), value.size(), value.data.begin());
        at.insert_or_assign(one.graph.name(one.targets[0]), std::move(value));
    }
    return at;
}

void add_derivation(TrainingPage& page, const ReportedTraining& training) {
    SourceMap sources;
    Diagnostics ignored;  // they were told when the network was read
    const NetworkText& text = training.text;
    const auto one = elaborate_text(
        text.file, text.text,
        {.examples = Examples::one, .defines = text.defines, .imports = text.imports}, sources,
        ignored);
    if (!one) {
        throw InternalError("a network that was trained cannot be read for one example");
    }
    page.picture = page_picture(one->network, [] { return PictureNumbers{}; });
    if (one->network.graph.named().size() > most_names) {
        page.derivation_note = fmt::format(
            "The network has {} named values: `chainrule explain {} --format html` "
            "writes its derivation.",
            one->network.graph.named().size(), text.file);
        return;
    }
    std::size_t numbers = 0;
    for (const Tensor& weight : training.result.model_weights()) {
        numbers += weight.size();
    }
    const bool with_numbers = numbers <= most_numbers && training.data.training->rows() > 0;
    page.derivation_note =
        with_numbers ? "Of one example, with the final weights and a row of the training part."
                     : "Of one example, in symbols.";
    ExplainOptions options;
    options.at = with_numbers ? example_of(training, one->network) : NamedValues{};
    page.derivation = explain(*one, options);
}

}  // namespace

TrainingPage report_page(const ReportedTraining& training) {
    const TrainResult& result = training.result;
    const std::vector<Part> parts = parts_of(result);
    TrainingPage page;
    page.title = "Training " + std::filesystem::path(training.text.file).filename().string();
    page.summary = summary_of(training);
    page.metrics = metric_table(parts);
    page.charts = charts_of(result.epochs);
    if (const Metrics& last = *parts.back().metrics; !last.confusion.empty()) {
        page.confusion = {parts.back().name, class_names(last.confusion.size(), training.labels),
                          last.confusion};
    }
    for (const auto& [key, value] : recipe_of(training.options)) {
        page.recipe.emplace_back(key, text_of(value));
    }
    page.source = training.text.text;
    add_derivation(page, training);
    return page;
}

}  // namespace chainrule
