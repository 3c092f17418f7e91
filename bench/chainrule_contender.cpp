// chainrule as a contender: trains the work's network file on the work's rows, in the given order,
// from the given weights.
//
//     chainrule_contender FOLDER [--threads N] [--reference]
//
// With --reference it trains by the reference evaluator, which shows that the network files mean
// what the peers compute. Without, it trains by compiled code.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <numeric>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "backend/compiled_graph.h"
#include "backend/thread_pool.h"
#include "c/chain.h"
#include "compile/compile.h"
#include "peers/work.h"
#include "train/descent.h"
#include "train/feed.h"

namespace {

using namespace chainrule;

Network network_of(const Work& work) {
    SourceMap sources;
    Diagnostics diagnostics;
    const bool trains = std::strcmp(work.kind, "chain") != 0;
    auto elaborated = load_network(
        work.network, {.examples = Examples::many, .defines = {}, .needs_loss = trains}, sources,
        diagnostics);
    if (!elaborated) {
        throw UserError(diagnostics.items());
    }
    return std::move(elaborated->network);
}

// The weights of the work, W1, b1, W2, b2, ..., as the tensors of the network.
std::vector<Tensor> tensors_of(const Network& network, std::span<const float> flat) {
    std::vector<Tensor> tensors;
    for (const Weight& weight : network.weights) {
        const Shape& shape = network.graph.type(weight.node).shape;
        const auto numbers = flat.first(static_cast<std::size_t>(element_count(shape)));
        tensors.emplace_back(shape, std::vector<double>(numbers.begin(), numbers.end()));
        flat = flat.subspan(numbers.size());
    }
    return tensors;
}

std::vector<float> flat(std::span<const Tensor> tensors) {
    std::vector<float> numbers;
    for (const Tensor& tensor : tensors) {
        for (const double x : tensor.data) {
            numbers.push_back(static_cast<float>(x));
        }
    }
    return numbers;
}

Dataset dataset_of(const Work& work) {
    const auto rows = static_cast<std::size_t>(work.rows);
    const auto inputs = static_cast<std::size_t>(work.layer[0]);
    Dataset data;
    data.rows = rows;
    data.inputs.emplace_back(std::vector<float>(work.x, work.x + rows * inputs));
    data.input_sizes = {inputs};
    data.targets.assign(work.y, work.y + rows);
    data.target_size = 1;
    return data;
}

std::span<const float> initial_weights_of(const Work& work) {
    return {work.weights, static_cast<std::size_t>(work.weight_count)};
}

Round train_by_reference(const Work* work, long epochs) {
    const Network network = network_of(*work);
    const Dataset data = dataset_of(*work);
    const Objective objective = make_objective(network);
    BatchEvaluator step(objective.graph, objective.gradients);
    feed_constants(step, network);
    std::vector<Tensor> weights = tensors_of(network, initial_weights_of(*work));
    const std::vector<std::size_t> order(work->order, work->order + work->rows);
    const auto batch = static_cast<std::size_t>(work->batch);

    const double start = seconds_now();
    for (long epoch = 0; epoch < epochs; ++epoch) {
        for (std::size_t first = 0; first + batch <= order.size(); first += batch) {
            feed_weights(step, network, weights);
            feed_rows(step, network, data, std::span(order).subspan(first, batch));
            step.run();
            for (std::size_t i = 0; i < weights.size(); ++i) {
                const Tensor& gradient = step[objective.gradients[i]][0];
                for (std::size_t k = 0; k < gradient.data.size(); ++k) {
                    weights[i].data[k] -= static_cast<double>(work->rate) * gradient.data[k];
                }
            }
        }
    }
    const double seconds = seconds_now() - start;
    return {seconds, mean_loss(work, flat(weights).data())};
}

TrainOptions options_of(const Work& work) {
    TrainOptions options;
    options.rate = static_cast<double>(work.rate);
    options.batch = work.batch;
    options.threads = static_cast<std::size_t>(work.threads);
    return options;
}

// Everything that is made once: compiled at the first call, which is the warm-up.
struct Compiled {
    explicit Compiled(const Work& work)
        : network(network_of(work)),
          objective(make_objective(network)),
          options(options_of(work)),
          pool(options.threads),
          data(dataset_of(work)),
          weights(tensors_of(network, initial_weights_of(work))),
          order(work.order, work.order + work.rows),
          descent(make_descent({network, objective, options, pool}, data)) {}

    Network network;
    Objective objective;
    TrainOptions options;
    ThreadPool pool;
    Dataset data;
    std::vector<Tensor> weights;
    std::vector<std::size_t> order;
    std::unique_ptr<Descent> descent;
};

Round train_compiled(const Work* work, long epochs) {
    static Compiled compiled(*work);
    compiled.descent->set_weights(compiled.weights);
    const double start = seconds_now();
    for (long epoch = 0; epoch < epochs; ++epoch) {
        compiled.descent->run(compiled.order, static_cast<std::size_t>(work->batch));
    }
    const double seconds = seconds_now() - start;
    return {seconds, mean_loss(work, flat(compiled.descent->weights()).data())};
}

// From the graph to a callable step, with the libraries loaded by the warm-up.
Round compile(const Work* work, long epochs) {
    const Network network = network_of(*work);
    const TrainOptions options = options_of(*work);
    const Dataset data = dataset_of(*work);
    ThreadPool pool(options.threads);
    const double start = seconds_now();
    for (long i = 0; i < epochs; ++i) {
        const Objective objective = make_objective(network);
        make_descent({network, objective, options, pool}, data);
    }
    return {seconds_now() - start, std::nan("")};
}

// One step. Reading the prepared rows counts too; what is printed last comes out as the program
// ends.
int start(const Work& work) {
    std::puts("{\"event\": \"reading\"}\n{\"event\": \"read\"}");
    std::fflush(stdout);
    Compiled compiled(work);
    compiled.order.resize(static_cast<std::size_t>(work.batch));
    compiled.descent->set_weights(compiled.weights);
    compiled.descent->run(compiled.order, compiled.order.size());
    std::puts("{\"event\": \"stepped\"}");
    return 0;
}

// y = relu(a * x + b) over all rows, of which the network takes a vector to an example.
Round evaluate_chain(const Work* work, long epochs) {
    const auto count = static_cast<std::size_t>(work->rows);
    static auto* const from = static_cast<float*>(aligned_memory(work->rows * 4));
    for (std::size_t i = 0; i < count; ++i) {
        from[i] = chain_x(static_cast<long>(i));
    }
    static const Network network = network_of(*work);
    Graph graph = network.graph;
    graph.outputs = network.outputs;
    static ThreadPool pool(static_cast<std::size_t>(work->threads));
    const auto width = element_count(graph.type(network.inputs.front()).shape);
    static CompiledGraph compiled(make_plan(graph, {.batch = work->rows / width}), pool);
    static std::array weights{chain_a, chain_b};
    compiled.bind_rows("x", from);
    compiled.bind("a", &weights[0]);
    compiled.bind("b", &weights[1]);
    std::vector<std::int64_t> order(count / static_cast<std::size_t>(width));
    std::iota(order.begin(), order.end(), 0);
    const double start = seconds_now();
    for (long epoch = 0; epoch < epochs; ++epoch) {
        compiled.run(order);
    }
    const double seconds = seconds_now() - start;
    const auto* const to = static_cast<const float*>(compiled.output(0));
    return {seconds, std::accumulate(to, to + count, 0.0) / static_cast<double>(count)};
}

RunRound runner_of(const Work& work) {
    const std::string_view kind = work.kind;
    return kind == "compile" ? compile : kind == "chain" ? evaluate_chain : train_compiled;
}

}  // namespace

int main(int argc, char** argv) {
    const Work work = read_work(argc, argv);
    const bool reference = std::strcmp(argv[argc - 1], "--reference") == 0;
    try {
        if (std::strcmp(work.kind, "start") == 0) {
            return start(work);
        }
        return serve(&work, "", reference ? train_by_reference : runner_of(work));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
