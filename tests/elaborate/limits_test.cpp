// Texts that are too much: an error in time, never a crash or a hang.
#include <gtest/gtest.h>

#include "elaborate/network_text.h"
#include "support/processor_time.h"

namespace chainrule::tests {
namespace {

TEST(Limits, a_network_that_unfolds_without_end_is_refused_at_once) {
    std::string text = "weight w\nfunction f0(z) = z * (z + 1)\n";
    std::string layers = "input x[2]\nlayer l0(z[n]) { weight W[n, n]; W @ z }\n";
    for (int i = 1; i < 60; ++i) {
        const std::string before = std::to_string(i - 1);
        const std::string now = std::to_string(i);
        text +=
            "function f" + now + "(z) = f" + before + "(z + " + now + ") + f" + before + "(z)\n";
        layers += "layer l" + now + "(z[n]) { l" + before + "(l" + before + "(z)) }\n";
    }
    const tests::ProcessorTime time;
    EXPECT_EQ(
        diagnostics_of({text + "loss f59(w)"}),
        R"(net.nn:62:6: error: f59 unfolds to more than 100000 operations: give a name to what repeats
  62 | loss f59(w)
     |      ^~~
)");
    EXPECT_NE(diagnostics_of({layers + "loss sum(l59(x))"})
                  .find("l59 unfolds to more than 100000 operations"),
              std::string::npos);
    EXPECT_LT(time.seconds(), 30) << "a hang, not a measurement";
}

TEST(Limits, shared_parts_of_functions_unfold_once) {
    std::string text = "weight w\nfunction f0(z) = z + 1\n";
    for (int i = 1; i < 100; ++i) {
        const std::string before = "f" + std::to_string(i - 1) + "(z)";
        text += "function f" + std::to_string(i) + "(z) = " + before + " + " + before + "\n";
    }
    EXPECT_EQ(diagnostics_of({text + "loss f99(w)"}), "");
}

TEST(Limits, deep_calls_are_an_error_and_no_crash) {
    std::string text = "weight w\nfunction f0(z) = z + 1\n";
    for (int i = 1; i < 5000; ++i) {
        text += "function f" + std::to_string(i) + "(z) = f" + std::to_string(i - 1) + "(z)\n";
    }
    EXPECT_EQ(diagnostics_of({text + "loss f4999(w)"}),
              R"(net.nn:4802:21: error: functions and layers call one another more than 200 deep
  4802 | function f4800(z) = f4799(z)
       |                     ^~~~~
net.nn:4803:21: note: in this use of f4800
net.nn:4804:21: note: in this use of f4801
net.nn:4805:21: note: in this use of f4802
)");
}

TEST(Limits, nesting_of_any_depth_is_an_error_and_no_crash) {
    const std::string deep(100'000, '(');
    EXPECT_NE(diagnostics_of({"weight w\nloss " + deep + "w\n"}).find("more than 1000 deep"),
              std::string::npos);
    EXPECT_EQ(diagnostics_of({"weight w\nloss w" + std::string(900, '\'') + "\n"}), "");
}

TEST(Limits, many_unreached_weights_are_counted) {
    std::string text = "weight w\n";
    for (int i = 0; i < 1000; ++i) {
        text += "weight v" + std::to_string(i) + "\n";
    }
    const std::string all = diagnostics_of({text + "loss w"});
    EXPECT_NE(all.find("does not depend on v9,"), std::string::npos);
    EXPECT_EQ(all.find("does not depend on v10,"), std::string::npos);
    EXPECT_NE(all.find("warning: the loss does not depend on 990 further weights\n"),
              std::string::npos);
}

}  // namespace
}  // namespace chainrule::tests
