#include "support/explained.h"

#include <stdexcept>

#include "data/test_files.h"
#include "support/run_program.h"

namespace chainrule::tests {
namespace {

ProgramRun run_on(const std::string& text, std::vector<std::string> arguments,
                  const std::vector<std::string>& options, const std::string& input = {}) {
    const TempFolder folder;
    folder.write("net.nn", text);
    arguments.insert(arguments.end(), options.begin(), options.end());
    return run_program(arguments, {.folder = folder / "", .input = input});
}

}  // namespace

nlohmann::json explained(const std::string& text, const std::vector<std::string>& options) {
    const ProgramRun run = run_on(text, {"explain", "net.nn", "--format", "json"}, options);
    if (run.exit_code != 0) {
        throw std::runtime_error(text + "\n" + run.err);
    }
    return nlohmann::json::parse(run.out);
}

const nlohmann::json& record(const nlohmann::json& array, const std::string& key,
                             const std::string& value) {
    for (const nlohmann::json& entry : array) {
        if (entry.at(key) == value) {
            return entry;
        }
    }
    throw std::runtime_error("no record has " + key + " " + value);
}

double value_of_gradient(const nlohmann::json& explanation, const std::string& of) {
    return record(explanation.at("gradients"), "of", of).at("value").get<double>();
}

std::vector<std::string> marks(const std::string& text, const std::string& answers,
                               const std::vector<std::string>& options) {
    const ProgramRun run =
        run_on(text, {"check", "net.nn", "--answers", "-", "--json"}, options, answers);
    if (run.exit_code > 1 || run.out.empty() || run.err.find("error:") != std::string::npos) {
        throw std::runtime_error(text + "\n" + run.err);
    }
    const nlohmann::json json = nlohmann::json::parse(run.out);
    std::vector<std::string> result;
    for (const nlohmann::json& line : json.at("lines")) {
        result.push_back(line.at("mark"));
    }
    return result;
}

std::string formulas_as_answers(const nlohmann::json& json) {
    std::string lines;
    const auto add = [&](const std::string& left, const nlohmann::json& right) {
        lines += left + " = " + right.get<std::string>() + "\n";
    };
    const std::string loss = json["loss"]["name"];
    for (const nlohmann::json& line : json["forward"]) {
        add(line["node"], line["expr"]);
    }
    add(loss, json["loss"]["expr"]);
    add(loss, json["loss"]["substituted"]);
    const nlohmann::json cotangents = json.value("cotangents", nlohmann::json::array());
    for (const nlohmann::json& cotangent : cotangents) {
        add(cotangent["name"], cotangent["expr"]);
        add(cotangent["name"], cotangent["recursion"]);
        add("d" + loss + "/d" + cotangent["of"].get<std::string>(), cotangent["expr"]);
    }
    for (const nlohmann::json& gradient : json["gradients"]) {
        const std::string name = "d" + loss + "/d" + gradient["of"].get<std::string>();
        add(name, gradient["expr"]);
        if (gradient["chain"] != "") {  // of a weight that the loss does not reach
            add(name, gradient["chain"]);
        }
        for (const nlohmann::json& partial : gradient["partials"]) {
            if (partial.contains("pulls_back")) {
                continue;  // dz/dW of a tensor is no formula of its own
            }
            const std::string symbol =
                "d" + partial["d"].get<std::string>() + "/d" + partial["by"].get<std::string>();
            add(symbol, partial["local"]);
            add(symbol, partial["expr"]);
        }
    }
    for (const nlohmann::json& line : json["update"]) {
        lines +=
            line["weight"].get<std::string>() + " <- " + line["expr"].get<std::string>() + "\n";
    }
    return lines;
}

}  // namespace chainrule::tests
