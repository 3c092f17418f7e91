#include <nlohmann/json.hpp>

#include "render/json_numbers.h"
#include "render/render.h"

namespace chainrule {
namespace {

using Json = nlohmann::ordered_json;

void add_value(Json& json, const std::optional<Tensor>& value) {
    if (value) {
        json["value"] = tensor_json(*value);
    }
}

void add_formula(Json& json, const Formula& formula) {
    json["expr"] = formula.text;
    json["latex"] = formula.latex;
}

template <typename Lines, typename ToJson>
Json array_of(const Lines& lines, ToJson to_json) {
    Json array = Json::array();
    for (const auto& line : lines) {
        array.push_back(to_json(line));
    }
    return array;
}

Json forward_json(const ForwardLine& line) {
    Json json;
    json["node"] = line.node;
    add_formula(json, line.expr);
    add_value(json, line.value);
    return json;
}

Json loss_json(const LossLine& loss) {
    Json json;
    json["name"] = loss.name;
    json["expr"] = loss.expr.text;
    json["substituted"] = loss.substituted.text;
    add_value(json, loss.value);
    return json;
}

Json partial_json(const Partial& partial) {
    Json json;
    json["d"] = partial.d;
    json["by"] = partial.by;
    json["local"] = partial.local.text;
    add_formula(json, partial.expr);
    add_value(json, partial.value);
    if (partial.pulls_back) {
        json["pulls_back"] = true;  // `expr` is the cotangent of d pulled back to `by`
    }
    return json;
}

Json cotangent_json(const Cotangent& cotangent) {
    Json json;
    json["name"] = cotangent.name;
    json["of"] = cotangent.of;
    add_formula(json, cotangent.expr);
    json["recursion"] = cotangent.recursion.text;
    json["partials"] = array_of(cotangent.partials, partial_json);
    add_value(json, cotangent.value);
    return json;
}

Json gradient_json(const GradientLine& gradient) {
    Json json;
    json["of"] = gradient.of;
    json["paths"] = gradient.paths;
    const double paths = gradient.path_count;
    json["path_count"] =
        is_whole(paths) ? Json(static_cast<std::int64_t>(paths)) : number_json(paths);
    json["chain"] = gradient.chain.text;
    json["partials"] = array_of(gradient.partials, partial_json);
    add_formula(json, gradient.expr);
    add_value(json, gradient.value);
    if (gradient.verified) {
        json["verified"]["points"] = gradient.verified->points;
        json["verified"]["max_relative_error"] = number_json(gradient.verified->max_relative_error);
    }
    return json;
}

Json update_json(const UpdateLine& line) {
    Json json;
    json["weight"] = line.weight;
    add_formula(json, line.expr);
    add_value(json, line.value);
    return json;
}

}  // namespace

std::string render_json(const Explanation& explanation) {
    Json json;
    json["network"] = explanation.network;
    json["forward"] = array_of(explanation.forward, forward_json);
    json["loss"] = loss_json(explanation.loss);
    if (!explanation.cotangents.empty()) {
        json["cotangents"] = array_of(explanation.cotangents, cotangent_json);
    }
    json["gradients"] = array_of(explanation.gradients, gradient_json);
    json["update"] = array_of(explanation.update, update_json);
    // A file's name may be no UTF-8; JSON must be.
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace chainrule
