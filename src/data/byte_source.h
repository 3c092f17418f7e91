// The bytes of a file, a pipe or standard input, to be read more than once.
//
// A file is simply read again; what comes through a pipe is kept meanwhile and given back piece by
// piece, and let go in the last reading.
//
// Errors: UserError naming the path and the reason (absent, a directory, unreadable).
//
//     ByteSource source("data.csv");      // "-" is standard input
//     while (std::size_t got = source.read(buffer)) ...
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>

namespace chainrule {

class ByteSource {
public:
    explicit ByteSource(const std::string& path);
    ~ByteSource();
    ByteSource(const ByteSource&) = delete;
    ByteSource& operator=(const ByteSource&) = delete;

    // What messages call it: the path, or "standard input".
    const std::string& name() const { return name_; }

    // Whether it is a file rather than a pipe or a device.
    bool is_file() const { return seekable_; }
    // Whether others who open it read it from its beginning. Standard input may be a file, but it
    // has one position for all.
    bool can_be_opened_again() const { return seekable_ && owned_; }

    // How many bytes a file has; UserError for what is no file, whose size only its end shows.
    std::uint64_t size() const;

    // Fills the front of `buffer`: all of it unless the end is reached, or with what is there at
    // the moment, waiting only for the first byte. 0 means the end.
    enum class Fill : std::uint8_t { whole, what_is_there };
    std::size_t read(std::span<char> buffer, Fill fill = Fill::whole);
    // Whether a byte, or the end, is there or comes within that time; a file's always are.
    bool is_ready(std::chrono::milliseconds patience = std::chrono::milliseconds(0)) const;

    // Back to the first byte. After a rewind for the last reading there is no other.
    enum class Reading : std::uint8_t { one_more, last };
    void rewind(Reading reading);

private:
    std::size_t read_descriptor(std::span<char> buffer);
    std::size_t read_kept(std::span<char> buffer);

    std::string name_;
    int descriptor_ = -1;
    bool owned_ = false;
    bool seekable_ = false;
    bool last_reading_ = false;
    long long start_ = 0;
    std::deque<std::string> kept_;   // only of a pipe
    std::size_t kept_piece_ = 0;     // that is read next
    std::size_t kept_position_ = 0;  // in it
};

}  // namespace chainrule
