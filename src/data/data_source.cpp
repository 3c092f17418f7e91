#include "data/data_source.h"

#include <algorithm>
#include <cstring>

namespace chainrule {
namespace {

constexpr std::string_view gzip_magic = "\x1f\x8b";
constexpr std::size_t sniffed_bytes = std::size_t{256} << 10;

}  // namespace

DataSource::DataSource(const std::string& path) : bytes_(path) { start(); }

void DataSource::start() {
    std::string first(sniffed_bytes, '\0');
    first.resize(bytes_.read(first));
    front_position_ = 0;
    if (!first.starts_with(gzip_magic)) {
        front_ = std::move(first);
        return;
    }
    front_.clear();
    packed_ = std::move(first);
    is_packed_seen_ = false;
    inflater_.emplace(Inflater::Format::gzip, name(), [this] { return next_packed(); });
}

std::span<const char> DataSource::next_packed() {
    if (is_packed_seen_) {
        packed_.resize(sniffed_bytes);
        packed_.resize(bytes_.read(packed_));
    }
    is_packed_seen_ = true;
    return packed_;
}

std::size_t DataSource::read_on(std::span<char> buffer) {
    return inflater_ ? inflater_->read(buffer) : bytes_.read(buffer);
}

std::string_view DataSource::peek(std::size_t count) {
    if (front_.size() < count) {
        const std::size_t had = front_.size();
        front_.resize(count);
        front_.resize(had + read_on(std::span(front_).subspan(had)));
    }
    return std::string_view(front_).substr(0, count);
}

std::size_t DataSource::read(std::span<char> buffer) {
    const std::size_t ahead = std::min(buffer.size(), front_.size() - front_position_);
    std::memcpy(buffer.data(), front_.data() + front_position_, ahead);
    front_position_ += ahead;
    return ahead + read_on(buffer.subspan(ahead));
}

ByteStream DataSource::stream() {
    return {name(), most_bytes(), [this](std::span<char> buffer) { return read(buffer); }};
}

void DataSource::rewind(Reading reading) {
    inflater_.reset();
    bytes_.rewind(reading);
    start();
}

std::uint64_t DataSource::expected_bytes() const {
    return bytes_.is_file() && !inflater_ ? bytes_.size() : 0;
}

std::uint64_t DataSource::most_bytes() const {
    if (!bytes_.is_file()) {
        return ByteStream::unknown;
    }
    return bytes_.size() * (inflater_ ? Inflater::most_unpacked : 1);
}

}  // namespace chainrule
