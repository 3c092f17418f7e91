// Declarations: inputs, targets, weights and constants become leaves of the graph, with what the
// text says of their values.
#pragma once

#include <optional>

#include "elaborate/session.h"

namespace chainrule {

// Declared tensors have at most 2^40 elements; those with a value written out at most 2^26.
inline constexpr std::int64_t most_elements = std::int64_t{1} << 40;
inline constexpr std::int64_t most_known_elements = std::int64_t{1} << 26;
// A larger weight that is filled with one number is filled when it is needed.
inline constexpr std::int64_t most_filled_elements = std::int64_t{1} << 20;

// Adds the declared value to the graph and the network, under the environment's prefix. Nothing
// after an error, which is reported.
std::optional<NodeId> declare(Session& session, const Environment& where,
                              const ast::Declaration& declaration);

// An extent in a declaration or in a layer's parameter: a number, a dimension of the layer, a
// constant with a known whole value.
std::optional<std::int64_t> read_dimension(Session& session, const Environment& where,
                                           ast::ExprId id);

// `~ he_normal`, `~ normal(0, 0.1)`. The bare names mean what their papers propose: xavier and
// glorot the uniform form (Glorot and Bengio 2010), he and kaiming the normal one (He et al. 2015).
// `uniform` and `normal` without arguments are those of [0, 1) and of mean 0 and deviation 1.
std::optional<Initialiser> read_initialiser(Session& session, const Environment& where,
                                            ast::ExprId id);

}  // namespace chainrule
