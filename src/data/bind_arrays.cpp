#include "data/bind_arrays.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "data/wording.h"
#include "ir/type.h"

namespace chainrule {
namespace {

std::string describe(const std::string& name, const std::vector<std::int64_t>& shape) {
    return shape.empty() ? name : fmt::format("{}[{}]", name, fmt::join(shape, ","));
}

std::string list_names(const ArrayFile& file) {
    std::string list;
    for (const NamedArray& each : file.arrays) {
        list += (list.empty() ? "" : ", ") + each.name;
    }
    return list;
}

using Found = std::vector<NamedArray>::iterator;

Found find_array(ArrayFile& file, const std::string& name) {
    return std::ranges::find(file.arrays, name, &NamedArray::name);
}

NumberArray take(ArrayFile& file, Found at) {
    NumberArray array = std::move(at->array);
    file.arrays.erase(at);
    return array;
}

// --- which array feeds what -----------------------------------------------------------------

NumberArray take_labels(ArrayFile labels) {
    if (labels.arrays.size() != 1) {
        throw UserError(
            fmt::format("{} holds {} arrays ({}), but labels are one: name the arrays "
                        "after the inputs and the target and give them as --data",
                        labels.source, labels.arrays.size(), list_names(labels)));
    }
    return std::move(labels.arrays[0].array);
}

// From the file that holds the inputs too.
NumberArray take_target(ArrayFile& data, const BindRequest& request) {
    const std::string& selected = request.target_column;
    const Found named = find_array(data, selected.empty() ? request.target->name : selected);
    if (named != data.arrays.end() && !named->name.empty()) {
        return take(data, named);
    }
    if (!selected.empty()) {
        throw UserError(
            fmt::format("{} has no array called {}: --target selects a column of a "
                        "table or an array by its name",
                        data.source, selected));
    }
    if (data.arrays.size() == request.inputs.size() + 1 && data.arrays.size() > 1) {
        return take(data, std::prev(data.arrays.end()));
    }
    if (data.arrays.size() == 1) {
        throw UserError(fmt::format("{} holds no labels for the target {}: give their file with {}",
                                    data.source, request.target->name, request.labels_option));
    }
    throw UserError(fmt::format("{} has no array called {}, as the target is: its arrays are {}",
                                data.source, request.target->name, list_names(data)));
}

std::vector<NumberArray> take_inputs(ArrayFile& data, const BindRequest& request) {
    std::vector<NumberArray> arrays;
    const bool all_named = std::ranges::all_of(request.inputs, [&](const InputRequest& input) {
        return find_array(data, input.name) != data.arrays.end();
    });
    if (!all_named && data.arrays.size() != request.inputs.size()) {
        throw UserError(fmt::format(
            "{} holds {} for the inputs, of which the network has {}: put one array for "
            "each, of its name, into an .npz file",
            data.source, counted(data.arrays.size(), "array"), request.inputs.size()));
    }
    for (const InputRequest& input : request.inputs) {
        arrays.push_back(
            take(data, all_named ? find_array(data, input.name) : data.arrays.begin()));
    }
    return arrays;
}

// --- whether it fits ------------------------------------------------------------------------

void check_rows(const NumberArray& first, const NumberArray& other, const char* what) {
    check_counts(first.source, first.rows(), other.source, other.rows(), what);
}

void check_size(const NumberArray& array, const char* what, const std::string& name,
                const std::vector<std::int64_t>& shape) {
    const auto wanted = static_cast<std::size_t>(element_count(shape));
    if (array.item_size() == wanted) {
        return;
    }
    const std::vector<std::size_t> item(array.shape.begin() + 1, array.shape.end());
    const std::string found =
        item.empty() ? name : fmt::format("{}[{}]", name, fmt::join(item, ","));
    throw UserError(
        fmt::format("{} holds examples {} of {}, but the {} {} takes {}: declare `{} {}`",
                    array.source, array.item_shape(), counted(array.item_size(), "number"), what,
                    describe(name, shape), wanted, what, found));
}

void check_finite(const NumberArray& array) {
    const std::size_t bad = array.numbers.first_not_finite();
    if (bad < array.numbers.size()) {
        throw UserError(
            fmt::format("{}: row {}: element {} is {}, not a finite number: fill it in or "
                        "remove the row",
                        array.source, array.first + bad / array.item_size() + 1,
                        bad % array.item_size() + 1, array.numbers[bad]));
    }
}

void bind_target(const NumberArray& array, const BindRequest& request, Dataset& data) {
    const TargetRequest& target = *request.target;
    check_finite(array);
    if (target.classes > 0 && array.item_size() != 1) {
        throw UserError(
            fmt::format("{} holds labels {} of {}, but the target {} is a class, "
                        "one number: give the number of the class, or declare `target "
                        "{}[{}]`",
                        array.source, array.item_shape(), counted(array.item_size(), "number"),
                        target.name, target.name, array.item_size()));
    }
    check_size(array, "target", target.name, target.shape);
    std::vector<double> numbers(array.numbers.size());
    array.numbers.copy_to(numbers, 0);
    data.target_size = array.item_size();
    if (target.classes == 0) {
        data.targets = std::move(numbers);
        return;
    }
    const LabelSource source{array.source, target.name, [first = array.first](std::size_t row) {
                                 return fmt::format("row {}", first + row + 1);
                             }};
    ClassLabels found = classes_of_numbers(std::move(numbers), target, source, request.labels);
    data.targets = std::move(found.classes);
    data.labels = std::move(found.labels);
    data.diagnostics = std::move(found.diagnostics);
}

}  // namespace

void check_counts(const std::string& file, std::size_t count, const std::string& other_file,
                  std::size_t other, const char* what) {
    if (count != other) {
        throw UserError(fmt::format("{} holds {}, but {} holds {}: give the files of one data set",
                                    file, counted(count, "example"), other_file,
                                    counted(other, what)));
    }
}

Dataset bind_arrays(ArrayFile data, std::optional<ArrayFile> labels, const BindRequest& request) {
    Dataset dataset;
    dataset.source = data.source;
    std::optional<NumberArray> target;
    if (request.target) {
        target = labels ? take_labels(std::move(*labels)) : take_target(data, request);
    }
    std::vector<NumberArray> inputs = take_inputs(data, request);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        check_size(inputs[i], "input", request.inputs[i].name, request.inputs[i].shape);
        check_rows(inputs[0], inputs[i], "example");
        check_finite(inputs[i]);
    }
    if (target && !inputs.empty()) {
        check_rows(inputs[0], *target, "label");
    }
    std::size_t first = 0;
    if (target) {
        dataset.rows = target->rows();
        first = target->first;
        bind_target(*target, request, dataset);
    }
    for (NumberArray& input : inputs) {
        dataset.rows = input.rows();
        first = input.first;
        dataset.input_sizes.push_back(input.item_size());
        dataset.inputs.push_back(std::move(input.numbers));
    }
    dataset.lines.add(first + 1, dataset.rows);
    return dataset;
}

}  // namespace chainrule
