// The public C++ API over the stages of the road. What they throw is turned into the API's two
// errors.
#include <chainrule/chainrule.h>

#include "derive/derive.h"
#include "elaborate/network.h"
#include "explain/explain.h"
#include "render/render.h"

namespace chainrule {
namespace {

std::string text_of(const std::vector<Diagnostic>& diagnostics, const SourceMap& sources) {
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics) {
        text += format_diagnostic(diagnostic, sources);
    }
    return text;
}

NamedValues named(const Values& values) {
    NamedValues result;
    for (const auto& [name, value] : values) {
        if (element_count(value.shape) != static_cast<std::int64_t>(value.data.size())) {
            throw Error(name + ": " + std::to_string(value.data.size()) +
                        " numbers for the shape " + to_string(value.shape));
        }
        result.emplace(name, Tensor(value.shape, value.data));
    }
    return result;
}

Value value_of(const Tensor& tensor) { return {tensor.shape, tensor.data}; }

}  // namespace

struct Model::State {
    SourceMap sources;
    Elaborated elaborated;

    const Network& network() const { return elaborated.network; }

    // Calls `f`, with its errors as the API's.
    template <class F>
    auto guarded(F f) const {
        try {
            return f();
        } catch (const UserError& error) {
            throw Error(text_of(error.diagnostics(), sources));
        } catch (const UnsupportedError& error) {
            throw Unsupported(error.what());
        }
    }

    template <class Load>
    static std::unique_ptr<State> loaded(const std::vector<std::string>& defines, Load load) {
        auto state = std::make_unique<State>();
        Diagnostics diagnostics;
        ElaborateOptions options;
        options.defines = defines;
        options.needs_loss = false;
        auto elaborated = load(options, state->sources, diagnostics);
        if (!elaborated) {
            throw Error(text_of(diagnostics.items(), state->sources));
        }
        state->elaborated = std::move(*elaborated);
        return state;
    }

    NodeId objective() const {
        if (!network().objective.valid()) {
            throw UserError("the network has no loss: add a line `loss ...`");
        }
        return network().objective;
    }
};

Model::Model(std::unique_ptr<State> state) : state_(std::move(state)) {}
Model::Model(Model&&) noexcept = default;
Model& Model::operator=(Model&&) noexcept = default;
Model::~Model() = default;

Model Model::from_file(const std::string& path, const std::vector<std::string>& defines) {
    return Model(State::loaded(defines, [&](const auto& options, auto& sources, auto& diagnostics) {
        return load_network(path, options, sources, diagnostics);
    }));
}

Model Model::from_text(const std::string& text, const std::vector<std::string>& defines) {
    return Model(State::loaded(defines, [&](const auto& options, auto& sources, auto& diagnostics) {
        return elaborate_text("text", text, options, sources, diagnostics);
    }));
}

std::vector<std::string> Model::inputs() const {
    std::vector<std::string> names;
    for (const NodeId id : state_->network().inputs) {
        names.push_back(state_->network().graph.name(id));
    }
    return names;
}

std::vector<std::string> Model::weights() const {
    std::vector<std::string> names;
    for (const Weight& weight : state_->network().weights) {
        names.push_back(state_->network().graph.name(weight.node));
    }
    return names;
}

Values Model::forward(const Values& values) const {
    return state_->guarded([&] {
        const Network& network = state_->network();
        const Bindings given = given_values(network, named(values));
        const std::vector<bool> computable = computable_nodes(network.graph, given);
        Values results;
        for (const NodeId id : network.graph.named()) {
            if (computable[id.index] && !network.graph[id].op->is_leaf()) {
                const NodeId roots[] = {id};
                results.emplace(network.graph.name(id),
                                value_of(evaluate(network.graph, roots, given)[0]));
            }
        }
        return results;
    });
}

double Model::loss(const Values& values) const {
    return state_->guarded([&] {
        const NodeId roots[] = {state_->objective()};
        const Bindings given = given_values(state_->network(), named(values));
        return evaluate(state_->network().graph, roots, given)[0].data[0];
    });
}

Values Model::gradients(const Values& values, const std::vector<std::string>& names) const {
    return state_->guarded([&] {
        const Network& network = state_->network();
        const std::vector<NodeId> wrt = derive_by(network, names);
        Graph graph = network.graph;
        std::vector<NodeId> roots;
        for (const Expr& gradient : derive(graph, state_->objective(), wrt).gradients) {
            roots.push_back(gradient.id);
        }
        const auto results = evaluate(graph, roots, given_values(network, named(values)));
        Values gradients;
        for (std::size_t i = 0; i < wrt.size(); ++i) {
            gradients.emplace(graph.name(wrt[i]), value_of(results[i]));
        }
        return gradients;
    });
}

std::string Model::explain(const Values& values, Format format) const {
    return state_->guarded([&]() -> std::string {
        ExplainOptions options;
        options.at = named(values);
        const Explanation explanation = chainrule::explain(state_->elaborated, options);
        switch (format) {
        case Format::text:
            return render_text(explanation);
        case Format::latex:
            return render_latex(explanation);
        case Format::markdown:
            return render_markdown(explanation);
        case Format::html:
            return render_html(explanation);
        case Format::json:
            return render_json(explanation);
        }
        throw InternalError("a format without a renderer");
    });
}

}  // namespace chainrule
