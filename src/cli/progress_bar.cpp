#include "cli/progress_bar.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ostream>

namespace chainrule {
namespace {

using namespace std::chrono_literals;

constexpr auto least_time = 100ms;  // between two lines, and to judge a pace by

// `0:07`, `12:30`, `1:02:05`.
std::string time_text(double seconds) {
    constexpr double longest = 359'999;  // 99:59:59
    if (!(seconds < longest)) {
        return "days";
    }
    const auto all = std::int64_t{std::llround(seconds)};
    const std::int64_t hours = all / 3600;
    const std::int64_t minutes = all / 60 % 60;
    return hours > 0 ? fmt::format("{}:{:02}:{:02}", hours, minutes, all % 60)
                     : fmt::format("{}:{:02}", minutes, all % 60);
}

// `850`, `12.4 k`, `1.24 M`.
std::string rate_text(double rate) {
    if (rate < 1e4) {
        return fmt::format("{:.0f}", rate);
    }
    return rate < 1e6 ? fmt::format("{:.3g} k", rate / 1e3) : fmt::format("{:.4g} M", rate / 1e6);
}

std::string bar_text(double part, std::size_t width) {
    const auto full = static_cast<std::size_t>(static_cast<double>(width) * part);
    const std::string bar = std::string(full, '=') + (full < width ? ">" : "");
    return fmt::format("  [{:<{}}]", bar, width);
}

}  // namespace

ProgressBar::Pace ProgressBar::pace(double epochs_done, const Progress& progress,
                                    Clock::time_point now) const {
    const std::chrono::duration<double> took = now - began_;
    const double epochs = epochs_done - epochs_at_begin_;
    if (took < least_time || !(epochs > 0)) {
        return {};
    }
    const double seconds_each = took.count() / epochs;
    const double left = seconds_each * (static_cast<double>(progress.epochs) - epochs_done);
    return {
        fmt::format("  {} rows/s", rate_text(static_cast<double>(progress.rows) / seconds_each)),
        fmt::format("  {} left", time_text(left))};
}

void ProgressBar::show(const Progress& progress, Clock::time_point now) {
    constexpr std::size_t usual_bar = 20;
    constexpr std::size_t least_bar = 5;
    if (!enabled_ || (shown_ && now - last_ < least_time)) {
        return;
    }
    const double epochs_done =
        static_cast<double>(progress.epoch - 1) +
        static_cast<double>(progress.batch) / static_cast<double>(progress.batches);
    if (!watches_) {
        watches_ = true;
        began_ = now;
        epochs_at_begin_ = epochs_done;
    }
    last_ = now;
    shown_ = true;
    const double part = epochs_done / static_cast<double>(progress.epochs);
    const std::string epoch = fmt::format("epoch {}/{}", progress.epoch, progress.epochs);
    const std::string percent = fmt::format(" {:>3.0f} %", 100 * part);
    Pace told = pace(epochs_done, progress, now);
    constexpr std::size_t around_bar = 4;  // blanks and brackets
    // In the last column the cursor would go to the next line.
    const std::size_t room = width_ - std::min<std::size_t>(width_, 1 + around_bar);
    const auto rest = [&] {
        return epoch.size() + percent.size() + told.rate.size() + told.time_left.size();
    };
    if (rest() + usual_bar > room) {
        told.rate.clear();
    }
    if (rest() + least_bar > room) {
        told.time_left.clear();
    }
    const std::size_t bar = std::clamp(room - std::min(room, rest()), least_bar, usual_bar);
    const std::string line = epoch + bar_text(part, bar) + percent + told.rate + told.time_left;
    // "\r" to the line's begin, "\x1b[K" clears to its end.
    out_ << "\r\x1b[K" << line.substr(0, room + around_bar) << std::flush;
}

void ProgressBar::clear() {
    if (shown_) {
        out_ << "\r\x1b[K" << std::flush;
        shown_ = false;
    }
}

}  // namespace chainrule
