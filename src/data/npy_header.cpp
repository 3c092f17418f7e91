#include "data/npy_header.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <optional>
#include <system_error>

#include "data/cell.h"
#include "lang/diagnostic.h"

namespace chainrule {
namespace {

struct DtypeName {
    std::string_view code;  // of NumPy, without its byte order
    ElementType::Kind kind;
    std::size_t bytes;
};

using ElementKind = ElementType::Kind;
constexpr std::array<DtypeName, 11> dtypes{{{"b1", ElementKind::unsigned_integer, 1},  // a bool
                                            {"u1", ElementKind::unsigned_integer, 1},
                                            {"u2", ElementKind::unsigned_integer, 2},
                                            {"u4", ElementKind::unsigned_integer, 4},
                                            {"u8", ElementKind::unsigned_integer, 8},
                                            {"i1", ElementKind::signed_integer, 1},
                                            {"i2", ElementKind::signed_integer, 2},
                                            {"i4", ElementKind::signed_integer, 4},
                                            {"i8", ElementKind::signed_integer, 8},
                                            {"f4", ElementKind::real, 4},
                                            {"f8", ElementKind::real, 8}}};

// What the other types of NumPy are, by their first letter.
std::string_view describe_dtype(std::string_view code) {
    constexpr std::array<std::pair<char, std::string_view>, 9> families{
        {{'O', "Python objects"},
         {'c', "complex numbers"},
         {'f', "floats of this size"},
         {'S', "text"},
         {'U', "text"},
         {'a', "text"},
         {'M', "dates"},
         {'m', "durations"},
         {'V', "raw bytes"}}};
    for (const auto& [letter, what] : families) {
        if (code.starts_with(letter)) {
            return what;
        }
    }
    return "unknown";
}

[[noreturn]] void refuse_dtype(const ByteStream& stream, std::string_view dtype,
                               std::string_view what) {
    throw UserError(fmt::format(
        "{} holds elements of NumPy's type {} ({}), which cannot be read: save it as float32, "
        "float64 or integers",
        stream.name, quote_cell(dtype), what));
}

ElementType element_type(std::string_view dtype, const ByteStream& stream) {
    std::string_view code = dtype;
    char order = '|';
    if (!code.empty() && std::string_view("<>|=").find(code[0]) != std::string_view::npos) {
        order = code[0];
        code.remove_prefix(1);
    }
    for (const DtypeName& each : dtypes) {
        // `|` says that there is no order, which is so of single bytes only.
        if (code == each.code && (order != '|' || each.bytes == 1)) {
            return {each.kind, each.bytes, order == '>' ? ByteOrder::big : ByteOrder::little};
        }
    }
    refuse_dtype(stream, dtype, describe_dtype(code));
}

class HeaderParser {
public:
    HeaderParser(std::string_view text, std::size_t first_byte, const ByteStream& stream)
        : text_(text), first_byte_(first_byte), stream_(stream) {}

    NpyHeader parse() {
        expect('{');
        while (!accept('}')) {
            parse_entry();
            if (!accept(',')) {
                expect('}');
                break;
            }
        }
        skip_blanks();
        if (at_ != text_.size()) {
            fail("the end of the header");
        }
        if (!dtype_ || !order_ || !shape_) {
            fail_array(stream_, "NPY",
                       fmt::format("its header has no entry '{}'", !dtype_   ? "descr"
                                                                   : !order_ ? "fortran_order"
                                                                             : "shape"));
        }
        return {element_type(*dtype_, stream_), *order_, *shape_};
    }

private:
    void parse_entry() {
        const std::string_view key = parse_string("an entry's name in quotes");
        expect(':');
        const bool twice = (key == "descr" && dtype_) || (key == "fortran_order" && order_) ||
                           (key == "shape" && shape_);
        if (twice) {
            fail_array(stream_, "NPY", fmt::format("its header has two entries '{}'", key));
        }
        if (key == "descr") {
            dtype_ = parse_dtype();
        } else if (key == "fortran_order") {
            order_ = parse_bool();
        } else if (key == "shape") {
            shape_ = parse_shape();
        } else {
            fail_array(stream_, "NPY",
                       fmt::format("its header has an entry {}, but NumPy writes "
                                   "'descr', 'fortran_order' and 'shape'",
                                   quote_cell(key)));
        }
    }

    std::string_view parse_dtype() {
        skip_blanks();
        if (at_ < text_.size() && text_[at_] == '[') {
            refuse_dtype(stream_, text_.substr(at_), "structured");
        }
        return parse_string("a type in quotes");
    }

    bool parse_bool() {
        skip_blanks();
        for (const bool value : {false, true}) {
            const std::string_view word = value ? "True" : "False";
            if (text_.substr(at_).starts_with(word)) {
                at_ += word.size();
                return value;
            }
        }
        fail("True or False");
    }

    std::vector<std::uint64_t> parse_shape() {
        std::vector<std::uint64_t> shape;
        expect('(');
        while (!accept(')')) {
            shape.push_back(parse_dimension());
            if (!accept(',')) {
                expect(')');
                break;
            }
        }
        return shape;
    }

    std::uint64_t parse_dimension() {
        skip_blanks();
        std::uint64_t dimension = 0;
        const char* const end = text_.data() + text_.size();
        const auto [stop, error] = std::from_chars(text_.data() + at_, end, dimension);
        if (error != std::errc{}) {
            fail("a dimension, a whole number of at most 64 bits");
        }
        at_ = static_cast<std::size_t>(stop - text_.data());
        if (at_ < text_.size() && text_[at_] == 'L') {
            ++at_;  // a long integer of Python 2
        }
        return dimension;
    }

    std::string_view parse_string(std::string_view expected) {
        skip_blanks();
        if (at_ == text_.size() || (text_[at_] != '\'' && text_[at_] != '"')) {
            fail(expected);
        }
        const std::size_t end = text_.find(text_[at_], at_ + 1);
        if (end == std::string_view::npos || text_.find('\\', at_) < end) {
            fail(expected);
        }
        const std::string_view content = text_.substr(at_ + 1, end - at_ - 1);
        at_ = end + 1;
        return content;
    }

    void skip_blanks() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) {
            ++at_;
        }
    }

    bool accept(char c) {
        skip_blanks();
        const bool found = at_ < text_.size() && text_[at_] == c;
        at_ += found ? 1 : 0;
        return found;
    }

    void expect(char c) {
        if (!accept(c)) {
            fail(fmt::format("'{}'", c));
        }
    }

    [[noreturn]] void fail(std::string_view expected) const {
        constexpr std::size_t shown = 20;
        const std::string found =
            at_ == text_.size() ? "nothing more" : quote_cell(text_.substr(at_, shown));
        fail_array(stream_, "NPY",
                   fmt::format("its header has {} at byte {}, where {} is expected", found,
                               first_byte_ + at_, expected));
    }

    std::string_view text_;
    std::size_t first_byte_;
    const ByteStream& stream_;
    std::size_t at_ = 0;
    std::optional<std::string_view> dtype_;
    std::optional<bool> order_;
    std::optional<std::vector<std::uint64_t>> shape_;
};

}  // namespace

NpyHeader parse_npy_header(std::string_view text, std::size_t first_byte,
                           const ByteStream& stream) {
    return HeaderParser(text, first_byte, stream).parse();
}

}  // namespace chainrule
