// Section 4 of the list of bad inputs: whatever happens at a system call of a save, the file is the
// old one or the new one, and an error is named. A traced child saves; the parent kills it before
// its n-th call, makes that call fail, or lets a write take half of what it was given.
#include <gtest/gtest.h>

#if defined(__x86_64__)
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <set>

#include "data/atomic_file.h"
#include "data/safetensors.h"
#include "test_files.h"

namespace chainrule {
namespace {

enum class Fault { none, kill, error, short_write };

TensorFile file_of(double number) {
    return {.tensors = {{"W", {100}, TensorDtype::f64, std::vector<double>(100, number)}},
            .metadata = {{"k", "v"}}};
}

constexpr int refused = 7;

[[noreturn]] void save_traced(const std::string& path) {
    ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    ::raise(SIGSTOP);
    int code = 0;
    try {
        write_safetensors(path, file_of(2));
    } catch (const UserError& error) {
        code = contains(error.what(), path) ? refused : 1;
    } catch (...) {
        code = 2;
    }
    ::_exit(code);
}

// Calls that touch files; memory and the like are not the save's.
bool is_of_files(unsigned long long call) {
    static const std::set<unsigned long long> calls{SYS_open,   SYS_openat,   SYS_write,  SYS_fsync,
                                                    SYS_rename, SYS_renameat, SYS_fchmod, SYS_flock,
                                                    SYS_close,  SYS_renameat2};
    return calls.contains(call);
}

struct Outcome {
    bool reached = false;  // there was an n-th call
    unsigned long long call = 0;
    int exit_code = -1;  // -1: killed
};

void inject(pid_t child, Fault fault, user_regs_struct& registers, bool& fail_at_exit) {
    if (fault == Fault::kill) {
        ::kill(child, SIGKILL);
    } else if (fault == Fault::error) {
        registers.orig_rax = static_cast<unsigned long long>(-1);  // no call at all
        ::ptrace(PTRACE_SETREGS, child, nullptr, &registers);
        fail_at_exit = true;
    } else if (fault == Fault::short_write && registers.orig_rax == SYS_write) {
        registers.rdx = (registers.rdx + 1) / 2;
        ::ptrace(PTRACE_SETREGS, child, nullptr, &registers);
    }
}

// The child's save with a fault at its n-th call, from 0.
Outcome save_with(const std::string& path, Fault fault, int n) {
    const pid_t child = ::fork();
    if (child == 0) {
        save_traced(path);
    }
    Outcome outcome;
    int status = 0;
    ::waitpid(child, &status, 0);
    bool entering = true;
    bool fail_at_exit = false;
    for (int seen = 0;;) {
        ::ptrace(PTRACE_SYSCALL, child, nullptr, nullptr);
        ::waitpid(child, &status, 0);
        if (WIFEXITED(status) || WIFSIGNALED(status)) {
            outcome.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
            return outcome;
        }
        user_regs_struct registers{};
        ::ptrace(PTRACE_GETREGS, child, nullptr, &registers);
        if (!entering && fail_at_exit) {
            registers.rax = static_cast<unsigned long long>(-EIO);
            ::ptrace(PTRACE_SETREGS, child, nullptr, &registers);
            fail_at_exit = false;
        } else if (entering && is_of_files(registers.orig_rax) && seen++ == n) {
            outcome.reached = true;
            outcome.call = registers.orig_rax;
            inject(child, fault, registers, fail_at_exit);
        }
        entering = !entering;
    }
}

bool can_trace(const std::string& path) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0 ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WEXITSTATUS(status) == 0 && !path.empty();
}

// The first number of the file, which is whole: 1 before the save, 2 after it.
double saved_number(const std::string& path) { return read_safetensors(path).tensors[0].data[0]; }

class SaveFaults : public testing::TestWithParam<Fault> {};

TEST_P(SaveFaults, leave_the_old_file_or_the_new_one) {
    const TempFolder folder;
    const std::string path = folder / "m.safetensors";
    if (!can_trace(path)) {
        GTEST_SKIP() << "processes cannot be traced here";
    }
    int n = 0;
    std::set<unsigned long long> calls;
    for (;; ++n) {
        write_safetensors(path, file_of(1));
        const Outcome outcome = save_with(path, GetParam(), n);
        if (!outcome.reached) {
            break;
        }
        calls.insert(outcome.call);
        const double number = saved_number(path);
        if (outcome.exit_code == 0) {
            EXPECT_EQ(number, 2) << "call " << n;
        } else if (outcome.exit_code == refused) {
            EXPECT_EQ(number, 1) << "call " << n;
        } else {
            EXPECT_EQ(outcome.exit_code, -1) << "call " << n;
            EXPECT_EQ(GetParam(), Fault::kill);
            EXPECT_TRUE(number == 1 || number == 2) << "call " << n;
        }
        remove_left_behind(path);
        EXPECT_EQ(folder.entries(), 1U) << "call " << n;
    }
    EXPECT_GT(n, 5);
    EXPECT_TRUE(calls.contains(SYS_write) && calls.contains(SYS_fsync));
}

INSTANTIATE_TEST_SUITE_P(All, SaveFaults,
                         testing::Values(Fault::kill, Fault::error, Fault::short_write));

TEST(SaveFaults, are_errors_at_writing_flushing_and_renaming) {
    const TempFolder folder;
    const std::string path = folder / "m.safetensors";
    if (!can_trace(path)) {
        GTEST_SKIP() << "processes cannot be traced here";
    }
    std::set<unsigned long long> refused_calls;
    for (int n = 0;; ++n) {
        write_safetensors(path, file_of(1));
        const Outcome outcome = save_with(path, Fault::error, n);
        if (!outcome.reached) {
            break;
        }
        if (outcome.exit_code == refused) {
            refused_calls.insert(outcome.call);
        }
    }
    EXPECT_TRUE(refused_calls.contains(SYS_openat));
    EXPECT_TRUE(refused_calls.contains(SYS_write));
    EXPECT_TRUE(refused_calls.contains(SYS_fsync));
    EXPECT_TRUE(refused_calls.contains(SYS_rename) || refused_calls.contains(SYS_renameat) ||
                refused_calls.contains(SYS_renameat2));
}

}  // namespace
}  // namespace chainrule
#endif
