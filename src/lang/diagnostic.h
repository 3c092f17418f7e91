// Diagnostics: what chainrule has to say about a text, with the place it speaks of.
//
// The library never prints and never aborts: the front end collects Diagnostic values, everything
// behind it throws one of the three error types below, and the command line does the talking.
//
//     net.nn:3:10: error: cannot multiply W1 [128, 784] @ x [128]: 784 columns against 128 rows
//       3 | z1 = W1 @ x
//         |         ^
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace chainrule {

// A half-open range of bytes in one source of a SourceMap. `file` 0 means "no place".
struct Span {
    std::uint32_t file = 0;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;

    explicit operator bool() const { return file != 0; }
    friend bool operator==(const Span&, const Span&) = default;
};

enum class Severity : std::uint8_t { error, warning, note };

struct Note {
    std::string message;
    Span span;
};

struct Diagnostic {
    Severity severity = Severity::error;
    std::string message;
    Span span;
    std::vector<Note> notes;
};

// The texts that spans point into. Ids count from 1; a reference to a name or text stays valid only
// until the next add().
class SourceMap {
public:
    std::uint32_t add(std::string name, std::string text);
    std::uint32_t size() const { return static_cast<std::uint32_t>(files_.size()); }

    const std::string& name(std::uint32_t file) const { return files_.at(file - 1).name; }
    const std::string& text(std::uint32_t file) const { return files_.at(file - 1).text; }
    std::string_view text(Span span) const;

    // Line and column count from 1; columns count UTF-8 code points.
    struct Place {
        std::uint32_t line = 0;
        std::uint32_t column = 0;
        std::string_view line_text;
    };
    Place place(std::uint32_t file, std::uint32_t offset) const;

private:
    struct File {
        std::string name;
        std::string text;
        std::vector<std::uint32_t> line_starts;
    };
    std::vector<File> files_;
};

// The list that one run fills; errors after the first `limit` are counted, not kept.
class Diagnostics {
public:
    static constexpr std::size_t limit = 20;

    void add(Diagnostic diagnostic);
    void add(const std::vector<Diagnostic>& found);
    void error(Span span, std::string message, std::vector<Note> notes = {});
    void warning(Span span, std::string message, std::vector<Note> notes = {});

    bool has_errors() const { return error_count_ > 0; }
    std::size_t error_count() const { return error_count_; }
    const std::vector<Diagnostic>& items() const { return items_; }

private:
    std::vector<Diagnostic> items_;
    std::size_t error_count_ = 0;
};

// One diagnostic as text, with its caret line and notes; `colour` adds ANSI escapes. Lines longer
// than 160 columns are shown as a window around the caret, and unprintable bytes as `?`.
std::string format_diagnostic(const Diagnostic& diagnostic, const SourceMap& sources,
                              bool colour = false);

// The nearest of `candidates` to `name` by edit distance (at most a third of its length, at least
// one), or an empty view: for "did you mean".
std::string_view nearest_name(std::string_view name,
                              const std::vector<std::string_view>& candidates);

// The user's input is wrong (exit code 1).
class UserError : public std::runtime_error {
public:
    explicit UserError(Diagnostic diagnostic);
    explicit UserError(std::string message, Span span = {}, std::vector<Note> notes = {});
    explicit UserError(std::vector<Diagnostic> diagnostics);

    const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }

private:
    std::vector<Diagnostic> diagnostics_;
};

// The user's input is right, but chainrule cannot do this (exit code 4).
class UnsupportedError : public std::runtime_error {
public:
    explicit UnsupportedError(const std::string& message, Span span = {})
        : std::runtime_error(message), span_(span) {}
    Span span() const { return span_; }

private:
    Span span_;
};

// A bug in chainrule (exit code 3).
class InternalError : public std::logic_error {
    using std::logic_error::logic_error;
};

}  // namespace chainrule
