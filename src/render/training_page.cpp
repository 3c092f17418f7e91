#include "render/training_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "render/html_page.h"
#include "render/markup.h"
#include "render/worksheet.h"

namespace chainrule {
namespace {

// More classes than this are no table that a person reads.
constexpr std::size_t most_classes = 50;

std::string section(std::string_view id, std::string_view title, const std::string& content) {
    if (content.empty()) {
        return "";
    }
    return element("section", "\n" + element("h2", title) + "\n" + content + "\n",
                   fmt::format("id=\"{}\"", id)) +
           "\n";
}

std::string tagged_cell(std::string_view tag, const std::string& text) {
    return element(tag, escape_markup(text));
}

std::string scrolled(const std::string& table, std::string_view kind) {
    return "<div class=\"scroll\">" + element("table", table, fmt::format("class=\"{}\"", kind)) +
           "</div>";
}

std::string facts_html(const std::vector<Fact>& facts) {
    std::string rows;
    for (const auto& [name, value] : facts) {
        rows += element("tr", tagged_cell("th", name) + tagged_cell("td", value)) + "\n";
    }
    return rows.empty() ? "" : scrolled(rows, "facts");
}

std::string metrics_html(const MetricTable& metrics) {
    std::string heading = tagged_cell("th", "");
    for (const std::string& part : metrics.parts) {
        heading += tagged_cell("th", part);
    }
    std::string rows;
    for (const auto& [name, values] : metrics.rows) {
        std::string row = tagged_cell("th", name);
        for (const std::string& value : values) {
            row += tagged_cell("td", value);
        }
        rows += element("tr", row) + "\n";
    }
    return scrolled(element("thead", element("tr", heading)) + element("tbody", rows), "metrics");
}

std::string charts_html(const std::vector<Chart>& charts) {
    std::string all;
    for (const Chart& chart : charts) {
        all += chart_svg(chart) + "\n";
    }
    return all.empty() ? "" : "<div class=\"charts\">\n" + all + "</div>";
}

std::string confusion_html(const ConfusionTable& confusion) {
    const std::string lead =
        element("p",
                escape_markup("Of the " + confusion.part +
                              " part: a row for each class, a column for each answer."),
                "class=\"lead\"");
    if (confusion.counts.size() > most_classes) {
        return element(
            "p", fmt::format("It has {} classes: train --json prints it.", confusion.counts.size()),
            "class=\"lead\"");
    }
    std::string rows = tagged_cell("th", "");
    for (const std::string& name : confusion.classes) {
        rows += tagged_cell("th", name);
    }
    rows = element("tr", rows) + "\n";
    for (std::size_t i = 0; i < confusion.counts.size(); ++i) {
        const std::vector<std::uint64_t>& counts = confusion.counts[i];
        std::uint64_t all = 0;
        for (const std::uint64_t count : counts) {
            all += count;
        }
        std::string row = tagged_cell("th", confusion.classes[i]);
        for (const std::uint64_t count : counts) {
            const double share =
                static_cast<double>(count) / static_cast<double>(std::max<std::uint64_t>(all, 1));
            row += element("td", std::to_string(count),
                           fmt::format("style=\"--share: {:.3f}\"", share));
        }
        rows += element("tr", row) + "\n";
    }
    return lead + scrolled(rows, "confusion");
}

std::string note_html(const std::string& note) {
    return note.empty() ? "" : element("p", escape_markup(note), "class=\"lead\"");
}

}  // namespace

std::string render_training_page(const TrainingPage& page) {
    std::string body = element("header", element("h1", escape_markup(page.title))) + "\n";
    body += facts_html(page.summary) + "\n";
    body += section("metrics", "Metrics", metrics_html(page.metrics));
    body += section("curves", "Curves", charts_html(page.charts));
    if (page.confusion) {
        body += section("confusion", "Confusion matrix", confusion_html(*page.confusion));
    }
    body += section("network", "Network",
                    figure_html(page.picture) + element("pre", escape_markup(page.source)));
    body += section("recipe", "Recipe", facts_html(page.recipe));
    body += section("derivation", "Derivation", note_html(page.derivation_note));
    if (page.derivation) {
        body += worksheet_html(make_worksheet(*page.derivation));
    }
    body += element("footer", "Written by chainrule. Hover over a curve or a formula.");
    return html_page(page.title, body);
}

}  // namespace chainrule
