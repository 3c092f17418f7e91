// Event files, as TensorBoard reads them. A file is a sequence of records (TensorFlow's TFRecord)
//
//     length   8 bytes, little endian
//     crc      4 bytes, of the length
//     data     an Event (tensorflow/core/util/event.proto, in Protocol Buffers)
//     crc      4 bytes, of the data
//
// whose check is crc32c c (Castagnoli; RFC 3720, B.4), masked: (c >> 15 | c << 17) + 0xa282ead8.
//
//     EventFile file("runs/first/train");            // makes the folders
//     file.write(1, {{"loss", 0.5}, {"weights/W", histogram_of(w)}});
//
// Every write reaches the file before it returns, so that TensorBoard may follow training. Files of
// earlier runs stay; TensorBoard drops what they say of the steps from `first_step` on.
//
// Errors: UserError naming path and reason.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "train/histogram.h"

namespace chainrule {

struct Summary {
    std::string tag;  // `loss`, `weights/W`: TensorBoard groups by what stands before the first `/`
    std::variant<double, Histogram> value;
};

// Events as bytes; `wall_time` is in seconds since 1970.
std::string version_event(double wall_time);
std::string start_event(double wall_time, std::int64_t first_step);
std::string graph_event(double wall_time, std::string_view graph_def);
std::string summary_event(double wall_time, std::int64_t step, std::span<const Summary> summaries);

std::uint32_t crc32c(std::string_view bytes);
std::string event_record(std::string_view event);

class EventFile {
public:
    explicit EventFile(const std::string& folder, std::int64_t first_step = 1);
    ~EventFile();
    EventFile(const EventFile&) = delete;
    EventFile& operator=(const EventFile&) = delete;

    void write_graph(std::string_view graph_def);
    void write(std::int64_t step, std::span<const Summary> summaries);

    const std::string& path() const { return path_; }

private:
    void append(std::string_view event);

    std::string path_;
    int descriptor_ = -1;
};

}  // namespace chainrule
