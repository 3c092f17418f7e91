#include "elaborate/recipe.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "elaborate/evaluator.h"
#include "elaborate/walk.h"

namespace chainrule {
namespace {

using Words = std::vector<std::string_view>;

bool positive(double v) { return v > 0; }
bool not_negative(double v) { return v >= 0; }
bool fraction(double v) { return v >= 0 && v < 1; }
bool count(double v) { return v >= 1 && std::floor(v) == v && v <= 9007199254740992.0; }
bool whole(double v) { return v >= 0 && std::floor(v) == v && v <= 9007199254740992.0; }

struct Key {
    std::string_view name;
    bool (*fits)(double);     // null: it takes words
    std::string_view wanted;  // of the number or word
    Words words;
};

const std::array<Key, 12>& keys() {
    static const std::array<Key, 12> table{{
        {"optimizer",
         nullptr,
         "one such as sgd or adam",
         {"sgd", "momentum", "nesterov", "adam", "adamw", "rmsprop", "adagrad", "adadelta", "nadam",
          "lamb", "lion", "lbfgs"}},
        {"rate", positive, "a number above 0", {}},
        {"epochs", count, "a whole number of at least 1", {}},
        {"batch", count, "a whole number of at least 1", {}},
        {"seed", whole, "a whole number of at least 0", {}},
        {"split", fraction, "a number from 0 to below 1", {}},
        {"threads", count, "a whole number of at least 1", {}},
        {"dtype", nullptr, "f32 or f64", {"f32", "f64"}},
        {"scale", nullptr, "auto or none", {"auto", "none"}},
        {"missing", nullptr, "impute or error", {"impute", "error"}},
        {"schedule",
         nullptr,
         "one such as constant or cosine",
         {"constant", "step", "exponential", "cosine", "warmup"}},
        {"clip", positive, "a number above 0", {}},
    }};
    return table;
}

// The arguments of an optimizer or a schedule, all numbers.
const std::array<Key, 16>& argument_keys() {
    static const std::array<Key, 16> table{{
        {"rate", positive, "a number above 0", {}},
        {"momentum", fraction, "a number from 0 to below 1", {}},
        {"beta1", fraction, "a number from 0 to below 1", {}},
        {"beta2", fraction, "a number from 0 to below 1", {}},
        {"epsilon", positive, "a number above 0", {}},
        {"decay", not_negative, "a number of at least 0", {}},
        {"weight_decay", not_negative, "a number of at least 0", {}},
        {"rho", fraction, "a number from 0 to below 1", {}},
        {"nesterov", fraction, "0 or 1", {}},
        {"gamma", positive, "a number above 0", {}},
        {"every", count, "a whole number of at least 1", {}},
        {"steps", count, "a whole number of at least 1", {}},
        {"epochs", count, "a whole number of at least 1", {}},
        {"factor", positive, "a number above 0", {}},
        {"final", not_negative, "a number of at least 0", {}},
        {"history", count, "a whole number of at least 1", {}},
    }};
    return table;
}

template <class Table>
const Key* find_key(const Table& table, std::string_view name) {
    for (const Key& key : table) {
        if (key.name == name) {
            return &key;
        }
    }
    return nullptr;
}

template <class Table>
std::string suggest_key(const Table& table, std::string_view name) {
    Words names;
    for (const Key& key : table) {
        names.push_back(key.name);
    }
    const std::string_view near = nearest_name(name, names);
    return near.empty() ? "" : fmt::format("; did you mean {}?", near);
}

class Reader {
public:
    Reader(Session& session, const Environment& where) : session_(session), where_(where) {}

    void read(const ast::Setting& setting) {
        const std::string& name = setting.key.name;
        const Key* key = find_key(keys(), name);
        if (key == nullptr) {
            session_.error(
                where_, setting.key.span,
                fmt::format("train has no setting {}{}", name, suggest_key(keys(), name)));
            return;
        }
        auto& recipe = session_.network->recipe;
        if (const auto before = recipe.find(name); before != recipe.end()) {
            session_.error(where_, setting.key.span, fmt::format("{} is set twice", name),
                           {{fmt::format("{} is first set here", name), before->second.span}});
            return;
        }
        RecipeValue value;
        value.span = span(setting.value);
        const bool sound = key->fits != nullptr ? read_number(setting.value, *key, value.number)
                                                : read_word(setting.value, *key, value);
        if (sound) {
            recipe.emplace(name, std::move(value));
        }
    }

private:
    Span span(ast::ExprId id) const { return (*where_.tree)[id].span; }

    bool read_number(ast::ExprId id, const Key& key, double& number) {
        const std::string what = fmt::format("{} of the recipe", key.name);
        const auto known = Evaluator(session_, where_).constant(id, what);
        if (!known) {
            return false;
        }
        number = known->tensor.data.empty() ? 0 : known->tensor.data[0];
        if (known->tensor.is_scalar() && std::isfinite(number) && key.fits(number)) {
            return true;
        }
        session_.error(where_, span(id),
                       fmt::format("{} is {}, and this is {}", key.name, key.wanted,
                                   format_tensor(known->tensor)));
        return false;
    }

    bool read_word(ast::ExprId id, const Key& key, RecipeValue& value) {
        const ast::Expr& expr = (*where_.tree)[id];
        const auto* call = std::get_if<ast::Call>(&expr.node);
        const ast::Name* name = name_at(*where_.tree, id);
        if (call == nullptr && name == nullptr) {
            session_.error(where_, expr.span, fmt::format("{} is {}", key.name, key.wanted));
            return false;
        }
        value.word = call != nullptr ? call->callee : name->name;
        bool known = false;
        for (const std::string_view word : key.words) {
            known |= word == value.word;
        }
        if (!known) {
            const std::string_view near = nearest_name(value.word, key.words);
            session_.error(where_, call != nullptr ? call->callee_span : expr.span,
                           fmt::format("there is no {} {}{}", key.name, value.word,
                                       near.empty() ? fmt::format(": it is {}", key.wanted)
                                                    : fmt::format("; did you mean {}?", near)));
            return false;
        }
        return call == nullptr || read_arguments(*call, value);
    }

    bool read_arguments(const ast::Call& call, RecipeValue& value) {
        for (const ast::Argument& argument : call.arguments) {
            if (argument.keyword.empty()) {
                session_.error(where_, span(argument.value),
                               fmt::format("a setting of {0} needs its name, as in {0}(rate = 0.1)",
                                           value.word));
                return false;
            }
            const Key* key = find_key(argument_keys(), argument.keyword);
            if (key == nullptr) {
                session_.error(where_, argument.keyword_span,
                               fmt::format("{} has no setting {}{}", value.word, argument.keyword,
                                           suggest_key(argument_keys(), argument.keyword)));
                return false;
            }
            double number = 0;
            if (!read_number(argument.value, *key, number)) {
                return false;
            }
            value.arguments[argument.keyword] = number;
        }
        return true;
    }

    Session& session_;
    const Environment& where_;
};

}  // namespace

void read_recipe(Session& session, const Environment& where, const ast::Train& train) {
    Reader reader(session, where);
    for (const ast::Setting& setting : train.settings) {
        reader.read(setting);
    }
}

}  // namespace chainrule
