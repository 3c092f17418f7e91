// Unpacks deflated bytes (RFC 1951) as they are asked for: gzip (RFC 1952), one member or several,
// or the bare stream of a ZIP archive.
//
// Errors: UserError naming the source where the packed bytes are broken, end early, or go on after
// their end.
//
//     Inflater inflater(Inflater::Format::gzip, "train.gz", [&] { return next_chunk(); });
//     while (std::size_t got = inflater.read(buffer)) ...
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>

namespace chainrule {

class Inflater {
public:
    enum class Format { gzip, bare };
    // The next packed bytes, which stay valid until the next call; none at their end.
    using NextPacked = std::function<std::span<const char>()>;

    // `name` is what messages call the source.
    Inflater(Format format, std::string name, NextPacked next_packed);
    ~Inflater();
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    // Asked before more packed bytes are taken, with how much of the buffer is filled.
    using MayTake = std::function<bool(std::size_t filled)>;
    static bool always(std::size_t /*filled*/) { return true; }
    // Fills the front of `buffer`, and all of it unless the end is reached or no more packed bytes
    // may be taken: then with all that those before it make.
    std::size_t read(std::span<char> buffer, const MayTake& may_take = always);

    // A byte of deflated data unpacks to no more than these (zlib's manual).
    static constexpr std::size_t most_unpacked = 1032;

private:
    struct Stream;

    bool is_spent() const;
    bool take_input();
    void step();
    [[noreturn]] void fail(const std::string& what) const;

    Format format_;
    std::string name_;
    NextPacked next_packed_;
    std::unique_ptr<Stream> stream_;
    bool in_member_ = true;
    bool is_first_member_ = true;
    bool may_hold_more_ = false;  // zlib had more to give than there was room for
};

}  // namespace chainrule
