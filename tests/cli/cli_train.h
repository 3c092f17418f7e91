// `chainrule train` on a line and a worksheet network, in a folder of the test's own.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "data/test_files.h"
#include "support/run_program.h"

namespace chainrule {

class CliTrain : public testing::Test {
protected:
    using Outcome = tests::ProgramRun;

    // Runs the program on `arguments`, as a shell reads them, in the test's folder.
    Outcome run(const std::string& arguments) {
        return tests::run_line("train " + arguments, folder_ / "");
    }

    // The same on a network and rows of the test's own, net.nn and data.csv.
    Outcome run_on(const std::string& network, const std::string& rows,
                   const std::string& options) {
        folder_.write("net.nn", network);
        folder_.write("data.csv", rows);
        return run("net.nn --data data.csv " + options);
    }

    void SetUp() override {
        folder_.write("line.nn",
                      "input x\ntarget y\nweight w = 0\nweight b = 0\n"
                      "p = w * x + b\nloss squared_error(p, y)\n");
        folder_.write("line.csv", "x,y\n1,5\n2,7\n3,9\n4,11\n");  // y = 2 x + 3
        folder_.write("worksheet.nn",
                      "input x\ntarget y\nweight w1 = 0.5, w2 = 0.5\nfunction g1, g2, Loss\n"
                      "z1 = x * w1\na1 = g1(z1)\nz2 = a1 * w2\na2 = g2(z2)\noutput a2\n"
                      "loss Loss(a2, y)\n");
    }

    TempFolder folder_;
};

}  // namespace chainrule
