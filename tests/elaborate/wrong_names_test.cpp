// What is wrong with names: unknown, twice, in terms of themselves. Word for word.
#include <gtest/gtest.h>

#include "elaborate/network_text.h"

namespace chainrule::tests {
namespace {

TEST(Names, names_what_columns_and_rows_do_not_fit) {
    EXPECT_EQ(
        diagnostics_of({R"(input x[128]
weight W1[128, 784]
z1 = W1 @ x
loss sum(z1)
)"}),
        R"(net.nn:3:9: error: cannot multiply W1 [128, 784] @ x [128]: 784 columns against 128 rows
  3 | z1 = W1 @ x
    |         ^
net.nn:1:7: note: x is declared here; did you mean W1' @ x?
)");
}

TEST(Names, reports_several_errors_in_the_order_of_the_text) {
    EXPECT_EQ(diagnostics_of({R"(weight W[3,4] ~ he_nrmal
z = sigmod(W) + y2
q = z * 2
r = W[3]
loss sum(r)
)"}),
              R"(net.nn:1:17: error: unknown initialiser he_nrmal; did you mean he_normal?
  1 | weight W[3,4] ~ he_nrmal
    |                 ^~~~~~~~
net.nn:2:5: error: unknown function sigmod; did you mean sigmoid?
  2 | z = sigmod(W) + y2
    |     ^~~~~~
net.nn:2:17: error: unknown name y2
  2 | z = sigmod(W) + y2
    |                 ^~
)");
}

TEST(Names, a_name_in_error_causes_no_further_errors) {
    EXPECT_EQ(diagnostics_of({R"(input x
z = x + nope
a = z * 2
b = sin(a)
output b
loss a + b
penalty z
)"}),
              R"(net.nn:2:9: error: unknown name nope
  2 | z = x + nope
    |         ^~~~
)");
}

TEST(Names, names_both_places_of_a_name_defined_twice) {
    EXPECT_EQ(diagnostics_of({R"(input x
z = x
z = 2 * x
loss z
)"}),
              R"(net.nn:3:1: error: z is defined twice
  3 | z = 2 * x
    | ^
net.nn:2:1: note: z is first defined here
)");
}

TEST(Names, names_both_places_of_a_function_defined_twice) {
    EXPECT_EQ(diagnostics_of({R"(input x
function g(z) = z
g(z) = 2 * z
loss g(x)
)"}),
              R"(net.nn:3:1: error: function g is defined twice
  3 | g(z) = 2 * z
    | ^
net.nn:2:10: note: g is first defined here
)");
}

TEST(Names, names_the_ring_of_a_cyclic_definition) {
    EXPECT_EQ(diagnostics_of({R"(input x
a = b + x
b = c * 2
c = a - 1
d = d
loss a
)"}),
              R"(net.nn:2:1: error: a is defined in terms of itself: a -> b -> c -> a
  2 | a = b + x
    | ^
net.nn:5:1: error: d is defined in terms of itself
  5 | d = d
    | ^
)");
}

TEST(Names, names_the_ring_of_functions_that_call_one_another) {
    EXPECT_EQ(diagnostics_of({R"(input x
function f(z) = g(z) + 1
function g(z) = f(z) * 2
function k = l
function l = k
function r(z) = r(z)
loss f(x) + k(x)
)"}),
              R"(net.nn:2:10: error: function f is defined in terms of itself: f -> g -> f
  2 | function f(z) = g(z) + 1
    |          ^
net.nn:4:10: error: function k is defined in terms of itself: k -> l -> k
  4 | function k = l
    |          ^
net.nn:6:10: error: function r is defined in terms of itself
  6 | function r(z) = r(z)
    |          ^
)");
}

TEST(Names, finds_errors_in_functions_that_are_not_called) {
    EXPECT_EQ(diagnostics_of({R"(input x
function f(z) = z * scale + foo(z)
loss x
)"}),
              R"(net.nn:2:21: error: unknown name scale
  2 | function f(z) = z * scale + foo(z)
    |                     ^~~~~
net.nn:2:29: error: unknown function foo
  2 | function f(z) = z * scale + foo(z)
    |                             ^~~
)");
}

TEST(Names, says_how_one_came_into_a_function) {
    EXPECT_EQ(diagnostics_of({R"(weight W[2]
function f(z) = z @ W
a = f([1,2,3])
loss a
)"}),
              R"(net.nn:2:19: error: cannot multiply [3] @ W [2]: 3 elements against 2
  2 | function f(z) = z @ W
    |                   ^
net.nn:1:8: note: W is declared here
net.nn:3:5: note: in this use of f
)");
}

TEST(Names, tells_functions_from_values) {
    EXPECT_EQ(diagnostics_of({R"(weight w
z = relu
y = w(2)
loss relu
)"}),
              R"(net.nn:2:5: error: relu is a function, not a value: call it, as in relu(x)
  2 | z = relu
    |     ^~~~
net.nn:3:5: error: w is a value, not a function: a product is written w * (...)
  3 | y = w(2)
    |     ^
net.nn:4:6: error: relu is a function, not a value: call it, as in relu(x)
  4 | loss relu
    |      ^~~~
)");
}

TEST(Names, knows_the_transposes_of_others) {
    EXPECT_EQ(diagnostics_of({R"(weight W[2,2]
z = W.T @ W
loss sum(z)
)"}),
              R"(net.nn:2:5: error: unknown name W.T; a transpose is written W'
  2 | z = W.T @ W
    |     ^~~
)");
}

}  // namespace
}  // namespace chainrule::tests
