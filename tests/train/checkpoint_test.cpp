// Stopping and going on: the same bits as never having stopped, through the file. Rows S1 to S6 and
// section 4 of the list of bad inputs, for checkpoints.
#include "train/checkpoint.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>

#include "data/safetensors.h"
#include "data/test_files.h"
#include "ir/random.h"
#include "network_text.h"
#include "train/recipe.h"
#include "train/report.h"

namespace chainrule {
namespace {

const std::string checkpoint_text = R"(
    input x[2]
    target y
    weight W[4, 2] ~ he_normal
    weight v[4] ~ he_normal
    loss squared_error(v @ tanh(W @ x), y)
)";

Dataset sample_rows(std::size_t rows) {
    return noisy_rows(rows, [](double a, double b) { return a * b; });
}

// One training, which can be stopped, saved and taken up.
class Job {
public:
    explicit Job(const TrainOverrides& overrides)
        : network_(network_of(checkpoint_text)),
          options_(merge_options(network_, overrides)),
          data_{.training = sample_rows(23), .validation = sample_rows(5)} {}

    // Until `steps` looks have been taken at what it does; then it is saved.
    TrainResult go(std::size_t looks, std::optional<TrainState> from = std::nullopt) {
        Diagnostics diagnostics;
        TrainHooks hooks;
        hooks.should_stop = [&] { return looks-- == 0; };
        return train(network_, options_, data_, diagnostics, hooks, std::move(from));
    }

    TrainResult go() { return go(std::size_t{1} << 40); }

    void save(const std::string& path, const TrainState& state) const {
        const NetworkText texts{
            .file = "net.nn", .text = checkpoint_text, .imports = {}, .defines = {}};
        save_checkpoint(
            path, {network_, texts, state.model_weights(), {}, AnswerKind::none, options_.dtype},
            {options_, state, mark_of(sources_of(network_, data_))});
    }

    std::string report(const TrainResult& result) const { return report_json(network_, result); }

private:
    Network network_;
    TrainOptions options_;
    TrainingData data_;
};

Checkpoint load(const std::string& path) {
    SourceMap sources;
    return load_checkpoint(path, sources);
}

void expect_same_state(const TrainState& a, const TrainState& b) {
    EXPECT_EQ(a.weights, b.weights);
    EXPECT_EQ(a.states, b.states);
    EXPECT_EQ(a.state_names, b.state_names);
    EXPECT_EQ(a.batch, b.batch);
    EXPECT_EQ(a.schedule, b.schedule);
    EXPECT_EQ(a.kept.weights, b.kept.weights);
    EXPECT_EQ(a.kept.states, b.kept.states);
    EXPECT_EQ(a.best.epoch, b.best.epoch);
    EXPECT_EQ(a.best.loss, b.best.loss);
    EXPECT_EQ(a.best.weights, b.best.weights);
}

// Stops after a few looks, again and again, each time through a file.
TrainResult with_stops(const TrainOverrides& overrides, const std::string& path,
                       const RandomStream& random) {
    std::uint64_t stops = 0;
    std::optional<TrainState> from;
    while (true) {
        Job run(overrides);
        const auto looks = static_cast<std::size_t>(12 * random.uniform(stops++));
        TrainResult result = run.go(looks, std::move(from));
        if (!result.interrupted) {
            return result;
        }
        run.save(path, result);
        Checkpoint checkpoint = load(path);
        expect_same_state(checkpoint.state, result);
        from = std::move(checkpoint.state);
    }
}

TEST(Checkpoint, going_on_gives_the_bits_and_the_report_of_a_run_never_stopped) {
    const TempFolder folder;
    const std::array<TrainOverrides, 14> recipes{{
        {},
        {.optimizer = "sgd(momentum = 0.9, nesterov = 1)", .schedule = "step(every = 2)"},
        {.optimizer = "adam", .schedule = "cosine", .warmup = 7},
        {.optimizer = "adamw", .clip_norm = 0.1, .dtype = "f64"},
        {.optimizer = "rmsprop", .schedule = "exponential(gamma = 0.9)", .clip_value = 0.1},
        {.optimizer = "adagrad", .schedule = "plateau(patience = 0)", .dtype = "f64"},
        {.optimizer = "adam", .schedule = "plateau(patience = 0)", .backend = "reference"},
        {.optimizer = "adam", .warmup = 3, .dtype = "f64", .backend = "reference"},
        {.optimizer = "adam", .seed = 3, .threads = 1},
        {.optimizer = "sgd(momentum = 0.9)", .rate = 0.5, .patience = 2},
        {.optimizer = "lbfgs(history = 3)"},
        {.optimizer = "lbfgs(strong_wolfe = 1)", .dtype = "f64", .backend = "reference"},
        {.optimizer = "levenberg_marquardt"},
        {.optimizer = "levenberg_marquardt", .patience = 40, .dtype = "f64"},
    }};
    std::uint64_t seed = 0;
    for (TrainOverrides overrides : recipes) {
        // A method of the whole data takes a step an epoch.
        const Choice optimizer = merge_options({}, overrides).optimizer;
        const bool steps_by_batch = find_optimizer(optimizer.name())->full_batch == nullptr;
        overrides.epochs = steps_by_batch ? 5 : 30;
        overrides.batch = steps_by_batch ? std::optional<std::int64_t>(4) : std::nullopt;
        Job run(overrides);
        const TrainResult whole = run.go();
        ASSERT_FALSE(whole.failure);
        // Whatever the number of steps between two looks, a stop is where a look is.
        const RandomStream random(++seed, stream_id("stops"));
        overrides.threads = overrides.threads ? 2 : 1;
        const TrainResult stopped = with_stops(overrides, folder / "m.safetensors", random);
        expect_same_state(stopped, whole);
        EXPECT_EQ(run.report(stopped), run.report(whole)) << seed;
    }
}

TEST(Checkpoint, a_failure_after_going_on_keeps_the_epoch_that_it_would_have_kept) {
    const TempFolder folder;
    const std::string path = folder / "m.safetensors";
    const TrainOverrides diverging{.rate = 2, .epochs = 100, .batch = 4};
    Job run(diverging);
    const TrainResult whole = run.go();
    ASSERT_TRUE(whole.failure);
    ASSERT_GT(whole.schedule.epoch, 0);
    const TrainResult stopped = with_stops(diverging, path, RandomStream(1, stream_id("failure")));
    ASSERT_TRUE(stopped.failure);
    EXPECT_EQ(stopped.failure->message, whole.failure->message);
    expect_same_state(stopped, whole);
}

// --- the file ---------------------------------------------------------------------------------

class CheckpointFile : public testing::Test {
protected:
    void SetUp() override {
        Job run({.optimizer = "adam", .epochs = 5, .batch = 4});
        state_ = run.go(3);
        ASSERT_GT(state_.batch + state_.schedule.epoch, 0);
        run.save(path_, state_);
    }

    std::string refusal_after(const std::function<void(TensorFile&)>& change) {
        TensorFile file = read_safetensors(path_);
        change(file);
        write_safetensors(path_, file);
        return without_folder(refusal([&] { load(path_); }), folder_);
    }

    TempFolder folder_;
    std::string path_ = folder_ / "m.safetensors";
    TrainState state_;
};

TEST_F(CheckpointFile, is_a_model) {
    SourceMap sources;
    EXPECT_EQ(load_model(path_, sources).weights, state_.weights);
}

TEST_F(CheckpointFile, lists_all_tensors_that_are_not_those_of_the_optimizer) {
    const std::string message = refusal_after([](TensorFile& file) {
        for (NamedTensor& tensor : file.tensors) {
            if (tensor.name == "optimizer/adam.m.W") {
                tensor.shape = {8};
            } else if (tensor.name == "optimizer/adam.v.v") {
                tensor.name = "optimizer/adam.w.v";
            } else if (tensor.name == "optimizer/adam.m.v") {
                tensor.data[0] = NAN;
            }
        }
    });
    EXPECT_EQ(message,
              "m.safetensors: the tensor optimizer/adam.m.W is [8], but the network's is [4, 2]\n"
              "m.safetensors: the tensor optimizer/adam.m.v holds a number that is not finite\n"
              "m.safetensors: the tensor optimizer/adam.v.v is missing\n"
              "m.safetensors: the network has no tensor optimizer/adam.w.v");
}

TEST_F(CheckpointFile, refuses_metadata_that_cannot_be) {
    struct Change {
        std::string key;
        std::string value;
        std::string message;
    };
    const std::vector<Change> changes{
        {"recipe", "{}", "other settings"},
        {"recipe", "[1]", "damaged"},
        {"history", "[{\"epoch\": 1}]", "key 'train' not found"},
        {"history", "{", "\"history\" in its metadata is no JSON"},
        {"position",
         R"({"epoch":0,"batch":99,"rate":0.1,"best":"inf","waited":0,"best_epoch":0,"best_loss":0})",
         "position"},
        {"position",
         R"({"epoch":-1,"batch":0,"rate":0.1,"best":"inf","waited":0,"best_epoch":0,"best_loss":0})",
         "count"},
        {"position",
         R"({"epoch":0,"batch":0,"rate":0.1,"best":"inf","waited":0,"best_epoch":1,"best_loss":0})",
         "position"},
        {"position",
         R"({"epoch":0,"batch":0,"rate":"inf","best":"inf","waited":0,"best_epoch":0,"best_loss":0})",
         "rate"},
        {"data", R"({"rows":1e300,"held_out":0,"crc32":0})", "count"},
    };
    const std::string whole = read_bytes(path_);
    for (const Change& change : changes) {
        folder_.write("m.safetensors", whole);
        const std::string message =
            refusal_after([&](TensorFile& file) { file.metadata[change.key] = change.value; });
        EXPECT_TRUE(contains(message, "m.safetensors is damaged")) << change.value << message;
        EXPECT_TRUE(contains(message, change.message)) << change.value << ": " << message;
    }
}

TEST_F(CheckpointFile, says_which_tensor_is_damaged) {
    std::string bytes = read_bytes(path_);
    bytes.back() ^= 1;
    folder_.write("m.safetensors", bytes);
    const std::string message = refusal([&] { load(path_); });
    EXPECT_TRUE(contains(message, "m.safetensors is damaged: the checksum of the tensor"))
        << message;
}

// The old state or a refusal; anything else fails, by its exception or its numbers.
void expect_state_or_refusal(const std::string& path, const TrainState& state, bool& accepted) {
    try {
        const Checkpoint found = load(path);
        accepted = true;
        expect_same_state(found.state, state);
    } catch (const UserError& error) {
        EXPECT_TRUE(contains(error.what(), "m.safetensors")) << error.what();
    }
}

TEST_F(CheckpointFile, is_refused_at_every_length) {
    const std::string whole = read_bytes(path_);
    bool accepted = false;
    for (std::size_t length = 0; length < whole.size(); ++length) {
        folder_.write("m.safetensors", whole.substr(0, length));
        expect_state_or_refusal(path_, state_, accepted);
        ASSERT_FALSE(accepted) << length;
    }
}

// Every bit of every byte; `stride` 1 for all of them.
void flip_bits(const TempFolder& folder, const TrainState& state, std::size_t stride) {
    const std::string whole = read_bytes(folder / "m.safetensors");
    for (std::size_t bit = 0; bit < 8 * whole.size(); bit += stride) {
        std::string flipped = whole;
        flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
        folder.write("m.safetensors", flipped);
        bool accepted = false;
        expect_state_or_refusal(folder / "m.safetensors", state, accepted);
        ASSERT_FALSE(testing::Test::HasFailure()) << "bit " << bit;
    }
}

TEST_F(CheckpointFile, with_a_flipped_bit_gives_the_same_state_or_a_refusal) {
    flip_bits(folder_, state_, 37);
}

using SlowCheckpointFile = CheckpointFile;
TEST_F(SlowCheckpointFile, with_any_bit_flipped_gives_the_same_state_or_a_refusal) {
    flip_bits(folder_, state_, 1);
}

}  // namespace
}  // namespace chainrule
