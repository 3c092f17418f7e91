#include "outside/printed_formula.h"

#include <cctype>
#include <stdexcept>

namespace chainrule::tests {
namespace {

using GiNaC::ex;
using GiNaC::numeric;

ex sigmoid(const ex& x) { return 1 / (1 + GiNaC::exp(-x)); }

// A decimal number as a fraction: "1.25e-1" is 125/1000.
ex read_number(const std::string& text) {
    std::string digits;
    long exponent = 0;
    bool after_point = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == 'e' || text[i] == 'E') {
            exponent += std::stol(text.substr(i + 1));
            break;
        }
        if (text[i] == '.') {
            after_point = true;
        } else {
            digits += text[i];
            exponent -= after_point;
        }
    }
    return numeric(digits.c_str()) * GiNaC::pow(ex(10), exponent);
}

class Reader {
public:
    Reader(const std::string& text, const Names& names) : text_(text), names_(names) {}

    ex whole() {
        const ex result = sum();
        skip_blanks();
        if (at_ != text_.size()) {
            fail("there is more");
        }
        return result;
    }

private:
    [[noreturn]] void fail(const std::string& what) const {
        throw std::runtime_error(text_ + ": " + what + " at " + text_.substr(at_));
    }

    void skip_blanks() {
        while (at_ < text_.size() && text_[at_] == ' ') {
            ++at_;
        }
    }

    bool take(char c) {
        skip_blanks();
        if (at_ == text_.size() || text_[at_] != c) {
            return false;
        }
        ++at_;
        return true;
    }

    ex sum() {
        ex result = product();
        while (true) {
            if (take('+')) {
                result += product();
            } else if (take('-')) {
                result -= product();
            } else {
                return result;
            }
        }
    }

    ex product() {
        ex result = negation();
        while (true) {
            if (take('*')) {
                result *= negation();
            } else if (take('/')) {
                result /= negation();
            } else {
                return result;
            }
        }
    }

    ex negation() { return take('-') ? -negation() : power(); }

    ex power() {
        const ex base = operand();
        return take('^') ? GiNaC::pow(base, negation()) : base;
    }

    ex operand() {
        if (take('(')) {
            const ex result = sum();
            if (!take(')')) {
                fail("expected )");
            }
            return result;
        }
        skip_blanks();
        const std::size_t begin = at_;
        if (at_ < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at_])) != 0) {
            return number();
        }
        while (at_ < text_.size() &&
               (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '_')) {
            ++at_;
        }
        return value_of(text_.substr(begin, at_ - begin));
    }

    ex number() {
        const std::size_t begin = at_;
        while (at_ < text_.size() &&
               (std::isdigit(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '.' ||
                text_[at_] == 'e' || (text_[at_] == '-' && text_[at_ - 1] == 'e'))) {
            ++at_;
        }
        return read_number(text_.substr(begin, at_ - begin));
    }

    ex value_of(const std::string& name) {
        if (name == "pi") {
            return GiNaC::Pi;
        }
        if (!take('(')) {
            const auto found = names_.find(name);
            return found != names_.end() ? found->second : (fail("unknown name " + name), ex());
        }
        if (name == "where") {
            return where();
        }
        const auto function = functions_of_one().find(name);
        if (function == functions_of_one().end()) {
            fail("unknown function " + name);
        }
        const ex argument = sum();
        if (!take(')')) {
            fail("expected )");
        }
        return function->second(argument);
    }

    // where(y == 0, 0, rest): a value where something is 0, which it is at no point of a test, and
    // the rest.
    ex where() {
        const std::size_t begin = at_;
        for (int open = 0; at_ < text_.size() && (open > 0 || text_[at_] != ','); ++at_) {
            open += (text_[at_] == '(') - (text_[at_] == ')');
        }
        if (text_.substr(begin, at_ - begin).find("== 0") == std::string::npos) {
            fail("expected a case of something that is 0");
        }
        const bool chosen = take(',') && (sum(), take(','));
        const ex rest = chosen ? sum() : ex();
        if (!chosen || !take(')')) {
            fail("expected where(condition, value, rest)");
        }
        return rest;
    }

    const std::string& text_;
    const Names& names_;
    std::size_t at_ = 0;
};

}  // namespace

ex read_formula(const std::string& text, const Names& names) { return Reader(text, names).whole(); }

const std::map<std::string, ex (*)(const ex&)>& functions_of_one() {
    static const std::map<std::string, ex (*)(const ex&)> table{
        {"exp", [](const ex& x) -> ex { return GiNaC::exp(x); }},
        {"log", [](const ex& x) -> ex { return GiNaC::log(x); }},
        {"log1p", [](const ex& x) -> ex { return GiNaC::log(1 + x); }},
        {"expm1", [](const ex& x) -> ex { return GiNaC::exp(x) - 1; }},
        {"sqrt", [](const ex& x) -> ex { return GiNaC::sqrt(x); }},
        {"rsqrt", [](const ex& x) -> ex { return 1 / GiNaC::sqrt(x); }},
        {"sin", [](const ex& x) -> ex { return GiNaC::sin(x); }},
        {"cos", [](const ex& x) -> ex { return GiNaC::cos(x); }},
        {"tan", [](const ex& x) -> ex { return GiNaC::tan(x); }},
        {"asin", [](const ex& x) -> ex { return GiNaC::asin(x); }},
        {"acos", [](const ex& x) -> ex { return GiNaC::acos(x); }},
        {"atan", [](const ex& x) -> ex { return GiNaC::atan(x); }},
        {"sinh", [](const ex& x) -> ex { return GiNaC::sinh(x); }},
        {"cosh", [](const ex& x) -> ex { return GiNaC::cosh(x); }},
        {"tanh", [](const ex& x) -> ex { return GiNaC::tanh(x); }},
        {"sigmoid", sigmoid},
        {"logsigmoid", [](const ex& x) -> ex { return GiNaC::log(sigmoid(x)); }},
        {"softplus", [](const ex& x) -> ex { return GiNaC::log(1 + GiNaC::exp(x)); }},
        {"silu", [](const ex& x) -> ex { return x * sigmoid(x); }},
    };
    return table;
}

}  // namespace chainrule::tests
