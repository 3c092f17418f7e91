// chainrule reading a table as a contender: parses the file into typed columns, as `train` and
// `inspect` do, and nothing else.
//
//     read_contender FILE ROUNDS
//
// Prints, for each round, the seconds on the clock and those of all threads on processors. The
// table of a round is freed before the next begins, outside the time, as pandas' is.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>

#include "data/table.h"

namespace {

double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

double clock_seconds() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration<double>(now).count();
}

void read_once(const char* path) {
    const double processor = processor_seconds();
    const double clock = clock_seconds();
    const chainrule::Table table = chainrule::read_table(path);
    std::printf("%.6f %.6f\n", clock_seconds() - clock, processor_seconds() - processor);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fputs("usage: read_contender FILE ROUNDS\n", stderr);
        return 2;
    }
    try {
        for (int round = std::atoi(argv[2]); round > 0; --round) {
            read_once(argv[1]);
        }
    } catch (const std::exception& error) {
        std::fprintf(stderr, "read_contender: %s\n", error.what());
        return 1;
    }
    return 0;
}
