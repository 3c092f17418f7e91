// A program that has handlers for signals may compute: no handler runs on a stack that oneDNN's
// kernels hold data in place of.
#include <gtest/gtest.h>
#include <sys/time.h>

#include <array>
#include <csignal>
#include <numeric>

#include "backend/compiled_graph.h"
#include "compile/compile.h"
#include "ops/build.h"
#include "ops/rules.h"

namespace chainrule {
namespace {

volatile std::sig_atomic_t signals_taken = 0;

void count_signal(int) { signals_taken = signals_taken + 1; }

// Sends SIGALRM to this process, some thousand times a second.
class ManySignals {
public:
    ManySignals() {
        struct sigaction action = {};
        action.sa_handler = count_signal;
        action.sa_flags = SA_RESTART;
        sigaction(SIGALRM, &action, &before_);
        set_interval(200);
    }
    ~ManySignals() {
        set_interval(0);
        sigaction(SIGALRM, &before_, nullptr);
    }
    ManySignals(const ManySignals&) = delete;
    ManySignals& operator=(const ManySignals&) = delete;

private:
    static void set_interval(suseconds_t microseconds) {
        const itimerval timer{.it_interval = {0, microseconds}, .it_value = {0, microseconds}};
        setitimer(ITIMER_REAL, &timer, nullptr);
    }

    struct sigaction before_ = {};
};

// The products of a layer of 784-128 forward and backward.
TEST(Signals, are_not_taken_within_a_matrix_product) {
    constexpr std::int64_t width = 784;
    constexpr std::int64_t height = 128;
    constexpr std::int64_t batch = 128;
    Graph graph;
    const auto leaf = [&](const std::string& name, Shape shape, bool per_example) {
        const Type type{.shape = std::move(shape), .per_example = per_example};
        return graph.expr(graph.add_named(name, leaf_op, {},
                                          {std::string(per_example ? "input" : "weight"), type}));
    };
    const Expr x = leaf("x", {width}, true);
    const Expr w = leaf("w", {height, width}, false);
    const Expr delta = leaf("delta", {height}, true);
    graph.outputs = {matmul(w, x).id, call(batch_matmul_op, {delta, transpose(x)}).id};
    ThreadPool pool(2);
    CompiledGraph compiled(make_plan(graph, {.batch = batch}), pool);
    const std::vector<float> numbers(height * width, 2);
    for (const char* const name : {"x", "w", "delta"}) {
        compiled.bind_rows(name, numbers.data());
    }
    std::vector<std::int64_t> order(batch);
    std::iota(order.begin(), order.end(), 0);

    signals_taken = 0;
    const ManySignals signals;
    while (signals_taken < 500) {
        compiled.run(order);
        ASSERT_EQ(compiled.output_number(0, batch * height - 1), 4 * width);
        ASSERT_EQ(compiled.output_number(1, height * width - 1), 4 * batch);
    }
}

}  // namespace
}  // namespace chainrule
