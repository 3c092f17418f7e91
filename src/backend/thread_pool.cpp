#include "backend/thread_pool.h"

#include <algorithm>

namespace chainrule {
namespace {

// About twenty microseconds: longer than from one phase to the next, shorter than anyone would notice.
constexpr int patience = 4000;

void pause() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

}  // namespace

ThreadPool::ThreadPool(std::size_t threads) {
    const std::size_t processors = std::max(1U, std::thread::hardware_concurrency());
    const std::size_t wanted = threads == 0 ? processors : threads;
    for (std::size_t i = 1; i < wanted; ++i) {
        workers_.emplace_back([this, i] { work(i); });
    }
}

ThreadPool::~ThreadPool() {
    stop_ = true;
    ++round_;
    round_.notify_all();
    for (std::thread& worker : workers_) {
        worker.join();
    }
}

void ThreadPool::run(std::size_t count, const Task& task) {
    if (workers_.empty() || count <= 1) {
        for (std::size_t i = 0; i < count; ++i) {
            task(i, 0);
        }
        return;
    }
    task_ = &task;
    count_ = count;
    next_.store(0, std::memory_order_relaxed);
    busy_.store(workers_.size(), std::memory_order_relaxed);
    round_.fetch_add(1, std::memory_order_release);
    round_.notify_all();
    take_tiles(0);
    for (int turns = 0; busy_.load(std::memory_order_acquire) != 0; ++turns) {
        if (turns > patience) {
            std::this_thread::yield();
        } else {
            pause();
        }
    }
}

void ThreadPool::take_tiles(std::size_t thread) {
    for (;;) {
        const std::size_t index = next_.fetch_add(1, std::memory_order_relaxed);
        if (index >= count_) {
            return;
        }
        (*task_)(index, thread);
    }
}

void ThreadPool::work(std::size_t thread) {
    std::uint32_t seen = 0;
    for (;;) {
        for (int turns = 0; round_.load(std::memory_order_acquire) == seen && turns < patience;
             ++turns) {
            pause();
        }
        round_.wait(seen, std::memory_order_acquire);
        seen = round_.load(std::memory_order_acquire);
        if (stop_) {
            return;
        }
        take_tiles(thread);
        busy_.fetch_sub(1, std::memory_order_release);
    }
}

}  // namespace chainrule
