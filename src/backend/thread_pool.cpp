#include "backend/thread_pool.h"

#include <algorithm>
#include <system_error>

#include "backend/signal_block.h"

namespace chainrule {
namespace {

// About twenty microseconds: longer than from one phase to the next, shorter than anyone would
// notice.
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
    const SignalBlock block;
    for (std::size_t i = 1; i < wanted; ++i) {
        try {
            workers_.emplace_back([this, i] { work(i); });
        } catch (const std::system_error&) {
            break;  // the system gives no more: fewer threads compute the same
        }
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
    done_.store(0, std::memory_order_relaxed);
    const std::uint32_t round = round_.load(std::memory_order_relaxed) + 1;
    left_.store(std::uint64_t{round} << 32 | count, std::memory_order_release);
    round_.store(round, std::memory_order_release);
    round_.notify_all();
    take_tiles(0);
    for (int turns = 0; done_.load(std::memory_order_acquire) != count; ++turns) {
        if (turns > patience) {
            std::this_thread::yield();
        } else {
            pause();
        }
    }
}

void ThreadPool::take_tiles(std::size_t thread) {
    std::uint64_t left = left_.load(std::memory_order_acquire);
    while (static_cast<std::uint32_t>(left) != 0) {
        // Fails where another thread took this tile, or another round has begun.
        if (left_.compare_exchange_weak(left, left - 1, std::memory_order_acquire)) {
            (*task_)(count_ - static_cast<std::uint32_t>(left), thread);
            done_.fetch_add(1, std::memory_order_release);
            left = left_.load(std::memory_order_acquire);
        }
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
    }
}

}  // namespace chainrule
