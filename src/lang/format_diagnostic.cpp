#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "lang/diagnostic.h"
#include "lang/utf8.h"

namespace chainrule {

namespace {

constexpr std::size_t widest_line = 160;  // columns of a source line that are shown
constexpr std::size_t window_lead = 60;   // of them, those before the caret in a longer line

struct Style {
    std::string_view name;
    std::string_view colour;
};

Style style_of(Severity severity) {
    switch (severity) {
    case Severity::error:
        return {"error", "\x1b[1;31m"};
    case Severity::warning:
        return {"warning", "\x1b[1;35m"};
    case Severity::note:
        break;
    }
    return {"note", "\x1b[1;36m"};
}

constexpr std::string_view bold = "\x1b[1m";
constexpr std::string_view green = "\x1b[1;32m";
constexpr std::string_view plain = "\x1b[0m";

void append_coloured(std::string& out, std::string_view text, std::string_view colour, bool on) {
    if (on) out += colour;
    out += text;
    if (on) out += plain;
}

// What the reader wrote comes back on their terminal: nothing in it may steer that terminal.
std::string harmless(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const CodePoint c = decode_utf8(text, i);
        const bool shown = c.valid && (is_printable(c.value) || c.value == '\n' || c.value == '\t');
        if (shown) out += text.substr(i, c.length);
        if (!shown) out += '?';
        i += c.length;
    }
    return out;
}

void append_headline(std::string& out, Severity severity, std::string_view message, Span span,
                     const SourceMap& sources, bool colour) {
    if (span) {
        const auto place = sources.place(span.file, span.begin);
        const auto where =
            fmt::format("{}:{}:{}:", harmless(sources.name(span.file)), place.line, place.column);
        append_coloured(out, where, bold, colour);
        out += ' ';
    }
    const Style style = style_of(severity);
    append_coloured(out, fmt::format("{}:", style.name), style.colour, colour);
    out += ' ';
    out += harmless(message);
    out += '\n';
}

// The columns of a line that are shown, counted from 0.
struct Window {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t total = 0;
};

std::size_t count_columns(std::string_view line) {
    std::size_t columns = 0;
    for (std::size_t i = 0; i < line.size(); i += decode_utf8(line, i).length) ++columns;
    return columns;
}

Window window_around(std::size_t caret, std::size_t total) {
    if (total <= widest_line) return {0, total, total};
    std::size_t begin = caret > window_lead ? caret - window_lead : 0;
    begin = std::min(begin, total - widest_line);
    return {begin, begin + widest_line, total};
}

struct Excerpt {
    std::string text;
    std::string caret_pad;
};

Excerpt cut_line(std::string_view line, Window window, std::size_t caret) {
    constexpr std::string_view ellipsis = "...";
    Excerpt out;
    if (window.begin > 0) {
        out.text += ellipsis;
        out.caret_pad.append(ellipsis.size(), ' ');
    }
    std::size_t column = 0;
    for (std::size_t i = 0; i < line.size() && column < window.end; ++column) {
        const CodePoint c = decode_utf8(line, i);
        const bool tab = c.value == '\t';
        if (column >= window.begin) {
            const bool shown = c.valid && (tab || is_printable(c.value));
            if (shown) out.text += line.substr(i, c.length);
            if (!shown) out.text += '?';
            if (column < caret) out.caret_pad += tab ? '\t' : ' ';
        }
        i += c.length;
    }
    if (window.end < window.total) out.text += ellipsis;
    return out;
}

void append_excerpt(std::string& out, Span span, const SourceMap& sources, bool colour) {
    const auto place = sources.place(span.file, span.begin);
    const std::string_view line = place.line_text;
    // Columns are counted here once more, because place() does not know invalid bytes.
    const auto* text_begin = sources.text(span.file).data();
    const std::size_t line_begin = static_cast<std::size_t>(line.data() - text_begin);
    const auto in_line = [&](std::size_t offset) {
        return offset > line_begin ? std::min(offset - line_begin, line.size()) : 0;
    };
    const std::size_t from = in_line(span.begin);
    const std::size_t to = std::max(from, in_line(span.end));
    const std::size_t caret = count_columns(line.substr(0, from));
    const std::size_t width = count_columns(line.substr(from, to - from));

    const Window window = window_around(caret, count_columns(line));
    const Excerpt excerpt = cut_line(line, window, caret);
    const std::size_t room = window.end > caret ? window.end - caret : 1;
    std::string underline = "^";
    underline.append(std::clamp<std::size_t>(width, 1, room) - 1, '~');

    const std::string number = fmt::format("{}", place.line);
    out += fmt::format("  {} | {}\n", number, excerpt.text);
    out += fmt::format("  {:{}} | {}", "", number.size(), excerpt.caret_pad);
    append_coloured(out, underline, green, colour);
    out += '\n';
}

}  // namespace

std::string format_diagnostic(const Diagnostic& diagnostic, const SourceMap& sources, bool colour) {
    std::string out;
    append_headline(out, diagnostic.severity, diagnostic.message, diagnostic.span, sources, colour);
    if (diagnostic.span) append_excerpt(out, diagnostic.span, sources, colour);
    for (const Note& note : diagnostic.notes)
        append_headline(out, Severity::note, note.message, note.span, sources, colour);
    return out;
}

}  // namespace chainrule
