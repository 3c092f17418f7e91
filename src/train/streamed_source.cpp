#include "train/streamed_source.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "data/careful_table.h"
#include "data/split.h"
#include "ir/random.h"

namespace chainrule {
namespace {

// Rows taken at once, where a batch is not more.
constexpr std::size_t usual_run = 8192;

// For the area under the ROC curve, eight bytes each: of more rows there is no area.
constexpr std::size_t most_streamed_scores = std::size_t{1} << 22;

// The rows of one epoch in the order of the file.
class RowReader {
public:
    RowReader(const StreamedExamples& examples, Side side) : parts_(examples, side) {}

    // Whether there is a row: of part(), the one at place().
    bool next() {
        if (++place_ < part_.rows) {
            return true;
        }
        place_ = 0;
        return parts_.next(part_);
    }
    const Dataset& part() const { return part_; }
    std::size_t place() const { return place_; }

private:
    ExampleParts parts_;
    Dataset part_;
    std::size_t place_ = 0;
};

class StreamedSource final : public ExampleSource {
public:
    StreamedSource(std::shared_ptr<const StreamedExamples> examples, Side side,
                   const std::optional<BufferSize>& size)
        : examples_(std::move(examples)), side_(side), rows_(examples_->rows(side)) {
        if (size) {
            buffer_ = std::min(size->buffer, rows_);
            run_ = std::min(std::max(size->batch, usual_run), rows_);
            make_window();
        }
    }

    std::size_t rows() const override { return rows_; }
    const Dataset& window() const override { return window_; }
    std::size_t filled() const override { return std::min(buffer_, rows()); }

    void start_epoch(std::uint64_t seed, std::uint64_t epoch) override {
        reader_.reset();
        reader_.emplace(*examples_, side_);
        seed_ = seed;
        epoch_ = epoch;
        random_.emplace(seed, stream_id("shuffle buffer", epoch));
        taken_ = 0;
        rest_.clear();
        live_.clear();
        used_.clear();
        free_.clear();
        for (std::size_t slot = window_.rows; slot-- > 0;) {
            free_.push_back(slot);
        }
        while (live_.size() < buffer_) {
            live_.push_back(read_row());
        }
    }

    std::span<const std::size_t> take(std::size_t steps, std::size_t batch) override {
        free_.insert(free_.end(), used_.rbegin(), used_.rend());
        used_.clear();
        const std::size_t most = std::max<std::size_t>(run_ / batch, 1);
        const std::size_t count = std::min(std::min(steps, most) * batch, rows_ - taken_);
        while (used_.size() < count) {
            used_.push_back(draw());
            ++taken_;
        }
        return used_;
    }

    std::size_t most_scores() const override { return most_streamed_scores; }
    void visit(const Visitor& visitor) const override {
        ExampleParts parts(*examples_, side_);
        for (Dataset part; parts.next(part);) {
            visitor(part);
        }
    }

private:
    void make_window() {
        ExampleParts parts(*examples_, side_);
        Dataset part;
        if (!parts.next(part)) {
            refuse_changed_file(source_of(examples_->file));
        }
        window_ = select_rows(part, std::vector<std::size_t>{});
        window_.rows = buffer_ + run_;
        for (std::size_t i = 0; i < window_.inputs.size(); ++i) {
            window_.inputs[i] =
                Numbers::zeros(part.inputs[i].format(), window_.rows * window_.input_sizes[i]);
        }
        window_.targets.resize(window_.rows * window_.target_size);
        window_.weights.resize(part.weights.empty() ? 0 : window_.rows);
        window_.lines = RowLines(window_.rows);
    }

    // Into a free slot, which it tells.
    std::size_t read_row() {
        if (!reader_->next()) {
            refuse_changed_file(window_.source);
        }
        const std::size_t slot = free_.back();
        free_.pop_back();
        const Dataset& part = reader_->part();
        for (std::size_t i = 0; i < window_.inputs.size(); ++i) {
            const std::size_t size = window_.input_sizes[i];
            window_.inputs[i].put(slot * size, part.inputs[i], reader_->place() * size, size);
        }
        const std::size_t size = window_.target_size;
        std::copy_n(part.targets.data() + reader_->place() * size, size,
                    window_.targets.data() + slot * size);
        if (!window_.weights.empty()) {
            window_.weights[slot] = part.weights[reader_->place()];
        }
        window_.lines.put(slot, part.lines.line(reader_->place()));
        return slot;
    }

    std::size_t draw() {
        if (taken_ + buffer_ < rows_) {
            std::size_t& drawn = live_[random_->below(taken_, buffer_)];
            return std::exchange(drawn, read_row());
        }
        if (rest_.empty()) {
            rest_ = epoch_order(buffer_, seed_, epoch_);
        }
        return live_[rest_[taken_ + buffer_ - rows_]];
    }

    std::shared_ptr<const StreamedExamples> examples_;
    Side side_;
    std::size_t rows_;
    std::size_t buffer_ = 0;  // rows
    std::size_t run_ = 0;     // the most that are taken at once
    Dataset window_;
    // Of the epoch.
    std::optional<RowReader> reader_;
    std::uint64_t seed_ = 0;
    std::uint64_t epoch_ = 0;
    std::optional<RandomStream> random_;
    std::size_t taken_ = 0;
    std::vector<std::size_t> live_;  // the slots of the window that are drawn from
    std::vector<std::size_t> used_;  // those of the last call
    std::vector<std::size_t> free_;
    std::vector<std::size_t> rest_;  // the order of the last rows
};

}  // namespace

std::unique_ptr<ExampleSource> streamed_source(std::shared_ptr<const StreamedExamples> examples,
                                               Side side, const std::optional<BufferSize>& size) {
    return std::make_unique<StreamedSource>(std::move(examples), side, size);
}

}  // namespace chainrule
