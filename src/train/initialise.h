// The values that training starts from: of each weight the value that its declaration gives, else
// what its initialiser draws.
//
// A number depends on the seed, the weight's name and its own index alone, so that neither another
// weight nor another order of evaluation changes it. With fan-in and fan-out as in Weight:
//
//     xavier_uniform   U(-a, a),  a = sqrt(6 / (fan_in + fan_out))
//     xavier_normal    N(0, s^2), s = sqrt(2 / (fan_in + fan_out))
//     he_uniform       U(-a, a),  a = sqrt(6 / fan_in)
//     he_normal        N(0, s^2), s = sqrt(2 / fan_in)
//
// Sources: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural
// networks", AISTATS 2010, equation 16, and its normal form of the same variance; He, Zhang, Ren
// and Sun, "Delving deep into rectifiers", ICCV 2015, equation 10, and its uniform form of the same
// variance.
//
// A weight declared with neither gets its value from training: it is drawn by xavier_uniform, and a
// warning says so.
//
//     std::vector<Tensor> weights = initial_weights(network, seed, diagnostics);
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "elaborate/network.h"

namespace chainrule {

// One tensor per weight of the network, in their order. UserError for an initialiser that cannot
// draw: bounds in the wrong order, a negative deviation, a number that is not finite.
std::vector<Tensor> initial_weights(const Network& network, std::uint64_t seed,
                                    Diagnostics& diagnostics);

// What `initialiser` draws for a tensor of that name and shape.
Tensor draw_tensor(const Initialiser& initialiser, const std::string& name, const Shape& shape,
                   std::int64_t fan_in, std::int64_t fan_out, std::uint64_t seed);

}  // namespace chainrule
