#include "support/round_trip.h"

#include <gtest/gtest.h>

#include <cmath>

#include "notation/formula.h"

namespace chainrule::tests {
namespace {

bool same_value(const Batch& a, const Batch& b) {
    for (std::size_t i = 0; i < a[0].size(); ++i) {
        const double x = a[0].data[i];
        const double y = b[0].data[i];
        const bool close = std::abs(x - y) <= 1e-14 * std::abs(x);
        if (!close && !(std::isnan(x) && std::isnan(y)) && x != y) {
            return false;
        }
    }
    return a[0].shape == b[0].shape;
}

}  // namespace

RoundTrip::RoundTrip(RandomGraph& random) : random_(random), network_(elaborated("weight none")) {
    for (const NodeId id : random.graph.named()) {
        names_.emplace(random.graph.name(id), id);
    }
}

void RoundTrip::expect_same(NodeId id) {
    Graph& graph = random_.graph;
    const std::string text = write_formula(graph, id, {.definition = true});
    SCOPED_TRACE(text);
    Expr read;
    try {
        read = expression(network_, graph, text, names_);
    } catch (const std::exception& error) {
        FAIL() << error.what();
    }
    ASSERT_EQ(to_string(read.type()), to_string(graph.type(id)));
    const auto values = evaluate_batch(graph, std::vector{id, read.id}, random_.values, 1);
    EXPECT_TRUE(same_value(values[0], values[1]));
    const auto itself = graph.is_named(id) ? graph.anonymous_equal(id) : id;
    ++(itself == read.id ? same_ : other_);
}

}  // namespace chainrule::tests
