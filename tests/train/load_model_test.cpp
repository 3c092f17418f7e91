#include <gtest/gtest.h>

#include <algorithm>

#include "data/safetensors.h"
#include "data/test_files.h"
#include "network_text.h"
#include "train/answer_rule.h"
#include "train/model_file.h"

namespace chainrule {
namespace {

const std::string imported_text =
    "import \"blocks.nn\"\ninput x[3]\ntarget y\nconstant c\nweight w[3] = 1, b = 0\n"
    "p = g(twice(dot(w, x) + b) + c)\noutput p\nloss binary_cross_entropy(p, y)\n";

class LoadModel : public testing::Test {
protected:
    void SetUp() override {
        NetworkText texts{.file = "folder/net.nn",
                          .text = imported_text,
                          .imports = {{"folder/blocks.nn", "function twice(x) = 2 * x\n"}},
                          .defines = {"g = sigmoid"}};
        SourceMap sources;
        Diagnostics diagnostics;
        const ElaborateOptions options{
            .examples = Examples::many, .defines = texts.defines, .imports = texts.imports};
        auto elaborated = elaborate_text(texts.file, imported_text, options, sources, diagnostics);
        ASSERT_TRUE(elaborated);
        Network& network = elaborated->network;
        network.constant_values[network.constants.at(0)] = Tensor(0.25);
        learnt_.columns = {"a", "kind = b", "kind = c"};
        learnt_.encodings = {
            {.name = "a", .categories = {}},
            {.name = "kind",
             .kind = ColumnEncoding::Kind::category,
             .width = 2,
             .categories = {"b", "c"}},
            {.name = "id", .kind = ColumnEncoding::Kind::ignored, .width = 0, .categories = {}}};
        learnt_.has_header = true;
        learnt_.missing = MissingCells::refuse;
        learnt_.target_columns = {"truth"};
        learnt_.first_target = 1;
        learnt_.labels = {"no", "yes"};
        learnt_.preprocessing.scale = Scale::standard;
        learnt_.preprocessing.means = {0.1, 0, 0};
        learnt_.preprocessing.deviations = {1.0 / 3, 1, 1};
        learnt_.preprocessing.fills = {0.1, 0.5, 0.5};
        save_model(path_, {network, texts, weights_, learnt_, AnswerKind::threshold, DType::f64});
    }

    Model load() {
        SourceMap sources;
        return load_model(path_, sources);
    }

    // The refusal of the file after a change.
    template <typename Change>
    std::string refusal_after(Change change) {
        TensorFile file = read_safetensors(path_);
        change(file);
        write_safetensors(path_, file);
        return refusal([&] { load(); });
    }

    // The refusal after one text in the metadata is put in the place of another.
    std::string refusal_with(const std::string& key, const std::string& from,
                             const std::string& to) {
        return refusal_after([&](TensorFile& file) {
            std::string& value = file.metadata.at(key);
            const std::size_t at = value.find(from);
            ASSERT_NE(at, std::string::npos) << value;
            value.replace(at, from.size(), to);
        });
    }

    TempFolder folder_;
    std::string path_ = folder_ / "m.safetensors";
    LearntData learnt_;
    std::vector<Tensor> weights_{Tensor({3}, {0.1, 2, 3}), Tensor(-0.5)};
};

TEST_F(LoadModel, gives_back_what_was_saved) {
    const Model model = load();
    ASSERT_EQ(model.weights.size(), 2U);
    EXPECT_EQ(model.weights[0].data, weights_[0].data);
    EXPECT_EQ(model.weights[1].data, weights_[1].data);
    EXPECT_EQ(model.dtype, DType::f64);
    EXPECT_EQ(model.answer, AnswerKind::threshold);
    EXPECT_EQ(model.network.constant_values.at(model.network.constants.at(0)).data,
              (std::vector<double>{0.25}));
    const LearntData& found = model.learnt;
    EXPECT_EQ(found.columns, learnt_.columns);
    EXPECT_EQ(found.labels, learnt_.labels);
    EXPECT_EQ(found.target_columns, learnt_.target_columns);
    EXPECT_EQ(found.first_target, 1U);
    EXPECT_TRUE(found.has_header);
    EXPECT_EQ(found.missing, MissingCells::refuse);
    EXPECT_EQ(found.preprocessing.scale, Scale::standard);
    EXPECT_EQ(found.preprocessing.means, learnt_.preprocessing.means);
    EXPECT_EQ(found.preprocessing.deviations, learnt_.preprocessing.deviations);
    EXPECT_EQ(found.preprocessing.fills, learnt_.preprocessing.fills);
    ASSERT_EQ(found.encodings.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(found.encodings[i].name, learnt_.encodings[i].name);
        EXPECT_EQ(found.encodings[i].kind, learnt_.encodings[i].kind);
        EXPECT_EQ(found.encodings[i].width, learnt_.encodings[i].width);
        EXPECT_EQ(found.encodings[i].categories, learnt_.encodings[i].categories);
    }
}

TEST_F(LoadModel, lists_all_tensors_that_are_not_the_networks) {
    const std::string message = refusal_after([](TensorFile& file) {
        std::ranges::find(file.tensors, "w", &NamedTensor::name)->shape = {3, 1};
        std::ranges::find(file.tensors, "b", &NamedTensor::name)->name = "c";
    });
    EXPECT_EQ(message, path_ + ": the weight w is [3, 1], but the network's is [3]\n" + path_ +
                           ": the weight b is missing\n" + path_ + ": the network has no weight c");
}

TEST_F(LoadModel, refuses_weights_that_are_not_finite) {
    const std::string message = refusal_after([](TensorFile& file) {
        std::ranges::find(file.tensors, "b", &NamedTensor::name)->data = {NAN};
    });
    EXPECT_EQ(message, path_ + ": the weight b holds a number that is not finite");
}

TEST_F(LoadModel, refuses_tensors_without_a_network) {
    const std::string message = refusal_after([](TensorFile& file) { file.metadata.clear(); });
    EXPECT_NE(message.find("holds tensors, but no network"), std::string::npos) << message;
}

TEST_F(LoadModel, refuses_metadata_that_is_damaged_naming_the_file) {
    struct Damage {
        std::string key, from, to, message;
    };
    const std::vector<Damage> damages{
        {"preprocessing", "\"scale\"", "\"scala\"", "key 'scale' not found"},
        {"preprocessing", "standard", "stendard", "unknown word stendard"},
        {"preprocessing", "\"width\":2", "\"width\":3", "another number than their encodings"},
        {"preprocessing", "\"b\",\"c\"", "\"c\",\"b\"", "categories of the column kind"},
        {"preprocessing", "[0.1,0.0,0.0]", "[0.1,0.0]", "numbers for scaling"},
        {"preprocessing", "[\"no\",\"yes\"]", "[\"no\"]", "labels are not those"},
        {"preprocessing", "{", "", "is no JSON"},
        {"constants", "0.25", "[0.25]", "c"},
        {"answer", "threshold", "one_hot", "no answer of the kind \"one_hot\""},
        {"imports", "blocks", "blacks", "the text of folder/blocks.nn was not kept"},
        {"defines", "[", "", "is no JSON"},
        {"network", "dot", "dat", "unknown function dat"},
    };
    const std::string whole = read_bytes(path_);
    for (const Damage& damage : damages) {
        folder_.write("m.safetensors", whole);
        const std::string message = refusal_with(damage.key, damage.from, damage.to);
        EXPECT_NE(message.find(damage.message), std::string::npos) << damage.key << ": " << message;
        EXPECT_NE(message.find(damage.key == "constants" ? "c" : "m.safetensors"),
                  std::string::npos)
            << message;
    }
}

// Whatever byte is lost, the answer is a refusal or the model.
TEST_F(LoadModel, refuses_every_truncation) {
    const std::string whole = read_bytes(path_);
    for (std::size_t length = 0; length < whole.size(); length += 7) {
        folder_.write("m.safetensors", whole.substr(0, length));
        EXPECT_NE(refusal([&] { load(); }), "") << length;
    }
}

}  // namespace
}  // namespace chainrule
