// How a network answers: which output, and whether it tells a class or numbers.
//
// What kind of answer it is comes from the targets of the training part:
// - A label `class(n)` against a vector: the class of the greatest element, the first of equals.
// - A label `class(2)`, or a number that is 0 or 1 in every row, against one number: class 1 above
// 0.5;
//   above 0 where the output is a logit, that is, where it is what binary_cross_entropy_with_logits
//   or hinge takes in the network's loss. Under hinge the classes may also be given as -1 and 1.
// - A vector of one 1 and zeros in every row, against a vector of that length: the greatest element
// of
//   both.
// - Numbers against as many numbers: regression.
// - Otherwise the network answers no question that metrics know.
//
// The numbers of an output are probabilities where it is the value of sigmoid or softmax, or what
// binary_cross_entropy takes; logits where softmax, log_softmax, cross_entropy or
// binary_cross_entropy_with_logits takes them in the loss, and then their sigmoid or softmax is the
// probability; otherwise they are scores.
//
//     AnswerKind kind = answer_kind(network, data.targets);
//     std::optional<AnswerRule> rule = answer_rule(network, kind);
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "data/target_classes.h"
#include "elaborate/network.h"

namespace chainrule {

enum class AnswerKind : std::uint8_t { none, label_of_vector, threshold, signs, one_hot, numbers };

// `threshold`, as model files say it.
std::string_view name_of(AnswerKind kind);
std::optional<AnswerKind> answer_kind_named(std::string_view name);

struct AnswerRule {
    enum class Meaning : std::uint8_t { score, probability, logit };
    AnswerKind kind = AnswerKind::numbers;
    NodeId output;
    Meaning meaning = Meaning::score;
    double threshold = 0.5;
    std::size_t classes = 0;  // 0: numbers
    std::size_t size = 1;     // numbers of an answer

    bool tells_probabilities() const { return meaning != Meaning::score; }

    // Of one example; none of an answer that is NaN, which is wrong.
    std::optional<std::size_t> class_of(std::span<const double> answer) const;
    std::size_t class_of_target(std::span<const double> target) const;
    // In place: an answer's numbers to probabilities, where they tell these; scores stay.
    void to_probabilities(std::span<double> answer) const;
};

// Sees the targets of the training part by part.
class AnswerKindFinder {
public:
    explicit AnswerKindFinder(const Network& network);
    // One example after the other.
    void add(std::span<const double> targets);
    AnswerKind found() const;

private:
    const Network& network_;
    std::vector<AnswerKind> possible_;  // the first is the best
    bool has_targets_ = false;
};

// `targets` are those of the training part, one example after the other.
AnswerKind answer_kind(const Network& network, std::span<const double> targets);

// Whether these targets are of that kind too, as those of other data should be.
bool are_of_kind(const Network& network, AnswerKind kind, std::span<const double> targets);

// The classes of the network's target, whose numbers are of that kind in every row. A label
// `class(n)` is one whether or not the network has an output that answers with it.
TargetClasses target_classes(const Network& network, AnswerKind kind);

// None for a kind that the network cannot answer in.
std::optional<AnswerRule> answer_rule(const Network& network, AnswerKind kind);

}  // namespace chainrule
