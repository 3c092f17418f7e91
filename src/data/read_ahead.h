// A reader whose next part is read while the last one is used, by a thread of its own.
//
//     ReadAhead<Dataset> parts([&] { return read(); });        // none at the end
//     for (Dataset part; parts.next(part);) use(part);
#pragma once

#include <functional>
#include <future>
#include <optional>
#include <utility>

namespace chainrule {

template <typename Part>
class ReadAhead {
public:
    using Read = std::function<std::optional<Part>()>;

    // What `read` uses must outlive the reader.
    explicit ReadAhead(Read read) : read_(std::move(read)) {}

    // False at the end; throws what `read` throws.
    bool next(Part& part) {
        if (!ahead_.valid()) {
            ahead_ = begun();
        }
        std::optional<Part> found = ahead_.get();
        if (!found) {
            return false;
        }
        ahead_ = begun();
        part = std::move(*found);
        return true;
    }

private:
    // Without a thread, when it is asked for, only where the system gives none.
    std::future<std::optional<Part>> begun() const {
        return std::async(std::launch::async | std::launch::deferred, read_);
    }

    Read read_;
    std::future<std::optional<Part>> ahead_;  // ends before what it uses
};

}  // namespace chainrule
