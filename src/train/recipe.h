// How to train: the defaults, what the network's `train` statement says, and what the command line
// overrides, in this order.
//
//     train optimizer = adam(rate = 1e-3, beta1 = 0.8), epochs = 100, batch = 20, dtype = f64
//     train schedule = cosine(final = 1e-5), warmup = 100, clip_norm = 1
//
//     TrainOptions options = merge_options(network, {.rate = 0.2});
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "data/preprocessing.h"
#include "elaborate/network.h"
#include "optim/clipping.h"
#include "optim/optimizer.h"
#include "optim/schedule.h"

namespace chainrule {

// What computes: compiled code, or the reference evaluator, slow and obvious.
enum class Backend : std::uint8_t { native, reference };

// What becomes of a step that would leave a weight or a state of the optimiser that is not finite:
// training stops there, or the step is left out (train/skipped_steps.h).
enum class OnNan : std::uint8_t { stop, skip };

// More threads than any processor's are a slip of the keyboard.
constexpr std::size_t most_threads = 1024;

// How much the examples of each class count (train/example_weights.h).
struct ClassWeights {
    bool balanced = false;               // by how rare the class is in the training part; or
    std::vector<double> by_number = {};  // of each class, or
    std::map<std::string, double> by_label = {};  // of the classes that are named; of the others 1
};

struct TrainOptions {
    Choice optimizer{sgd_optimizer.method};
    double rate =
        0.1;  // at first: the schedule changes it; not said, it is the optimiser's usual one
    Choice schedule{find_schedule("constant")->method};
    std::int64_t warmup = 0;  // the steps in which the rate rises
    Clipping clipping = {};
    std::int64_t epochs = 10;
    // Training stops after so many epochs without a smaller loss of the held-out part (where there
    // is none, of the training part), and the model is that of the best epoch; 0: neither.
    std::int64_t patience = 0;
    // Rows in a batch; one not chosen shrinks to the number of rows.
    std::int64_t batch = 32;
    bool batch_chosen = false;
    std::uint64_t seed = 0;
    // What is computed and saved in. The reference evaluator computes in double precision either
    // way, and rounds the weights to it at the start and after every update.
    DType dtype = DType::f32;
    Backend backend = Backend::native;
    OnNan on_nan = OnNan::stop;
    std::size_t threads = 0;  // 0: as many as there are processors; any number gives the same bits
    double split = 0;         // the fraction of the rows held out for validation
    bool stratify = true;     // of each class in proportion, where the target tells classes
    std::optional<ClassWeights> class_weights = std::nullopt;
    Scale scale = Scale::standard;
    MissingCells missing = MissingCells::impute;

    // Levenberg and Marquardt's steps have none.
    bool has_rate() const { return optimizer.method().setting("rate") != nullptr; }
};

// What the command line says; empty where it says nothing.
struct TrainOverrides {
    std::optional<std::string> optimizer = std::nullopt;  // adam, adam(beta1 = 0.8)
    std::optional<double> rate = std::nullopt;
    std::optional<std::string> schedule = std::nullopt;  // cosine, step(every = 30)
    std::optional<std::int64_t> warmup = std::nullopt;
    std::optional<double> clip_norm = std::nullopt;
    std::optional<double> clip_value = std::nullopt;
    std::optional<std::int64_t> epochs = std::nullopt;
    std::optional<std::int64_t> patience = std::nullopt;
    std::optional<std::int64_t> batch = std::nullopt;
    std::optional<std::int64_t> seed = std::nullopt;
    std::optional<std::string> dtype = std::nullopt;    // f32, f64
    std::optional<std::string> backend = std::nullopt;  // native, reference
    std::optional<std::string> on_nan = std::nullopt;   // stop, skip
    std::optional<std::int64_t> threads = std::nullopt;
    std::optional<double> split = std::nullopt;
    std::optional<std::string> stratify = std::nullopt;       // auto, none
    std::optional<std::string> class_weights = std::nullopt;  // balanced; 1,3; no=1,yes=3
    std::optional<std::string> scale = std::nullopt;          // auto, none
    std::optional<std::string> missing = std::nullopt;        // impute, error
};

// What the file says and an optimiser of the command line has no use for is passed over.
//
// UserError for a setting that does not exist or a value that cannot be: a rate that is not a
// positive number, epochs or a batch below 1, a split that is no fraction, an optimiser that there
// is not, a batch, clipping or rate for an optimiser that has none.
TrainOptions merge_options(const Network& network, const TrainOverrides& overrides);

// Settings as a `train` statement has them.
using Recipe = std::map<std::string, RecipeValue>;

// Every setting, but those that the result does not depend on (threads) and those that are not
// made.
Recipe recipe_of(const TrainOptions& options);
// And back. UserError as above; a setting that is not there is as usual.
TrainOptions options_of(const Recipe& recipe);

// What the command line says; and how it writes a setting, `--clip-norm` for clip_norm.
Recipe said_in(const TrainOverrides& overrides);
std::string option_name(std::string key);

}  // namespace chainrule
