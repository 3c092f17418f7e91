#include "data/atomic_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "lang/diagnostic.h"

namespace chainrule {
namespace {

constexpr unsigned any_write_bit = S_IWUSR | S_IWGRP | S_IWOTH;
constexpr unsigned permission_bits = 07777;

[[noreturn]] void refuse(const std::string& path, const std::string& reason) {
    throw UserError(fmt::format("cannot write {}: {}", path, reason));
}

std::string follow_links(const std::string& path) {
    char* const resolved = ::realpath(path.c_str(), nullptr);
    if (resolved == nullptr) {
        return path;  // a new file; another reason shows when it is opened
    }
    std::string target = resolved;
    std::free(resolved);
    return target;
}

std::string folder_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

std::string file_name_of(const std::string& path) {
    return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

// What the names of temporary files for `target` begin with; a process number and a counter follow.
std::string temporary_stem(const std::string& target) {
    constexpr std::size_t longest_stem = 200;  // a name has at most 255 bytes
    const std::string folder = folder_of(target);
    return fmt::format("{}.{}.tmp-", folder == "." ? "" : folder,
                       file_name_of(target).substr(0, longest_stem));
}

// Whoever writes a temporary file holds its lock, which ends with the process, however that ends.
// On a file system without locks nothing counts as left behind.
bool is_left_behind(int descriptor) { return ::flock(descriptor, LOCK_EX | LOCK_NB) == 0; }

// Takes the lock of a new file. False where another process has just taken it for one left behind.
bool own(int descriptor) {
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        return errno != EWOULDBLOCK;
    }
    struct stat status{};
    return ::fstat(descriptor, &status) == 0 && status.st_nlink > 0;
}

// A new file, or -1 and errno; EEXIST: another name may do.
int create(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor >= 0 && !own(descriptor)) {
        ::close(descriptor);
        errno = EEXIST;
        return -1;
    }
    return descriptor;
}

}  // namespace

void remove_left_behind(const std::string& path) {
    const std::string stem = temporary_stem(follow_links(path));
    std::error_code ignored;
    std::filesystem::directory_iterator folder(folder_of(stem), ignored);
    for (; !ignored && folder != std::filesystem::directory_iterator(); folder.increment(ignored)) {
        const std::string name = folder->path().string();
        if (!file_name_of(name).starts_with(file_name_of(stem))) {
            continue;
        }
        const int descriptor = ::open(name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        if (descriptor < 0) {
            continue;
        }
        if (is_left_behind(descriptor)) {
            ::unlink(name.c_str());
        }
        ::close(descriptor);
    }
}

AtomicFile::AtomicFile(const std::string& path) : path_(path), target_(follow_links(path)) {
    if (file_name_of(target_).empty()) {
        refuse(path_, path_.empty() ? "the name is empty" : "it is a directory; name a file");
    }
    struct stat status{};
    const bool exists = ::stat(target_.c_str(), &status) == 0;
    if (exists && S_ISDIR(status.st_mode)) {
        refuse(path_, "it is a directory; name a file");
    }
    if (exists && !S_ISREG(status.st_mode)) {
        descriptor_ = ::open(target_.c_str(), O_WRONLY | O_CLOEXEC);
        if (descriptor_ < 0) {
            fail(errno);
        }
        return;
    }
    // Renaming needs no permission to write the old file, but its owner has said that it stays; and
    // root, to whom access() grants all, is asked the same.
    if (exists && ((status.st_mode & any_write_bit) == 0 || ::access(target_.c_str(), W_OK) != 0)) {
        refuse(path_, "the file is read-only");
    }
    open_temporary(status.st_mode & permission_bits, exists);
}

AtomicFile::~AtomicFile() { discard(); }

void AtomicFile::open_temporary(unsigned mode, bool has_mode) {
    constexpr int attempts = 100;
    const std::string stem = temporary_stem(target_);
    for (int attempt = 0; attempt < attempts; ++attempt) {
        temporary_ = fmt::format("{}{}-{}", stem, ::getpid(), attempt);
        descriptor_ = create(temporary_);
        if (descriptor_ >= 0 || errno != EEXIST) {
            break;
        }
    }
    if (descriptor_ < 0) {
        temporary_.clear();
        fail(errno);
    }
    if (has_mode && ::fchmod(descriptor_, mode) != 0) {
        fail(errno);
    }
}

void AtomicFile::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) {
            fail(errno);
        }
        bytes.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
}

void AtomicFile::write_over_start(std::string_view bytes) {
    if (::lseek(descriptor_, 0, SEEK_SET) < 0) {
        fail(errno);
    }
    write(bytes);
    if (::lseek(descriptor_, 0, SEEK_END) < 0) {
        fail(errno);
    }
}

void AtomicFile::commit() {
    // What is written in place, a pipe or a terminal, knows neither flushing nor renaming.
    const bool in_place = temporary_.empty();
    if (!in_place && ::fsync(descriptor_) != 0) {
        fail(errno);
    }
    // The file stays open, and its lock held, until it has its own name.
    if (!in_place && std::rename(temporary_.c_str(), target_.c_str()) != 0) {
        fail(errno);
    }
    temporary_.clear();
    const int closed = ::close(descriptor_);
    descriptor_ = -1;
    if (in_place && closed != 0) {
        fail(errno);
    }
    if (!in_place) {
        flush_folder();
    }
}

// The new file is in place and whole; only a power cut could still bring the old one back. Some
// file systems cannot flush a folder, so a failure here is none of the write.
void AtomicFile::flush_folder() const {
    const int folder = ::open(folder_of(target_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        ::fsync(folder);
        ::close(folder);
    }
}

void AtomicFile::discard() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
        descriptor_ = -1;
    }
    if (!temporary_.empty()) {
        ::unlink(temporary_.c_str());
        temporary_.clear();
    }
}

void AtomicFile::fail(int error) {
    discard();
    refuse(path_, std::generic_category().message(error));
}

void write_file_atomically(const std::string& path, std::string_view bytes) {
    AtomicFile file(path);
    file.write(bytes);
    file.commit();
}

}  // namespace chainrule
