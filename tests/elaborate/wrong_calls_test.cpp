// What is wrong with calls, settings, indices and shapes. Word for word.
#include <gtest/gtest.h>

#include "elaborate/network_text.h"

namespace chainrule::tests {
namespace {

TEST(Calls, counts_arguments) {
    EXPECT_EQ(diagnostics_of({R"(weight w
function f(a, b) = a * b
function g
t = f(w)
u = sigmoid(w, 2)
v = matmul(w)
x = g(w, w)
y = g(w)
loss w
)"}),
              R"(net.nn:4:5: error: f takes 2 arguments, and got 1
  4 | t = f(w)
    |     ^
net.nn:2:10: note: f is defined here
net.nn:5:16: error: sigmoid takes 1 argument, and got 2
  5 | u = sigmoid(w, 2)
    |                ^
net.nn:6:5: error: matmul takes 2 arguments, and got 1
  6 | v = matmul(w)
    |     ^~~~~~
net.nn:8:5: error: g is abstract and takes 2 arguments elsewhere, and got 1 here
  8 | y = g(w)
    |     ^
)");
}

TEST(Calls, knows_the_settings_of_ops) {
    EXPECT_EQ(diagnostics_of({R"(weight u[3]
a = softmax(u, axes=0)
b = softmax(u, axis=0, axis=1)
c = clip(u, 0)
d = gelu(u, form=2)
e = leaky_relu(u, slope=u)
f = sum(u, axis=0.5)
g = exp(u, base=2)
loss sum(u)
)"}),
              R"(net.nn:2:16: error: softmax has no setting axes; did you mean axis?
  2 | a = softmax(u, axes=0)
    |                ^~~~
net.nn:3:29: error: axis of softmax is given twice
  3 | b = softmax(u, axis=0, axis=1)
    |                             ^
net.nn:4:5: error: clip needs high: write clip(..., high=...)
  4 | c = clip(u, 0)
    |     ^~~~
net.nn:5:18: error: form of gelu is a word, and this is none
  5 | d = gelu(u, form=2)
    |                  ^
net.nn:6:25: error: slope of leaky_relu must be a number written out, and it depends on u
  6 | e = leaky_relu(u, slope=u)
    |                         ^
net.nn:1:8: note: u is declared here
net.nn:7:17: error: axis of sum is a list of whole numbers, and this is 0.5
  7 | f = sum(u, axis=0.5)
    |                 ^~~
net.nn:8:12: error: exp has no setting base: exp has no settings
  8 | g = exp(u, base=2)
    |            ^~~~
)");
}

TEST(Calls, counts_the_arguments_of_derivatives) {
    EXPECT_EQ(diagnostics_of({R"(weight w
a = sigmoid'(w, 0, 1)
b = clip'(w, 0)
loss w
)"}),
              R"(net.nn:2:17: error: sigmoid takes 1 argument, and got 3
  2 | a = sigmoid'(w, 0, 1)
    |                 ^
net.nn:3:5: error: clip needs high: write clip(..., high=...)
  3 | b = clip'(w, 0)
    |     ^~~~
)");
}

TEST(Calls, computes_settings_only_from_what_is_written_out) {
    EXPECT_EQ(
        diagnostics_of({R"(weight w
constant c = 2
constant A = broadcast(1, shape=[1048576, 1048576])
a = leaky_relu(w, slope=c)
b = leaky_relu(w, slope=gather([1, 2], 7))
loss w
)"}),
        R"(net.nn:3:14: error: the value of A must be known here, and takes 1099511627777 numbers to compute: 134217728 at most
  3 | constant A = broadcast(1, shape=[1048576, 1048576])
    |              ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
net.nn:4:25: error: slope of leaky_relu must be a number written out, and it depends on c
  4 | a = leaky_relu(w, slope=c)
    |                         ^
net.nn:2:10: note: c is declared here
net.nn:5:25: error: gather has no place 7 among 2, which are whole numbers from 0
  5 | b = leaky_relu(w, slope=gather([1, 2], 7))
    |                         ^~~~~~~~~~~~~~~~~
)");
}

TEST(Calls, checks_axes_and_indices) {
    EXPECT_EQ(diagnostics_of({R"(weight u[3]
a = softmax(u, axis=3)
b = u[3]
c = u[-4]
d = u[1.5]
e = u[0, 0]
f = u[2:1]
loss sum(u)
)"}),
              R"(net.nn:2:5: error: softmax over axis 3 of u [3]: it has 1 axes
  2 | a = softmax(u, axis=3)
    |     ^~~~~~~
net.nn:1:8: note: u is declared here
net.nn:3:7: error: there is no element 3: axis 0 has 3, counted from 0
  3 | b = u[3]
    |       ^
net.nn:4:7: error: there is no element -4: axis 0 has 3, counted from 0
  4 | c = u[-4]
    |       ^~
net.nn:5:7: error: an index is a whole number, and this is 1.5
  5 | d = u[1.5]
    |       ^~~
net.nn:6:5: error: 2 indices for u [3], which has 1 axis
  6 | e = u[0, 0]
    |     ^~~~~~~
net.nn:1:8: note: u is declared here
net.nn:7:7: error: there are no elements from 2 to before 1: axis 0 has 3, counted from 0
  7 | f = u[2:1]
    |       ^
)");
}

TEST(Calls, points_at_the_operand_that_does_not_broadcast) {
    EXPECT_EQ(diagnostics_of({R"(weight u[3], v[2]
a = u + v
b = u * u'
c = [1, 2] + [1, 2, 3]
loss sum(u)
)"}),
              R"(net.nn:2:7: error: cannot compute u [3] + v [2]: 3 against 2 in the last axis
  2 | a = u + v
    |       ^
net.nn:1:14: note: v is declared here
net.nn:3:7: error: cannot compute u [3] * row [3]: a row meets a vector, which stands upright
  3 | b = u * u'
    |       ^
net.nn:1:8: note: u is declared here; a ' after one of them makes both alike
net.nn:4:12: error: cannot compute [2] + [3]: 2 against 3 in the last axis
  4 | c = [1, 2] + [1, 2, 3]
    |            ^
)");
}

TEST(Calls, refuses_arrays_that_are_no_block) {
    EXPECT_EQ(diagnostics_of({R"(constant A = [[1, 2], [3]]
constant B = [1, [2]]
weight w
loss w
)"}),
              R"(net.nn:1:23: error: the elements of an array differ in shape: [1] here, [2] before
  1 | constant A = [[1, 2], [3]]
    |                       ^~~
net.nn:1:14: note: the array begins here
net.nn:2:18: error: the elements of an array differ in shape: [1] here, a number before
  2 | constant B = [1, [2]]
    |                  ^~~
net.nn:2:14: note: the array begins here
)");
}

}  // namespace
}  // namespace chainrule::tests
