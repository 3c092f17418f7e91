// chainrule from C++: read a network written as equations, evaluate it, derive it, explain it.
//
//     auto network = chainrule::Model::from_text("input x\n target y\n weight w = 0.5\n"
//                                                "z = w * x\n loss (z - y)^2\n");
//     network.loss({{"x", 2.0}, {"y", 3.0}});                   // 4
//     network.gradients({{"x", 2.0}, {"y", 3.0}}).at("w");      // -8
//     network.explain({{"x", 2.0}, {"y", 3.0}});                // the worksheet, as text
//
// All functions are in double precision and speak of one example. Values that the file gives
// (`weight w = 0.5`) need not be given again; what is given here counts instead of them. Nothing is
// printed, and nothing but std::exception is thrown:
// - Error: the text or a value is wrong; what() holds the message with place and caret;
// - Unsupported: the network is right, but chainrule cannot do this;
// - any other exception is a bug of chainrule's.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace chainrule {

class Error : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

class Unsupported : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

// A number or a dense row-major array.
struct Value {
    std::vector<std::int64_t> shape;  // empty: a scalar
    std::vector<double> data;         // as many numbers as the shape has elements

    Value() : data(1) {}
    Value(double number) : data{number} {}
    // A vector.
    Value(std::initializer_list<double> numbers)
        : shape{static_cast<std::int64_t>(numbers.size())}, data(numbers) {}
    Value(std::vector<std::int64_t> s, std::vector<double> d)
        : shape(std::move(s)), data(std::move(d)) {}
};

using Values = std::map<std::string, Value>;

enum class Format : std::uint8_t { text, latex, markdown, html, json };

class Model {
public:
    // `defines` are equations that define functions, like "g1 = sigmoid".
    static Model from_file(const std::string& path, const std::vector<std::string>& defines = {});
    static Model from_text(const std::string& text, const std::vector<std::string>& defines = {});

    Model(Model&&) noexcept;
    Model& operator=(Model&&) noexcept;
    ~Model();

    // Names, in the order of the text.
    std::vector<std::string> inputs() const;
    std::vector<std::string> weights() const;

    // The value of every named equation, and of the loss, for which the given values suffice.
    Values forward(const Values& values) const;
    // The loss with its penalties. Throws Error where a value is missing.
    double loss(const Values& values) const;
    // The gradient of the loss with respect to each of `names` (all weights if there are none),
    // each in the shape of its variable. Throws Error where a value is missing.
    Values gradients(const Values& values, const std::vector<std::string>& names = {}) const;

    // The derivation, every formula verified; with numbers where `values` suffice.
    std::string explain(const Values& values = {}, Format format = Format::text) const;

private:
    struct State;
    explicit Model(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace chainrule
