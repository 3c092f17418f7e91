#include "elaborate/program.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>

#include "lang/parser.h"

namespace chainrule {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_text = std::size_t{64} << 20;
constexpr std::size_t deepest_import = 100;

// The whole stream, or empty if it is larger than a network can be.
std::optional<std::string> read_stream(std::istream& stream) {
    std::string text;
    std::string block(std::size_t{1} << 16, '\0');
    while (stream.read(block.data(), static_cast<std::streamsize>(block.size())),
           stream.gcount() > 0) {
        text.append(block, 0, static_cast<std::size_t>(stream.gcount()));
        if (text.size() > largest_text) {
            return std::nullopt;
        }
    }
    return text;
}

std::string why_unreadable(const std::string& path, int error) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
        return "it is a directory";
    }
    return error == ENOENT ? "no such file" : std::strerror(error);
}

// Collects units; imports recurse, at most `deepest_import` deep.
class ProgramReader {
public:
    ProgramReader(const ElaborateOptions& options, Scope& scope, SourceMap& sources,
                  Diagnostics& diagnostics)
        : options_(options), scope_(scope), sources_(sources), diagnostics_(diagnostics) {}

    void read_file(std::uint32_t file) {
        const std::string name = sources_.name(file);
        importing_.push_back({name, identity_of(name)});
        seen_.insert(importing_.back().identity);
        const std::size_t errors = diagnostics_.error_count();
        const ast::Tree& tree = scope_.keep(parse(sources_, file, diagnostics_));
        program_.incomplete |= diagnostics_.error_count() > errors;
        for (const ast::Statement& statement : tree.statements) {
            if (const auto* import = std::get_if<ast::Import>(&statement.node)) {
                read_import(*import, name);
            } else {
                program_.units.push_back({&tree, &statement, false});
            }
        }
        importing_.pop_back();
    }

    void read_define(const std::string& text) {
        const std::uint32_t file = sources_.add("--define", text);
        const std::size_t errors = diagnostics_.error_count();
        const ast::Tree& tree = scope_.keep(parse(sources_, file, diagnostics_));
        program_.incomplete |= diagnostics_.error_count() > errors;
        if (tree.statements.empty() && diagnostics_.error_count() == errors) {
            diagnostics_.error({file, 0, 0},
                               "a define is empty: write an equation or a function, "
                               "as in --define 'g = sigmoid'");
        }
        for (const ast::Statement& statement : tree.statements) {
            const bool fits = std::holds_alternative<ast::Equation>(statement.node) ||
                              std::holds_alternative<ast::Function>(statement.node);
            if (fits) {
                program_.units.push_back({&tree, &statement, true});
            } else {
                diagnostics_.error(statement.span,
                                   "a define is an equation or a function: this belongs in the "
                                   "file");
            }
        }
    }

    Program take() { return std::move(program_); }

private:
    struct Importing {
        std::string name;
        std::string identity;
    };

    // One name for all the ways to write a path.
    static std::string identity_of(const std::string& path) {
        std::error_code error;
        const fs::path canonical = fs::weakly_canonical(path, error);
        return error ? path : canonical.string();
    }

    void read_import(const ast::Import& import, const std::string& importer) {
        const fs::path folder = importer == "-" ? fs::path() : fs::path(importer).parent_path();
        const std::string path = (folder / import.path).string();
        const std::string identity = identity_of(path);
        if (reports_cycle(import, path, identity) || seen_.contains(identity)) {
            return;
        }
        if (importing_.size() >= deepest_import) {
            diagnostics_.error(import.path_span,
                               fmt::format("imports nest more than {} deep", deepest_import));
            program_.incomplete = true;
            return;
        }
        const std::uint32_t file = import_source(path, import.path_span);
        if (file == 0) {
            program_.incomplete = true;
            return;
        }
        read_file(file);
    }

    std::uint32_t import_source(const std::string& path, Span span) {
        if (!options_.imports) {
            return read_source(path, span, sources_, diagnostics_);
        }
        const auto found = options_.imports->find(path);
        if (found == options_.imports->end()) {
            diagnostics_.error(span, fmt::format("the text of {} was not kept", path));
            return 0;
        }
        return sources_.add(path, found->second);
    }

    bool reports_cycle(const ast::Import& import, const std::string& path,
                       const std::string& identity) {
        std::string chain;
        for (const Importing& importing : importing_) {
            if (!chain.empty() || importing.identity == identity) {
                chain += importing.name + " -> ";
            }
        }
        if (chain.empty()) {
            return false;
        }
        diagnostics_.error(import.path_span,
                           fmt::format("{} imports itself: {}{}", path, chain, path));
        program_.incomplete = true;
        return true;
    }

    const ElaborateOptions& options_;
    Scope& scope_;
    SourceMap& sources_;
    Diagnostics& diagnostics_;
    Program program_;
    std::vector<Importing> importing_;
    std::set<std::string> seen_;  // a file imported twice counts once
};

}  // namespace

std::uint32_t read_source(const std::string& path, Span span, SourceMap& sources,
                          Diagnostics& diagnostics) {
    std::optional<std::string> text;
    if (path == "-") {
        text = read_stream(std::cin);
    } else {
        errno = 0;
        std::ifstream stream(path, std::ios::binary);
        std::error_code ignored;
        if (!stream || fs::is_directory(path, ignored)) {
            diagnostics.error(span,
                              fmt::format("cannot read {}: {}", path, why_unreadable(path, errno)));
            return 0;
        }
        text = read_stream(stream);
    }
    if (!text) {
        diagnostics.error(
            span, fmt::format("{} is larger than {} MB: no network is", path, largest_text >> 20));
        return 0;
    }
    return sources.add(path, std::move(*text));
}

Program read_program(std::uint32_t file, const ElaborateOptions& options, Scope& scope,
                     SourceMap& sources, Diagnostics& diagnostics) {
    ProgramReader reader(options, scope, sources, diagnostics);
    reader.read_file(file);
    for (const std::string& define : options.defines) {
        reader.read_define(define);
    }
    return reader.take();
}

}  // namespace chainrule
