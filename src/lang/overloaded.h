// Several lambdas as one visitor of a std::variant:
//
//     std::visit(Overloaded{[](int) { ... }, [](const auto&) { ... }}, variant)
#pragma once

namespace chainrule {

template <class... Fs>
struct Overloaded : Fs... {
    using Fs::operator()...;
};

}  // namespace chainrule
