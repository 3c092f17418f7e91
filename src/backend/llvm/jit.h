// Modules to callable code, for the processor at hand.
//
// One Jit holds the code of one compiled program; the code lives as long as it does. Nothing is
// kept between runs: there is no cache that could go stale.
//
//     Jit jit;
//     ModuleBuilder module = jit.new_module();
//     ... emit a function "f" into it ...
//     jit.add(std::move(module));
//     auto* f = jit.function<void(float*)>("f");
#pragma once

#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>

#include <memory>
#include <string>
#include <string_view>

namespace chainrule {

struct ModuleBuilder {
    std::unique_ptr<llvm::LLVMContext> context;
    std::unique_ptr<llvm::Module> module;
};

class Jit {
public:
    // Throws InternalError where LLVM does not know the processor.
    Jit();

    ModuleBuilder new_module() const;
    // Optimises and compiles. Throws InternalError, with LLVM's words, for a module that is wrong.
    void add(ModuleBuilder module);

    template <class F>
    F* function(std::string_view name) {
        return reinterpret_cast<F*>(address_of(name));
    }

    // Bytes in the widest vector that the processor computes with.
    unsigned vector_bytes() const { return vector_bytes_; }

    // What add() has compiled so far, where `keep_text` is set before: LLVM's text and the
    // assembler's.
    bool keep_text = false;
    std::string llvm_text;
    std::string assembly;

private:
    void* address_of(std::string_view name);
    void optimise(llvm::Module& module) const;

    std::unique_ptr<llvm::TargetMachine> machine_;
    std::unique_ptr<llvm::orc::LLJIT> jit_;
    unsigned vector_bytes_ = 16;
};

}  // namespace chainrule
