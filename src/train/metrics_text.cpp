#include "train/metrics_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "render/json_numbers.h"
#include "render/number_text.h"

namespace chainrule {
namespace {

constexpr std::size_t loss_width = 10;

std::string field_text(const MetricField& field, double value, int digits) {
    return field.is_percentage ? fmt::format("{:.2f} %", 100 * value) : short_number(value, digits);
}

template <typename Visit>
void for_each_field(const Metrics& metrics, Visit visit) {
    for (const MetricField& field : metric_fields()) {
        if (const auto& value = metrics.*field.value) {
            visit(field, *value);
        }
    }
}

// Of classes there are up to seven columns, of numbers three, which may be large. A number that is
// longer than its column still stands apart from the one before it.
std::size_t column_width(const Metrics& metrics, const MetricField& field) {
    const std::size_t usual = metrics.confusion.empty() ? 10 : 8;
    return std::max(usual, field.heading.size());
}

// Those behind the loss that fit, with the width of each.
template <typename Visit>
void for_each_column(const Metrics& metrics, std::size_t width, Visit visit) {
    std::size_t used = 1 + loss_width;
    for_each_field(metrics, [&](const MetricField& field, double value) {
        const std::size_t each = column_width(metrics, field);
        used += 1 + each;
        if (used <= width) {
            visit(field, value, each);
        }
    });
}

std::string confusion_lines(const Metrics& metrics, const std::vector<std::string>& labels) {
    const std::size_t classes = metrics.confusion.size();
    const std::vector<std::string> names = class_names(classes, labels);
    std::size_t width = 6;
    for (const std::string& name : names) {
        width = std::max(width, name.size());
    }
    std::string text = "\nconfusion matrix: a row for each class, a column for each answer\n";
    text += std::string(width, ' ');
    for (const std::string& name : names) {
        text += fmt::format("  {:>{}}", name, width);
    }
    text += "\n";
    for (std::size_t k = 0; k < classes; ++k) {
        text += fmt::format("{:<{}}", names[k], width);
        for (const std::uint64_t count : metrics.confusion[k]) {
            text += fmt::format("  {:>{}}", count, width);
        }
        text += "\n";
    }
    return text;
}

}  // namespace

std::vector<std::string> class_names(std::size_t classes, const std::vector<std::string>& labels) {
    std::vector<std::string> names = labels;
    for (std::size_t k = names.size(); k < classes; ++k) {
        names.push_back(std::to_string(k));
    }
    return names;
}

std::vector<std::pair<std::string, std::string>> metric_texts(const Metrics& metrics) {
    std::vector<std::pair<std::string, std::string>> texts{{"loss", short_number(metrics.loss)}};
    for_each_field(metrics, [&](const MetricField& field, double value) {
        texts.emplace_back(field.heading, field_text(field, value, 6));
    });
    return texts;
}

std::string metrics_heading(const Metrics& metrics, std::size_t width) {
    std::string columns = fmt::format(" {:>{}}", "loss", loss_width);
    for_each_column(metrics, width, [&](const MetricField& field, double, std::size_t each) {
        columns += fmt::format(" {:>{}}", field.heading, each);
    });
    return columns;
}

std::string metrics_columns(const Metrics& metrics, std::size_t width) {
    std::string columns = fmt::format(" {:>{}}", short_number(metrics.loss, 5), loss_width);
    for_each_column(metrics, width, [&](const MetricField& field, double value, std::size_t each) {
        columns += fmt::format(" {:>{}}", field_text(field, value, 4), each);
    });
    return columns;
}

std::string metrics_line(const Metrics& metrics) {
    std::string text = "loss " + short_number(metrics.loss);
    for_each_field(metrics, [&](const MetricField& field, double value) {
        text += fmt::format(", {} {}", field.heading, field_text(field, value, 6));
    });
    return text;
}

std::string metrics_lines(const Metrics& metrics, const std::vector<std::string>& labels) {
    std::string text;
    for (const auto& [name, value] : metric_texts(metrics)) {
        text += fmt::format("{:<10}{}\n", name, value);
    }
    if (metrics.confusion.size() == 2) {
        text += fmt::format("the positive class is {}\n", class_names(2, labels)[1]);
    }
    return metrics.confusion.empty() ? text : text + confusion_lines(metrics, labels);
}

nlohmann::ordered_json metrics_json(const Metrics& metrics, std::size_t most_classes) {
    nlohmann::ordered_json json;
    json["loss"] = number_json(metrics.loss);
    for_each_field(metrics, [&](const MetricField& field, double value) {
        json[field.key] = number_json(value);
    });
    if (!metrics.confusion.empty() && metrics.confusion.size() <= most_classes) {
        json["confusion"] = metrics.confusion;
    }
    return json;
}

}  // namespace chainrule
