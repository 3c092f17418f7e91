#include "data/byte_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "lang/diagnostic.h"

namespace chainrule {
namespace {

[[noreturn]] void fail(const std::string& name, int error) {
    throw UserError(
        fmt::format("cannot read {}: {}", name, std::generic_category().message(error)));
}

}  // namespace

ByteSource::ByteSource(const std::string& path) : name_(path == "-" ? "standard input" : path) {
    owned_ = path != "-";
    descriptor_ = owned_ ? ::open(path.c_str(), O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
    if (descriptor_ < 0) {
        fail(name_, errno);
    }
    struct stat status{};
    if (::fstat(descriptor_, &status) == 0 && S_ISDIR(status.st_mode)) {
        if (owned_) {
            ::close(descriptor_);
        }
        throw UserError(fmt::format("cannot read {}: it is a directory; name a file", name_));
    }
    start_ = ::lseek(descriptor_, 0, SEEK_CUR);
    seekable_ = S_ISREG(status.st_mode) && start_ >= 0;
}

ByteSource::~ByteSource() {
    if (owned_) {
        ::close(descriptor_);
    }
}

std::uint64_t ByteSource::size() const {
    struct stat status{};
    if (::fstat(descriptor_, &status) != 0) {
        fail(name_, errno);
    }
    if (!seekable_) {
        throw UserError(
            fmt::format("cannot read {}: it is not a file but a pipe or a device", name_));
    }
    return static_cast<std::uint64_t>(status.st_size - start_);
}

std::size_t ByteSource::read(std::span<char> buffer) {
    if (kept_piece_ < kept_.size()) {
        return read_kept(buffer);
    }
    const std::size_t got = read_descriptor(buffer);
    if (!seekable_ && !last_reading_ && got > 0) {
        ++kept_piece_;
        kept_.emplace_back(buffer.data(), got);
    }
    return got;
}

std::size_t ByteSource::read_descriptor(std::span<char> buffer) {
    std::size_t filled = 0;
    // A pipe gives little at a time; the buffer is filled all the same, to keep pieces of its size.
    while (filled < buffer.size()) {
        const ssize_t got = ::read(descriptor_, buffer.data() + filled, buffer.size() - filled);
        if (got == 0) {
            break;
        }
        if (got < 0 && errno != EINTR) {
            fail(name_, errno);
        }
        filled += got > 0 ? static_cast<std::size_t>(got) : 0;
    }
    return filled;
}

std::size_t ByteSource::read_kept(std::span<char> buffer) {
    std::string& piece = kept_[kept_piece_];
    const std::size_t got = std::min(buffer.size(), piece.size() - kept_position_);
    std::memcpy(buffer.data(), piece.data() + kept_position_, got);
    kept_position_ += got;
    if (kept_position_ == piece.size()) {
        if (last_reading_) {
            piece = {};
        }
        ++kept_piece_;
        kept_position_ = 0;
    }
    return got;
}

void ByteSource::rewind(Reading reading) {
    if (last_reading_) {
        throw InternalError("a byte source is read again after its last reading");
    }
    last_reading_ = reading == Reading::last;
    kept_piece_ = 0;
    kept_position_ = 0;
    if (seekable_ && ::lseek(descriptor_, start_, SEEK_SET) < 0) {
        fail(name_, errno);
    }
}

}  // namespace chainrule
