// A plan: what compiled code does in one run of a graph over a batch, without saying on which
// machine.
//
//     Plan    phases, one after the other
//     Phase   jobs that do not wait for each other
//     Job     rows, cut into tiles whose size the problem fixes: a tile is what one thread does
//             at a time
//     Action  of a job, on each tile in turn: a fused kernel, a matrix product, a routine
//     Kernel  loop nests, run for each row of the tile
//
// The rows of a batch job are the examples; those of another job are the first axis of the tensors
// it makes, or there is one row. All sizes are in elements; `Extent::batch` and `Extent::tiles`
// stand for what is known only as it runs. Work is cut by sizes alone, never by the number of
// threads, so that every thread count gives the same bits.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ir/graph.h"
#include "scalar/scalar.h"

namespace chainrule {

// --- memory --------------------------------------------------------------------------------------

enum class Region : std::uint8_t {
    rows,     // a block of `size` for each example of the batch
    shared,   // one block
    tiles,    // a block for each tile of the job that fills it
    data,     // a leaf per example: the block of row order[example] in the caller's data
    given,    // a shared leaf, in the caller's memory
    scratch,  // one block for the row at hand, of each thread
};

struct Buffer {
    std::string name;
    Region region = Region::rows;
    std::int64_t size = 0;    // of a block
    std::int64_t blocks = 1;  // how many there are; of `rows` and `data` as many as examples
    std::optional<Tensor> constant = {};  // its value is fixed
    std::uint32_t leaf = ~0U;             // data, given: which leaf of Plan::leaves
    // From the memory plan: the place in the arena, or in a thread's scratch memory, in elements.
    std::int64_t place = 0;
};

// A place along an axis that data tell: the number that a load of the nest gives. One that is no
// place on the axis ends the run with the error of its op.
struct Pick {
    std::uint32_t load = 0;  // of LoopNest::loads, before the access itself
    std::int64_t stride = 0;
    std::int64_t extent = 0;  // of the axis
    NodeId node = {};         // of Plan::graph, for the error
    friend bool operator==(const Pick&, const Pick&) = default;
};

// The element of a buffer at an index of a loop nest: row * row_stride + offset + sum(index *
// strides), and where there is a pick + its place * its stride.
struct Access {
    std::uint32_t buffer = 0;
    std::int64_t row_stride = 0;
    std::int64_t offset = 0;
    std::vector<std::int64_t> strides = {};  // one per axis of the nest
    std::optional<Pick> pick = {};
    friend bool operator==(const Access&, const Access&) = default;
};

// --- kernels -------------------------------------------------------------------------------------

struct Extent {
    static constexpr std::int64_t batch = -1;  // the examples of the batch
};

// The axes along which a fold combines values are `reduced`.
struct LoopAxis {
    std::int64_t extent = 1;
    bool reduced = false;
};

struct FoldPlan {
    double initial = 0;
    ScalarProgram combine;  // of input 0 (so far) and input 1 (the next)
};

struct StorePlan {
    std::uint32_t output = 0;  // of the program
    Access access;
    std::optional<FoldPlan> fold;  // combined over the reduced axes, then stored
    // Added to what stands there: a sum over the rows of a tile, or over the picks of a place.
    bool accumulate = false;
};

// for each index: program(loads) -> stores. The vector axis is the last one.
struct LoopNest {
    std::vector<LoopAxis> axes;
    ScalarProgram program;  // input i is loads[i]
    std::vector<Access> loads;
    std::vector<StorePlan> stores;
};

// Whether it is data that tell where the access goes along an axis of its nest.
inline bool jumps_along(const LoopNest& nest, const Access& access, std::size_t axis) {
    return access.pick && nest.loads[access.pick->load].strides[axis] != 0;
}

struct Kernel {
    std::vector<LoopNest> first;  // once, before the rows: the zeros that sums over them begin with
    std::vector<LoopNest> nests;  // for each row
};

// --- other actions -------------------------------------------------------------------------------

// C[m, n] = sum over k of A[m, k] * B[k, n], where the rows of the job's tile are the m.
struct ProductPlan {
    Access a;  // strides of m, k
    Access b;  // strides of k, n
    Access c;  // strides of m, n
    std::int64_t n = 0;
    std::int64_t k = 0;  // or Extent::batch
    // By code of our own, like a kernel; else by the library of matrix products, which has f32
    // alone.
    bool is_emitted = false;
};

// A function of one operand (the facet Routine), for each row of the tile.
struct RoutinePlan {
    NodeId node;     // of Plan::graph
    Access operand;  // strides of its axes
    Access result;   // row-major
};

using Action = std::variant<Kernel, ProductPlan, RoutinePlan>;

// Whether code is generated for an action.
inline bool is_emitted(const Action& action) {
    const auto* product = std::get_if<ProductPlan>(&action);
    return product != nullptr ? product->is_emitted : std::holds_alternative<Kernel>(action);
}

struct Job {
    std::int64_t rows = 1;  // or Extent::batch
    std::int64_t tile_rows = 1;
    std::vector<Action> actions;
};

struct Phase {
    std::vector<Job> jobs;
};

// What the numbers of a leaf are in the caller's memory.
enum class ElementFormat : std::uint8_t { u8, f32, f64 };

// --- the plan ------------------------------------------------------------------------------------

struct LeafPlan {
    std::string name;
    std::string role;
    Shape shape;
    bool per_example = false;
    ElementFormat format = ElementFormat::f32;  // of a shared leaf always that of Plan::real
};

struct Plan {
    std::shared_ptr<const Graph> graph;  // what is computed
    ScalarKind real = ScalarKind::f32;
    std::int64_t batch = 1;  // the most examples of a run
    std::vector<LeafPlan> leaves;
    std::vector<Buffer> buffers;
    std::vector<Phase> phases;
    std::vector<std::uint32_t> outputs;  // the buffer of each output of the graph
    std::uint32_t batch_size = ~0U;      // the buffer that the runner tells the examples' number
    std::int64_t arena_size = 0;
    std::int64_t scratch_size = 0;
};

// A dump for people: jobs, kernels, accesses, places.
std::string print_plan(const Plan& plan);

}  // namespace chainrule
