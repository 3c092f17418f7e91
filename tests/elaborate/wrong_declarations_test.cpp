// What is wrong with declarations and layers. Word for word.
#include <gtest/gtest.h>

#include "elaborate/network_text.h"

namespace chainrule::tests {
namespace {

TEST(Declarations, checks_declarations) {
    EXPECT_EQ(
        diagnostics_of({R"(input x = 3
weight a[0, 2]
weight b[1099511627776, 2]
weight c[2] = [1, 2, 3]
weight d = x
weight e = 1/0
weight f[100000] = [1, 2]
constant g[100000000] = 1
target t: class(0)
loss x
)"}),
        R"(net.nn:1:11: error: x is an input and comes from the data: give it a value with --at x=..., or declare it as a constant
  1 | input x = 3
    |           ^
net.nn:2:10: error: a dimension must be a whole number of at least 1, and is 0
  2 | weight a[0, 2]
    |          ^
net.nn:3:8: error: b [1099511627776, 2] has more than 2^40 elements
  3 | weight b[1099511627776, 2]
    |        ^
net.nn:4:15: error: c [2] cannot take a value of shape [3]
  4 | weight c[2] = [1, 2, 3]
    |               ^~~~~~~~~
net.nn:6:12: error: the value of e must be finite, and is inf
  6 | weight e = 1/0
    |            ^~~
net.nn:7:20: error: f [100000] cannot take a value of shape [2]
  7 | weight f[100000] = [1, 2]
    |                    ^~~~~~
net.nn:8:25: error: g [100000000] is too large for a value written out: 67108864 elements at most
  8 | constant g[100000000] = 1
    |                         ^
net.nn:9:17: error: a dimension must be a whole number of at least 1, and is 0
  9 | target t: class(0)
    |                 ^
)");
}

TEST(Declarations, checks_initialisers) {
    EXPECT_EQ(diagnostics_of({R"(weight a ~ normal(0, -1)
weight b ~ uniform(1, 1)
weight c ~ constant
weight d ~ he(2)
weight e ~ normal(deviation = 2)
weight f ~ frobnicate
loss a
)"}),
              R"(net.nn:1:12: error: normal needs a deviation of at least 0, and got -1
  1 | weight a ~ normal(0, -1)
    |            ^~~~~~~~~~~~~
net.nn:2:12: error: uniform(1, 1) is empty: low must be below high
  2 | weight b ~ uniform(1, 1)
    |            ^~~~~~~~~~~~~
net.nn:3:12: error: constant needs a value, as in constant(0.1)
  3 | weight c ~ constant
    |            ^~~~~~~~
net.nn:4:15: error: he does not take this: it is written he
  4 | weight d ~ he(2)
    |               ^
net.nn:5:19: error: normal does not take this: it is written normal(mean, sd)
  5 | weight e ~ normal(deviation = 2)
    |                   ^~~~~~~~~
net.nn:6:12: error: unknown initialiser frobnicate: there are zeros, ones, constant, uniform, normal, xavier_uniform, xavier_normal, he_uniform and he_normal
  6 | weight f ~ frobnicate
    |            ^~~~~~~~~~
)");
}

TEST(Declarations, checks_the_uses_of_layers) {
    EXPECT_EQ(diagnostics_of({R"(input x[3], y[4]
layer d(x[n], m, g) {
    weight W[m, n] ~ he
    g(W @ x)
}
layer two(a[n], b[n]) { a + b }
h1 = d(x, 2.5, relu)
h2 = d(x, 2)
h3 = d(x, 3, relu, 4)
h4 = two(x, y)
h5 = dense(x, 3, reluu)
h6 = dense(3, 3, relu)
h7 = d(x, 3, x)
h8 = linear(x', 2)
loss sum(x)
)"}),
              R"(net.nn:3:14: error: dimension m must be a whole number of at least 1, and is 2.5
  3 |     weight W[m, n] ~ he
    |              ^
net.nn:7:6: note: in this use of d
net.nn:4:5: error: g is a value, not a function: a product is written g * (...)
  4 |     g(W @ x)
    |     ^
net.nn:13:6: note: in this use of d
net.nn:8:6: error: d is used without its g: the layer is written d(x, m, g)
  8 | h2 = d(x, 2)
    |      ^
net.nn:9:20: error: one argument too many: the layer is written d(x, m, g)
  9 | h3 = d(x, 3, relu, 4)
    |                    ^
net.nn:10:13: error: dimension n is 3 by x [3] and 4 by y [4]
  10 | h4 = two(x, y)
     |             ^
net.nn:1:13: note: y is declared here
net.nn:11:18: error: unknown name reluu; did you mean relu?
  11 | h5 = dense(x, 3, reluu)
     |                  ^~~~~
net.nn:12:12: error: the argument x has the shape [n], and got scalar
  12 | h6 = dense(3, 3, relu)
     |            ^
net.nn:14:6: error: cannot multiply h8.W [2, 3] @ row [3]: a row stands to the left of a matrix or a vector, or to the right of a vector
  14 | h8 = linear(x', 2)
     |      ^~~~~~
)");
}

TEST(Declarations, a_layers_names_are_its_own_once) {
    EXPECT_EQ(diagnostics_of({R"(input x[3]
layer a(x[n], m) {
    m = x * 2
    z = x
    z = m
    u = v + 1
    v = u
    z + u
}
h = a(x, 3)
loss sum(h)
)"}),
              R"(net.nn:3:5: error: m is defined twice in layer a
  3 |     m = x * 2
    |     ^
net.nn:10:5: note: in this use of a
net.nn:5:5: error: z is defined twice in layer a
  5 |     z = m
    |     ^
net.nn:10:5: note: in this use of a
net.nn:6:5: error: u is defined in terms of itself: u -> v -> u
  6 |     u = v + 1
    |     ^
net.nn:10:5: note: in this use of a
)");
}

TEST(Declarations, a_layer_cannot_use_itself_or_stand_in_a_function) {
    EXPECT_EQ(diagnostics_of({R"(input x[3]
layer a(x[n]) { b(x) }
layer b(x[n]) { a(x) }
function f(z) = dense(z, 3, relu)
h = f(x)
loss sum(h)
)"}),
              R"(net.nn:2:7: error: layer a is defined in terms of itself: a -> b -> a
  2 | layer a(x[n]) { b(x) }
    |       ^
net.nn:4:17: error: dense is a layer, which has weights: make this function a layer too
  4 | function f(z) = dense(z, 3, relu)
    |                 ^~~~~
net.nn:5:5: note: in this use of f
)");
}

TEST(Declarations, a_layer_cannot_be_handed_itself) {
    EXPECT_EQ(diagnostics_of({R"(input x[3]
layer a(x[n], f) { f(x, f) }
h = a(x, a)
loss sum(h)
)"}),
              R"(net.nn:2:20: error: a is defined in terms of itself
  2 | layer a(x[n], f) { f(x, f) }
    |                    ^
net.nn:3:5: note: in this use of a
)");
}

}  // namespace
}  // namespace chainrule::tests
