// What `~ name(arguments)` asks for.
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "elaborate/declarations.h"
#include "elaborate/evaluator.h"
#include "elaborate/walk.h"

namespace chainrule {
namespace {

struct InitialiserRow {
    std::string_view name;
    Initialiser::Kind kind;
    std::array<std::string_view, 2> arguments;  // names of a and b; empty: it has none
    double a = 0;
    double b = 1;
};

using InitialiserKind = Initialiser::Kind;
constexpr std::array<InitialiserRow, 17> initialisers{{
    {"zeros", InitialiserKind::zeros, {}},
    {"ones", InitialiserKind::constant, {}, 1},
    {"constant", InitialiserKind::constant, {"value", ""}},
    {"uniform", InitialiserKind::uniform, {"low", "high"}},
    {"normal", InitialiserKind::normal, {"mean", "sd"}},
    {"xavier", InitialiserKind::xavier_uniform, {}},
    {"xavier_uniform", InitialiserKind::xavier_uniform, {}},
    {"xavier_normal", InitialiserKind::xavier_normal, {}},
    {"glorot", InitialiserKind::xavier_uniform, {}},
    {"glorot_uniform", InitialiserKind::xavier_uniform, {}},
    {"glorot_normal", InitialiserKind::xavier_normal, {}},
    {"he", InitialiserKind::he_normal, {}},
    {"he_uniform", InitialiserKind::he_uniform, {}},
    {"he_normal", InitialiserKind::he_normal, {}},
    {"kaiming", InitialiserKind::he_normal, {}},
    {"kaiming_uniform", InitialiserKind::he_uniform, {}},
    {"kaiming_normal", InitialiserKind::he_normal, {}},
}};

const InitialiserRow* find_row(std::string_view name) {
    for (const InitialiserRow& row : initialisers) {
        if (row.name == name) {
            return &row;
        }
    }
    return nullptr;
}

std::size_t argument_count(const InitialiserRow& row) {
    return (row.arguments[0].empty() ? 0U : 1U) + (row.arguments[1].empty() ? 0U : 1U);
}

// Which of a and b an argument is; nothing if it is neither.
std::optional<std::size_t> place_of(const InitialiserRow& row, const ast::Argument& argument,
                                    std::size_t position) {
    if (argument.keyword.empty()) {
        return position < argument_count(row) ? std::optional(position) : std::nullopt;
    }
    for (std::size_t i = 0; i < argument_count(row); ++i) {
        if (row.arguments[i] == argument.keyword) {
            return i;
        }
    }
    return std::nullopt;
}

std::string usage(const InitialiserRow& row) {
    switch (argument_count(row)) {
    case 0:
        return std::string(row.name);
    case 1:
        return fmt::format("{}({})", row.name, row.arguments[0]);
    default:
        return fmt::format("{}({}, {})", row.name, row.arguments[0], row.arguments[1]);
    }
}

bool read_arguments(Session& session, const Environment& where, const ast::Call& call,
                    const InitialiserRow& row, Initialiser& result) {
    for (std::size_t i = 0; i < call.arguments.size(); ++i) {
        const ast::Argument& argument = call.arguments[i];
        const Span span = (*where.tree)[argument.value].span;
        const auto place = place_of(row, argument, i);
        if (!place) {
            session.error(
                where, argument.keyword.empty() ? span : argument.keyword_span,
                fmt::format("{} does not take this: it is written {}", row.name, usage(row)));
            return false;
        }
        const std::string what = fmt::format("{} of {}", row.arguments[*place], row.name);
        const auto value = Evaluator(session, where).constant(argument.value, what);
        if (!value) {
            return false;
        }
        if (!value->tensor.is_scalar() || !std::isfinite(value->tensor.data[0])) {
            session.error(where, span, fmt::format("{} must be a finite number", what));
            return false;
        }
        (*place == 0 ? result.a : result.b) = value->tensor.data[0];
    }
    return true;
}

}  // namespace

std::optional<Initialiser> read_initialiser(Session& session, const Environment& where,
                                            ast::ExprId id) {
    const ast::Expr& expr = (*where.tree)[id];
    const auto* call = std::get_if<ast::Call>(&expr.node);
    const std::string& name = call != nullptr ? call->callee : name_at(*where.tree, id)->name;
    const InitialiserRow* row = find_row(name);
    if (row == nullptr) {
        std::vector<std::string_view> names;
        for (const InitialiserRow& known : initialisers) {
            names.push_back(known.name);
        }
        const std::string_view near = nearest_name(name, names);
        session.error(where, call != nullptr ? call->callee_span : expr.span,
                      near.empty()
                          ? fmt::format("unknown initialiser {}: there are zeros, ones, constant, "
                                        "uniform, normal, xavier_uniform, xavier_normal, "
                                        "he_uniform and he_normal",
                                        name)
                          : fmt::format("unknown initialiser {}; did you mean {}?", name, near));
        return std::nullopt;
    }
    Initialiser result{row->kind, row->a, row->b, where.place(expr.span)};
    if (call != nullptr && !read_arguments(session, where, *call, *row, result)) {
        return std::nullopt;
    }
    const bool misses_value =
        row->name == "constant" && (call == nullptr || call->arguments.empty());
    const bool no_range = row->kind == InitialiserKind::uniform && !(result.a < result.b);
    const bool no_deviation = row->kind == InitialiserKind::normal && result.b < 0;
    if (misses_value || no_range || no_deviation) {
        session.error(where, expr.span,
                      misses_value ? "constant needs a value, as in constant(0.1)"
                      : no_range   ? fmt::format("uniform({}, {}) is empty: low must be below high",
                                                 format_number(result.a), format_number(result.b))
                                 : fmt::format("normal needs a deviation of at least 0, and got {}",
                                               format_number(result.b)));
        return std::nullopt;
    }
    return result;
}

}  // namespace chainrule
