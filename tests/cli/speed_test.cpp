// How long it takes, printed beside what was asked for. Nothing here fails on time.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "data/test_files.h"
#include "support/run_program.h"

namespace chainrule::tests {
namespace {

// The fastest of some runs, in seconds: what the program needs, without what disturbs it.
double fastest(const std::vector<std::string>& command, const std::string& folder, int runs = 10) {
    double best = 1e9;
    for (int i = 0; i < runs; ++i) {
        const ProgramRun run = run_any(command, {.folder = folder});
        EXPECT_EQ(run.exit_code, 0) << run.err;
        best = std::min(best, run.seconds);
    }
    return best;
}

void report(const std::string& what, double seconds, double bar, const std::string& of_what) {
    std::printf("%-32s %8.1f ms   %5.2f x %s\n", what.c_str(), 1000 * seconds, seconds / bar,
                of_what.c_str());
}

TEST(SlowSpeed, of_the_worksheet_beside_30_ms_and_python) {
    const TempFolder folder;
    folder.write("worksheet.nn", worksheet);
    const double own = fastest({CHAINRULE_PROGRAM, "explain", "worksheet.nn"}, folder / "");
    report("explain worksheet.nn", own, 0.030, "30 ms");
    if (run_any({"python3", "-c", "pass"}).exit_code == 0) {
        report("", own, 2 * fastest({"python3", "-c", "pass"}, folder / ""),
               "twice `python3 -c pass`");
    }
}

TEST(SlowSpeed, of_a_chain_of_2000_nodes_beside_2_s) {
    std::string text = "input x\nweight w\nh0 = w * x\n";
    for (int i = 1; i <= 2000; ++i) {
        text += "h" + std::to_string(i) + (i % 2 == 0 ? " = sin(h" : " = tanh(h") +
                std::to_string(i - 1) + ")\n";
    }
    const TempFolder folder;
    folder.write("chain.nn", text + "loss h2000\n");
    for (const char* format : {"text", "json", "html"}) {
        report(
            std::string("2,000 nodes as ") + format,
            fastest({CHAINRULE_PROGRAM, "explain", "chain.nn", "--format", format}, folder / "", 2),
            2, "2 s");
    }
}

TEST(SlowSpeed, of_2_to_the_30_paths_beside_a_chain_of_as_many_nodes) {
    std::string ladder = "input x\nweight w\nh0 = w * x\n";
    std::string chain = ladder;
    for (int i = 1; i <= 30; ++i) {
        const std::string n = std::to_string(i);
        const std::string below = std::to_string(i - 1);
        ladder += "u" + n + " = sin(h" + below + ")\nv" + n + " = cos(h" + below + ")\nh" + n +
                  " = u" + n + " + v" + n + "\n";
        chain += "u" + n + " = sin(h" + below + ")\nv" + n + " = cos(u" + n + ")\nh" + n + " = v" +
                 n + " + 1\n";
    }
    const TempFolder folder;
    folder.write("ladder.nn", ladder + "loss h30\n");
    folder.write("chain.nn", chain + "loss h30\n");
    report("2^30 paths", fastest({CHAINRULE_PROGRAM, "explain", "ladder.nn"}, folder / ""),
           fastest({CHAINRULE_PROGRAM, "explain", "chain.nn"}, folder / ""), "a chain's time");
}

}  // namespace
}  // namespace chainrule::tests
