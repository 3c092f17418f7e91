#include "optim/setting.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "ir/tensor.h"
#include "lang/diagnostic.h"

namespace chainrule {
const NumberRule positive_number{[](double x) { return x > 0; }, "a number above 0"};
const NumberRule number_from_0{[](double x) { return x >= 0; }, "a number of at least 0"};
const NumberRule number_below_1{[](double x) { return x >= 0 && x < 1; },
                                "a number from 0 to below 1"};
const NumberRule counting_number{[](double x) { return x >= 1 && is_whole(x); },
                                 "a whole number of at least 1"};
const NumberRule whole_number{[](double x) { return x >= 0 && is_whole(x); },
                              "a whole number of at least 0"};
const NumberRule yes_or_no{[](double x) { return x == 0 || x == 1; }, "1 for yes or 0 for no"};

const Setting* Method::setting(std::string_view key) const {
    for (const Setting& setting : settings) {
        if (setting.name == key) {
            return &setting;
        }
    }
    return nullptr;
}

std::string summary(const Method& method) {
    std::vector<std::string> parts;
    for (const Setting& setting : method.settings) {
        parts.push_back(fmt::format("{} = {}", setting.name,
                                    setting.usual ? format_number(*setting.usual) : "..."));
    }
    return parts.empty() ? std::string(method.name)
                         : fmt::format("{}({})", method.name, fmt::join(parts, ", "));
}

std::string suggestion(std::string_view name, const std::vector<std::string_view>& names) {
    const std::string_view near = nearest_name(name, names);
    return near.empty() ? fmt::format("; there are {}", fmt::join(names, ", "))
                        : fmt::format("; did you mean {}?", near);
}

std::string fault(const Method& method, std::string_view key, double number) {
    const Setting* setting = method.setting(key);
    if (setting == nullptr) {
        std::vector<std::string_view> names;
        for (const Setting& other : method.settings) {
            names.push_back(other.name);
        }
        return fmt::format("{} has no setting {}{}", method.name, key,
                           names.empty() ? "" : suggestion(key, names));
    }
    if (!std::isfinite(number) || !setting->rule->fits(number)) {
        return fmt::format("{} is {}, and this is {}", key, setting->rule->wanted,
                           format_number(number));
    }
    return "";
}

std::string missing_setting(const Method& method, const std::map<std::string, double>& numbers) {
    for (const Setting& setting : method.settings) {
        if (!setting.usual && !numbers.contains(std::string(setting.name))) {
            return fmt::format("{0} needs {1}, {2}: {0}({1} = ...)", method.name, setting.name,
                               setting.rule->wanted);
        }
    }
    const Choice choice(method, numbers);
    for (const Setting& setting : method.settings) {
        if (!setting.needs.empty() && choice[setting.name] > 0 && choice[setting.needs] <= 0) {
            return fmt::format("{0} needs {1} above 0: {2}({0} = 1, {1} = ...)", setting.name,
                               setting.needs, method.name);
        }
    }
    return "";
}

double Choice::operator[](std::string_view key) const {
    const auto said = numbers_.find(std::string(key));
    return said != numbers_.end() ? said->second : method_->setting(key)->usual.value();
}

}  // namespace chainrule
