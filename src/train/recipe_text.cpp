#include "train/recipe_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

namespace chainrule {
namespace {

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    return first == text.npos ? "" : text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

[[noreturn]] void refuse_form(const std::string& option, std::string_view text) {
    throw UserError(
        fmt::format("{} is {}: write a name, or a name with numbers such as sgd(momentum = 0.9)",
                    option, text));
}

// All of the text, without blanks around it.
std::optional<double> number_in(std::string_view text) {
    const std::string_view digits = trimmed(text);
    double number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    const bool is_number = error == std::errc() && end == digits.data() + digits.size();
    return is_number ? std::optional(number) : std::nullopt;
}

// `momentum = 0.9`
std::pair<std::string, double> read_argument(const std::string& option, std::string_view text) {
    const std::size_t equals = text.find('=');
    if (equals == text.npos) {
        refuse_form(option, text);
    }
    const std::optional<double> number = number_in(text.substr(equals + 1));
    if (!number) {
        refuse_form(option, text);
    }
    return {std::string(trimmed(text.substr(0, equals))), *number};
}

}  // namespace

RecipeValue read_setting(const std::string& option, std::string_view text) {
    const std::size_t bracket = text.find('(');
    RecipeValue value;
    value.word = trimmed(text.substr(0, bracket));
    if (bracket == text.npos) {
        return value;
    }
    std::string_view rest = trimmed(text.substr(bracket + 1));
    if (!rest.ends_with(')')) {
        refuse_form(option, text);
    }
    rest = trimmed(rest.substr(0, rest.size() - 1));
    while (!rest.empty()) {
        const std::size_t comma = rest.find(',');
        const auto argument = read_argument(option, rest.substr(0, comma));
        if (!value.arguments.insert(argument).second) {
            throw UserError(fmt::format("{}: {} sets {} twice", option, text, argument.first));
        }
        rest = comma == rest.npos ? "" : rest.substr(comma + 1);
    }
    return value;
}

RecipeValue read_class_weights(const std::string& option, std::string_view text) {
    const bool is_list = number_in(text.substr(0, text.find(','))).has_value();
    const bool has_names = text.find('=') != text.npos;
    RecipeValue value;
    if (!is_list && !has_names) {
        value.word = trimmed(text).empty() ? "empty" : trimmed(text);
        return value;
    }
    std::string entry;  // what commas have cut, put together again
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t comma = std::min(text.find(',', start), text.size());
        entry += (entry.empty() ? "" : ",") + std::string(text.substr(start, comma - start));
        start = comma + 1;
        const std::size_t equals = entry.rfind('=');
        const auto number = number_in(is_list ? entry : entry.substr(equals + 1));
        if (number && is_list) {
            value.list.push_back(*number);
        } else if (number && equals != entry.npos) {
            const std::string label(trimmed(entry.substr(0, equals)));
            if (!value.arguments.emplace(label, *number).second) {
                throw UserError(fmt::format("{} is {}: it weighs {} twice", option, text, label));
            }
        } else if (start <= text.size() && !is_list) {
            continue;
        } else {
            throw UserError(fmt::format(
                "{} is {}: {} no number is found; write the weight of each class, such as "
                "1,3, or of classes by their labels, such as no=1,yes=3",
                option, text,
                trimmed(entry).empty() ? "between its commas"
                                       : fmt::format("after {}", trimmed(entry))));
        }
        entry.clear();
    }
    return value;
}

std::string text_of(const RecipeValue& value) {
    if (!value.list.empty()) {
        return fmt::format("{}", fmt::join(value.list, ","));
    }
    if (value.word.empty() && value.arguments.empty()) {
        return format_number(value.number);
    }
    std::vector<std::string> arguments;
    for (const auto& [key, number] : value.arguments) {
        const std::string_view equals = value.word.empty() ? "=" : " = ";
        arguments.push_back(fmt::format("{}{}{}", key, equals, number));
    }
    if (value.word.empty()) {
        return fmt::format("{}", fmt::join(arguments, ","));
    }
    return arguments.empty() ? value.word
                             : fmt::format("{}({})", value.word, fmt::join(arguments, ", "));
}

}  // namespace chainrule
