#include "train/model_file.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "data/safetensors.h"
#include "data/test_files.h"
#include "network_text.h"

namespace chainrule {
namespace {

const std::string small_text = "weight w = 1\nweight W[2, 2] = 0\nloss w + sum(W)\n";

LearntData sample_data() {
    LearntData data;
    data.columns = {"a", "kind = b"};
    data.encodings = {
        {.name = "a", .categories = {}},
        {.name = "kind", .kind = ColumnEncoding::Kind::category, .width = 1, .categories = {"b"}}};
    data.has_header = true;
    data.target_columns = {"t"};
    data.first_target = 2;
    data.labels = {"no", "yes"};
    data.preprocessing.scale = Scale::standard;
    data.preprocessing.means = {0.1, 2};
    data.preprocessing.deviations = {1, 0};
    data.preprocessing.fills = {0.1, 2};
    return data;
}

TensorFile saved(const std::string& path, DType dtype) {
    const Network network = network_of(small_text);
    const NetworkText texts{.file = "net.nn",
                            .text = small_text,
                            .imports = {{"blocks.nn", "function f(x) = x\n"}},
                            .defines = {"g = \"sigmoid\""}};
    const std::vector<Tensor> weights{Tensor(0.1), Tensor({2, 2}, {1, 2, 3, 4})};
    save_model(path, {network, texts, weights, sample_data(), AnswerKind::none, dtype});
    return read_safetensors(path);
}

const NamedTensor& tensor(const TensorFile& file, const std::string& name) {
    const auto found = std::ranges::find(file.tensors, name, &NamedTensor::name);
    EXPECT_NE(found, file.tensors.end());
    return *found;
}

TEST(ModelFile, weights_have_the_networks_names_and_shapes) {
    const TempFolder folder;
    const TensorFile file = saved(folder / "m.safetensors", DType::f64);
    ASSERT_EQ(file.tensors.size(), 2U);
    EXPECT_EQ(tensor(file, "w").data, (std::vector<double>{0.1}));
    EXPECT_EQ(tensor(file, "w").dtype, TensorDtype::f64);
    EXPECT_TRUE(tensor(file, "w").shape.empty());
    EXPECT_EQ(tensor(file, "W").shape, (std::vector<std::int64_t>{2, 2}));
    EXPECT_EQ(tensor(file, "W").data, (std::vector<double>{1, 2, 3, 4}));
}

TEST(ModelFile, f32_is_stored_as_f32) {
    const TempFolder folder;
    const TensorFile file = saved(folder / "m.safetensors", DType::f32);
    EXPECT_EQ(tensor(file, "W").dtype, TensorDtype::f32);
    EXPECT_EQ(tensor(file, "w").data[0], static_cast<double>(0.1F));
}

TEST(ModelFile, metadata_holds_all_that_using_it_again_takes) {
    const TempFolder folder;
    const auto metadata = saved(folder / "m.safetensors", DType::f32).metadata;
    EXPECT_EQ(metadata.at("format"), "chainrule");
    EXPECT_EQ(metadata.at("file"), "net.nn");
    EXPECT_EQ(metadata.at("network"), small_text);
    EXPECT_EQ(metadata.at("imports"), R"({"blocks.nn":"function f(x) = x\n"})");
    EXPECT_EQ(metadata.at("defines"), R"(["g = \"sigmoid\""])");
    EXPECT_EQ(metadata.at("constants"), "{}");
    EXPECT_EQ(metadata.at("answer"), "none");
    EXPECT_EQ(
        metadata.at("preprocessing"),
        R"({"scale":"standard","missing":"impute","header":true,"target":["t"],"first_target":2,)"
        R"("columns":["a","kind = b"],"encodings":[{"column":"a","width":1,)"
        R"("categories":[]},{"column":"kind","width":1,"categories":["b"]}],"means":[0.1,2.0],)"
        R"("deviations":[1.0,0.0],"fills":[0.1,2.0],"labels":["no","yes"]})");
}

TEST(ModelFile, keeps_the_texts_that_the_network_was_read_from) {
    const TempFolder folder;
    const std::string imported = folder.write("blocks.nn", "function twice(x) = 2 * x\n");
    const std::string body = "import \"blocks.nn\"\nweight w = 1\nfunction g\nloss g(twice(w))\n";
    const std::string path = folder.write("net.nn", body);
    SourceMap sources;
    Diagnostics diagnostics;
    const auto elaborated = load_network(
        path, {.examples = Examples::many, .defines = {"g = sigmoid"}}, sources, diagnostics);
    ASSERT_TRUE(elaborated);
    const NetworkText texts = text_of(elaborated->network, {"g = sigmoid"}, sources);
    EXPECT_EQ(texts.file, path);
    EXPECT_EQ(texts.text, body);
    EXPECT_EQ(texts.imports,
              (std::map<std::string, std::string>{{imported, "function twice(x) = 2 * x\n"}}));
    EXPECT_EQ(texts.defines, (std::vector<std::string>{"g = sigmoid"}));
}

}  // namespace
}  // namespace chainrule
