#include "data/byte_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
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

std::size_t ByteSource::read(std::span<char> buffer, Fill fill) {
    std::size_t filled = 0;
    // A pipe gives little at a time.
    while (filled < buffer.size() && (filled == 0 || fill == Fill::whole || is_ready())) {
        const std::span<char> rest = buffer.subspan(filled);
        const std::size_t got =
            kept_piece_ < kept_.size() ? read_kept(rest) : read_descriptor(rest);
        if (got == 0) {
            break;
        }
        filled += got;
    }
    return filled;
}

bool ByteSource::is_ready(std::chrono::milliseconds patience) const {
    if (seekable_ || kept_piece_ < kept_.size()) {
        return true;
    }
    pollfd asked{.fd = descriptor_, .events = POLLIN, .revents = 0};
    int ready = -1;
    do {
        ready = ::poll(&asked, 1, static_cast<int>(patience.count()));
    } while (ready < 0 && errno == EINTR);
    return ready != 0;
}

std::size_t ByteSource::read_descriptor(std::span<char> buffer) {
    ssize_t got = -1;
    do {
        got = ::read(descriptor_, buffer.data(), buffer.size());
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        fail(name_, errno);
    }
    if (!seekable_ && !last_reading_ && got > 0) {
        ++kept_piece_;
        kept_.emplace_back(buffer.data(), static_cast<std::size_t>(got));
    }
    return static_cast<std::size_t>(got);
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
