// What is wrong with the loss, the recipe, the defines; a text as a whole. Word for word.
#include <gtest/gtest.h>

#include "elaborate/network_text.h"

namespace chainrule::tests {
namespace {

TEST(Statements, the_loss_is_a_scalar) {
    EXPECT_EQ(
        diagnostics_of({R"(input x[3]
loss x * 2
)"}),
        R"(net.nn:2:6: error: the loss must be a scalar, and this is [3]: sum or mean makes one of it
  2 | loss x * 2
    |      ^~~~~
)");
}

TEST(Statements, the_loss_is_a_number) {
    EXPECT_EQ(diagnostics_of({R"(target y: class(3)
loss y
)"}),
              R"(net.nn:2:6: error: the loss must be a number, and this is a class label
  2 | loss y
    |      ^
net.nn:1:8: note: y is declared here
)");
}

TEST(Statements, a_loss_is_needed) {
    EXPECT_EQ(diagnostics_of({R"(input x
target t
weight w
a = x * w
)"}),
              R"(error: net.nn has no loss: add a line such as 'loss squared_error(a, t)'
)");
}

TEST(Statements, a_loss_is_given_once) {
    EXPECT_EQ(diagnostics_of({R"(input x
loss x
loss x^2
)"}),
              R"(net.nn:3:1: error: the loss is given twice: write a sum in one statement
  3 | loss x^2
    | ^~~~~~~~
net.nn:2:1: note: it is first given here
)");
}

TEST(Statements, a_penalty_is_a_scalar) {
    EXPECT_EQ(
        diagnostics_of({R"(weight W[2]
loss sum(W)
penalty W^2
)"}),
        R"(net.nn:3:9: error: a penalty must be a scalar, and this is [2]: sum or mean makes one of it
  3 | penalty W^2
    |         ^~~
)");
}

TEST(Statements, an_output_is_a_value) {
    EXPECT_EQ(diagnostics_of({R"(weight w
w2 = w
output w3, relu
loss w
)"}),
              R"(net.nn:3:8: error: unknown name w3; did you mean w?
  3 | output w3, relu
    |        ^~
net.nn:3:12: error: relu is a function, not a value
  3 | output w3, relu
    |            ^~~~
)");
}

TEST(Statements, warns_of_a_weight_that_the_loss_does_not_reach) {
    EXPECT_EQ(diagnostics_of({R"(weight w, v
z = v * 2
loss w^2
)"}),
              R"(net.nn:1:11: warning: the loss does not depend on v, so that its gradient is 0
  1 | weight w, v
    |           ^
)");
}

TEST(Statements, checks_the_settings_of_an_optimizer_and_a_schedule) {
    EXPECT_EQ(diagnostics_of({R"(weight w
loss w^2
train optimizer = adam(bta1 = 0.9), schedule = step, clip_norm = 0
)"}),
              R"(net.nn:3:24: error: adam has no setting bta1; did you mean beta1?
  3 | train optimizer = adam(bta1 = 0.9), schedule = step, clip_norm = 0
    |                        ^~~~
net.nn:3:48: error: step needs every, a whole number of at least 1: step(every = ...)
  3 | train optimizer = adam(bta1 = 0.9), schedule = step, clip_norm = 0
    |                                                ^~~~
net.nn:3:66: error: clip_norm is a number above 0, and this is 0
  3 | train optimizer = adam(bta1 = 0.9), schedule = step, clip_norm = 0
    |                                                                  ^
)");
    EXPECT_EQ(diagnostics_of({R"(weight w
loss w^2
train optimizer = sgd(rate = -1), schedule = constant(1), clip = 1
)"}),
              R"(net.nn:3:30: error: rate is a number above 0, and this is -1
  3 | train optimizer = sgd(rate = -1), schedule = constant(1), clip = 1
    |                              ^~
net.nn:3:55: error: constant has no settings
  3 | train optimizer = sgd(rate = -1), schedule = constant(1), clip = 1
    |                                                       ^
net.nn:3:59: error: train has no setting clip
  3 | train optimizer = sgd(rate = -1), schedule = constant(1), clip = 1
    |                                                           ^~~~
)");
    EXPECT_EQ(
        diagnostics_of({R"(weight w
loss w^2
train optimizer = sgd(nesterov = 1)
)"}),
        R"(net.nn:3:19: error: nesterov needs momentum above 0: sgd(nesterov = 1, momentum = ...)
  3 | train optimizer = sgd(nesterov = 1)
    |                   ^~~
)");
}

TEST(Statements, checks_the_recipe) {
    EXPECT_EQ(diagnostics_of({R"(weight w
loss w^2
train optimiser = sgd, rate = -1, epochs = 0
train batch = 1.5, optimizer = adm, seed = 1, seed = 2
train split = 2, dtype = f16, rate = w, schedule = cosine(1)
)"}),
              R"(net.nn:3:7: error: train has no setting optimiser; did you mean optimizer?
  3 | train optimiser = sgd, rate = -1, epochs = 0
    |       ^~~~~~~~~
net.nn:3:31: error: rate is a number above 0, and this is -1
  3 | train optimiser = sgd, rate = -1, epochs = 0
    |                               ^~
net.nn:3:44: error: epochs is a whole number of at least 1, and this is 0
  3 | train optimiser = sgd, rate = -1, epochs = 0
    |                                            ^
net.nn:4:15: error: batch is a whole number of at least 1, and this is 1.5
  4 | train batch = 1.5, optimizer = adm, seed = 1, seed = 2
    |               ^~~
net.nn:4:32: error: there is no optimizer adm; did you mean adam?
  4 | train batch = 1.5, optimizer = adm, seed = 1, seed = 2
    |                                ^~~
net.nn:4:47: error: seed is set twice
  4 | train batch = 1.5, optimizer = adm, seed = 1, seed = 2
    |                                               ^~~~
net.nn:4:44: note: seed is first set here
net.nn:5:15: error: split is a number from 0 to below 1, and this is 2
  5 | train split = 2, dtype = f16, rate = w, schedule = cosine(1)
    |               ^
net.nn:5:26: error: there is no dtype f16: it is f32 or f64
  5 | train split = 2, dtype = f16, rate = w, schedule = cosine(1)
    |                          ^~~
net.nn:5:38: error: rate of the recipe must be known here, and it depends on w
  5 | train split = 2, dtype = f16, rate = w, schedule = cosine(1)
    |                                      ^
net.nn:1:8: note: w is declared here
net.nn:5:59: error: a setting of cosine needs its name, as in cosine(epochs = ...)
  5 | train split = 2, dtype = f16, rate = w, schedule = cosine(1)
    |                                                           ^
)");
}

TEST(Statements, an_empty_text_says_what_to_write) {
    EXPECT_EQ(
        diagnostics_of({R"()"}),
        R"(net.nn:1:1: error: net.nn is empty: write a network, such as 'input x', 'weight w', 'z = x * w' and 'loss z^2', one statement per line
  1 | 
    | ^
)");
}

TEST(Statements, a_text_of_comments_is_empty) {
    EXPECT_EQ(
        diagnostics_of({R"(# to do
)"}),
        R"(net.nn:1:1: error: net.nn is empty: write a network, such as 'input x', 'weight w', 'z = x * w' and 'loss z^2', one statement per line
  1 | # to do
    | ^
)");
}

TEST(Statements, abstract_functions_of_several_arguments_take_scalars) {
    EXPECT_EQ(
        diagnostics_of({R"(weight u[3]
function f
a = f(u, u)
loss sum(u)
)"}),
        R"(net.nn:3:5: error: f is abstract: with several arguments it takes scalars, and u [3] is none
  3 | a = f(u, u)
    |     ^
net.nn:1:8: note: u is declared here; define it: function f(...) = ...
)");
}

TEST(Statements, derivatives_need_a_single_number_for_each_element) {
    EXPECT_EQ(
        diagnostics_of({R"(weight u[3]
function p(a, b) = a * b
a = softmax'(u)
b = p'(u, u)
c = D(p, 3)(u, u)
d = dense'(u)
loss sum(u)
)"}),
        R"(net.nn:3:5: error: the derivative of softmax is a matrix here, not one number for each element
  3 | a = softmax'(u)
    |     ^~~~~~~
net.nn:4:5: error: p' of 2 arguments: write D(p, 1)(...) for the derivative with respect to the first
  4 | b = p'(u, u)
    |     ^
net.nn:2:10: note: p is defined here
net.nn:5:7: error: D(p, 3) of 2 arguments: there is no argument 3
  5 | c = D(p, 3)(u, u)
    |       ^
net.nn:6:5: error: dense is a layer: only a function has a derivative of this form
  6 | d = dense'(u)
    |     ^~~~~
)");
}

TEST(Statements, a_define_of_an_unknown_function_is_a_typo) {
    EXPECT_EQ(diagnostics_of({R"(weight w
function g1
loss g1(w)
)",
                              {"g2 = sigmoid", "g1 = sigmod", "h(z) = z"}}),
              R"(--define:1:1: error: g2 is no function of this network; did you mean g1?
  1 | g2 = sigmoid
    | ^~
--define:1:6: error: unknown function sigmod; did you mean sigmoid?
  1 | g1 = sigmod
    |      ^~~~~~
--define:1:1: error: h is no function of this network
  1 | h(z) = z
    | ^
)");
}

TEST(Statements, a_define_does_not_change_what_is_given) {
    EXPECT_EQ(diagnostics_of({R"(weight w
function g(z) = z
z = g(w)
loss z
)",
                              {"g = sigmoid", "w = 3", "z = 4", "loss w", "", "q = z + (1"}}),
              R"(--define:1:1: error: function g is defined twice
  1 | g = sigmoid
    | ^
net.nn:2:10: note: g is first defined here
--define:1:1: error: w is a weight of the file: a define gives equations and functions, --at w=... gives a value
  1 | w = 3
    | ^
--define:1:1: error: z is defined twice
  1 | z = 4
    | ^
net.nn:3:1: note: z is first defined here
--define:1:1: error: a define is an equation or a function: this belongs in the file
  1 | loss w
    | ^~~~~~
--define:1:1: error: a define is empty: write an equation or a function, as in --define 'g = sigmoid'
  1 | 
    | ^
--define:1:11: error: expected ')' to close the '(', found the end of the text
  1 | q = z + (1
    |           ^
--define:1:9: note: the '(' is opened here
)");
}

TEST(Statements, names_behind_a_syntax_error_are_no_errors) {
    EXPECT_EQ(diagnostics_of({R"(weight w
z = w +* 2
a = z + 1
b = a + [1, 2] + [1, 2, 3]
loss a
)"}),
              R"(net.nn:2:8: error: expected an expression after '+', found '*'
  2 | z = w +* 2
    |        ^
)");
}

}  // namespace
}  // namespace chainrule::tests
