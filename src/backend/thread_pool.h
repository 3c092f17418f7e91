// Threads that share the tiles of a phase.
//
// Which thread takes a tile changes nothing: tiles are cut by the problem's size. The calling thread works
// too; between phases the others wait awake for a moment before they sleep.
//
//     ThreadPool pool(2);
//     pool.run(tiles, [&](std::size_t tile, std::size_t thread) { ... });
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

namespace chainrule {

class ThreadPool {
public:
    // 0: as many as the machine has processors.
    explicit ThreadPool(std::size_t threads);
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    std::size_t size() const { return workers_.size() + 1; }

    // Calls task(i, thread) for each i below `count` and returns when all calls have; `thread` is below
    // size(). A task must not throw.
    using Task = std::function<void(std::size_t index, std::size_t thread)>;
    void run(std::size_t count, const Task& task);

private:
    void work(std::size_t thread);
    void take_tiles(std::size_t thread);

    std::vector<std::thread> workers_;
    const Task* task_ = nullptr;
    std::size_t count_ = 0;
    std::atomic<std::size_t> next_ = 0;
    std::atomic<std::uint32_t> round_ = 0;  // a new number for each run
    std::atomic<std::size_t> busy_ = 0;
    std::atomic<bool> stop_ = false;
};

}  // namespace chainrule
