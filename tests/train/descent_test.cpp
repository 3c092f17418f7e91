// Compiled descent against the reference, at every number of threads, without allocation.
#include "train/descent.h"

#include <gtest/gtest.h>
#include <malloc.h>

#include <atomic>
#include <cmath>
#include <cstdlib>
#include <new>

#include "backend/thread_pool.h"
#include "data/split.h"
#include "ir/random.h"
#include "network_text.h"
#include "train/initialise.h"

namespace {
std::atomic<std::size_t> allocations = 0;
}  // namespace

// Every allocation of the program, the native backend's too. GCC inlines one of the pair and misses
// that the other is ours as well.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    ++allocations;
    return std::malloc(size == 0 ? 1 : size);
}
void* operator new(std::size_t size) {
    if (void* memory = operator new(size, std::nothrow)) {
        return memory;
    }
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace chainrule {
namespace {

// Large enough for products and several tiles.
const std::string layered = R"(
    input x[40]
    target y: class(10)
    weight W1[96, 40] ~ he_normal
    weight b1[96] = 0
    weight W2[10, 96] ~ he_normal
    weight b2[10] = 0
    h = relu(W1 @ x + b1)
    s = W2 @ h + b2
    output s
    loss cross_entropy(s, y)
    penalty 1e-4 * sum(W1^2)
)";

const std::string small = R"(
    input x[2]
    target y
    weight W[4, 2] ~ xavier_normal
    weight b[4] = 0
    weight v[4] ~ xavier_normal
    loss squared_error(v @ tanh(W @ x + b), y)
)";

// A table of which each row takes a part.
const std::string embedding = R"(
    input c
    target y: class(10)
    weight E[50, 64] ~ normal(0, 0.5)
    weight W[96, 64] ~ he_normal
    weight V[10, 96] ~ he_normal
    loss cross_entropy(V @ relu(W @ gather(E, c)), y)
    penalty 1e-4 * sum(E^2)
)";

const std::string volume = R"(
    input x[3]
    target y
    weight A[3, 3] = [[3, 1, 0], [0, 2, 1], [1, 0, 4]]
    loss squared_error(sum(inverse(A) @ x), y)
    penalty -0.01 * logdet(A)
)";

Dataset drawn_places(std::size_t rows, std::uint64_t places) {
    const RandomStream random(4, stream_id("places"));
    std::vector<std::vector<double>> x(rows);
    std::vector<std::vector<double>> y(rows);
    for (std::size_t i = 0; i < rows; ++i) {
        x[i] = {static_cast<double>(random.below(i, places))};
        y[i] = {static_cast<double>((i * 7) % 10)};
    }
    return dataset_of(x, y);
}

Dataset drawn(std::size_t rows, std::size_t inputs, std::size_t classes) {
    const RandomStream random(3, stream_id("rows"));
    std::vector<std::vector<double>> x(rows);
    std::vector<std::vector<double>> y(rows);
    for (std::size_t i = 0; i < rows; ++i) {
        for (std::size_t k = 0; k < inputs; ++k) {
            x[i].push_back(random.normal(i * inputs + k));
        }
        y[i] = {classes > 0 ? static_cast<double>(i % classes) : x[i][0] * x[i][1]};
    }
    return dataset_of(x, y);
}

struct Trial {
    Network network;
    Objective objective;
    TrainOptions options;
    ThreadPool pool;
    Dataset data;
    std::unique_ptr<Descent> descent;
    std::vector<std::size_t> order;

    Trial(const std::string& text, Dataset rows, const TrainOptions& how)
        : network(network_of(text)),
          objective(make_objective(network)),
          options(how),
          pool(how.threads),
          data(std::move(rows)),
          descent(make_descent({network, objective, options, pool}, data)),
          order(epoch_order(data.rows, 1, 1)) {
        Diagnostics diagnostics;
        descent->set_weights(initial_weights(network, 0, diagnostics));
    }

    void epoch() { descent->run(order, static_cast<std::size_t>(options.batch)); }
};

TrainOptions options_with(Backend backend, DType dtype, std::size_t threads, std::int64_t batch) {
    TrainOptions options;
    options.backend = backend;
    options.dtype = dtype;
    options.threads = threads;
    options.batch = batch;
    return options;
}

double largest_difference(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        for (std::size_t k = 0; k < a[i].data.size(); ++k) {
            largest = std::max(largest, std::abs(a[i].data[k] - b[i].data[k]));
        }
    }
    return largest;
}

void expect_reference(const std::string& text, const Dataset& data, std::int64_t batch) {
    for (const auto& [dtype, bound] : {std::pair(DType::f64, 1e-12), std::pair(DType::f32, 2e-5)}) {
        Trial native(text, data, options_with(Backend::native, dtype, 2, batch));
        Trial reference(text, data, options_with(Backend::reference, dtype, 1, batch));
        native.epoch();
        reference.epoch();
        EXPECT_LE(largest_difference(native.descent->weights(), reference.descent->weights()),
                  bound);
    }
}

TEST(Descent, compiled_takes_the_steps_of_the_reference) {
    expect_reference(layered, drawn(200, 40, 10), 64);  // the last batch is smaller
    expect_reference(small, drawn(203, 2, 0), 4);
    expect_reference(small, drawn(50, 2, 0), 1);
    expect_reference(embedding, drawn_places(200, 50), 64);
    expect_reference(volume, drawn(50, 3, 0), 8);
}

// In single precision too, and with a last batch that is smaller.
TEST(Descent, compiled_moves_by_every_formula_as_the_reference_does) {
    const Dataset images = drawn(200, 40, 10);
    const Dataset points = drawn(203, 2, 0);
    for (const Optimizer* optimizer : optimizers()) {
        if (optimizer->full_batch != nullptr) {
            continue;  // tests/train/full_batch_test.cpp
        }
        for (const auto& [dtype, bound] :
             {std::pair(DType::f64, 1e-9), std::pair(DType::f32, 2e-3)}) {
            for (const auto& [text, data] :
                 {std::pair(&layered, &images), std::pair(&small, &points)}) {
                TrainOptions native = options_with(Backend::native, dtype, 2, 64);
                native.optimizer = Choice(optimizer->method);
                native.rate = native.optimizer["rate"];
                native.clipping = {.value = 0.5, .norm = 1};
                TrainOptions reference = native;
                reference.backend = Backend::reference;
                Trial fast(*text, *data, native);
                Trial slow(*text, *data, reference);
                fast.epoch();
                slow.epoch();
                EXPECT_LE(largest_difference(fast.descent->weights(), slow.descent->weights()),
                          bound)
                    << optimizer->method.name << " in " << (dtype == DType::f32 ? "f32" : "f64");
            }
        }
    }
}

TEST(Descent, gives_the_same_bits_at_every_number_of_threads) {
    const Dataset data = drawn(700, 40, 10);
    Trial one(layered, data, options_with(Backend::native, DType::f32, 1, 128));
    one.epoch();
    for (const std::size_t threads : {2, 3, 4, 8}) {
        Trial several(layered, data, options_with(Backend::native, DType::f32, threads, 128));
        several.epoch();
        EXPECT_EQ(one.descent->weights(), several.descent->weights()) << threads << " threads";
    }
    const Dataset places = drawn_places(700, 50);
    Trial table(embedding, places, options_with(Backend::native, DType::f32, 1, 256));
    table.epoch();
    for (const std::size_t threads : {2, 3, 4}) {
        Trial several(embedding, places, options_with(Backend::native, DType::f32, threads, 256));
        several.epoch();
        EXPECT_EQ(table.descent->weights(), several.descent->weights()) << threads << " threads";
    }
    // The control: another order of the same sums has other bits, so that equality says something.
    Trial turned(layered, data, options_with(Backend::native, DType::f32, 1, 128));
    std::swap(turned.order[0], turned.order[100]);
    turned.epoch();
    EXPECT_NE(one.descent->weights(), turned.descent->weights());
}

// oneDNN allocates inside, in f32; f64 has the same code around products of ours.
TEST(Descent, takes_a_thousand_steps_without_an_allocation) {
    for (const auto& [text, data, batch] :
         {std::tuple(layered, drawn(500, 40, 10), 100), std::tuple(small, drawn(1000, 2, 0), 4),
          std::tuple(embedding, drawn_places(500, 50), 100),
          std::tuple(volume, drawn(500, 3, 0), 100)}) {
        for (const Optimizer* optimizer : {&sgd_optimizer, &adam_optimizer}) {
            TrainOptions options = options_with(Backend::native, DType::f64, 2, batch);
            options.optimizer = Choice(optimizer->method);
            Trial trial(text, data, options);
            trial.epoch();  // what is made at first need
            const std::size_t before = allocations;
            for (int epoch = 0; epoch < 200; ++epoch) {
                trial.epoch();
            }
            EXPECT_EQ(allocations - before, 0U) << optimizer->method.name;
        }
    }
}

// What glibc keeps for a thread to use again counts as in use, and which thread frees what is up to
// the scheduler: a thousand steps may end a few blocks above or below where they began. A leak
// shows in every thousand.
TEST(Descent, does_not_grow_over_a_thousand_steps) {
    Trial trial(layered, drawn(500, 40, 10), options_with(Backend::native, DType::f32, 2, 100));
    trial.epoch();
    const auto in_use = [] { return mallinfo2().uordblks; };
    bool grows = true;
    for (int attempt = 0; attempt < 8 && grows; ++attempt) {
        const std::size_t before = in_use();
        for (int epoch = 0; epoch < 200; ++epoch) {
            trial.epoch();
        }
        grows = in_use() > before;
    }
    EXPECT_FALSE(grows);
}

TEST(Descent, says_when_a_weight_is_no_longer_finite) {
    TrainOptions options = options_with(Backend::native, DType::f32, 1, 4);
    options.rate = 1e30;
    Trial run(small, drawn(100, 2, 0), options);
    EXPECT_TRUE(run.descent->is_finite());
    run.epoch();
    EXPECT_FALSE(run.descent->is_finite());
}

}  // namespace
}  // namespace chainrule
