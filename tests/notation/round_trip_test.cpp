// What is written as text is legal input and means the same: formulas of random graphs, read again.
#include "support/round_trip.h"

#include <gtest/gtest.h>

#include "derive/derive.h"
#include "notation/formula.h"
#include "support/draws.h"

namespace chainrule::tests {
namespace {

// Abstract functions need a scope that knows them; batches are no part of the language.
RandomGraph random_formulas(std::uint64_t seed) {
    return random_graph(seed, {.operations = 20, .named = 0.4, .without = {"apply"}});
}

TEST(RoundTripText, of_random_formulas_has_the_same_type_and_value) {
    std::size_t same = 0;
    std::size_t other = 0;
    for (std::uint64_t seed = 0; seed < tests::draws(200U); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        RandomGraph random = random_formulas(seed);
        RoundTrip trip(random);
        for (const NodeId id : reachable(random.graph, random.graph.outputs)) {
            if (!random.graph[id].op->is_leaf()) {
                trip.expect_same(id);
            }
        }
        same += trip.same();
        other += trip.other();
    }
    EXPECT_LT(other, same / 10) << "most formulas are read as the very same nodes";
}

TEST(RoundTripText, of_random_gradients_has_the_same_type_and_value) {
    for (std::uint64_t seed = 0; seed < tests::draws(200U); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        RandomGraph random = random_formulas(seed);
        const auto gradients = derive(random.graph, random.loss(), random.leaves).gradients;
        RoundTrip trip(random);
        for (const Expr& gradient : gradients) {
            if (formula_size(random.graph, gradient.id) < 2000) {
                trip.expect_same(gradient.id);
            }
        }
    }
}

}  // namespace
}  // namespace chainrule::tests
