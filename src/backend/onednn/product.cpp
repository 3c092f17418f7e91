#include "backend/onednn/product.h"

#include <array>
#include <oneapi/dnnl/dnnl.hpp>
#include <string>

#include "lang/diagnostic.h"

// Of OpenMP's interface; its header belongs to a compiler, and oneDNN may be built with another's.
extern "C" int omp_get_max_threads();
extern "C" void omp_set_num_threads(int);

namespace chainrule {
namespace {

// oneDNN of Debian computes with OpenMP's threads; the pool's threads want none beside themselves.
class OneOpenMpThread {
public:
    OneOpenMpThread() : before_(omp_get_max_threads()) { omp_set_num_threads(1); }
    ~OneOpenMpThread() { omp_set_num_threads(before_); }
    OneOpenMpThread(const OneOpenMpThread&) = delete;
    OneOpenMpThread& operator=(const OneOpenMpThread&) = delete;

private:
    int before_;
};

const dnnl::engine& processor() {
    static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    return engine;
}

dnnl::memory::desc matrix(std::int64_t rows, std::int64_t columns,
                          const std::array<std::int64_t, 2>& strides) {
    return {{rows, columns}, dnnl::memory::data_type::f32, {strides[0], strides[1]}};
}

class OneDnnProduct final : public MatrixProductCode {
public:
    explicit OneDnnProduct(const ProductShape& shape) : stream_(processor()) {
        const OneOpenMpThread guard;
        const auto a = matrix(shape.m, shape.k, shape.a);
        const auto b = matrix(shape.k, shape.n, shape.b);
        const auto c = matrix(shape.m, shape.n, shape.c);
        const dnnl::matmul::primitive_desc description({a, b, c}, processor());
        primitive_ = dnnl::matmul(description);
        a_ = dnnl::memory(a, processor(), nullptr);
        b_ = dnnl::memory(b, processor(), nullptr);
        c_ = dnnl::memory(c, processor(), nullptr);
        arguments_ = {
            {{DNNL_ARG_SRC, a_.get()}, {DNNL_ARG_WEIGHTS, b_.get()}, {DNNL_ARG_DST, c_.get()}}};
    }

    void run(const float* a, const float* b, float* c) override {
        const OneOpenMpThread guard;
        a_.set_data_handle(const_cast<float*>(a));
        b_.set_data_handle(const_cast<float*>(b));
        c_.set_data_handle(c);
        const auto status =
            dnnl_primitive_execute(primitive_.get(), stream_.get(),
                                   static_cast<int>(arguments_.size()), arguments_.data());
        if (status != dnnl_success) {
            throw InternalError("oneDNN cannot multiply two matrices");
        }
    }

private:
    dnnl::stream stream_;
    dnnl::matmul primitive_;
    dnnl::memory a_;
    dnnl::memory b_;
    dnnl::memory c_;
    std::array<dnnl_exec_arg_t, 3> arguments_;  // made once: nothing is allocated to run
};

}  // namespace

std::unique_ptr<MatrixProductCode> make_product(const ProductShape& shape) {
    try {
        return std::make_unique<OneDnnProduct>(shape);
    } catch (const dnnl::error& error) {
        throw InternalError("oneDNN refuses a matrix product of " + std::to_string(shape.m) +
                            " x " + std::to_string(shape.k) + " x " + std::to_string(shape.n) +
                            ": " + error.what());
    }
}

}  // namespace chainrule
