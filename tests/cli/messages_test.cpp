// What chainrule says to a mistake, word for word, with its caret.
#include <gtest/gtest.h>

#include "data/test_files.h"
#include "support/run_program.h"

namespace chainrule::tests {
namespace {

struct Mistake {
    std::string name;
    std::string text;
    std::string message;
};

void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.name; }

const std::vector<Mistake> mistakes{
    {"a_matrix_of_another_width", "input x[3]\nweight W[4,2]\nloss sum(W @ x)\n",
     "net.nn:3:12: error: cannot multiply W [4, 2] @ x [3]: 2 columns against 3 rows\n"
     "  3 | loss sum(W @ x)\n"
     "    |            ^\n"
     "net.nn:1:7: note: x is declared here\n"},
    {"a_matrix_that_wants_transposing",
     "input x[128]\nweight W1[128,784]\nz1 = W1 @ x\nloss sum(z1)\n",
     "net.nn:3:9: error: cannot multiply W1 [128, 784] @ x [128]: 784 columns against 128 rows\n"
     "  3 | z1 = W1 @ x\n"
     "    |         ^\n"
     "net.nn:1:7: note: x is declared here; did you mean W1' @ x?\n"},
    {"a_sum_of_two_lengths", "input x[3], y[4]\nloss sum(x + y)\n",
     "net.nn:2:12: error: cannot compute x [3] + y [4]: 3 against 4 in the last axis\n"
     "  2 | loss sum(x + y)\n"
     "    |            ^\n"
     "net.nn:1:13: note: y is declared here\n"},
    {"an_unknown_name", "input x\nweight w\nz = x * ww\nloss z\n",
     "net.nn:3:9: error: unknown name ww; did you mean w?\n"
     "  3 | z = x * ww\n"
     "    |         ^~\n"},
    {"an_unknown_function", "input x\nweight w\nloss sigmiod(x * w)\n",
     "net.nn:3:6: error: unknown function sigmiod; did you mean sigmoid?\n"
     "  3 | loss sigmiod(x * w)\n"
     "    |      ^~~~~~~\n"},
    {"an_unknown_statement", "Weight w\nloss w\n",
     "net.nn:1:1: error: unknown statement 'Weight': did you mean 'weight'?\n"
     "  1 | Weight w\n"
     "    | ^~~~~~\n"},
    {"an_unknown_initialiser", "weight w ~ he_norml\nloss w\n",
     "net.nn:1:12: error: unknown initialiser he_norml; did you mean he_normal?\n"
     "  1 | weight w ~ he_norml\n"
     "    |            ^~~~~~~~\n"},
    {"two_mistakes_at_once", "weight w\nu = w\nu = 2*w\nloss u * vv\n",
     "net.nn:3:1: error: u is defined twice\n"
     "  3 | u = 2*w\n"
     "    | ^\n"
     "net.nn:2:1: note: u is first defined here\n"
     "net.nn:4:10: error: unknown name vv\n"
     "  4 | loss u * vv\n"
     "    |          ^~\n"},
    {"a_definition_in_terms_of_itself", "input x\nweight w\na = b * w\nb = a * x\nloss b\n",
     "net.nn:3:1: error: a is defined in terms of itself: a -> b -> a\n"
     "  3 | a = b * w\n"
     "    | ^\n"},
    {"a_bracket_left_open", "weight w\nloss (w * 2\n",
     "net.nn:2:12: error: expected ')' to close the '(', found the end of the text\n"
     "  2 | loss (w * 2\n"
     "    |            ^\n"
     "net.nn:2:6: note: the '(' is opened here\n"},
    {"a_bracket_too_many", "weight w\nloss w)\n",
     "net.nn:2:7: error: unexpected ')': no bracket is open that it could close\n"
     "  2 | loss w)\n"
     "    |       ^\n"},
    {"a_number_too_large", "weight w = 1e999\nloss w\n",
     "net.nn:1:12: error: the number '1e999' is too large for a double, which ends at 1.8e308\n"
     "  1 | weight w = 1e999\n"
     "    |            ^~~~~\n"},
    {"a_dimension_of_0", "input x[0]\nweight w\nloss w\n",
     "net.nn:1:9: error: a dimension must be a whole number of at least 1, and is 0\n"
     "  1 | input x[0]\n"
     "    |         ^\n"},
    {"a_tensor_beyond_bounds", "weight a[1000000,1000000,10]\nloss sum(a)\n",
     "net.nn:1:8: error: a [1000000, 1000000, 10] has more than 2^40 elements\n"
     "  1 | weight a[1000000,1000000,10]\n"
     "    |        ^\n"},
    {"a_loss_that_is_a_vector", "input x[2]\nweight w[2]\nloss x*w\n",
     "net.nn:3:6: error: the loss must be a scalar, and this is [2]: sum or mean makes one of it\n"
     "  3 | loss x*w\n"
     "    |      ^~~\n"},
    {"no_loss", "input x\nweight w\nz = x * w\n",
     "error: net.nn has no loss: add a line such as 'loss z'\n"},
    {"an_empty_file", "",
     "net.nn:1:1: error: net.nn is empty: write a network, such as 'input x', 'weight w', 'z = x * "
     "w' and 'loss z^2', one statement per line\n"
     "  1 | \n"
     "    | ^\n"},
    {"an_import_of_nothing", "import \"nothere.nn\"\nweight w\nloss w\n",
     "net.nn:1:8: error: cannot read nothere.nn: no such file\n"
     "  1 | import \"nothere.nn\"\n"
     "    |        ^~~~~~~~~~~~\n"},
    {"an_import_of_itself", "import \"net.nn\"\nweight w\nloss w\n",
     "net.nn:1:8: error: net.nn imports itself: net.nn -> net.nn\n"
     "  1 | import \"net.nn\"\n"
     "    |        ^~~~~~~~\n"},
    {"a_power_as_in_python", "weight w\nloss w ** 2\n",
     "net.nn:2:8: error: '**' is not an operator: a power is written with '^'\n"
     "  2 | loss w ** 2\n"
     "    |        ^~\n"},
    {"a_product_without_its_sign", "weight w\nloss 2w\n",
     "net.nn:2:6: error: '2w' is neither a number nor a name: a product is written 2 * w\n"
     "  2 | loss 2w\n"
     "    |      ^~\n"},
    {"logits_for_another_number_of_classes",
     "input x[4]\ntarget y: class(3)\nweight W[2,4]\nloss cross_entropy(W @ x, y)\n",
     "net.nn:4:6: error: cannot compute cross_entropy([2], y class label): 2 logits against 3 "
     "classes\n"
     "  4 | loss cross_entropy(W @ x, y)\n"
     "    |      ^~~~~~~~~~~~~\n"
     "net.nn:2:8: note: y is declared here\n"},
    {"a_function_of_too_many", "input x\nweight w\nloss sigmoid(x, w)\n",
     "net.nn:3:17: error: sigmoid takes 1 argument, and got 2\n"
     "  3 | loss sigmoid(x, w)\n"
     "    |                 ^\n"},
    {"an_element_beyond_the_end", "weight w[3]\nloss w[3]\n",
     "net.nn:2:8: error: there is no element 3: axis 0 has 3, counted from 0\n"
     "  2 | loss w[3]\n"
     "    |        ^\n"},
    {"a_setting_that_training_has_not", "weight w\ntrain optimzer = sgd\nloss w\n",
     "net.nn:2:7: error: train has no setting optimzer; did you mean optimizer?\n"
     "  2 | train optimzer = sgd\n"
     "    |       ^~~~~~~~\n"},
};

class CliMessage : public testing::TestWithParam<Mistake> {};

TEST_P(CliMessage, is_this_one) {
    TempFolder folder;
    folder.write("net.nn", GetParam().text);
    const ProgramRun run = run_program({"explain", "net.nn"}, {.folder = folder / ""});
    EXPECT_EQ(run.exit_code, 1);
    EXPECT_EQ(run.err, GetParam().message);
    EXPECT_EQ(run.out, "");
}

INSTANTIATE_TEST_SUITE_P(For, CliMessage, testing::ValuesIn(mistakes),
                         [](const auto& info) { return info.param.name; });

// Hostile texts: an answer within a second, never a crash.
TEST(CliHostile, texts_are_refused_at_once) {
    const auto repeated = [](std::size_t n, const std::string& part) {
        std::string text;
        for (std::size_t i = 0; i < n; ++i) {
            text += part;
        }
        return text;
    };
    const std::vector<std::pair<std::string, std::string>> texts{
        {"binary junk", std::string("\x7f"
                                    "ELF\x02\x01\0\0\xff\xfe\x80",
                                    11)},
        {"a NUL byte", std::string("weight w\0\nloss w\n", 17)},
        {"10,000 brackets",
         "weight w\nloss " + repeated(10'000, "(") + "w" + repeated(10'000, ")") + "\n"},
        {"100,000 open brackets", "weight w\nloss " + repeated(100'000, "(")},
        {"100,000 minuses", "weight w\nloss " + repeated(100'000, "-") + "w\n"},
        {"a line of 10 MB", "weight w\nloss w" + repeated(2'500'000, " + w") + "\n"},
        {"a name of 10 MB", "weight " + repeated(1'000'000, "abcdefghij") + "\nloss w\n"}};
    TempFolder folder;
    for (const auto& [name, text] : texts) {
        folder.write("net.nn", text);
        const ProgramRun run = run_program({"explain", "net.nn"}, {.folder = folder / ""});
        EXPECT_EQ(run.exit_code, 1) << name;
        EXPECT_EQ(run.err.substr(0, 7), "net.nn:") << name;
        EXPECT_LT(run.err.size(), 2000U) << name;
        EXPECT_EQ(run.out, "") << name;
    }
}

}  // namespace
}  // namespace chainrule::tests
