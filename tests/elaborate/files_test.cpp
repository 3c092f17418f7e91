// Files and imports.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "elaborate/network_text.h"

namespace chainrule::tests {
namespace {

class Files : public testing::Test {
protected:
    void SetUp() override {
        before_ = std::filesystem::current_path();
        folder_ = std::filesystem::temp_directory_path() /
                  ("chainrule_" +
                   std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        std::filesystem::create_directories(folder_ / "parts");
        std::filesystem::current_path(folder_);
    }
    void TearDown() override {
        std::filesystem::current_path(before_);
        std::filesystem::remove_all(folder_);
    }
    static void write(const std::string& path, const std::string& text) {
        std::ofstream(path) << text;
    }

private:
    std::filesystem::path before_;
    std::filesystem::path folder_;
};

TEST_F(Files, imports_are_relative_to_the_importing_file_and_count_once) {
    write("net.nn", "import \"parts/a.nn\"\nimport \"parts/b.nn\"\nweight w\nloss f(w) + c\n");
    write("parts/a.nn", "import \"b.nn\"\nfunction f(z) = z * c\n");
    write("parts/b.nn", "constant c = 2\n");
    EXPECT_EQ(diagnostics_of_file("net.nn"), "");
}

TEST_F(Files, an_import_that_comes_back_names_the_ring) {
    write("net.nn", "import \"parts/a.nn\"\nweight w\nloss w\n");
    write("parts/a.nn", "import \"../net.nn\"\n");
    EXPECT_EQ(
        diagnostics_of_file("net.nn"),
        R"(parts/a.nn:1:8: error: parts/../net.nn imports itself: net.nn -> parts/a.nn -> parts/../net.nn
  1 | import "../net.nn"
    |        ^~~~~~~~~~~
)");
}

TEST_F(Files, an_import_that_cannot_be_read_says_why_and_hides_no_other_error) {
    write("net.nn", "import \"parts/c.nn\"\nimport \"parts\"\nweight w\nloss g(w) + [1, 2]\n");
    EXPECT_EQ(diagnostics_of_file("net.nn"),
              R"(net.nn:1:8: error: cannot read parts/c.nn: no such file
  1 | import "parts/c.nn"
    |        ^~~~~~~~~~~~
net.nn:2:8: error: cannot read parts: it is a directory
  2 | import "parts"
    |        ^~~~~~~
)") << "g may be in what could not be read";
}

TEST_F(Files, a_file_that_cannot_be_read_says_why) {
    EXPECT_EQ(diagnostics_of_file("no.nn"), "error: cannot read no.nn: no such file\n");
    EXPECT_EQ(diagnostics_of_file("parts"), "error: cannot read parts: it is a directory\n");
}

TEST_F(Files, binary_junk_is_refused_with_its_place) {
    write("net.nn", std::string("weight w\n\x00\xff\xfe", 12));
    const std::string all = diagnostics_of_file("net.nn");
    EXPECT_EQ(all.rfind("net.nn:2:1: error: ", 0), 0U) << all;
}

TEST_F(Files, an_endless_file_is_refused) {
    if (!std::filesystem::exists("/dev/zero")) {
        GTEST_SKIP() << "no /dev/zero here";
    }
    EXPECT_EQ(diagnostics_of_file("/dev/zero"),
              "error: /dev/zero is larger than 64 MB: no network is\n");
}

}  // namespace
}  // namespace chainrule::tests
