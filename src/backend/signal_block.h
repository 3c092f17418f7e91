// While it lives, signals that programs send wait for its thread to take them.
//
// oneDNN's kernels keep data in the stack pointer: a handler's frame would be written into them. It
// holds for the threads that the thread starts meanwhile, as long as they live.
#pragma once

#include <csignal>
#include <initializer_list>

namespace chainrule {

class SignalBlock {
public:
    SignalBlock() {
        sigset_t sent;
        sigfillset(&sent);
        // A fault is the thread's own, and cannot wait.
        for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT}) {
            sigdelset(&sent, fault);
        }
        pthread_sigmask(SIG_SETMASK, &sent, &before_);
    }
    ~SignalBlock() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalBlock(const SignalBlock&) = delete;
    SignalBlock& operator=(const SignalBlock&) = delete;

private:
    sigset_t before_ = {};
};

}  // namespace chainrule
