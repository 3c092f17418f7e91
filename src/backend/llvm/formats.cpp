#include "backend/llvm/formats.h"

namespace chainrule {

llvm::Type* format_type(llvm::LLVMContext& context, ElementFormat format) {
    switch (format) {
    case ElementFormat::u8:
        return llvm::Type::getInt8Ty(context);
    case ElementFormat::f32:
        return llvm::Type::getFloatTy(context);
    case ElementFormat::f64:
        break;
    }
    return llvm::Type::getDoubleTy(context);
}

llvm::Value* as_real(llvm::IRBuilder<>& builder, llvm::Value* value, llvm::Type* type,
                     ElementFormat format) {
    return format == ElementFormat::u8 ? builder.CreateUIToFP(value, type)
                                       : builder.CreateFPCast(value, type);
}

}  // namespace chainrule
