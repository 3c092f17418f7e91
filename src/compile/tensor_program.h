// A small graph with a batch of fixed size as straight-line code on whole tensors: each value is
// one vector with all its elements, of all examples, which a code generator keeps in registers.
//
//     x = load rows of "x"          [4 examples x 2]
//     a = shuffle x 0 0 0 0 2 2 2 2 ...
//     z = fma(a, b, z0)
//
// A value per example is laid out example by example, row-major within.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compile/options.h"
#include "compile/plan.h"
#include "passes/pipeline.h"

namespace chainrule {

struct TensorStep {
    enum class Kind : std::uint8_t {
        leaf,      // the numbers of a leaf: of a shared one, or the batch's rows
        constant,  // `numbers`
        map,       // `program` of the operands, element by element
        shuffle,   // element i is element indices[i] of the operands laid one behind the other
        fold,  // the operand is `count` vectors one behind the other; they are combined pairwise
    };
    Kind kind = Kind::leaf;
    std::uint32_t size = 1;
    std::vector<std::uint32_t> operands = {};
    std::uint32_t leaf = 0;  // of TensorProgram::leaves
    std::vector<double> numbers = {};
    ScalarProgram program = {};  // map; fold: of input 0 and input 1
    std::vector<std::int32_t> indices = {};
    std::uint32_t count = 1;
    double initial = 0;  // fold: what a missing vector is
};

struct TensorProgram {
    ScalarKind real = ScalarKind::f32;
    std::int64_t batch = 1;  // the examples of a run, exactly
    std::vector<LeafPlan> leaves;
    std::vector<TensorStep> steps;  // operands come first
    struct Update {
        std::uint32_t leaf;
        std::uint32_t value;  // a step
    };
    std::vector<Update> updates;
};

// Nothing where the graph is too large, has places that are data, or an op that only a routine
// computes. Passes are run here; only the updates are computed.
std::optional<TensorProgram> make_tensor_program(const Graph& graph, const CompileOptions& options,
                                                 const PipelineOptions& pipeline = {});

// For people.
std::string print_program(const TensorProgram& program);

}  // namespace chainrule
