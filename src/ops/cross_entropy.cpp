// cross_entropy(z, y) = logsumexp(z) - z[y], of logits z and a class label y; or of a probability
// vector t, sum(t * (logsumexp(z) - z)).
//
// The classes are the last axis of z. Leading axes (the places of a sequence) have a label each,
// and their losses are summed.
#include <cmath>

#include "ops/losses.h"
#include "ops/shapes.h"

namespace chainrule {
namespace {

// What one set of logits loses by choosing class k, for each k: log(sum(e^z)) - z[k]. The greatest
// logit is taken out first; it stays out of the sum, so that a sure and right choice keeps its
// digits.
double loss_of_class(std::span<const double> z, std::size_t k) {
    std::size_t top = 0;
    for (std::size_t i = 1; i < z.size(); ++i) {
        top = z[i] > z[top] || std::isnan(z[i]) ? i : top;
    }
    double others = 0;
    for (std::size_t i = 0; i < z.size(); ++i) {
        others += i == top ? 0 : std::exp(z[i] - z[top]);
    }
    return std::log1p(others) + (k == top ? 0 : z[top] - z[k]);
}

Type label_shape(const ShapeCall& call) {
    const Type& z = call[0];
    const Type& label = call[1];
    const Shape places(z.shape.begin(), z.shape.end() - 1);
    if (label.shape != places) {
        throw ShapeError("cannot compute " + describe_call(call, "cross_entropy") +
                             ": the logits of " + to_string(places) + " places need as many labels",
                         1);
    }
    if (label.classes > 0 && label.classes != z.shape.back()) {
        throw ShapeError("cannot compute " + describe_call(call, "cross_entropy") + ": " +
                             std::to_string(z.shape.back()) + " logits against " +
                             std::to_string(label.classes) + " classes",
                         1);
    }
    return scalar_result(call);
}

Type cross_entropy_shape(const ShapeCall& call) {
    refuse_index(call, "cross_entropy", 0);
    if (call[0].is_scalar()) {
        throw ShapeError("cross_entropy needs a vector of logits, one for each class, and " +
                             call.describe(0) + " is none",
                         0, "binary_cross_entropy_with_logits takes a single logit");
    }
    if (call[1].is_index()) {
        return label_shape(call);
    }
    if (call[0].shape != call[1].shape || call[0].row != call[1].row) {
        throw ShapeError(
            "cannot compute " + describe_call(call, "cross_entropy") +
                ": the target is neither a class label nor a probability for each logit",
            1, "a label is declared as y: class(" + std::to_string(call[0].shape.back()) + ")");
    }
    return scalar_result(call);
}

void loss_of_labels(const ReferenceCall& call) {
    const auto n = static_cast<std::size_t>(call[0].shape.back());
    for (std::size_t place = 0; place < call[1].size(); ++place) {
        const double label = call[1].data[place];
        if (!(label >= 0 && label < static_cast<double>(n)) || label != std::floor(label)) {
            throw UserError("cross_entropy has no class " + format_number(label) + ": there are " +
                            std::to_string(n) + " logits, and classes count from 0");
        }
        const std::span<const double> z(call[0].data.data() + place * n, n);
        call.result.data[0] += loss_of_class(z, static_cast<std::size_t>(label));
    }
}

void loss_of_probabilities(const ReferenceCall& call) {
    const auto n = static_cast<std::size_t>(call[0].shape.back());
    for (std::size_t i = 0; i < call[0].size(); ++i) {
        const double weight = call[1].data[i];
        const std::span<const double> z(call[0].data.data() + i / n * n, n);
        call.result.data[0] += weight == 0 ? 0 : weight * loss_of_class(z, i % n);
    }
}

void cross_entropy_reference(const ReferenceCall& call) {
    call[0].shape.size() == call[1].shape.size() ? loss_of_probabilities(call)
                                                 : loss_of_labels(call);
}

// dy * (softmax(z) - one_hot(y)); of probabilities dy * (softmax(z) * sum(t) - t), for they need
// not add up to 1.
Expr logits_gradient(const GradientCall& g) {
    const Type& z = g.x[0].type();
    const Expr p = softmax(g.x[0]);
    if (g.x[1].type().is_index()) {
        const Expr truth = one_hot(g.x[1], z.shape.back());
        return g.dy * (p - (z.row ? transpose(truth) : truth));
    }
    const auto last = static_cast<std::int64_t>(z.rank()) - 1;
    return g.dy * (p * sum_along(g.x[1], {last}) - g.x[1]);
}

std::vector<SampleCase> cross_entropy_cases() {
    return {{{f64({3}), index_type({}, 3)}, {}},
            {{f64({1}), index_type({}, 1)}, {}},
            {{f64_row(3), index_type({}, 3)}, {}},
            {{f64({2, 3}), index_type({2}, 3)}, {}},
            {{f64({0, 3}), index_type({0}, 3)}, {}},
            {{f64({200}), index_type({}, 200)}, {}},
            {{f64({4}), f64({4})}, {}},
            {{f64_row(3), f64_row(3)}, {}},
            {{f64({2, 3}), f64({2, 3})}, {}}};
}

// What loss_of_class computes, for all classes at once: `first` is the place of the greatest logit.
struct ClassLosses {
    Expr top;
    Expr places;
    Expr first;
    Expr others;
};
ClassLosses class_losses(Expr z, std::int64_t last) {
    const auto [top, e] = shifted_exponentials(z, {last});
    const std::int64_t classes = z.type().shape.back();
    const Expr places = counting(*z.graph, classes);
    const Expr first =
        reduce_along(min_op, where(equal(z, top), places, static_cast<double>(classes)), {last});
    return {top, places, first, sum_along(where(equal(places, first), 0, e), {last})};
}

Expr expanded_cross_entropy(std::span<const Expr> x, const Attributes&) {
    const Expr z = x[0].type().row ? transpose(x[0]) : x[0];
    const auto last = static_cast<std::int64_t>(z.type().rank()) - 1;
    const auto [top, places, first, others] = class_losses(z, last);
    const Expr sure = call(log1p_op, {others});
    if (x[1].type().rank() == x[0].type().rank()) {
        const Expr weight = x[1].type().row ? transpose(x[1]) : x[1];
        const Expr loss = sure + where(equal(places, first), 0, top - z);
        return sum(where(equal(weight, literal(*z.graph, 0)), 0, weight * loss));
    }
    Shape shape = x[1].type().shape;
    shape.push_back(1);
    const Expr label = call(cast_op, {reshape(x[1], shape)});
    const Expr own = sum_along(where(equal(places, label), z, 0), {last});
    return sum(sure + where(equal(first, label), 0, top - own));
}

}  // namespace

const Op cross_entropy_op{
    .name = "cross_entropy",
    .summary = "what the logits z lose on class y: logsumexp(z) - z[y], summed over the labels",
    .arity = Arity{2},
    .attributes = {},
    .shape = cross_entropy_shape,
    .reference = cross_entropy_reference,
    .gradient = {logits_gradient,
                 [](const GradientCall& g) { return -(g.dy * log_softmax(g.x[0])); }},
    .notation = CallNotation{"\\operatorname{CE}({0}, {1})"},
    .lowering = expanded_cross_entropy,
    .onnx = OnnxOperator{"SoftmaxCrossEntropyLoss"},
    .sample = {.domains = {{{-4, 4}}, {{0.1, 1}}},
               .cases = cross_entropy_cases,
               .conventions = {{"z = [1000, -1000], y = 1", "2000, gradient [1, -1]: no overflow"},
                               {"a label that is no class", "an error"},
                               {"probability 0 of an infinite loss", "0"}}},
};

}  // namespace chainrule
