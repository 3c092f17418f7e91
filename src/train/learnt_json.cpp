#include "train/learnt_json.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <stdexcept>
#include <string_view>

namespace chainrule {
namespace {

using Json = nlohmann::ordered_json;
using EncodingKind = ColumnEncoding::Kind;

constexpr std::array<std::string_view, 2> scale_names{"standard", "none"};   // by Scale
constexpr std::array<std::string_view, 2> missing_names{"impute", "error"};  // by MissingCells

template <typename Enum>
std::string_view name_in(const std::array<std::string_view, 2>& names, Enum value) {
    return names[static_cast<std::size_t>(value)];
}

template <typename Enum>
Enum named_in(const std::array<std::string_view, 2>& names, const Json& json) {
    const auto* const found = std::ranges::find(names, json.get<std::string>());
    if (found == names.end()) {
        throw std::runtime_error("unknown word " + json.get<std::string>());
    }
    return static_cast<Enum>(found - names.begin());
}

Json encoding_json(const ColumnEncoding& encoding) {
    return {
        {"column", encoding.name}, {"width", encoding.width}, {"categories", encoding.categories}};
}

ColumnEncoding encoding_of_json(const Json& json) {
    ColumnEncoding encoding{.name = json.at("column").get<std::string>(),
                            .width = json.at("width").get<std::size_t>(),
                            .categories = json.at("categories").get<std::vector<std::string>>()};
    const bool is_number = encoding.width == 1 && encoding.categories.empty();
    encoding.kind = encoding.width == 0 ? EncodingKind::ignored
                    : is_number         ? EncodingKind::number
                                        : EncodingKind::category;
    if (encoding.width > most_categories || encoding.categories.size() > encoding.width ||
        !std::ranges::is_sorted(encoding.categories)) {
        throw std::runtime_error("categories of the column " + encoding.name + " that cannot be");
    }
    return encoding;
}

bool are_finite(const std::vector<double>& numbers) {
    return std::ranges::all_of(numbers, [](double x) { return std::isfinite(x); });
}

void check(const LearntData& learnt) {
    const Preprocessing& how = learnt.preprocessing;
    const std::size_t width = std::accumulate(
        learnt.encodings.begin(), learnt.encodings.end(), std::size_t{0},
        [](std::size_t sum, const ColumnEncoding& each) { return sum + each.width; });
    for (const std::vector<double>* numbers : {&how.means, &how.deviations, &how.fills}) {
        if (numbers->size() != learnt.columns.size() || !are_finite(*numbers)) {
            throw std::runtime_error("numbers for scaling that are not those of its columns");
        }
    }
    if (width != learnt.columns.size()) {
        throw std::runtime_error("columns of another number than their encodings");
    }
}

}  // namespace

Json learnt_json(const LearntData& learnt) {
    const Preprocessing& how = learnt.preprocessing;
    Json json;
    json["scale"] = name_in(scale_names, how.scale);
    json["missing"] = name_in(missing_names, learnt.missing);
    json["header"] = learnt.has_header;
    json["target"] = learnt.target_columns;
    json["first_target"] = learnt.first_target;
    if (!learnt.weight_column.empty()) {
        json["weights"] = {{"column", learnt.weight_column}, {"place", learnt.weight_place}};
    }
    json["columns"] = learnt.columns;
    json["encodings"] = Json::array();
    for (const ColumnEncoding& encoding : learnt.encodings) {
        json["encodings"].push_back(encoding_json(encoding));
    }
    json["means"] = how.means;
    json["deviations"] = how.deviations;
    json["fills"] = how.fills;
    json["labels"] = learnt.labels;
    return json;
}

LearntData learnt_of_json(const Json& json) {
    LearntData learnt;
    Preprocessing& how = learnt.preprocessing;
    how.scale = named_in<Scale>(scale_names, json.at("scale"));
    learnt.missing = named_in<MissingCells>(missing_names, json.at("missing"));
    json.at("header").get_to(learnt.has_header);
    json.at("target").get_to(learnt.target_columns);
    json.at("first_target").get_to(learnt.first_target);
    if (const auto weights = json.find("weights"); weights != json.end()) {
        weights->at("column").get_to(learnt.weight_column);
        weights->at("place").get_to(learnt.weight_place);
    }
    json.at("columns").get_to(learnt.columns);
    for (const Json& encoding : json.at("encodings")) {
        learnt.encodings.push_back(encoding_of_json(encoding));
    }
    json.at("means").get_to(how.means);
    json.at("deviations").get_to(how.deviations);
    json.at("fills").get_to(how.fills);
    json.at("labels").get_to(learnt.labels);
    check(learnt);
    return learnt;
}

}  // namespace chainrule
