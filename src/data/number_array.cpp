#include "data/number_array.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

#include "data/wording.h"
#include "lang/diagnostic.h"

namespace chainrule {
namespace {

constexpr std::size_t read_chunk = std::size_t{256} << 10;

// A vector that grows by doubling holds old and new at once; up to this size it is laid out whole.
constexpr std::size_t first_reservation = std::size_t{64} << 20;

template <typename T>
void make_room(std::vector<T>& numbers, std::size_t more, std::size_t count) {
    if (numbers.size() + more > numbers.capacity()) {
        numbers.reserve(
            std::min(count, std::max(first_reservation / sizeof(T), 2 * numbers.capacity())));
    }
}

template <std::size_t bytes>
struct WordOf;
template <>
struct WordOf<1> {
    using Type = std::uint8_t;
};
template <>
struct WordOf<2> {
    using Type = std::uint16_t;
};
template <>
struct WordOf<4> {
    using Type = std::uint32_t;
};
template <>
struct WordOf<8> {
    using Type = std::uint64_t;
};

template <typename Element, typename Stored, ByteOrder order>
void append(std::vector<Stored>& numbers, std::span<const char> bytes) {
    if constexpr (sizeof(Element) == 1 && std::is_same_v<Element, Stored>) {
        numbers.insert(numbers.end(), bytes.begin(), bytes.end());
    } else {
        for (std::size_t at = 0; at < bytes.size(); at += sizeof(Element)) {
            const auto word =
                load_word<typename WordOf<sizeof(Element)>::Type>(bytes.data() + at, order);
            numbers.push_back(static_cast<Stored>(std::bit_cast<Element>(word)));
        }
    }
}

template <typename Element, typename Stored>
Numbers read_as(const ByteStream& stream, ByteOrder order, std::size_t count) {
    std::vector<Stored> numbers;
    std::vector<char> chunk(read_chunk);
    while (numbers.size() < count) {
        const std::size_t wanted =
            std::min(chunk.size(), (count - numbers.size()) * sizeof(Element));
        const std::size_t got = stream.read(std::span(chunk).first(wanted));
        const std::size_t whole = got / sizeof(Element) * sizeof(Element);
        make_room(numbers, whole / sizeof(Element), count);
        const auto bytes = std::span<const char>(chunk).first(whole);
        order == ByteOrder::little ? append<Element, Stored, ByteOrder::little>(numbers, bytes)
                                   : append<Element, Stored, ByteOrder::big>(numbers, bytes);
        if (got < wanted) {
            break;
        }
    }
    return numbers;
}

struct Reader {
    ElementType::Kind kind;
    std::size_t bytes;
    Numbers (*read)(const ByteStream& stream, ByteOrder order, std::size_t count);
};

using ElementKind = ElementType::Kind;
constexpr std::array<Reader, 10> readers{{
    {ElementKind::unsigned_integer, 1, read_as<std::uint8_t, std::uint8_t>},
    {ElementKind::unsigned_integer, 2, read_as<std::uint16_t, float>},
    {ElementKind::unsigned_integer, 4, read_as<std::uint32_t, double>},
    {ElementKind::unsigned_integer, 8, read_as<std::uint64_t, double>},
    {ElementKind::signed_integer, 1, read_as<std::int8_t, float>},
    {ElementKind::signed_integer, 2, read_as<std::int16_t, float>},
    {ElementKind::signed_integer, 4, read_as<std::int32_t, double>},
    {ElementKind::signed_integer, 8, read_as<std::int64_t, double>},
    {ElementKind::real, 4, read_as<float, float>},
    {ElementKind::real, 8, read_as<double, double>},
}};

Numbers read_elements(const ByteStream& stream, const ElementType& type, std::size_t count) {
    const auto* const reader = std::ranges::find_if(readers, [&](const Reader& candidate) {
        return candidate.kind == type.kind && candidate.bytes == type.bytes;
    });
    if (reader == readers.end()) {
        throw InternalError(fmt::format("no reader for elements of {} bytes", type.bytes));
    }
    return reader->read(stream, type.order, count);
}

// None where 64 bits do not hold it.
std::optional<std::uint64_t> product(std::span<const std::uint64_t> dimensions,
                                     std::uint64_t factor) {
    std::uint64_t result = factor;
    for (const std::uint64_t dimension : dimensions) {
        if (dimension != 0 && result > std::numeric_limits<std::uint64_t>::max() / dimension) {
            return std::nullopt;
        }
        result *= dimension;
    }
    return result;
}

// From the first index running fastest to the last.
template <typename T>
std::vector<T> transposed(std::span<const T> numbers, const std::vector<std::size_t>& shape) {
    std::vector<std::size_t> strides(shape.size(), 1);
    for (std::size_t axis = 1; axis < shape.size(); ++axis) {
        strides[axis] = strides[axis - 1] * shape[axis - 1];
    }
    std::vector<T> result;
    result.reserve(numbers.size());
    std::vector<std::size_t> index(shape.size(), 0);
    for (std::size_t from = 0; result.size() < numbers.size();) {
        result.push_back(numbers[from]);
        for (std::size_t axis = shape.size(); axis-- > 0;) {
            from += strides[axis];
            if (++index[axis] < shape[axis]) {
                break;
            }
            from -= strides[axis] * shape[axis];
            index[axis] = 0;
        }
    }
    return result;
}

void transpose(NumberArray& array) {
    array.numbers = array.numbers.visit([&](const auto& numbers) -> Numbers {
        return transposed(std::span(numbers), array.shape);
    });
}

std::size_t checked_count(const ByteStream& stream, const ArrayHeader& header) {
    const auto zero = std::ranges::find(header.dimensions, 0U);
    if (zero != header.dimensions.end()) {
        fail_array(stream, header.format,
                   fmt::format("its dimension {} is 0: it holds nothing",
                               zero - header.dimensions.begin() + 1));
    }
    const auto bytes = product(header.dimensions, header.element.bytes);
    const std::uint64_t left =
        stream.most_bytes - std::min<std::uint64_t>(stream.most_bytes, header.bytes);
    if (!bytes || *bytes > left) {
        fail_array(stream, header.format,
                   fmt::format("its header promises {} elements of {}, more than the file can hold",
                               fmt::join(header.dimensions, " x "),
                               counted(header.element.bytes, "byte")));
    }
    return static_cast<std::size_t>(*bytes / header.element.bytes);
}

}  // namespace

std::string NumberArray::item_shape() const {
    return fmt::format("[{}]", fmt::join(shape.begin() + 1, shape.end(), ", "));
}

ArrayReader::ArrayReader(ByteStream stream, ArrayHeader header)
    : stream_(std::move(stream)),
      header_(std::move(header)),
      count_(checked_count(stream_, header_)) {}

NumberArray ArrayReader::read(std::size_t rows) {
    const std::size_t size = item_size();
    const std::size_t left = this->rows() - first_;
    const std::size_t taken = header_.column_major ? left : std::min(rows, left);
    NumberArray array;
    array.source = stream_.name;
    array.shape.assign(header_.dimensions.begin(), header_.dimensions.end());
    array.shape[0] = taken;
    array.first = first_;
    array.numbers = read_elements(stream_, header_.element, taken * size);
    if (array.numbers.size() < taken * size) {
        fail_array(stream_, header_.format,
                   fmt::format("it ends after {} of its {}", first_ * size + array.numbers.size(),
                               counted(count_, "element")));
    }
    first_ += taken;
    if (taken == left) {
        check_end();
    }
    if (header_.column_major) {
        transpose(array);
    }
    return array;
}

void ArrayReader::check_end() {
    char beyond = 0;
    if (stream_.read({&beyond, 1}) > 0) {
        fail_array(stream_, header_.format,
                   fmt::format("bytes follow the last of its {}", counted(count_, "element")));
    }
}

NumberArray read_array(const ByteStream& stream, const ArrayHeader& header) {
    ArrayReader reader(stream, header);
    return reader.read(reader.rows());
}

void fail_array(const ByteStream& stream, std::string_view format, const std::string& what) {
    throw UserError(fmt::format("{} is not a valid {} file: {}", stream.name, format, what));
}

}  // namespace chainrule
