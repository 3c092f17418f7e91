// What is written as text is legal input and means the same: formulas of random graphs, read again.
#include <gtest/gtest.h>

#include <cmath>

#include "derive/derive.h"
#include "notation/formula.h"
#include "ops/build.h"
#include "support/random_graph.h"
#include "support/texts.h"

namespace chainrule::tests {
namespace {

// Abstract functions need a scope that knows them; batches are no part of the language.
RandomGraph random_formulas(std::uint64_t seed) {
    return random_graph(seed, {.operations = 20, .named = 0.4, .without = {"apply"}});
}

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

class Reader {
public:
    explicit Reader(RandomGraph& random) : random_(random), network_(elaborated("weight none")) {
        for (const NodeId id : random.graph.named()) {
            names_.emplace(random.graph.name(id), id);
        }
    }

    // The node that the text of `id` means; reports what is wrong with it.
    void expect_round_trip(NodeId id) {
        Graph& graph = random_.graph;
        const std::string text = write_formula(graph, id, {.definition = true});
        SCOPED_TRACE(text);
        Expr read;
        try {
            read = expression(network_, graph, text, names_);
        } catch (const std::exception& error) {
            FAIL() << error.what();
        }
        ASSERT_EQ(read.type(), graph.type(id));
        const auto values = evaluate_batch(graph, std::vector{id, read.id}, random_.values, 1);
        EXPECT_TRUE(same_value(values[0], values[1]));
        const auto itself = graph.is_named(id) ? graph.anonymous_equal(id) : id;
        ++(itself == read.id ? same_ : other_);
    }

    std::size_t same() const { return same_; }
    std::size_t other() const { return other_; }

private:
    RandomGraph& random_;
    Elaborated network_;
    std::map<std::string, NodeId> names_;
    std::size_t same_ = 0;
    std::size_t other_ = 0;
};

TEST(RoundTrip, of_random_formulas_gives_the_same_type_and_value) {
    std::size_t same = 0;
    std::size_t other = 0;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        RandomGraph random = random_formulas(seed);
        Reader reader(random);
        for (const NodeId id : reachable(random.graph, random.graph.outputs)) {
            if (!random.graph[id].op->is_leaf()) {
                reader.expect_round_trip(id);
            }
        }
        same += reader.same();
        other += reader.other();
    }
    EXPECT_LT(other, same / 10) << "most formulas are read as the very same nodes";
}

TEST(RoundTrip, of_random_gradients_gives_the_same_type_and_value) {
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        RandomGraph random = random_formulas(seed);
        const auto gradients = derive(random.graph, random.loss(), random.leaves).gradients;
        Reader reader(random);
        for (const Expr& gradient : gradients) {
            if (formula_size(random.graph, gradient.id) < 2000) {
                reader.expect_round_trip(gradient.id);
            }
        }
    }
}

}  // namespace
}  // namespace chainrule::tests
