// What the tests of src/data share: a folder that goes away, and the message of a refusal.
#pragma once

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "lang/diagnostic.h"

namespace chainrule {

class TempFolder {
public:
    TempFolder() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "chainrule-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;

    std::string operator/(std::string_view name) const { return (path_ / name).string(); }

    std::string write(std::string_view name, std::string_view bytes) const {
        std::ofstream(path_ / name, std::ios::binary)
            .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        return *this / name;
    }

    std::size_t entries() const {
        const std::filesystem::directory_iterator all(path_);
        return static_cast<std::size_t>(std::distance(begin(all), end(all)));
    }

private:
    std::filesystem::path path_;
};

inline std::string read_bytes(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// The messages of the UserError that `action` must throw, one per line.
template <typename Action>
std::string refusal(Action action) {
    try {
        action();
    } catch (const UserError& error) {
        std::string messages;
        for (const Diagnostic& diagnostic : error.diagnostics()) {
            messages += (messages.empty() ? "" : "\n") + diagnostic.message;
        }
        return messages;
    }
    ADD_FAILURE() << "nothing was refused";
    return {};
}

// `message` without the folder that its file was in: `bad.csv` for `/tmp/chainrule-x/bad.csv`.
inline std::string without_folder(std::string message, const TempFolder& folder) {
    const std::string path = folder / "";
    for (std::size_t at = message.find(path); at != std::string::npos; at = message.find(path)) {
        message.erase(at, path.size());
    }
    return message;
}

// A gzip member that grows: with Z_SYNC_FLUSH all that was given can be unpacked, with Z_FINISH it
// ends.
class GzipMember {
public:
    GzipMember() {
        deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    }
    ~GzipMember() { deflateEnd(&stream_); }
    GzipMember(const GzipMember&) = delete;
    GzipMember& operator=(const GzipMember&) = delete;

    // The packed bytes that `plain` adds.
    std::string add(std::string_view plain, int flush) {
        std::string packed(deflateBound(&stream_, plain.size()) + 16, '\0');
        std::string copy(plain);
        stream_.next_in = reinterpret_cast<Bytef*>(copy.data());
        stream_.avail_in = static_cast<uInt>(copy.size());
        stream_.next_out = reinterpret_cast<Bytef*>(packed.data());
        stream_.avail_out = static_cast<uInt>(packed.size());
        EXPECT_EQ(deflate(&stream_, flush), flush == Z_FINISH ? Z_STREAM_END : Z_OK);
        packed.erase(packed.size() - stream_.avail_out);
        return packed;
    }

private:
    z_stream stream_{};
};

// `bytes` as a gzip member.
inline std::string gzip_of(std::string_view bytes) { return GzipMember().add(bytes, Z_FINISH); }

inline bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

#if defined(CHAINRULE_SANITIZED)
constexpr bool memory_is_measurable = false;
#else
constexpr bool memory_is_measurable = true;
#endif

// The peak memory in bytes of `action`, run in a process of its own, and what it reported.
struct Measured {
    std::size_t peak_bytes = 0;
    int exit_code = -1;
};

template <typename Action>
Measured measure_in_child(Action action) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(action());
    }
    int status = 0;
    struct rusage usage{};
    ::wait4(child, &status, 0, &usage);
    return {static_cast<std::size_t>(usage.ru_maxrss) * 1024,
            WIFEXITED(status) ? WEXITSTATUS(status) : -1};
}

}  // namespace chainrule
