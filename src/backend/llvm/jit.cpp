#include "backend/llvm/jit.h"

#include <llvm/Analysis/CGSCCPassManager.h>
#include <llvm/Analysis/LoopAnalysisManager.h>
#include <llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h>
#include <llvm/IR/LegacyPassManager.h>
#include <llvm/IR/Verifier.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/TargetParser/Host.h>
#include <llvm/Transforms/Utils/Cloning.h>

#include <mutex>

#include "lang/diagnostic.h"

namespace chainrule {
namespace {

void check(llvm::Error error, const char* what) {
    if (error) {
        throw InternalError(std::string(what) + ": " + llvm::toString(std::move(error)));
    }
}

template <class T>
T checked(llvm::Expected<T> value, const char* what) {
    check(value.takeError(), what);
    return std::move(*value);
}

void initialise_llvm() {
    static std::once_flag once;
    std::call_once(once, [] {
        llvm::InitializeNativeTarget();
        llvm::InitializeNativeTargetAsmPrinter();
    });
}

llvm::orc::JITTargetMachineBuilder host_machine() {
    auto builder = checked(llvm::orc::JITTargetMachineBuilder::detectHost(),
                           "LLVM does not know this processor");
    builder.setCodeGenOptLevel(llvm::CodeGenOptLevel::Default);
    builder.setCodeModel(llvm::CodeModel::Small);
    return builder;
}

unsigned widest_vector() {
    const auto features = llvm::sys::getHostCPUFeatures();
    const auto has = [&](const char* name) {
        const auto found = features.find(name);
        return found != features.end() && found->second;
    };
    return has("avx512f") && has("avx512vl") && has("avx512dq") ? 64 : has("avx2") ? 32 : 16;
}

// Vectors as wide as they are written: LLVM's own taste is narrower on some processors.
void want_wide_vectors(llvm::Module& module, unsigned bytes) {
    const std::string bits = std::to_string(8 * bytes);
    for (llvm::Function& function : module) {
        function.addFnAttr("prefer-vector-width", bits);
        function.addFnAttr("min-legal-vector-width", bits);
    }
}

std::string assembly_of(llvm::Module& module, llvm::TargetMachine& machine) {
    llvm::SmallString<4096> text;
    llvm::raw_svector_ostream stream(text);
    llvm::legacy::PassManager passes;
    const auto copy = llvm::CloneModule(module);
    machine.addPassesToEmitFile(passes, stream, nullptr, llvm::CodeGenFileType::AssemblyFile);
    passes.run(*copy);
    return text.str().str();
}

}  // namespace

Jit::Jit() : vector_bytes_(widest_vector()) {
    initialise_llvm();
    auto builder = host_machine();
    machine_ =
        checked(builder.createTargetMachine(), "LLVM has no code generator for this machine");
    jit_ = checked(llvm::orc::LLJITBuilder().setJITTargetMachineBuilder(builder).create(),
                   "LLVM cannot start its compiler");
}

ModuleBuilder Jit::new_module() const {
    ModuleBuilder made;
    made.context = std::make_unique<llvm::LLVMContext>();
    made.module = std::make_unique<llvm::Module>("chainrule", *made.context);
    made.module->setDataLayout(machine_->createDataLayout());
    made.module->setTargetTriple(machine_->getTargetTriple().str());
    return made;
}

void Jit::add(ModuleBuilder made) {
    std::string complaint;
    llvm::raw_string_ostream stream(complaint);
    if (llvm::verifyModule(*made.module, &stream)) {
        throw InternalError("generated code is broken: " + complaint);
    }
    want_wide_vectors(*made.module, vector_bytes_);
    optimise(*made.module);
    if (keep_text) {
        llvm::raw_string_ostream(llvm_text) << *made.module;
        assembly += assembly_of(*made.module, *machine_);
    }
    check(jit_->addIRModule({std::move(made.module), std::move(made.context)}),
          "LLVM cannot take generated code");
}

// What is emitted is in SSA form and vectors already: a few cheap passes tidy it.
void Jit::optimise(llvm::Module& module) const {
    llvm::LoopAnalysisManager loops;
    llvm::FunctionAnalysisManager functions;
    llvm::CGSCCAnalysisManager components;
    llvm::ModuleAnalysisManager modules;
    llvm::PassBuilder builder(machine_.get());
    builder.registerModuleAnalyses(modules);
    builder.registerCGSCCAnalyses(components);
    builder.registerFunctionAnalyses(functions);
    builder.registerLoopAnalyses(loops);
    builder.crossRegisterProxies(loops, functions, components, modules);
    llvm::ModulePassManager passes;
    check(builder.parsePassPipeline(
              passes,
              "function(sroa,early-cse,instcombine<no-verify-fixpoint>,loop-mssa(licm),early-cse)"),
          "LLVM does not know the passes");
    passes.run(module, modules);
}

void* Jit::address_of(std::string_view name) {
    const auto address = checked(jit_->lookup(llvm::StringRef(name.data(), name.size())),
                                 "generated code is missing");
    return address.toPtr<void*>();
}

}  // namespace chainrule
