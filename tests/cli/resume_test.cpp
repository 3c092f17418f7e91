// Killed, interrupted, terminated: what `chainrule train --resume` makes of it.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "data/test_files.h"
#include "ir/random.h"
#include "support/run_program.h"

namespace chainrule::tests {
namespace {

class Resume : public testing::Test {
protected:
    void SetUp() override {
        folder_.write("net.nn",
                      "input x[2]\ntarget y\nweight W[8, 2] ~ he_normal\nweight v[8] ~ he_normal\n"
                      "loss squared_error(v @ tanh(W @ x), y)\n");
        const RandomStream random(3, stream_id("rows"));
        std::string rows = "a,b,y\n";
        for (std::uint64_t i = 0; i < 200; ++i) {
            const double a = random.normal(2 * i);
            const double b = random.normal(2 * i + 1);
            rows +=
                std::to_string(a) + "," + std::to_string(b) + "," + std::to_string(a * b) + "\n";
        }
        folder_.write("d.csv", rows);
    }

    std::vector<std::string> train(const std::vector<std::string>& more) const {
        std::vector<std::string> command{"train",   "net.nn", "--data",      "d.csv",
                                         "--split", "0.2",    "--optimizer", "adam"};
        command.insert(command.end(), more.begin(), more.end());
        return command;
    }

    ProgramRun run(const std::vector<std::string>& more) const {
        return run_program(train(more), {.folder = folder_ / ""});
    }

    // The exit code of a run that is killed so long after it has saved something; -n where that
    // ended it.
    int killed(const std::vector<std::string>& more, std::chrono::microseconds wait) const {
        std::vector<std::string> command{CHAINRULE_PROGRAM};
        const auto arguments = train(more);
        command.insert(command.end(), arguments.begin(), arguments.end());
        const ino_t before = file();
        const pid_t child = ::fork();
        if (child == 0) {
            become(command);
        }
        int status = 0;
        while (file() == before) {
            if (::waitpid(child, &status, WNOHANG) == child) {
                return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
            }
            std::this_thread::sleep_for(std::chrono::microseconds(200));
        }
        std::this_thread::sleep_for(wait);
        ::kill(child, SIGKILL);
        ::waitpid(child, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }

    // Which file is there: every save makes another one.
    ino_t file() const {
        struct stat status{};
        return ::stat((folder_ / "m.safetensors").c_str(), &status) == 0 ? status.st_ino : 0;
    }

    // Kills as many runs as that, each at a random moment, and goes on from what is there.
    void survives(int kills) {
        const std::vector<std::string> saving{"--epochs", "60",    "--checkpoint-every",
                                              "0",        "--out", "m.safetensors"};
        ASSERT_EQ(run({"--epochs", "60", "--out", "whole.safetensors"}).exit_code, 0);
        const RandomStream random(9, stream_id("moments"));
        std::uint64_t moment = 0;
        int resumed = 0;
        for (int done = 0; done < kills;) {
            std::vector<std::string> more = saving;
            if (std::filesystem::exists(folder_ / "m.safetensors")) {
                more.insert(more.end(), {"--resume", "m.safetensors"});
                ++resumed;
            }
            const std::chrono::microseconds wait(static_cast<int>(2e4 * random.uniform(moment++)));
            const int code = killed(more, wait);
            ASSERT_TRUE(code == 0 || code == -SIGKILL) << code;
            done += code == 0 ? 0 : 1;
            if (code == 0) {
                expect_whole_bits();
                std::filesystem::remove(folder_ / "m.safetensors");
            }
        }
        EXPECT_GT(resumed, 0);
        finish(saving);
    }

    std::string bytes_of(const std::string& name) const { return read_bytes(folder_ / name); }

    void expect_whole_bits() const {
        EXPECT_EQ(bytes_of("m.safetensors"), bytes_of("whole.safetensors"));
    }

    TempFolder folder_;

private:
    void finish(std::vector<std::string> more) {
        if (std::filesystem::exists(folder_ / "m.safetensors")) {
            more.insert(more.end(), {"--resume", "m.safetensors"});
        }
        ASSERT_EQ(run(more).exit_code, 0);
        expect_whole_bits();
        // The network, the data, two models: what killed runs left behind is gone.
        EXPECT_EQ(folder_.entries(), 4U);
    }

    [[noreturn]] void become(const std::vector<std::string>& command) const {
        std::vector<char*> arguments;
        for (const std::string& argument : command) {
            arguments.push_back(const_cast<char*>(argument.c_str()));
        }
        arguments.push_back(nullptr);
        if (::chdir((folder_ / "").c_str()) != 0 || !std::freopen("err.log", "w", stderr) ||
            !std::freopen("/dev/null", "w", stdout) || ::unlink("err.log") != 0) {
            ::_exit(126);
        }
        ::execv(arguments[0], arguments.data());
        ::_exit(127);
    }
};

TEST_F(Resume, gives_the_same_bytes_after_kills_at_random_moments) { survives(6); }

using SlowResume = Resume;
TEST_F(SlowResume, gives_the_same_bytes_after_a_hundred_kills) { survives(100); }

TEST_F(Resume, finishes_the_step_on_a_signal_and_says_how_to_go_on) {
    const std::vector<std::pair<std::string, int>> signals{{"INT", 130}, {"TERM", 143}};
    for (const auto& [signal, code] : signals) {
        const std::string script =
            "\"$0\" train net.nn --data d.csv --epochs 100000000 --checkpoint-every 0 --out 'a "
            "model' >/dev/null 2>err "
            "& "
            "child=$!; while [ ! -e 'a model' ]; do sleep 0.02; done; kill -" +
            signal + " $child; wait $child";
        const ProgramRun stopped =
            run_any({"bash", "-c", "set -m; " + script + "; code=$?; cat err; exit $code",
                     CHAINRULE_PROGRAM},
                    {.folder = folder_ / "", .environment = {}});
        EXPECT_EQ(stopped.exit_code, code) << stopped.out;
        EXPECT_TRUE(contains(stopped.out, "saved to a model\ninterrupted; to go on:\n"))
            << stopped.out;
        EXPECT_TRUE(contains(
            stopped.out,
            "train net.nn --data d.csv --epochs 100000000 --checkpoint-every 0 --out 'a model' "
            "--resume 'a model'\n"))
            << stopped.out;
        std::filesystem::remove(folder_ / "a model");
    }
}

TEST_F(Resume, a_second_signal_ends_at_once_and_leaves_the_last_save) {
    ASSERT_EQ(run({"--epochs", "2", "--out", "m.safetensors"}).exit_code, 0);
    const std::string before = bytes_of("m.safetensors");
    // Standard output is a pipe that nobody reads: training stands still in the middle of its
    // table, and the first signal cannot be answered.
    const std::string script =
        "mkfifo table; exec 3<>table; "
        "\"$0\" train net.nn --data d.csv --split 0.2 --optimizer adam --epochs 100000000 "
        "--checkpoint-every 1000000 --resume m.safetensors >&3 2>err & child=$!; "
        "size=-1; for i in $(seq 200); do sleep 0.05; now=$(awk '{ print $14 + $15 }' "
        "/proc/$child/stat); [ \"$now\" = \"$size\" ] && break; size=$now; done; "
        "kill -INT $child; sleep 0.1; kill -0 $child && echo waits; kill -INT $child; "
        "wait $child; code=$?; cat err; exit $code";
    const ProgramRun stopped = run_any({"bash", "-c", "set -m; " + script, CHAINRULE_PROGRAM},
                                       {.folder = folder_ / "", .environment = {}});
    EXPECT_EQ(stopped.exit_code, 130) << stopped.out << stopped.err;
    EXPECT_TRUE(contains(stopped.out, "waits\n")) << "the first signal only asks";
    EXPECT_FALSE(contains(stopped.out, "saved to")) << stopped.out;
    EXPECT_EQ(bytes_of("m.safetensors"), before);
}

// The folder becomes one in which nothing can be made, in the midst of training.
TEST_F(Resume, a_save_that_fails_midway_is_a_warning_and_leaves_the_last_one) {
    const std::string script =
        "mkdir out; \"$0\" train net.nn --data d.csv --epochs 100000000 --checkpoint-every 0 --out "
        "out/m >/dev/null 2>err & child=$!; while [ ! -e out/m ]; do sleep 0.02; done; "
        "mv out away; : >out; while ! grep -q 'training goes on' err; do sleep 0.02; done; "
        "cp away/m kept; kill -0 $child && echo goes on; kill -INT $child; wait $child; code=$?; "
        "cat "
        "err; exit $code";
    const ProgramRun run_on = run_any({"bash", "-c", "set -m; " + script, CHAINRULE_PROGRAM},
                                      {.folder = folder_ / "", .environment = {}});
    EXPECT_TRUE(contains(run_on.out, "goes on\n")) << run_on.out;
    EXPECT_TRUE(contains(run_on.out, "warning: ")) << run_on.out;
    EXPECT_TRUE(contains(run_on.out, "; training goes on, and what was saved before stays\n"))
        << run_on.out;
    // The last save is not made either, and that is an error.
    EXPECT_EQ(run_on.exit_code, 1) << run_on.out;
    EXPECT_TRUE(contains(run_on.out, "error: ")) << run_on.out;
    EXPECT_EQ(bytes_of("away/m"), bytes_of("kept"));
}

// What was told is not told again, and what is found later does not depend on the break; so with
// steps left out.
TEST_F(Resume, tells_symptoms_once_and_counts_skipped_steps_over_all_runs) {
    folder_.write("log.nn",
                  "input x[2]\ntarget y\nweight W[4, 2] = 0.5\nweight v[4] = 0.5\n"
                  "h = tanh(W @ x)\nloss squared_error(v @ h + 0 * log(x[0] + 2), y)\n");
    const auto log_run = [&](std::vector<std::string> more) {
        more.insert(more.begin(), {"train", "log.nn", "--data", "d.csv", "--batch", "8", "--on-nan",
                                   "skip", "--optimizer", "adam"});
        return run_program(more, {.folder = folder_ / ""});
    };
    const ProgramRun whole = log_run({"--epochs", "6", "--out", "whole.safetensors"});
    ASSERT_EQ(whole.exit_code, 0) << whole.err;
    EXPECT_TRUE(contains(whole.out, "skipped ")) << whole.out;
    EXPECT_TRUE(contains(whole.err, "all 4 units of h are the same")) << whole.err;
    ASSERT_EQ(log_run({"--epochs", "2", "--out", "m.safetensors"}).exit_code, 0);
    const ProgramRun rest = log_run({"--epochs", "6", "--resume", "m.safetensors"});
    EXPECT_FALSE(contains(rest.err, "units of h")) << rest.err;
    const auto skipped = [](const std::string& out) {
        const std::size_t at = out.find("skipped ");
        return out.substr(at, out.find('\n', at) - at);
    };
    EXPECT_EQ(skipped(rest.out), skipped(whole.out));
    expect_whole_bits();
}

TEST_F(Resume, refuses_what_would_make_another_training_of_it) {
    ASSERT_EQ(run({"--epochs", "4", "--schedule", "cosine", "--out", "m.safetensors"}).exit_code,
              0);
    const std::string before = bytes_of("m.safetensors");
    struct Case {
        std::vector<std::string> more;
        std::string message;
    };
    const std::vector<Case> cases{
        {{"--batch", "8"}, "--batch is 8, but m.safetensors was begun with 32"},
        {{"--seed", "8"}, "--seed is 8, but m.safetensors was begun with 0"},
        {{"--clip-norm", "1"}, "--clip-norm is 1, but m.safetensors was begun with none"},
        {{"--dtype", "f64"}, "--dtype is f64, but m.safetensors was begun with f32"},
        {{"--epochs", "9"}, "its schedule, cosine, depends on them"},
        {{"--epochs", "3"}, "--epochs is 3, but m.safetensors has completed 4"},
        {{"--stream", "--buffer", "50"}, "read through another buffer (--stream, --buffer)"},
        {{"--patience", "2"}, "--patience is 2, but m.safetensors was begun with none"},
        {{"--target", "b"}, "the data are not those that m.safetensors was trained on"},
    };
    for (const Case& each : cases) {
        std::vector<std::string> more = each.more;
        more.insert(more.end(), {"--resume", "m.safetensors"});
        const ProgramRun refused = run(more);
        EXPECT_EQ(refused.exit_code, 1);
        EXPECT_TRUE(contains(refused.err, each.message)) << refused.err;
        EXPECT_EQ(bytes_of("m.safetensors"), before);
    }
    std::string rows = bytes_of("d.csv");
    rows[rows.size() - 2] = rows[rows.size() - 2] == '1' ? '2' : '1';
    folder_.write("d.csv", rows);
    EXPECT_TRUE(contains(run({"--resume", "m.safetensors"}).err,
                         "as many rows, but other numbers in them"));
    folder_.write("net.nn", bytes_of("net.nn") + "penalty 0.1 * sum(v^2)\n");
    EXPECT_TRUE(contains(run({"--resume", "m.safetensors"}).err,
                         "the network net.nn differs from what m.safetensors was trained with"));
}

TEST_F(Resume, trains_for_more_epochs_as_if_they_had_been_asked_for_at_first) {
    ASSERT_EQ(run({"--epochs", "6", "--out", "whole.safetensors"}).exit_code, 0);
    ASSERT_EQ(run({"--epochs", "2", "--out", "m.safetensors"}).exit_code, 0);
    ASSERT_EQ(run({"--epochs", "6", "--resume", "m.safetensors", "--threads", "1"}).exit_code, 0);
    expect_whole_bits();
}

}  // namespace
}  // namespace chainrule::tests
