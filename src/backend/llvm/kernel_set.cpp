#include "backend/llvm/kernel_set.h"

#include <vector>

#include "backend/llvm/emit_kernel.h"
#include "backend/llvm/emit_product.h"
#include "backend/llvm/jit.h"

namespace chainrule {
namespace {

class CompiledKernels final : public KernelSet {
public:
    CompiledKernels(const Plan& plan, bool keep_text) {
        jit_.keep_text = keep_text;
        ModuleBuilder made = jit_.new_module();
        std::size_t count = 0;
        for (const Phase& phase : plan.phases) {
            for (const Job& job : phase.jobs) {
                for (const Action& action : job.actions) {
                    if (is_emitted(action)) {
                        emit(made, plan, action, name_of(count++));
                    }
                }
            }
        }
        jit_.add(std::move(made));
        for (std::size_t i = 0; i < count; ++i) {
            code_.push_back(jit_.function<KernelCode>(name_of(i)));
        }
    }

    KernelCode* kernel(std::size_t index) const override { return code_.at(index); }
    const std::string& llvm_text() const override { return jit_.llvm_text; }
    const std::string& assembly() const override { return jit_.assembly; }

private:
    void emit(ModuleBuilder& made, const Plan& plan, const Action& action,
              const std::string& name) {
        if (const auto* product = std::get_if<ProductPlan>(&action)) {
            emit_product(made, *product, plan.real, name, jit_.vector_bytes());
        } else {
            emit_kernel(made, plan, std::get<Kernel>(action), name, jit_.vector_bytes());
        }
    }
    static std::string name_of(std::size_t index) { return "kernel" + std::to_string(index); }

    Jit jit_;
    std::vector<KernelCode*> code_;
};

}  // namespace

std::unique_ptr<KernelSet> compile_kernels(const Plan& plan, bool keep_text) {
    return std::make_unique<CompiledKernels>(plan, keep_text);
}

}  // namespace chainrule
