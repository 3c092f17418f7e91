#include "cli/stop_signals.h"

namespace chainrule {
namespace {

constexpr std::array<int, 3> asked_to_stop{SIGINT, SIGTERM, SIGPIPE};

// A signal handler can reach nothing but a static flag.
volatile std::sig_atomic_t signal_seen = 0;

void note_signal(int signal) {
    signal_seen = signal;
    for (const int each : asked_to_stop) {
        struct sigaction usual = {};
        usual.sa_handler = SIG_DFL;
        sigaction(each, &usual, nullptr);
    }
}

}  // namespace

StopSignals::StopSignals() {
    signal_seen = 0;
    struct sigaction action = {};
    action.sa_handler = note_signal;
    action.sa_flags = SA_RESTART;
    // Between the signal and the end of its handler, another one waits.
    for (const int each : asked_to_stop) {
        sigaddset(&action.sa_mask, each);
    }
    for (std::size_t i = 0; i < asked_to_stop.size(); ++i) {
        sigaction(asked_to_stop[i], nullptr, &before_[i]);
        if (before_[i].sa_handler != SIG_IGN) {
            sigaction(asked_to_stop[i], &action, nullptr);
        }
    }
}

StopSignals::~StopSignals() {
    for (std::size_t i = 0; i < asked_to_stop.size(); ++i) {
        sigaction(asked_to_stop[i], &before_[i], nullptr);
    }
}

int StopSignals::seen() { return signal_seen; }

int StopSignals::exit_code() {
    constexpr int ended_by_signal = 128;
    return ended_by_signal + signal_seen;
}

}  // namespace chainrule
