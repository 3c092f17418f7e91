#include "data/data_source.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace chainrule {
namespace {

constexpr std::string_view gzip_magic = "\x1f\x8b";
constexpr std::size_t packed_chunk = std::size_t{256} << 10;

}  // namespace

DataSource::DataSource(const std::string& path) : bytes_(path) { start(); }

void DataSource::start() {
    front_.clear();
    front_position_ = 0;
    if (!begins_with(gzip_magic)) {
        return;
    }
    packed_ = std::exchange(front_, {});
    is_packed_seen_ = false;
    inflater_.emplace(Inflater::Format::gzip, name(), [this] { return next_packed(); });
}

std::span<const char> DataSource::next_packed() {
    if (is_packed_seen_) {
        packed_.resize(packed_chunk);
        packed_.resize(bytes_.read(packed_, Fill::what_is_there));
    }
    is_packed_seen_ = true;
    return packed_;
}

// Behind bytes that were read ahead, so that of what is there nothing is waited for.
std::size_t DataSource::read_on(std::span<char> buffer, Fill fill, std::size_t ahead) {
    const auto may_take = [&](std::size_t filled) {
        return fill == Fill::whole || ahead + filled == 0 || bytes_.is_ready();
    };
    if (inflater_) {
        return inflater_->read(buffer, may_take);
    }
    return may_take(0) ? bytes_.read(buffer, fill) : 0;
}

std::size_t DataSource::extend_front(std::size_t more, Fill fill) {
    const std::size_t had = front_.size();
    front_.resize(had + more);
    const std::size_t got = read_on(std::span(front_).subspan(had), fill, 0);
    front_.resize(had + got);
    return got;
}

std::string_view DataSource::peek(std::size_t count) {
    if (front_.size() < count) {
        extend_front(count - front_.size(), Fill::whole);
    }
    return std::string_view(front_).substr(0, count);
}

bool DataSource::begins_with(std::string_view magic) {
    while (front_.size() < magic.size() && magic.starts_with(front_)) {
        if (extend_front(magic.size() - front_.size(), Fill::what_is_there) == 0) {
            return false;
        }
    }
    return front_.starts_with(magic);
}

std::size_t DataSource::read(std::span<char> buffer, Fill fill) {
    const std::size_t ahead = std::min(buffer.size(), front_.size() - front_position_);
    std::memcpy(buffer.data(), front_.data() + front_position_, ahead);
    front_position_ += ahead;
    return ahead + read_on(buffer.subspan(ahead), fill, ahead);
}

bool DataSource::is_ready(std::chrono::milliseconds patience) {
    if (front_position_ < front_.size()) {
        return true;
    }
    return inflater_ ? unpack_ahead(patience) : bytes_.is_ready(patience);
}

// A byte, as packed ones tell only when they are unpacked; false where they make none, nor the end,
// within that time.
bool DataSource::unpack_ahead(std::chrono::milliseconds patience) {
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + patience;
    bool may_take = true;
    const auto wait = [&](std::size_t /*filled*/) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
        may_take = bytes_.is_ready(std::max(left, std::chrono::milliseconds(0)));
        return may_take;
    };
    front_.resize(1);
    front_.resize(inflater_->read(front_, wait));
    front_position_ = 0;
    return !front_.empty() || may_take;
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
