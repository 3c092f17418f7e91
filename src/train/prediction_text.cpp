#include "train/prediction_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>
#include <numeric>

#include "data/csv_text.h"
#include "data/npy.h"
#include "data/words.h"
#include "lang/diagnostic.h"

namespace chainrule {
namespace {

std::vector<std::size_t> places_of(const std::vector<std::string>& columns,
                                   const std::vector<std::string>& chosen) {
    std::vector<std::size_t> places;
    for (const std::string& name : chosen) {
        const auto found = std::ranges::find(columns, name);
        if (found == columns.end()) {
            throw UserError(fmt::format("there is no column {} to write: there are {}",
                                        csv_cell(name), csv_record(columns)));
        }
        places.push_back(static_cast<std::size_t>(found - columns.begin()));
    }
    if (chosen.empty()) {
        places.resize(columns.size());
        std::iota(places.begin(), places.end(), std::size_t{0});
    }
    return places;
}

}  // namespace

PredictionText::PredictionText(const Predictor& predictor, const std::vector<std::string>& chosen,
                               Format format, DType dtype)
    : format_(format),
      dtype_(dtype),
      names_(predictor.columns()),
      width_(names_.size()),
      chosen_(places_of(names_, chosen)) {
    for (const std::string& name : predictor.classes()) {
        classes_.push_back(csv_cell(name));
    }
}

std::string PredictionText::head(std::size_t rows) const {
    if (format_ == Format::npy) {
        const std::vector<std::size_t> shape{rows, chosen_.size()};
        return npy_head(chosen_.size() == 1 ? std::vector{rows} : shape,
                        dtype_ == DType::f32 ? sizeof(float) : sizeof(double));
    }
    std::vector<std::string> names;
    for (const std::size_t column : chosen_) {
        names.push_back(names_[column]);
    }
    return csv_record(names) + "\n";
}

const std::string& PredictionText::rows(std::span<const double> numbers) {
    text_.clear();
    for (std::size_t first = 0; first < numbers.size(); first += width_) {
        const std::span<const double> row = numbers.subspan(first, width_);
        format_ == Format::csv ? add_csv_row(row) : add_npy_row(row);
    }
    return text_;
}

void PredictionText::add_csv_row(std::span<const double> row) {
    for (const std::size_t column : chosen_) {
        const double number = row[column];
        if (!classes_.empty() && column + 1 == width_) {
            text_ += std::isnan(number) ? "" : classes_[static_cast<std::size_t>(number)];
        } else if (std::isnan(number)) {
            text_ += "nan";  // which has no sign
        } else if (dtype_ == DType::f32) {
            fmt::format_to(std::back_inserter(text_), "{}", static_cast<float>(number));
        } else {
            fmt::format_to(std::back_inserter(text_), "{}", number);
        }
        text_ += ',';
    }
    text_.back() = '\n';
}

void PredictionText::add_npy_row(std::span<const double> row) {
    for (const std::size_t column : chosen_) {
        if (dtype_ == DType::f32) {
            append_word(text_, std::bit_cast<std::uint32_t>(static_cast<float>(row[column])));
        } else {
            append_word(text_, std::bit_cast<std::uint64_t>(row[column]));
        }
    }
}

}  // namespace chainrule
