#include "cli/progress_bar.h"

#include <fmt/format.h>

#include <ostream>
#include <string>

namespace chainrule {

void ProgressBar::show(const Progress& progress) {
    using namespace std::chrono_literals;
    constexpr std::int64_t width = 30;
    const auto now = std::chrono::steady_clock::now();
    if (!enabled_ || (shown_ && now - last_ < 100ms)) {
        return;
    }
    last_ = now;
    shown_ = true;
    const auto full = static_cast<std::size_t>(width * progress.batch / progress.batches);
    std::string bar(full, '=');
    bar += full < width ? ">" : "";
    // "\r" to the line's begin, "\x1b[K" clears to its end.
    out_ << fmt::format("\r\x1b[Kepoch {}/{}  [{:<{}}]  {}/{}", progress.epoch, progress.epochs,
                        bar, width, progress.batch, progress.batches)
         << std::flush;
}

void ProgressBar::clear() {
    if (shown_) {
        out_ << "\r\x1b[K" << std::flush;
        shown_ = false;
    }
}

}  // namespace chainrule
