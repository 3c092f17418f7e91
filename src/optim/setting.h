// What can be set of a method with numbers: `adam(beta1 = 0.9)`, `cosine(final = 1e-5)`. A method,
// an optimiser or a schedule, is a name and its settings; what was chosen of it is a method and
// numbers.
//
//     if (const std::string wrong = fault(adam.method, "beta1", 2); !wrong.empty()) ...
//     const double beta1 = Choice(adam.method, {{"beta1", 0.8}})["beta1"];
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chainrule {

// Which numbers there can be, and how a message calls them: "a number above 0".
struct NumberRule {
    bool (*fits)(double);
    std::string_view wanted;
};
extern const NumberRule positive_number;
extern const NumberRule number_from_0;
extern const NumberRule number_below_1;  // from 0
extern const NumberRule counting_number;
extern const NumberRule whole_number;  // 0 too
extern const NumberRule yes_or_no;

struct Setting {
    std::string_view name;
    const NumberRule* rule = nullptr;
    std::optional<double> usual = std::nullopt;  // none: it has to be said
    std::string_view needs = {};                 // a setting that has to be above 0 if this one is
};

struct Method {
    std::string_view name;
    std::vector<Setting> settings;

    const Setting* setting(std::string_view key) const;
};

// What can be set, with the usual numbers: `sgd(rate = 0.1, momentum = 0)`, `step(every = ...,
// gamma = 0.1)`.
std::string summary(const Method& method);

// Why a method cannot be set so: a setting that it has not, a number that does not fit. Empty: it
// can.
std::string fault(const Method& method, std::string_view key, double number);

// Why the numbers do not suffice: one that has to be said is not, by itself or because of another
// one. Empty: they do.
std::string missing_setting(const Method& method, const std::map<std::string, double>& numbers);

// "; did you mean adam?", or the list of all: "; there are sgd, adam".
std::string suggestion(std::string_view name, const std::vector<std::string_view>& names);

// A method with the numbers that were said; what was not said is as usual.
class Choice {
public:
    explicit Choice(const Method& method, std::map<std::string, double> numbers = {})
        : method_(&method), numbers_(std::move(numbers)) {}

    const Method& method() const { return *method_; }
    std::string_view name() const { return method_->name; }
    // The name is one of the method's settings.
    double operator[](std::string_view key) const;

private:
    const Method* method_;
    std::map<std::string, double> numbers_;
};

}  // namespace chainrule
