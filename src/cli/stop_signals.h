// While it lives, the first SIGINT (Ctrl-C), SIGTERM or SIGPIPE (whoever reads the output is gone)
// only asks to stop; a second one, of any kind, ends the program at once, as ever. A signal that
// was ignored (nohup) stays ignored.
//
//     const StopSignals signals;
//     while (StopSignals::seen() == 0) step();
//     return StopSignals::exit_code();
#pragma once

#include <array>
#include <csignal>

namespace chainrule {

class StopSignals {
public:
    StopSignals();
    ~StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

    // The signal that came, or 0.
    static int seen();
    // As a shell reports a program that the signal ended: 130, 143, 141.
    static int exit_code();

private:
    std::array<struct sigaction, 3> before_ = {};
};

}  // namespace chainrule
