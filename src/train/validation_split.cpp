#include "train/validation_split.h"

#include <fmt/format.h>

#include "train/metrics_text.h"

namespace chainrule {

bool splits_by_class(const TargetClasses& classes, const TrainOptions& options) {
    return options.split > 0 && options.stratify && classes.count > 0;
}

std::optional<Split> validation_split(const Dataset& bound, const TargetClasses& classes,
                                      const TrainOptions& options) {
    if (options.split == 0) {
        return std::nullopt;
    }
    return splits_by_class(classes, options)
               ? split_rows(classes_of(bound, classes), options.split, options.seed)
               : split_rows(bound.rows, options.split, options.seed);
}

std::vector<Diagnostic> note_lone_rows(std::span<const std::size_t> class_rows,
                                       const std::vector<std::string>& labels) {
    constexpr std::size_t most_named = 10;
    const std::vector<std::string> names = class_names(class_rows.size(), labels);
    std::string list;
    std::size_t count = 0;
    for (std::size_t k = 0; k < class_rows.size(); ++k) {
        if (class_rows[k] == 1 && ++count <= most_named) {
            list += (list.empty() ? "" : ", ") + names[k];
        }
    }
    if (count == 0) {
        return {};
    }
    const std::string more = count > most_named ? ", ..." : "";
    const std::string of_whom =
        count == 1 ? fmt::format("class {} has", list) : fmt::format("{} classes have", count);
    const std::string whom = count == 1 ? "" : fmt::format(": {}{}", list, more);
    return {{Severity::note,
             fmt::format("{} one row only, which stays in the training part{}", of_whom, whom),
             {},
             {}}};
}

}  // namespace chainrule
