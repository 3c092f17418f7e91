#include "notation/names.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "lang/ascii.h"

namespace chainrule {
namespace {

constexpr std::array greek_letters{"alpha", "beta",  "gamma", "delta",  "epsilon", "zeta",   "eta",
                                   "theta", "iota",  "kappa", "lambda", "mu",      "nu",     "xi",
                                   "pi",    "rho",   "sigma", "tau",    "upsilon", "phi",    "chi",
                                   "psi",   "omega", "Gamma", "Delta",  "Theta",   "Lambda", "Xi",
                                   "Pi",    "Sigma", "Phi",   "Psi",    "Omega"};

bool is_digits(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, is_digit);
}

std::string stem(std::string_view name) {
    if (name.size() == 1) {
        return latex_text(name);
    }
    if (std::ranges::find(greek_letters, name) != greek_letters.end()) {
        return "\\" + std::string(name);
    }
    return "\\mathrm{" + latex_text(name) + "}";
}

std::string subscript(std::string_view text) {
    if (text.size() == 1) {
        return "_" + latex_text(text);
    }
    if (is_digits(text)) {
        return "_{" + std::string(text) + "}";
    }
    return "_{\\text{" + latex_text(text) + "}}";
}

}  // namespace

std::string latex_text(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '\\') {
            escaped += "\\textbackslash{}";
        } else if (c == '~' || c == '^') {
            escaped += std::string("\\") + c + "{}";
        } else {
            escaped += std::string_view("_{}$&#%").find(c) == std::string_view::npos
                           ? std::string(1, c)
                           : std::string("\\") + c;
        }
    }
    return escaped;
}

std::string latex_name(std::string_view name) {
    const std::size_t dot = name.rfind('.');
    constexpr std::string_view cotangent = "delta_";
    if (dot != std::string_view::npos && name.starts_with(cotangent)) {  // of h.z, not z of delta_h
        return "\\delta_{" + latex_name(name.substr(cotangent.size())) + "}";
    }
    if (dot != std::string_view::npos) {
        return latex_name(name.substr(dot + 1)) + "^{(\\text{" + latex_text(name.substr(0, dot)) +
               "})}";
    }
    const std::size_t underscore = name.find('_', 1);
    if (underscore != std::string_view::npos && underscore + 1 < name.size()) {
        return stem(name.substr(0, underscore)) + subscript(name.substr(underscore + 1));
    }
    std::size_t digits = name.size();
    while (digits > 1 && std::isdigit(static_cast<unsigned char>(name[digits - 1])) != 0) {
        --digits;
    }
    if (digits == name.size()) {
        return stem(name);
    }
    return stem(name.substr(0, digits)) + subscript(name.substr(digits));
}

}  // namespace chainrule
