#include "data/class_labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "data/cell.h"
#include "ir/tensor.h"

namespace chainrule {
namespace {

Diagnostic note(std::string message) { return {Severity::note, std::move(message), {}, {}}; }

[[noreturn]] void refuse(const LabelSource& source, std::size_t row, const std::string& message,
                         std::vector<Note> notes = {}) {
    throw UserError(fmt::format("{}: {}: {}", source.file, source.place(row), message), {},
                    std::move(notes));
}

// --- numbers --------------------------------------------------------------------------------

bool is_class(double label, std::int64_t classes) {
    return std::trunc(label) == label && label >= 0 && label < static_cast<double>(classes);
}

[[noreturn]] void refuse_number(std::span<const double> numbers, std::size_t row,
                                const TargetRequest& target, const LabelSource& source) {
    const auto [least, greatest] = std::ranges::minmax(numbers);
    const bool renumber = std::trunc(numbers[row]) == numbers[row] && least >= 0 && greatest < 1000;
    const std::string mend =
        renumber ? fmt::format(": renumber them, or declare class({})", std::ceil(greatest) + 1)
                 : "";
    refuse(
        source, row,
        fmt::format("{} is not a class label: class({}) takes the integers 0 to {}", numbers[row],
                    target.classes, target.classes - 1),
        {{fmt::format("the labels run from {} to {}; they count from 0{}", least, greatest, mend),
          {}}});
}

// The labels in ascending order if they are whole numbers that do not count from 0, `classes` of
// them; otherwise none.
std::vector<double> labels_not_from_0(std::span<const double> numbers, std::int64_t classes) {
    std::set<double> found;
    for (const double number : numbers) {
        found.insert(number);
        if (!is_whole(number) || found.size() > static_cast<std::size_t>(classes)) {
            return {};
        }
    }
    if (found.size() != static_cast<std::size_t>(classes) || found.contains(0)) {
        return {};
    }
    return {found.begin(), found.end()};
}

std::vector<double> follow_numbers(std::span<const double> numbers, const LabelSource& source,
                                   const std::vector<std::string>& labels) {
    std::map<double, double> class_of;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const Cell label = parse_cell(labels[i]);
        if (label.kind != CellKind::number) {
            throw UserError(fmt::format(
                "{}: the target {} holds numbers, but that of the training data holds text: {}",
                source.file, source.what, describe_labels(labels)));
        }
        class_of[label.number] = static_cast<double>(i);
    }
    std::vector<double> classes;
    classes.reserve(numbers.size());
    for (const double number : numbers) {
        const auto found = class_of.find(number);
        if (found == class_of.end()) {
            refuse(source, classes.size(),
                   fmt::format("{} is none of the labels of the training data: {}", number,
                               describe_labels(labels)));
        }
        classes.push_back(found->second);
    }
    return classes;
}

}  // namespace

std::string describe_labels(const std::vector<std::string>& labels) {
    constexpr std::size_t most = 10;
    std::string list;
    for (std::size_t i = 0; i < std::min(labels.size(), most); ++i) {
        list += fmt::format("{}{} = {}", i == 0 ? "" : ", ", quote_cell(labels[i]), i);
    }
    return labels.size() > most ? list + ", ..." : list;
}

ClassLabels classes_of_numbers(std::vector<double> numbers, const TargetRequest& target,
                               const LabelSource& source, const LearntLabels& learnt) {
    ClassLabels result;
    if (learnt && !learnt->empty()) {
        result.classes = follow_numbers(numbers, source, *learnt);
        result.labels = *learnt;
        return result;
    }
    const auto bad = std::ranges::find_if_not(
        numbers, [&](double label) { return is_class(label, target.classes); });
    const auto row = static_cast<std::size_t>(bad - numbers.begin());
    if (target.classes == 0 || bad == numbers.end()) {
        result.classes = std::move(numbers);
        return result;
    }
    const std::vector<double> found =
        learnt ? std::vector<double>{} : labels_not_from_0(numbers, target.classes);
    if (found.empty()) {
        refuse_number(numbers, row, target, source);
    }
    for (const double label : found) {
        result.labels.push_back(format_number(label));
    }
    result.classes = follow_numbers(numbers, source, result.labels);
    result.diagnostics.push_back(
        note(fmt::format("the labels of the target {} do not count from 0 and are read as {}",
                         source.what, describe_labels(result.labels))));
    return result;
}

// --- texts ----------------------------------------------------------------------------------

namespace {

[[noreturn]] void refuse_label_count(std::size_t count, const TargetRequest& target,
                                     const LabelSource& source) {
    const std::string takes =
        target.classes > 0 ? fmt::format("class({})", target.classes) : std::string("a number");
    throw UserError(
        fmt::format("{}: {} holds text with {} different values, but the target {} is {}: declare "
                    "`target {}: class({})` or select another column with --target",
                    source.file, source.what, count, target.name, takes, target.name, count));
}

// Of the texts of one label, the one that it is called by.
bool is_plainer(const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
}

using LabelOfKey = std::map<std::string, std::string>;

LabelOfKey labels_by_key(const std::vector<std::string>& values) {
    LabelOfKey label_of;
    for (const std::string& value : values) {
        const auto [found, is_new] = label_of.try_emplace(label_key(value), value);
        if (!is_new && is_plainer(value, found->second)) {
            found->second = value;
        }
    }
    return label_of;
}

// The text itself where no label is like it.
const std::string& label_of_text(const std::string& text, const LabelOfKey& label_of) {
    const auto found = label_of.find(label_key(text));
    return found == label_of.end() ? text : found->second;
}

// `"<=50K." as "<=50K"` for every text that is not called as its label is.
std::string describe_variants(const std::vector<std::string>& values, const LabelOfKey& label_of) {
    std::string list;
    for (const std::string& value : values) {
        const std::string& label = label_of_text(value, label_of);
        if (label != value) {
            list += fmt::format("{}{} as {}", list.empty() ? "" : ", ", quote_cell(value),
                                quote_cell(label));
        }
    }
    return list;
}

[[noreturn]] void refuse_text(const std::string& text, std::size_t row,
                              const std::vector<std::string>& labels, const LabelSource& source) {
    refuse(source, row,
           fmt::format("{} is none of the labels of the training data: {}", quote_cell(text),
                       labels.empty() ? "they are numbers" : describe_labels(labels)));
}

std::vector<std::string> learn_labels(const LabelOfKey& label_of, const TargetRequest& target,
                                      const LabelSource& source) {
    const auto wanted = static_cast<std::size_t>(target.classes > 0 ? target.classes : 2);
    if (label_of.size() != wanted) {
        refuse_label_count(label_of.size(), target, source);
    }
    std::vector<std::string> labels;
    for (const auto& [key, label] : label_of) {
        labels.push_back(label);
    }
    std::ranges::sort(labels);
    return labels;
}

}  // namespace

std::string label_key(const std::string& text) {
    std::string key;
    std::ranges::copy_if(text, std::back_inserter(key),
                         [](char c) { return c != ' ' && c != '\t'; });
    if (key.ends_with('.')) {
        key.pop_back();
    }
    return key;
}

ClassLabels classes_of_texts(const std::vector<std::string>& values,
                             std::span<const std::uint16_t> codes, const TargetRequest& target,
                             const LabelSource& source, const LearntLabels& learnt) {
    const LabelOfKey label_of = labels_by_key(learnt ? *learnt : values);
    ClassLabels result;
    result.labels = learnt ? *learnt : learn_labels(label_of, target, source);
    if (!learnt) {
        result.diagnostics.push_back(note(fmt::format(
            "the target {} is text, read as {}", source.what, describe_labels(result.labels))));
    }
    if (const std::string variants = describe_variants(values, label_of); !variants.empty()) {
        result.diagnostics.push_back(note(
            fmt::format("{}: labels that differ only by a full stop or blanks are one class: {}",
                        source.file, variants)));
    }
    std::vector<double> class_of_code;
    for (std::size_t code = 0; code < values.size(); ++code) {
        const auto label = std::ranges::find(result.labels, label_of_text(values[code], label_of));
        if (label == result.labels.end()) {
            const auto at = std::ranges::find(codes, code);
            refuse_text(values[code], static_cast<std::size_t>(at - codes.begin()), result.labels,
                        source);
        }
        class_of_code.push_back(static_cast<double>(label - result.labels.begin()));
    }
    for (const std::uint16_t code : codes) {
        result.classes.push_back(class_of_code[code]);
    }
    return result;
}

}  // namespace chainrule
