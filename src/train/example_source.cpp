#include "train/example_source.h"

#include <algorithm>
#include <vector>

#include "data/split.h"
#include "train/class_scores.h"

namespace chainrule {
namespace {

class SourceInMemory final : public ExampleSource {
public:
    explicit SourceInMemory(const Dataset& data) : data_(data) {}

    std::size_t rows() const override { return data_.rows; }
    const Dataset& window() const override { return data_; }

    void start_epoch(std::uint64_t seed, std::uint64_t epoch) override {
        order_ = epoch_order(data_.rows, seed, epoch);
        taken_ = 0;
    }

    std::span<const std::size_t> take(std::size_t steps, std::size_t batch) override {
        const std::size_t left = order_.size() - taken_;
        // Steps may be as many as the product does not hold.
        const std::size_t count = steps > left / batch ? left : steps * batch;
        taken_ += count;
        return std::span(order_).subspan(taken_ - count, count);
    }

    std::size_t most_scores() const override { return ClassScores::usually_kept; }
    void visit(const Visitor& visitor) const override { visitor(data_); }

private:
    const Dataset& data_;
    std::vector<std::size_t> order_;
    std::size_t taken_ = 0;
};

}  // namespace

std::unique_ptr<ExampleSource> source_in_memory(const Dataset& data) {
    return std::make_unique<SourceInMemory>(data);
}

}  // namespace chainrule
