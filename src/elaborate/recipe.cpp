#include "elaborate/recipe.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "elaborate/evaluator.h"
#include "elaborate/walk.h"
#include "optim/optimizer.h"
#include "optim/schedule.h"

namespace chainrule {
namespace {

using Words = std::vector<std::string_view>;

struct Key {
    std::string_view name;
    const NumberRule* number;  // null: it takes words
    std::string_view wanted;   // of the word
    Words words;
    std::vector<const Method*> methods;  // or words with settings of their own
    bool takes_list = false;             // of numbers, instead of a word
};

template <class Record>
std::vector<const Method*> methods_of(const std::vector<const Record*>& records) {
    std::vector<const Method*> methods;
    for (const Record* record : records) {
        methods.push_back(&record->method);
    }
    return methods;
}

const std::vector<Key>& keys() {
    static const std::vector<Key> table{
        {"optimizer", nullptr, "one such as sgd or adam", {}, methods_of(optimizers())},
        {"rate", &positive_number, "", {}, {}},
        {"epochs", &counting_number, "", {}, {}},
        {"batch", &counting_number, "", {}, {}},
        {"seed", &whole_number, "", {}, {}},
        {"split", &number_below_1, "", {}, {}},
        {"stratify", nullptr, "auto or none", {"auto", "none"}, {}},
        {"class_weights",
         nullptr,
         "balanced, or a list of the weight of each class such as [1, 3]",
         {"balanced"},
         {},
         true},
        {"threads", &counting_number, "", {}, {}},
        {"dtype", nullptr, "f32 or f64", {"f32", "f64"}, {}},
        {"scale", nullptr, "auto or none", {"auto", "none"}, {}},
        {"missing", nullptr, "impute or error", {"impute", "error"}, {}},
        {"schedule", nullptr, "one such as constant or cosine", {}, methods_of(schedules())},
        {"patience", &counting_number, "", {}, {}},
        {"warmup", &counting_number, "", {}, {}},
        {"clip_norm", &positive_number, "", {}, {}},
        {"clip_value", &positive_number, "", {}, {}},
    };
    return table;
}

const Key* find_key(std::string_view name) {
    for (const Key& key : keys()) {
        if (key.name == name) {
            return &key;
        }
    }
    return nullptr;
}

std::string suggest_key(std::string_view name) {
    Words names;
    for (const Key& key : keys()) {
        names.push_back(key.name);
    }
    const std::string_view near = nearest_name(name, names);
    return near.empty() ? "" : fmt::format("; did you mean {}?", near);
}

Words words_of(const Key& key) {
    Words words = key.words;
    for (const Method* method : key.methods) {
        words.push_back(method->name);
    }
    return words;
}

const Method* find_method(const Key& key, std::string_view name) {
    const auto found = std::ranges::find_if(
        key.methods, [name](const Method* method) { return method->name == name; });
    return found == key.methods.end() ? nullptr : *found;
}

class RecipeReader {
public:
    RecipeReader(Session& session, const Environment& where) : session_(session), where_(where) {}

    void read(const ast::Setting& setting) {
        const std::string& name = setting.key.name;
        const Key* key = find_key(name);
        if (key == nullptr) {
            session_.error(where_, setting.key.span,
                           fmt::format("train has no setting {}{}", name, suggest_key(name)));
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
        const bool sound = key->number != nullptr ? read_number(setting.value, *key, value.number)
                           : key->takes_list && !is_word(setting.value)
                               ? read_list(setting.value, *key, value.list)
                               : read_word(setting.value, *key, value);
        if (sound) {
            recipe.emplace(name, std::move(value));
        }
    }

private:
    Span span(ast::ExprId id) const { return (*where_.tree)[id].span; }

    bool is_word(ast::ExprId id) const {
        return std::holds_alternative<ast::Call>((*where_.tree)[id].node) ||
               name_at(*where_.tree, id) != nullptr;
    }

    bool read_list(ast::ExprId id, const Key& key, std::vector<double>& list) {
        const std::string what = fmt::format("{} of the recipe", key.name);
        const auto known = Evaluator(session_, where_).constant(id, what);
        if (!known) {
            return false;
        }
        list = known->tensor.data;
        const bool fits =
            known->tensor.shape.size() == 1 &&
            std::ranges::all_of(list, [](double x) { return std::isfinite(x) && x >= 0; });
        if (!fits) {
            session_.error(where_, span(id),
                           fmt::format("{} is {}, and this is {}", key.name, key.wanted,
                                       format_tensor(known->tensor)));
        }
        return fits;
    }

    // A number that is known before training; empty after an error.
    std::optional<double> number_at(ast::ExprId id, std::string_view name) {
        const std::string what = fmt::format("{} of the recipe", name);
        const auto known = Evaluator(session_, where_).constant(id, what);
        if (!known) {
            return std::nullopt;
        }
        if (!known->tensor.is_scalar()) {
            session_.error(
                where_, span(id),
                fmt::format("{} is a number, and this is {}", name, format_tensor(known->tensor)));
            return std::nullopt;
        }
        return known->tensor.data[0];
    }

    bool read_number(ast::ExprId id, const Key& key, double& number) {
        const std::optional<double> known = number_at(id, key.name);
        if (!known) {
            return false;
        }
        number = *known;
        if (std::isfinite(number) && key.number->fits(number)) {
            return true;
        }
        session_.error(where_, span(id),
                       fmt::format("{} is {}, and this is {}", key.name, key.number->wanted,
                                   format_number(number)));
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
        const Span place = call != nullptr ? call->callee_span : expr.span;
        const Words words = words_of(key);
        if (std::ranges::find(words, value.word) == words.end()) {
            const std::string_view near = nearest_name(value.word, words);
            session_.error(where_, place,
                           fmt::format("there is no {} {}{}", key.name, value.word,
                                       near.empty() ? fmt::format(": it is {}", key.wanted)
                                                    : fmt::format("; did you mean {}?", near)));
            return false;
        }
        const Method* method = find_method(key, value.word);
        if (call != nullptr && !read_arguments(*call, method, value)) {
            return false;
        }
        return method == nullptr || has_what_it_needs(*method, value, place);
    }

    bool has_what_it_needs(const Method& method, const RecipeValue& value, Span place) {
        const std::string missing = missing_setting(method, value.arguments);
        if (!missing.empty()) {
            session_.error(where_, place, missing);
        }
        return missing.empty();
    }

    // `method` is null where a word has no settings.
    bool read_arguments(const ast::Call& call, const Method* method, RecipeValue& value) {
        const Method none{value.word, {}};
        const Method& named = method != nullptr ? *method : none;
        for (const ast::Argument& argument : call.arguments) {
            if (!read_argument(argument, named, value)) {
                return false;
            }
        }
        return true;
    }

    static std::string nameless(const Method& method) {
        return method.settings.empty()
                   ? fmt::format("{} has no settings", method.name)
                   : fmt::format("a setting of {0} needs its name, as in {0}({1} = ...)",
                                 method.name, method.settings.front().name);
    }

    bool read_argument(const ast::Argument& argument, const Method& method, RecipeValue& value) {
        if (argument.keyword.empty()) {
            session_.error(where_, span(argument.value), nameless(method));
            return false;
        }
        const bool exists = method.setting(argument.keyword) != nullptr;
        const std::optional<double> number =
            exists ? number_at(argument.value, argument.keyword) : 0.0;
        if (!number) {
            return false;
        }
        const std::string wrong = fault(method, argument.keyword, *number);
        if (!wrong.empty()) {
            session_.error(where_, exists ? span(argument.value) : argument.keyword_span, wrong);
            return false;
        }
        if (!value.arguments.emplace(argument.keyword, *number).second) {
            session_.error(where_, argument.keyword_span,
                           fmt::format("{} is set twice", argument.keyword));
            return false;
        }
        return true;
    }

    Session& session_;
    const Environment& where_;
};

}  // namespace

void read_recipe(Session& session, const Environment& where, const ast::Train& train) {
    RecipeReader reader(session, where);
    for (const ast::Setting& setting : train.settings) {
        reader.read(setting);
    }
}

}  // namespace chainrule
