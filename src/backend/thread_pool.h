// Threads that share the tiles of a phase.
//
// Which thread takes a tile changes nothing: tiles are cut by the problem's size. The calling
// thread works too; between phases the others wait awake for a moment before they sleep. A run
// waits for its tiles, not for its threads: one that wakes late finds nothing left and keeps nobody
// waiting.
//
//     ThreadPool pool(2);
//     pool.run(tiles, [&](std::size_t tile, std::size_t thread) { ... });
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace chainrule {

class ThreadPool {
public:
    // 0: as many as the machine has processors. Fewer where the system gives no more.
    explicit ThreadPool(std::size_t threads);
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    std::size_t size() const { return workers_.size() + 1; }

    // Calls task(i, thread) for each i below `count` (below 2^32) and returns when all calls have;
    // `thread` is below size(). A task must not throw.
    using Task = std::function<void(std::size_t index, std::size_t thread)>;
    void run(std::size_t count, const Task& task);

private:
    void work(std::size_t thread);
    void take_tiles(std::size_t thread);

    std::vector<std::thread> workers_;
    // Of the run at hand; read only by who has taken one of its tiles, which ends no sooner.
    const Task* task_ = nullptr;
    std::size_t count_ = 0;

    // The round, and in the lower half how many tiles are left of it.
    std::atomic<std::uint64_t> left_ = 0;
    std::atomic<std::size_t> done_ = 0;     // tiles of the round
    std::atomic<std::uint32_t> round_ = 0;  // a new number for each run
    std::atomic<bool> stop_ = false;
};

}  // namespace chainrule
