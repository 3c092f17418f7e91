#include "train/event_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <protozero/pbf_writer.hpp>
#include <system_error>

#include "lang/diagnostic.h"

namespace chainrule {
namespace {

using protozero::pbf_tag_type;
using protozero::pbf_writer;

// The numbers of the fields.
namespace event_field {
constexpr pbf_tag_type wall_time = 1, step = 2, file_version = 3, graph_def = 4, summary = 5,
                       session_log = 7;
}
namespace summary_field {
constexpr pbf_tag_type value = 1;
}
namespace value_field {
constexpr pbf_tag_type tag = 1, simple_value = 2, histogram = 5;
}
namespace histogram_field {
constexpr pbf_tag_type min = 1, max = 2, num = 3, sum = 4, sum_squares = 5, bucket_limit = 6,
                       bucket = 7;
}
namespace session_log_field {
constexpr pbf_tag_type status = 1;
constexpr std::int32_t start = 1;
}  // namespace session_log_field

double seconds_since_1970() {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

void put_histogram(pbf_writer& value, const Histogram& histogram) {
    pbf_writer writer(value, value_field::histogram);
    writer.add_double(histogram_field::min, histogram.min);
    writer.add_double(histogram_field::max, histogram.max);
    writer.add_double(histogram_field::num, histogram.count());
    writer.add_double(histogram_field::sum, histogram.sum);
    writer.add_double(histogram_field::sum_squares, histogram.sum_of_squares);
    writer.add_packed_double(histogram_field::bucket_limit, histogram.limits.begin(),
                             histogram.limits.end());
    writer.add_packed_double(histogram_field::bucket, histogram.counts.begin(),
                             histogram.counts.end());
}

constexpr std::array<std::uint32_t, 256> crc_table() {
    constexpr std::uint32_t polynomial = 0x82F63B78;  // Castagnoli's, its bits reversed
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
        std::uint32_t crc = byte;
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc >> 1) ^ ((crc & 1) != 0 ? polynomial : 0);
        }
        table[byte] = crc;
    }
    return table;
}

void put_little_endian(std::string& bytes, std::uint64_t number, int size) {
    for (int i = 0; i < size; ++i) {
        bytes += static_cast<char>(number >> (8 * i) & 0xFF);
    }
}

void put_check(std::string& record, std::string_view of) {
    const std::uint32_t crc = crc32c(of);
    put_little_endian(record, ((crc >> 15) | (crc << 17)) + 0xA282EAD8U, 4);
}

[[noreturn]] void refuse(const std::string& path, int error) {
    throw UserError(
        fmt::format("cannot write the log {}: {}", path, std::generic_category().message(error)));
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
    static constexpr std::array<std::uint32_t, 256> table = crc_table();
    std::uint32_t crc = 0xFFFFFFFF;
    for (const char byte : bytes) {
        crc = (crc >> 8) ^ table[(crc ^ static_cast<unsigned char>(byte)) & 0xFF];
    }
    return ~crc;
}

std::string event_record(std::string_view event) {
    std::string record;
    put_little_endian(record, event.size(), 8);
    put_check(record, std::string(record));
    record += event;
    put_check(record, event);
    return record;
}

std::string version_event(double wall_time) {
    std::string bytes;
    pbf_writer event(bytes);
    event.add_double(event_field::wall_time, wall_time);
    event.add_string(event_field::file_version, "brain.Event:2");
    return bytes;
}

std::string start_event(double wall_time, std::int64_t first_step) {
    std::string bytes;
    pbf_writer event(bytes);
    event.add_double(event_field::wall_time, wall_time);
    event.add_int64(event_field::step, first_step);
    pbf_writer log(event, event_field::session_log);
    log.add_enum(session_log_field::status, session_log_field::start);
    return bytes;
}

std::string graph_event(double wall_time, std::string_view graph_def) {
    std::string bytes;
    pbf_writer event(bytes);
    event.add_double(event_field::wall_time, wall_time);
    event.add_bytes(event_field::graph_def, graph_def.data(), graph_def.size());
    return bytes;
}

std::string summary_event(double wall_time, std::int64_t step, std::span<const Summary> summaries) {
    std::string bytes;
    pbf_writer event(bytes);
    event.add_double(event_field::wall_time, wall_time);
    event.add_int64(event_field::step, step);
    pbf_writer summary(event, event_field::summary);
    for (const Summary& one : summaries) {
        pbf_writer value(summary, summary_field::value);
        value.add_string(value_field::tag, one.tag);
        if (const auto* number = std::get_if<double>(&one.value)) {
            value.add_float(value_field::simple_value, static_cast<float>(*number));
        } else {
            put_histogram(value, std::get<Histogram>(one.value));
        }
    }
    return bytes;
}

EventFile::EventFile(const std::string& folder, std::int64_t first_step) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
        refuse(folder, error.value());
    }
    // TensorBoard reads the files of a folder in the order of their names, that of their times.
    const double now = seconds_since_1970();
    path_ = fmt::format("{}/events.out.tfevents.{:017.6f}.{}.chainrule", folder, now, ::getpid());
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ < 0) {
        refuse(path_, errno);
    }
    append(version_event(now));
    append(start_event(now, first_step));
}

EventFile::~EventFile() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

void EventFile::write_graph(std::string_view graph_def) {
    append(graph_event(seconds_since_1970(), graph_def));
}

void EventFile::write(std::int64_t step, std::span<const Summary> summaries) {
    append(summary_event(seconds_since_1970(), step, summaries));
}

void EventFile::append(std::string_view event) {
    const std::string record = event_record(event);
    std::string_view rest = record;
    while (!rest.empty()) {
        const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
        if (written < 0 && errno != EINTR) {
            refuse(path_, errno);
        }
        rest.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
}

}  // namespace chainrule
