#include "data/inflater.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>
#include <utility>

#include "lang/diagnostic.h"

namespace chainrule {

struct Inflater::Stream {
    explicit Stream(Format format) {
        // zlib's codes: 15 is the largest window; 16 more asks for gzip, the minus for no wrapping.
        if (inflateInit2(&state, format == Format::gzip ? 15 + 16 : -15) != Z_OK) {
            throw std::bad_alloc();
        }
    }
    ~Stream() { inflateEnd(&state); }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    z_stream state{};
};

Inflater::Inflater(Format format, std::string name, NextPacked next_packed)
    : format_(format),
      name_(std::move(name)),
      next_packed_(std::move(next_packed)),
      stream_(std::make_unique<Stream>(format)) {}

Inflater::~Inflater() = default;

std::size_t Inflater::read(std::span<char> buffer, const MayTake& may_take) {
    z_stream& state = stream_->state;
    std::size_t filled = 0;
    while (filled < buffer.size()) {
        if (is_spent() && !may_take(filled)) {
            break;
        }
        if (is_spent() && !take_input()) {
            if (in_member_) {
                fail("is cut short: its packed data ends in the middle");
            }
            break;
        }
        const std::size_t wanted =
            std::min<std::size_t>(buffer.size() - filled, std::numeric_limits<uInt>::max());
        state.next_out = reinterpret_cast<Bytef*>(buffer.data() + filled);
        state.avail_out = static_cast<uInt>(wanted);
        step();
        filled += wanted - state.avail_out;
        may_hold_more_ = in_member_ && state.avail_out == 0;
    }
    return filled;
}

bool Inflater::is_spent() const { return stream_->state.avail_in == 0 && !may_hold_more_; }

// False at the end of the packed bytes.
bool Inflater::take_input() {
    z_stream& state = stream_->state;
    const std::span<const char> packed = next_packed_();
    // zlib reads through a pointer that it does not declare const.
    state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    state.avail_in = static_cast<uInt>(packed.size());
    return state.avail_in > 0;
}

void Inflater::step() {
    z_stream& state = stream_->state;
    const std::string tail = "has bytes after the end of its packed data";
    if (!in_member_) {
        if (format_ == Format::bare) {
            fail(tail);
        }
        inflateReset(&state);
        in_member_ = true;
    }
    const int result = inflate(&state, Z_NO_FLUSH);
    if (result == Z_STREAM_END) {
        in_member_ = false;
        is_first_member_ = false;
    } else if (result == Z_MEM_ERROR) {
        throw std::bad_alloc();
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
        fail(!is_first_member_ && state.total_out == 0
                 ? tail
                 : fmt::format("is broken: its packed data is wrong ({})",
                               state.msg == nullptr ? "no reason given" : state.msg));
    }
}

void Inflater::fail(const std::string& what) const {
    throw UserError(fmt::format("{} {}: fetch or copy the file again", name_, what));
}

}  // namespace chainrule
