#include "elaborate/scope.h"

#include <algorithm>
#include <array>

#include "elaborate/library.h"
#include "elaborate/walk.h"
#include "lang/parser.h"

namespace chainrule {
namespace {

// Ops that only chainrule puts into a graph.
bool is_callable(const Op& op) {
    static constexpr std::array<std::string_view, 10> inner{
        "leaf",      "constant",   "apply",      "identity",    "cast",
        "batch_sum", "batch_mean", "batch_size", "per_example", "as_class"};
    return std::ranges::find(inner, op.name) == inner.end();
}

}  // namespace

Scope::Scope() {
    for (const Op* op : all_ops()) {
        if (is_callable(*op)) {
            auto entry = std::make_unique<FunctionEntry>();
            entry->name = op->name;
            entry->op = op;
            builtin_.emplace(entry->name, std::move(entry));
        }
    }
    add_library();
}

void Scope::add_library() {
    SourceMap sources;
    Diagnostics diagnostics;
    for (const LibraryFile& file : library_files()) {
        const std::uint32_t id = sources.add(std::string(file.name), std::string(file.text));
        const ast::Tree& tree = keep(parse(sources, id, diagnostics));
        if (diagnostics.has_errors()) {
            throw InternalError("the standard library does not parse: " +
                                format_diagnostic(diagnostics.items().front(), sources));
        }
        for (const ast::Statement& statement : tree.statements) {
            auto entry = std::make_unique<FunctionEntry>();
            entry->tree = &tree;
            entry->library = true;
            if (const auto* layer = std::get_if<ast::Layer>(&statement.node)) {
                entry->kind = FunctionEntry::Kind::layer;
                entry->layer = layer;
                entry->name = layer->name.name;
            } else {
                const auto& function = std::get<ast::Function>(statement.node);
                entry->name = function.name.name;
                if (function.parameters.empty()) {
                    entry->kind = FunctionEntry::Kind::alias;
                    entry->target = name_at(tree, *function.body)->name;
                } else {
                    entry->kind = FunctionEntry::Kind::defined;
                    entry->definition = &function;
                }
            }
            library_.emplace(entry->name, std::move(entry));
        }
    }
}

const FunctionEntry* Scope::find_entry(std::string_view name, bool library) const {
    const std::string key(name);
    for (const Table* table : {&user_, &library_, &builtin_}) {
        if (table == &user_ && library) {
            continue;
        }
        if (const auto found = table->find(key); found != table->end()) {
            return found->second.get();
        }
    }
    return nullptr;
}

const FunctionEntry* Scope::find_function(std::string_view name, bool library) const {
    const FunctionEntry* entry = find_entry(name, library);
    while (entry != nullptr && entry->kind == FunctionEntry::Kind::alias && !entry->poisoned) {
        entry = find_entry(entry->target, entry->library);
    }
    return entry;
}

FunctionEntry* Scope::find_user_function(std::string_view name) {
    const auto found = user_.find(std::string(name));
    return found == user_.end() ? nullptr : found->second.get();
}

FunctionEntry& Scope::add_user_function(FunctionEntry entry) {
    const std::string name = entry.name;
    auto& place = user_[name];
    place = std::make_unique<FunctionEntry>(std::move(entry));
    return *place;
}

const ast::Tree& Scope::keep(ast::Tree tree) {
    trees_.push_back(std::make_unique<const ast::Tree>(std::move(tree)));
    return *trees_.back();
}

std::vector<FunctionEntry*> Scope::user_functions() {
    std::vector<FunctionEntry*> entries;
    entries.reserve(user_.size());
    for (const auto& [name, entry] : user_) {
        entries.push_back(entry.get());
    }
    std::ranges::sort(entries, [](const FunctionEntry* a, const FunctionEntry* b) {
        return std::pair(a->span.file, a->span.begin) < std::pair(b->span.file, b->span.begin);
    });
    return entries;
}

std::vector<std::string_view> Scope::function_names() const {
    std::vector<std::string_view> names;
    for (const Table* table : {&user_, &library_, &builtin_}) {
        for (const auto& [name, entry] : *table) {
            names.push_back(name);
        }
    }
    std::ranges::sort(names);
    return names;
}

}  // namespace chainrule
