#include "lang/diagnostic.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace chainrule {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// A line ends with "\n", "\r\n" or a lone "\r".
std::vector<std::uint32_t> find_line_starts(std::string_view text) {
    std::vector<std::uint32_t> starts;
    starts.reserve(1 + static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')));
    starts.push_back(text.starts_with(byte_order_mark) ? 3 : 0);
    for (std::size_t i = text.find_first_of("\r\n"); i != std::string_view::npos;
         i = text.find_first_of("\r\n", i + 1)) {
        if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
        starts.push_back(static_cast<std::uint32_t>(i + 1));
    }
    return starts;
}

bool starts_code_point(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

std::string first_message(const std::vector<Diagnostic>& diagnostics) {
    return diagnostics.empty() ? std::string("an error without a message")
                               : diagnostics.front().message;
}

}  // namespace

std::uint32_t SourceMap::add(std::string name, std::string text) {
    if (text.size() >= std::numeric_limits<std::uint32_t>::max())
        throw UserError(name + " is too large: a text has at most 4294967294 bytes");
    std::vector<std::uint32_t> starts = find_line_starts(text);
    files_.push_back({std::move(name), std::move(text), std::move(starts)});
    return static_cast<std::uint32_t>(files_.size());
}

std::string_view SourceMap::text(Span span) const {
    if (!span) return {};
    const std::string_view all = text(span.file);
    const std::size_t begin = std::min<std::size_t>(span.begin, all.size());
    const std::size_t end = std::clamp<std::size_t>(span.end, begin, all.size());
    return all.substr(begin, end - begin);
}

SourceMap::Place SourceMap::place(std::uint32_t file, std::uint32_t offset) const {
    const File& source = files_.at(file - 1);
    const std::string_view text = source.text;
    const auto& starts = source.line_starts;
    offset = std::min(offset, static_cast<std::uint32_t>(text.size()));

    const auto next = std::upper_bound(starts.begin() + 1, starts.end(), offset);
    const std::uint32_t line_begin = *(next - 1);
    const std::size_t line_end = next == starts.end() ? text.size() : *next;
    std::string_view line = text.substr(line_begin, line_end - line_begin);
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);

    const std::size_t before = offset > line_begin ? offset - line_begin : 0;
    const std::string_view prefix = line.substr(0, std::min(before, line.size()));
    const auto column = std::count_if(prefix.begin(), prefix.end(), starts_code_point);
    return {static_cast<std::uint32_t>(next - starts.begin()),
            static_cast<std::uint32_t>(column + 1), line};
}

void Diagnostics::add(Diagnostic diagnostic) {
    if (diagnostic.severity == Severity::error && ++error_count_ > limit) return;
    items_.push_back(std::move(diagnostic));
}

void Diagnostics::add(const std::vector<Diagnostic>& found) {
    for (const Diagnostic& diagnostic : found) {
        add(diagnostic);
    }
}

void Diagnostics::error(Span span, std::string message, std::vector<Note> notes) {
    add({Severity::error, std::move(message), span, std::move(notes)});
}

void Diagnostics::warning(Span span, std::string message, std::vector<Note> notes) {
    add({Severity::warning, std::move(message), span, std::move(notes)});
}

UserError::UserError(Diagnostic diagnostic)
    : std::runtime_error(diagnostic.message), diagnostics_{std::move(diagnostic)} {}

UserError::UserError(std::string message, Span span, std::vector<Note> notes)
    : std::runtime_error(message),
      diagnostics_{{Severity::error, std::move(message), span, std::move(notes)}} {}

UserError::UserError(std::vector<Diagnostic> diagnostics)
    : std::runtime_error(first_message(diagnostics)), diagnostics_(std::move(diagnostics)) {}

}  // namespace chainrule
