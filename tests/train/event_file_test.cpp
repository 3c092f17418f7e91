// What is expected was written by TensorBoard's own classes (tensorboard 2: event_pb2,
// RecordWriter).
#include "train/event_file.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "backend/thread_pool.h"
#include "train/gradient_sample.h"

#include "network_text.h"

namespace chainrule {
namespace {

std::string hex(std::string_view bytes) {
    std::string text;
    for (const char byte : bytes) {
        text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    }
    return text;
}

TEST(EventFile, crc32c_gives_the_published_values) {
    // RFC 3720, B.4
    EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAU);
    EXPECT_EQ(crc32c(std::string(32, '\xFF')), 0x62A8AB43U);
    EXPECT_EQ(crc32c("123456789"), 0xE3069283U);
}

TEST(EventFile, records_and_events_have_tensorboards_bytes) {
    const std::vector<double> numbers{1, 2, 2, 5};
    const std::vector<Summary> summaries{{"loss", 0.25}, {"weights/W", histogram_of(numbers, 4)}};
    EXPECT_EQ(hex(summary_event(1.5, 3, summaries)),
              "09000000000000f83f10032a8d010a0b0a046c6f7373150000803e0a7e0a09776569676874732f57"
              "2a7109000000000000f03f1100000000000014401900000000000010402100000000000024402900"
              "00000000004140322000000000000000400000000000000840000000000000104000000000000014"
              "403a20000000000000f03f00000000000000400000000000000000000000000000f03f");
    EXPECT_EQ(hex(version_event(1.5)), "09000000000000f83f1a0d627261696e2e4576656e743a32");
    EXPECT_EQ(hex(event_record(version_event(1.5))),
              "1800000000000000a37f4b2209000000000000f83f1a0d627261696e2e4576656e743a322a28646c");
    EXPECT_EQ(hex(start_event(1.5, 1)), "09000000000000f83f10013a020801");
}

TEST(Histogram, of_equal_numbers_is_one_bucket_and_of_none_empty) {
    const std::vector<double> equal{2, 2, NAN};
    EXPECT_EQ(histogram_of(equal).limits, std::vector<double>{2});
    EXPECT_EQ(histogram_of(equal).count(), 2);
    EXPECT_TRUE(histogram_of({}).limits.empty());
}

TEST(GradientSample, is_the_mean_gradient_over_all_rows_of_small_data) {
    const Network network = network_of(
        "input x\ntarget y\nweight w = 0\nweight u = 0\nloss squared_error(w * x, y) + 0 * u");
    std::vector<std::vector<double>> x;
    std::vector<std::vector<double>> y;
    double mean = 0;  // of (w x - y) x at w = 1
    for (int i = 0; i < 700; ++i) {
        x.push_back({i * 0.01});
        y.push_back({std::sin(i)});
        mean += (x.back()[0] - y.back()[0]) * x.back()[0] / 700;
    }
    const Dataset data = dataset_of(x, y);
    const Objective objective = make_objective(network);
    for (const Backend backend : {Backend::native, Backend::reference}) {
        const TrainOptions options{.dtype = DType::f64, .backend = backend};
        ThreadPool pool(1);
        const auto source = source_in_memory(data);
        GradientSample sample({network, objective, options, pool}, source->window(),
                              source->filled());
        const std::vector<Tensor> weights{Tensor(1), Tensor(0)};
        EXPECT_NEAR(sample.at(weights)[0].data[0], mean, 1e-12);
        EXPECT_EQ(sample.at(weights)[1].data[0], 0);
    }
}

}  // namespace
}  // namespace chainrule
