// Places that are data: what is taken and what is added at them, compiled.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "backend/compiled_graph.h"
#include "compile/compile.h"
#include "derive/derive.h"
#include "ir/random.h"
#include "ops/rules.h"
#include "support/compiled.h"

namespace chainrule {
namespace {

using tests::compiled_fault;

constexpr std::array<std::size_t, 9> batch_sizes{1, 2, 7, 8, 15, 16, 17, 33, 1000};

enum class Whose : std::uint8_t { shared, each };

struct Lookup {
    Graph graph;
    BatchBindings values;
    std::size_t batch = 1;

    Expr leaf(const std::string& name, const Shape& shape, Whose whose, std::int64_t places = 0) {
        Type type;
        type.shape = shape;
        type.per_example = whose == Whose::each;
        const NodeId id = graph.add_named(
            name, leaf_op, {}, {std::string(type.per_example ? "input" : "weight"), type});
        const RandomStream numbers(7, stream_id(name));
        std::uint64_t count = 0;
        for (std::size_t e = 0; e < (type.per_example ? batch : 1); ++e) {
            Tensor tensor = Tensor::filled(shape, 0);
            for (double& x : tensor.data) {
                x = places > 0 ? static_cast<double>(
                                     numbers.below(count, static_cast<std::uint64_t>(places)))
                               : numbers.uniform(count, -1, 1);
                ++count;
            }
            values[id].push_back(std::move(tensor));
        }
        return graph.expr(id);
    }

    // tanh(gather(x, index)) and its gradient, against the reference.
    std::string fault(Expr x, Expr index, std::int64_t axis, ScalarKind real) {
        const Expr taken = call(tanh_op, {call(gather_op, {x, index}, {axis})});
        Expr loss = sum(taken * taken);
        loss = loss.type().per_example ? call(batch_mean_op, {loss}) : loss;
        graph.outputs = {loss.id, taken.id};
        return compiled_fault(with_gradients(graph, std::vector{x.id}), values, batch,
                              {.real = real, .tolerance = real == ScalarKind::f32 ? 2e-5 : 1e-12});
    }
};

struct Case {
    Shape x;
    Shape index;
    std::int64_t axis;
};

// Vectors along the index's axes and along those behind them, and their rests.
const Case cases[] = {{{5}, {}, 0},         {{5}, {3}, 0},      {{40}, {37}, 0},  {{9, 16}, {}, 0},
                      {{9, 21}, {}, 0},     {{9, 4}, {3}, 0},   {{3, 9}, {}, -1}, {{21, 9}, {}, -1},
                      {{3, 9}, {2, 20}, 1}, {{2, 7, 5}, {4}, 1}};

TEST(Places, of_each_example_or_of_all_are_taken_and_added_to_as_the_reference_does) {
    for (const Case& each : cases) {
        for (const Whose of_x : {Whose::shared, Whose::each}) {
            for (const Whose of_index : {Whose::shared, Whose::each}) {
                for (const auto real : {ScalarKind::f32, ScalarKind::f64}) {
                    Lookup p{.graph = {}, .values = {}, .batch = 17};
                    const Expr x = p.leaf("x", each.x, of_x);
                    const std::size_t axis =
                        each.axis < 0 ? each.x.size() - 1 : static_cast<std::size_t>(each.axis);
                    const Expr index = p.leaf("i", each.index, of_index, each.x[axis]);
                    EXPECT_EQ(p.fault(x, index, each.axis, real), "")
                        << to_string(each.x) << " at " << to_string(each.index);
                }
            }
        }
    }
}

TEST(Places, of_a_table_that_examples_share_are_right_at_every_batch_size) {
    for (const std::size_t batch : batch_sizes) {
        for (const auto real : {ScalarKind::f32, ScalarKind::f64}) {
            Lookup p{.graph = {}, .values = {}, .batch = batch};
            const Expr table = p.leaf("E", {30, 16}, Whose::shared);
            const Expr word = p.leaf("c", {}, Whose::each, 30);
            EXPECT_EQ(p.fault(table, word, 0, real), "") << "batch " << batch;
        }
    }
}

TEST(Places, may_be_computed_and_of_a_value_that_is_seen_through_a_view) {
    for (const auto real : {ScalarKind::f32, ScalarKind::f64}) {
        Lookup p{.graph = {}, .values = {}, .batch = 9};
        const Expr x = p.leaf("x", {4, 6}, Whose::shared);
        const Expr scores = p.leaf("s", {6}, Whose::each);
        const Expr middle = call(slice_op, {transpose(x)}, {std::int64_t{1}, std::int64_t{5}});
        const Expr best =
            call(argmax_op, {call(slice_op, {scores}, {std::int64_t{0}, std::int64_t{4}})});
        EXPECT_EQ(p.fault(middle, best, 0, real), "");
        Lookup q{.graph = {}, .values = {}, .batch = 9};
        const Expr w = q.leaf("w", {}, Whose::shared);
        const Expr place =
            call(floor_op, {w * w * 3.0});  // a number that is computed where it is used
        EXPECT_EQ(q.fault(q.leaf("x", {4}, Whose::each), place, 0, real), "");
    }
}

TEST(Places, hold_infinities_and_nan_as_the_reference_does) {
    const double infinity = std::numeric_limits<double>::infinity();
    for (const auto real : {ScalarKind::f32, ScalarKind::f64}) {
        Lookup p{.graph = {}, .values = {}, .batch = 1};
        const Expr x = p.leaf("x", {5}, Whose::shared);
        const Expr index = p.leaf("i", {40}, Whose::shared, 5);
        p.values[x.id] = {Tensor({5}, {std::nan(""), infinity, -infinity, -0.0, 1})};
        const Expr taken = call(gather_op, {x, index});
        p.graph.outputs = {taken.id, call(scatter_add_op, {taken, index}, {std::int64_t{6}}).id};
        EXPECT_EQ(compiled_fault(p.graph, p.values, 1, {.real = real, .tolerance = 0}), "");
    }
}

// A shared number is computed where it is used, and in memory for who looks it up there.
TEST(Places, leave_a_number_to_its_other_users) {
    Lookup p{.graph = {}, .values = {}, .batch = 9};
    const Expr w = p.leaf("w", {}, Whose::shared);
    const Expr number = call(tanh_op, {w});
    const Expr table =
        call(scatter_add_op, {number, p.leaf("i", {}, Whose::shared, 3)}, {std::int64_t{3}});
    // With values of its own in the memory where another kernel has the number.
    const Expr own = softmax(p.leaf("x", {5}, Whose::each));
    p.graph.outputs = {sum(table * table).id, sum(own * own * exp(number)).id};
    EXPECT_EQ(compiled_fault(p.graph, p.values, p.batch, {}), "");
}

TEST(Places, take_no_table_for_each_example) {
    constexpr std::int64_t batch = 100;
    Lookup p{.graph = {}, .values = {}, .batch = batch};
    const Expr table = p.leaf("E", {1000, 8}, Whose::shared);
    const Expr taken = call(gather_op, {table, p.leaf("c", {}, Whose::each, 1000)});
    p.graph.outputs = {call(batch_mean_op, {sum(taken * taken)}).id};
    const Plan plan = make_plan(with_gradients(p.graph, std::vector{table.id}), {.batch = batch});
    EXPECT_LT(plan.arena_size, 2 * 1000 * 8);
}

// --- indices outside
// -------------------------------------------------------------------------------

enum class What : std::uint8_t { taken, added, added_over_the_batch };

struct PlacesRun {
    What what = What::taken;
    std::vector<double> table;
    std::vector<double> places;  // of one example after the other
    std::size_t batch = 1;
    std::size_t threads = 1;

    Expr output(Expr x, Expr index) const {
        if (what == What::taken) {
            return call(gather_op, {x, index});
        }
        const Op& op = what == What::added ? scatter_add_op : batch_scatter_add_op;
        return call(op, {call(cast_op, {index}), index}, {x.type().shape[0]});
    }

    // What a run says.
    std::string error() {
        Lookup p{.graph = {}, .values = {}, .batch = 1};
        const Expr x = p.leaf("x", {static_cast<std::int64_t>(table.size())}, Whose::shared);
        const auto each = static_cast<std::int64_t>(places.size() / batch);
        const Expr index = p.leaf("i", each == 1 ? Shape{} : Shape{each}, Whose::each);
        p.graph.outputs = {output(x, index).id};
        ThreadPool pool(threads);
        CompiledGraph compiled(make_plan(p.graph, {.real = ScalarKind::f64,
                                                   .batch = static_cast<std::int64_t>(batch)}),
                               pool);
        compiled.bind("x", table.data());
        compiled.bind_rows("i", places.data());
        std::vector<std::int64_t> order(batch);
        std::iota(order.begin(), order.end(), std::int64_t{0});
        try {
            compiled.run(order);
        } catch (const UserError& error) {
            return error.what();
        }
        return "";
    }
};

std::string refusal(What what, double place, std::size_t among) {
    const std::string op = what == What::taken   ? "gather"
                           : what == What::added ? "scatter_add"
                                                 : "batch_scatter_add";
    return op + " has no place " + format_number(place) + " among " + std::to_string(among) +
           ", which are whole numbers from 0";
}

TEST(Places, outside_of_their_axis_are_refused_whatever_they_are) {
    const double infinity = std::numeric_limits<double>::infinity();
    for (const What what : {What::taken, What::added, What::added_over_the_batch}) {
        for (const double stray : {5.0, -1.0, 0.5, 4.999, 1e300, -1e9, infinity, std::nan("")}) {
            PlacesRun one{
                .what = what, .table = {1, 2, 3, 4, 5}, .places = {3, 0, stray}, .batch = 3};
            EXPECT_EQ(one.error(), refusal(what, stray, 5));
        }
        PlacesRun good{.what = what, .table = {1, 2, 3, 4, 5}, .places = {3, 0, -0.0}, .batch = 3};
        EXPECT_EQ(good.error(), "");
        PlacesRun none{.what = what, .table = {}, .places = {0}};
        EXPECT_EQ(none.error(), refusal(what, 0, 0));
    }
}

// In full vectors and in their rest.
TEST(Places, outside_are_found_in_every_lane) {
    constexpr std::size_t each = 37;
    for (std::size_t lane = 0; lane < each; ++lane) {
        std::vector<double> places(each, 2);
        places[lane] = 100;
        PlacesRun run{.table = {1, 2, 3, 4, 5}, .places = std::move(places)};
        EXPECT_EQ(run.error(), refusal(What::taken, 100, 5)) << "lane " << lane;
    }
}

// Whoever computes the others.
TEST(Places, outside_are_named_by_the_first_row) {
    constexpr std::size_t each = 10'000;
    constexpr std::size_t batch = 100;
    std::vector<double> places(each * batch, 2);
    places[20 * each] = 7;
    places[60 * each] = 8;
    for (int turn = 0; turn < 20; ++turn) {
        PlacesRun run{.table = {1, 2, 3, 4, 5}, .places = places, .batch = batch, .threads = 2};
        EXPECT_EQ(run.error(), refusal(What::taken, 7, 5));
    }
}

TEST(Places, that_were_outside_keep_no_later_run_from_being_right) {
    Lookup p{.graph = {}, .values = {}, .batch = 1};
    const Expr x = p.leaf("x", {3}, Whose::shared);
    p.graph.outputs = {call(gather_op, {x, p.leaf("i", {}, Whose::each)}).id};
    ThreadPool pool(1);
    CompiledGraph compiled(make_plan(p.graph, {.batch = 2, .formats = {{"i", ElementFormat::u8}}}),
                           pool);
    std::array<float, 3> numbers{10, 20, 30};
    const std::array<std::uint8_t, 3> places{2, 7, 1};
    compiled.bind("x", numbers.data());
    compiled.bind_rows("i", places.data());
    EXPECT_THROW(compiled.run(std::array<std::int64_t, 2>{0, 1}), UserError);
    compiled.run(std::array<std::int64_t, 2>{2, 0});
    EXPECT_EQ(compiled.output_number(0, 0), 20);
    EXPECT_EQ(compiled.output_number(0, 1), 30);
}

TEST(Argmax, is_the_first_of_equals_and_the_first_nan) {
    const double infinity = std::numeric_limits<double>::infinity();
    const double nan = std::nan("");
    const Tensor rows({7, 4},
                      {1,   3,        3,        2,  -infinity, -infinity, -infinity, -infinity,  //
                       1,   infinity, infinity, 2,  1,         nan,       5,         nan,        //
                       nan, 1,        2,        3,  -0.0,      0.0,       0.0,       -0.0,
                       5,   1,        infinity, nan});
    for (const auto real : {ScalarKind::f32, ScalarKind::f64}) {
        Lookup p{.graph = {}, .values = {}, .batch = 1};
        const Expr x = p.leaf("x", {7, 4}, Whose::shared);
        p.values[x.id] = {rows};
        const Expr row = call(gather_op, {x, literal(p.graph, 3)});
        p.graph.outputs = {call(argmax_op, {x}).id, call(argmax_op, {x}, {std::int64_t{0}}).id,
                           call(argmax_op, {transpose(row)}).id};
        EXPECT_EQ(compiled_fault(p.graph, p.values, 1, {.real = real, .tolerance = 0}), "");
    }
}

}  // namespace
}  // namespace chainrule
