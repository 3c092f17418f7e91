#include "lang/unicode_names.h"

#include <algorithm>
#include <array>
#include <utility>

namespace chainrule {

namespace {

// U+0391 and U+03B1 onwards; U+03A2 is unassigned, U+03C2 is the final sigma.
constexpr std::array<std::string_view, 25> capital_names = {
    "Alpha", "Beta",   "Gamma",   "Delta", "Epsilon", "Zeta",    "Eta",  "Theta", "Iota",
    "Kappa", "Lambda", "Mu",      "Nu",    "Xi",      "Omicron", "Pi",   "Rho",   "",
    "Sigma", "Tau",    "Upsilon", "Phi",   "Chi",     "Psi",     "Omega"};
constexpr std::array<std::string_view, 25> small_names = {
    "alpha", "beta",   "gamma",   "delta", "epsilon", "zeta",    "eta",  "theta", "iota",
    "kappa", "lambda", "mu",      "nu",    "xi",      "omicron", "pi",   "rho",   "sigma",
    "sigma", "tau",    "upsilon", "phi",   "chi",     "psi",     "omega"};

constexpr std::array<std::pair<char32_t, std::string_view>, 8> letter_variants = {{
    {0x00B5, "mu"},
    {0x03D1, "theta"},
    {0x03D5, "phi"},
    {0x03D6, "pi"},
    {0x03F0, "kappa"},
    {0x03F1, "rho"},
    {0x03F5, "epsilon"},
    {0x2202, "d"},
}};

constexpr std::array<std::pair<char32_t, TokenKind>, 17> operators = {{
    {0x00B7, TokenKind::star},           // ·
    {0x00D7, TokenKind::star},           // ×
    {0x00F7, TokenKind::slash},          // ÷
    {0x1D40, TokenKind::transpose},      // ᵀ
    {0x2013, TokenKind::minus},          // en dash
    {0x2019, TokenKind::prime},          // right quotation mark, from word processors
    {0x2032, TokenKind::prime},          // ′
    {0x2190, TokenKind::arrow},          // ←
    {0x2212, TokenKind::minus},          // −
    {0x2215, TokenKind::slash},          // ∕
    {0x2217, TokenKind::star},           // ∗
    {0x2260, TokenKind::not_equal},      // ≠
    {0x2264, TokenKind::less_equal},     // ≤
    {0x2265, TokenKind::greater_equal},  // ≥
    {0x2299, TokenKind::star},           // ⊙
    {0x22A4, TokenKind::transpose},      // ⊤
    {0x22C5, TokenKind::star},           // ⋅
}};

template <typename Value, std::size_t size>
Value find(const std::array<std::pair<char32_t, Value>, size>& table, char32_t c, Value none) {
    const auto found = std::find_if(table.begin(), table.end(),
                                    [c](const auto& entry) { return entry.first == c; });
    return found == table.end() ? none : found->second;
}

}  // namespace

std::string_view letter_name(char32_t c) {
    if (c >= 0x0391 && c < 0x0391 + capital_names.size()) return capital_names[c - 0x0391];
    if (c >= 0x03B1 && c < 0x03B1 + small_names.size()) return small_names[c - 0x03B1];
    return find(letter_variants, c, std::string_view());
}

char subscript_digit(char32_t c) {
    return c >= 0x2080 && c <= 0x2089 ? static_cast<char>('0' + (c - 0x2080)) : '\0';
}

char superscript_digit(char32_t c) {
    if (c == 0x2070 || (c >= 0x2074 && c <= 0x2079)) return static_cast<char>('0' + (c - 0x2070));
    if (c == 0x00B9) return '1';
    if (c == 0x00B2) return '2';
    if (c == 0x00B3) return '3';
    return c == 0x207B ? '-' : '\0';
}

TokenKind operator_of(char32_t c) { return find(operators, c, TokenKind::invalid); }

bool is_unicode_blank(char32_t c) {
    return c == 0xA0 || c == 0x202F || c == 0x205F || c == 0x3000 || (c >= 0x2000 && c <= 0x200A);
}

}  // namespace chainrule
