#include "ir/attribute.h"

#include <functional>

#include "lang/overloaded.h"

namespace chainrule {
namespace {

std::size_t hash_one(const Attribute& attribute) {
    return std::visit(Overloaded{[](const std::vector<std::int64_t>& list) {
                                     std::size_t seed = list.size();
                                     for (const std::int64_t value : list) {
                                         seed = hash_combine(seed, static_cast<std::size_t>(value));
                                     }
                                     return seed;
                                 },
                                 [](const Tensor& tensor) { return hash_of(tensor); },
                                 [](const Type& type) { return hash_of(type); },
                                 [](const auto& value) {
                                     return std::hash<std::decay_t<decltype(value)>>{}(value);
                                 }},
                      attribute);
}

}  // namespace

std::size_t hash_of(const Attributes& attributes) {
    std::size_t seed = attributes.size();
    for (const Attribute& attribute : attributes) {
        seed = hash_combine(seed, hash_combine(attribute.index(), hash_one(attribute)));
    }
    return seed;
}

std::string to_string(const Attribute& attribute) {
    return std::visit(Overloaded{[](std::int64_t value) { return std::to_string(value); },
                                 [](double value) { return format_number(value); },
                                 [](const std::string& value) { return value; },
                                 [](const std::vector<std::int64_t>& list) {
                                     return to_string(static_cast<const Shape&>(list));
                                 },
                                 [](const Tensor& tensor) { return format_tensor(tensor); },
                                 [](const Type& type) { return to_string(type); }},
                      attribute);
}

}  // namespace chainrule
