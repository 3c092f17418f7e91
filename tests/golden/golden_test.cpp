// Whole texts, as they must be printed; see golden_file.h. `test_golden --update` rewrites what is
// expected.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "data/test_files.h"
#include "golden/golden_file.h"
#include "support/explained.h"
#include "support/run_program.h"

namespace chainrule::tests {
namespace {

std::string name_of(const std::string& path) { return std::filesystem::path(path).stem().string(); }

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, prints_what_it_must) {
    const GoldenFile golden = read_golden(GetParam());
    EXPECT_EQ(run_golden(golden), golden.expected)
        << "if it is better so: build/tests/test_golden --update, and read the difference";
}

// --- what is printed is legal input --------------------------------------------------------------

// The options that say what the network is: --define with what follows it.
std::vector<std::string> definitions(const std::vector<std::string>& arguments) {
    std::vector<std::string> result;
    for (std::size_t i = 0; i + 1 < arguments.size(); ++i) {
        if (arguments[i] == "--define") {
            result.insert(result.end(), {arguments[i], arguments[i + 1]});
        }
    }
    return result;
}

TEST_P(Golden, prints_formulas_that_it_reads_back_and_marks_right) {
    const GoldenFile golden = read_golden(GetParam());
    if (golden.arguments[0] != "explain" ||
        golden.expected.find("[exit code") != std::string::npos) {
        GTEST_SKIP() << "explains nothing";
    }
    const TempFolder folder;
    for (const auto& [name, text] : golden.files) {
        folder.write(name, text);
    }
    const std::vector<std::string> given = definitions(golden.arguments);
    std::vector<std::string> explain{"explain", golden.arguments[1], "--format", "json"};
    explain.insert(explain.end(), given.begin(), given.end());
    const ProgramRun run = run_program(explain, {.folder = folder / ""});
    ASSERT_EQ(run.exit_code, 0) << run.err;
    std::vector<std::string> check{"check", golden.arguments[1], "--answers", "-"};
    check.insert(check.end(), given.begin(), given.end());
    const ProgramRun marked = run_program(
        check,
        {.folder = folder / "", .input = formulas_as_answers(nlohmann::json::parse(run.out))});
    EXPECT_EQ(marked.exit_code, 0) << marked.out << marked.err;
    EXPECT_EQ(marked.out.find(": defined"), std::string::npos) << marked.out;
}

INSTANTIATE_TEST_SUITE_P(Of, Golden, testing::ValuesIn(golden_paths()),
                         [](const auto& info) { return name_of(info.param); });

int update() {
    int changed = 0;
    for (const std::string& path : golden_paths()) {
        GoldenFile golden = read_golden(path);
        const std::string printed = run_golden(golden);
        if (printed != golden.expected) {
            golden.expected = printed;
            write_golden(golden);
            std::printf("updated %s\n", name_of(path).c_str());
            ++changed;
        }
    }
    std::printf("%d changed\n", changed);
    return 0;
}

}  // namespace
}  // namespace chainrule::tests

int main(int argc, char** argv) {
    if (argc == 2 && std::strcmp(argv[1], "--update") == 0) {
        return chainrule::tests::update();
    }
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
