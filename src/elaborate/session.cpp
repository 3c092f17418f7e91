#include "elaborate/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <numbers>

#include "ops/build.h"

namespace chainrule {

void Session::error(const Environment& where, Span span, std::string message,
                    std::vector<Note> notes) {
    // The innermost uses say how one came here; those of the library are where the error stands.
    constexpr std::size_t most_notes = 3;
    std::size_t count = 0;
    for (auto call = active.rbegin(); call != active.rend() && count < most_notes; ++call) {
        if (call->span && call->span != where.place(span)) {
            notes.push_back({"in this use of " + call->function->name, call->span});
            ++count;
        }
    }
    diagnostics.error(where.place(span), std::move(message), std::move(notes));
}

std::vector<Note> Session::note_at(NodeId node, const std::string& hint) const {
    const Span origin = graph.origin(node);
    if (!graph.is_named(node) || !origin || lone_expression()) {
        return {};
    }
    const std::string what = graph.is_op(node, leaf_op) ? " is declared here" : " is defined here";
    return {{graph.name(node) + what + (hint.empty() ? "" : "; " + hint), origin}};
}

void Session::shape_error(const Environment& where, Span span, const ShapeError& shape,
                          const std::vector<NodeId>& operands, const std::vector<Span>& places) {
    std::vector<Note> notes;
    const auto culprit = static_cast<std::size_t>(shape.culprit());
    if (shape.culprit() >= 0 && culprit < operands.size()) {
        notes = note_at(operands[culprit], shape.hint());
    }
    if (notes.empty() && !shape.hint().empty()) {
        const bool known = shape.culprit() >= 0 && culprit < places.size();
        notes.push_back({shape.hint(), where.place(known ? places[culprit] : span)});
    }
    error(where, span, shape.what(), std::move(notes));
}

std::optional<NodeId> Session::find_value(const Environment& where, const std::string& name) {
    if (where.locals != nullptr) {
        if (const auto local = where.locals->find(name); local != where.locals->end()) {
            const Local& found = local->second;
            if (found.kind == Local::Kind::number) {
                return literal(graph, found.number).id;
            }
            return found.kind == Local::Kind::value ? std::optional(found.value) : std::nullopt;
        }
    }
    if (extra != nullptr) {
        if (const auto found = extra->find(name); found != extra->end()) {
            return found->second;
        }
    }
    if (const auto node = where.library ? std::nullopt : graph.find(name)) {
        return node;
    }
    const bool objective = lone_expression() && name == "Loss" && !scope.objective.empty();
    if (const auto node = objective ? graph.find(scope.objective) : std::nullopt) {
        return node;
    }
    if (name == "pi" && !defined.contains(name)) {
        return literal(graph, std::numbers::pi).id;
    }
    return std::nullopt;
}

std::string Session::suggest_value(const Environment& where, const std::string& name) const {
    std::vector<std::string_view> candidates{"pi"};
    for (const NodeId node : graph.named()) {
        candidates.push_back(graph.name(node));
    }
    candidates.insert(candidates.end(), defined.begin(), defined.end());
    if (where.locals != nullptr) {
        for (const auto& [local, value] : *where.locals) {
            candidates.push_back(local);
        }
    }
    std::ranges::sort(candidates);
    const std::string_view near = nearest_name(name, candidates);
    const std::string owner = name.substr(0, name.find('.'));
    if (name == owner + ".T" && graph.find(owner)) {
        return fmt::format("; a transpose is written {}'", owner);
    }
    return near.empty() ? suggest_function(name) : fmt::format("; did you mean {}?", near);
}

std::string Session::suggest_function(const std::string& name) const {
    const std::string_view near = nearest_name(name, scope.function_names());
    return near.empty() ? "" : fmt::format("; did you mean {}?", near);
}

bool Session::enter(const FunctionEntry& function, const Environment& where, Span span) {
    std::string chain;
    for (const ActiveCall& call : active) {
        if (!chain.empty() || call.function == &function) {
            chain += (chain.empty() ? ": " : " -> ") + call.function->name;
        }
    }
    if (!chain.empty()) {
        const bool direct = active.back().function == &function;
        error(where, span,
              fmt::format("{} is defined in terms of itself{}", function.name,
                          direct ? "" : chain + " -> " + function.name));
        return false;
    }
    if (active.size() >= deepest_call) {
        error(where, span,
              fmt::format("functions and layers call one another more than {} deep", deepest_call));
        return false;
    }
    if (graph.size() > most_nodes) {
        if (!overflowed) {
            const ActiveCall outermost =
                active.empty() ? ActiveCall{&function, where.place(span)} : active.front();
            diagnostics.error(outermost.span,
                              fmt::format("{} unfolds to more than {} operations: give a name to "
                                          "what repeats",
                                          outermost.function->name, most_nodes));
        }
        overflowed = true;
        return false;
    }
    active.push_back({&function, where.place(span)});
    return true;
}

}  // namespace chainrule
