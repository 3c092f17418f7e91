// chainrule as a contender: trains the work's network file on the work's rows, in the given order,
// from the given weights.
//
//     chainrule_contender FOLDER [--threads N] [--reference]
//
// With --reference it trains by the reference evaluator, which shows that the network files mean what
// the peers compute. Without, it trains by compiled code: see `train_compiled`.
#include <cstdio>
#include <cstring>
#include <exception>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "peers/work.h"
#include "train/feed.h"
#include "train/objective.h"

namespace {

using namespace chainrule;

Network network_of(const Work& work) {
    SourceMap sources;
    Diagnostics diagnostics;
    auto elaborated = load_network(work.network, {.examples = Examples::many, .defines = {}},
                                   sources, diagnostics);
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
    data.inputs.emplace_back(work.x, work.x + rows * inputs);
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

// THE SEAM. Compiled training goes here; nothing else of this file needs to change for it. It is given
//   work.network             the path of the .nn file
//   work.x, y, rows          the rows: x is [rows, layer[0]]; a class is a whole number in y
//   work.order, batch, rate  the order of an epoch, the same every epoch; rows is a multiple of batch
//   work.weights             the initial weights, to be copied
//   work.threads, epochs
// and returns the seconds of the epochs alone (compilation is warm-up and is not timed; a second call
// must not compile again) and mean_loss(work, trained weights). By work.kind:
//   train    as above
//   chain    evaluates relu(a * x + b) on chain_x(i) (c/chain.h), `rows` examples; loss: the mean of y
//   compile  from the graph to the callable `epochs` times, libraries loaded; loss: NaN
//   start    prints the events of start.py instead of answering
Round train_compiled(const Work* work, long epochs) {
    static_cast<void>(work);
    static_cast<void>(epochs);
    throw std::runtime_error("compiled training is not built yet");
}

}  // namespace

int main(int argc, char** argv) {
    const Work work = read_work(argc, argv);
    const bool reference = std::strcmp(argv[argc - 1], "--reference") == 0;
    try {
        return serve(&work, "", reference ? train_by_reference : train_compiled);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
