#include "explain/equations.h"

#include <algorithm>
#include <unordered_set>

namespace chainrule {
namespace {

// The named nodes that `equation` is made of, from left to right.
std::vector<NodeId> names_in(const Graph& graph, NodeId equation) {
    std::vector<NodeId> names;
    std::vector<NodeId> open{equation};
    std::unordered_set<NodeId> seen;
    while (!open.empty()) {
        const NodeId id = open.back();
        open.pop_back();
        if (!seen.insert(id).second) {
            continue;
        }
        if (id != equation && graph.is_named(id)) {
            names.push_back(id);
            continue;
        }
        const auto& operands = graph[id].operands;
        open.insert(open.end(), operands.rbegin(), operands.rend());
    }
    return names;
}

}  // namespace

Equations equations_of(const Graph& graph, NodeId objective) {
    Equations equations{objective, {}, {}, {}};
    std::vector<NodeId> open{objective};
    std::set<NodeId> seen{objective};
    while (!open.empty()) {
        const NodeId id = open.back();
        open.pop_back();
        std::vector<NodeId> names = names_in(graph, id);
        for (const NodeId name : names) {
            equations.users[name].push_back(id);
            if (seen.insert(name).second) {
                open.push_back(name);
            }
        }
        equations.operands.emplace(id, std::move(names));
    }
    equations.order.assign(seen.begin(), seen.end());
    for (auto& [name, users] : equations.users) {
        std::ranges::sort(users);
    }
    return equations;
}

std::set<NodeId> between(const Equations& equations, std::span<const NodeId> wrt) {
    std::set<NodeId> active(wrt.begin(), wrt.end());
    for (const NodeId id : equations.order) {
        const auto& operands = equations.operands.at(id);
        if (std::ranges::any_of(operands,
                                [&](NodeId operand) { return active.contains(operand); })) {
            active.insert(id);
        }
    }
    return active;
}

std::map<NodeId, PathCount> count_paths(const Equations& equations) {
    std::map<NodeId, PathCount> counts;
    counts[equations.objective] = {1, 0};
    for (auto id = equations.order.rbegin(); id != equations.order.rend(); ++id) {
        const PathCount here = counts[*id];
        for (const NodeId operand : equations.operands.at(*id)) {
            PathCount& there = counts[operand];
            there.paths += here.paths;
            there.longest = std::max(there.longest, here.longest + 1);
        }
    }
    return counts;
}

std::vector<Path> paths_to(const Equations& equations, NodeId to) {
    std::vector<Path> finished;
    std::vector<Path> open{{to}};
    while (!open.empty()) {
        Path path = std::move(open.back());
        open.pop_back();
        if (path.back() == equations.objective) {
            finished.emplace_back(path.rbegin(), path.rend());
            continue;
        }
        const auto users = equations.users.find(path.back());
        if (users == equations.users.end()) {
            continue;
        }
        const std::vector<NodeId>& all = users->second;
        for (std::size_t i = 0; i + 1 < all.size(); ++i) {
            open.push_back(path);
            open.back().push_back(all[i]);
        }
        path.push_back(all.back());
        open.push_back(std::move(path));
    }
    return finished;
}

}  // namespace chainrule
