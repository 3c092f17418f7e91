// The bytes of a data file, unpacked where they are packed with gzip (RFC 1952, one member or
// several; seen from the first bytes and not from the name), to be read more than once.
//
// Errors: all that ByteSource refuses, and UserError for gzip data that is broken, cut short or
// followed by something else.
//
//     DataSource source("train-images-idx3-ubyte.gz");
//     if (source.begins_with(std::string_view("\0\0", 2))) ...    // does not use the bytes up
//     while (std::size_t got = source.read(buffer)) ...
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "data/byte_source.h"
#include "data/byte_stream.h"
#include "data/inflater.h"

namespace chainrule {

class DataSource {
public:
    explicit DataSource(const std::string& path);
    DataSource(const DataSource&) = delete;
    DataSource& operator=(const DataSource&) = delete;

    const std::string& name() const { return bytes_.name(); }
    bool can_be_opened_again() const { return bytes_.can_be_opened_again(); }

    // The first bytes, as many as there are up to `count`; to be asked before the first read.
    std::string_view peek(std::size_t count);

    // Likewise; waits for no more of them than tell.
    bool begins_with(std::string_view magic);

    // As of ByteSource. Packed bytes are ready where those that are there make any.
    using Fill = ByteSource::Fill;
    std::size_t read(std::span<char> buffer, Fill fill = Fill::whole);
    bool is_ready(std::chrono::milliseconds patience);

    // As those read who do not care where the bytes come from; as long as this source lives.
    ByteStream stream();

    // As of ByteSource.
    using Reading = ByteSource::Reading;
    void rewind(Reading reading);

    // As in ByteStream.
    std::uint64_t most_bytes() const;
    // How many bytes there are in all, as far as the file's size tells: 0 where it does not.
    std::uint64_t expected_bytes() const;

private:
    void start();
    std::span<const char> next_packed();
    std::size_t read_on(std::span<char> buffer, Fill fill, std::size_t ahead);
    bool unpack_ahead(std::chrono::milliseconds patience);
    std::size_t extend_front(std::size_t more, Fill fill);

    ByteSource bytes_;
    std::optional<Inflater> inflater_;  // none where the bytes are plain
    std::string packed_;                // what the inflater reads from
    bool is_packed_seen_ = false;
    std::string front_;  // read ahead
    std::size_t front_position_ = 0;
};

}  // namespace chainrule
