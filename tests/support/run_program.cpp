#include "support/run_program.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>

namespace chainrule::tests {
namespace {

// A file without a name, which goes away with the test.
class Scratch {
public:
    explicit Scratch(const std::string& text = {}) : file_(std::tmpfile(), std::fclose) {
        if (!file_) {
            throw std::runtime_error("no temporary file");
        }
        std::fwrite(text.data(), 1, text.size(), file_.get());
        std::rewind(file_.get());
    }

    int descriptor() const { return ::fileno(file_.get()); }

    std::string text() const {
        std::rewind(file_.get());
        std::string result;
        char buffer[4096];
        for (std::size_t n = std::fread(buffer, 1, sizeof buffer, file_.get()); n > 0;
             n = std::fread(buffer, 1, sizeof buffer, file_.get())) {
            result.append(buffer, n);
        }
        return result;
    }

private:
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

// In the child; does not return.
[[noreturn]] void become(const std::vector<std::string>& command,
                         const Surroundings& surroundings) {
    if (!surroundings.folder.empty() && ::chdir(surroundings.folder.c_str()) != 0) {
        ::_exit(126);
    }
    for (const auto& [name, value] : surroundings.environment) {
        ::setenv(name.c_str(), value.c_str(), 1);
    }
    std::vector<char*> arguments;
    for (const std::string& argument : command) {
        arguments.push_back(const_cast<char*>(argument.c_str()));
    }
    arguments.push_back(nullptr);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
}

}  // namespace

ProgramRun run_any(const std::vector<std::string>& command, const Surroundings& surroundings) {
    const Scratch in(surroundings.input);
    const Scratch out;
    const Scratch err;
    const auto begin = std::chrono::steady_clock::now();
    const pid_t child = ::fork();
    if (child == 0) {
        const std::string& path = surroundings.out_path;
        ::dup2(in.descriptor(), STDIN_FILENO);
        ::dup2(path.empty() ? out.descriptor() : ::open(path.c_str(), O_WRONLY), STDOUT_FILENO);
        ::dup2(err.descriptor(), STDERR_FILENO);
        become(command, surroundings);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), out.text(), err.text(),
            time.count()};
}

ProgramRun run_program(const std::vector<std::string>& arguments,
                       const Surroundings& surroundings) {
    std::vector<std::string> command{CHAINRULE_PROGRAM};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return run_any(command, surroundings);
}

ProgramRun run_line(const std::string& arguments, const std::string& folder) {
    return run_any({"sh", "-c", CHAINRULE_PROGRAM " " + arguments}, {.folder = folder});
}

const char* const worksheet = R"(input  x
target y
weight w1, w2
function g1, g2, Loss
z1 = x * w1
a1 = g1(z1)
z2 = a1 * w2
a2 = g2(z2)
output a2
loss Loss(a2, y)
)";

std::vector<std::string> worksheet_functions(const std::string& loss) {
    return {"--define", "g1 = sigmoid", "--define", "g2 = sigmoid", "--define", loss};
}

}  // namespace chainrule::tests
