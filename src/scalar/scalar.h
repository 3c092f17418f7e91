// Scalar programs: what one element of a result is, in the arithmetic that a processor has.
//
// An op says by such a program what it computes, once, for f32 and f64 and for every backend: the
// code generator turns each instruction into one on vectors, the interpreter (scalar/interpret.h)
// runs it on one number. Elementary functions (scalar/functions.h) are programs too, of additions,
// multiplications and bits.
//
//     ScalarProgram program;
//     Scalar x = program.input(0, ScalarKind::f32);
//     program.outputs = {(1 / (1 + exp(-x))).id};
//
// An instruction is added once: equal ones are shared, and what depends on numbers alone is
// computed at once. Operands come before their users. Reals follow IEEE 754 (no instruction assumes
// that NaN, infinities, -0 or subnormals do not occur); a product and a sum of reals may be
// contracted to one fma, which rounds once.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace chainrule {

// Reals; whole numbers in two's complement, as wide as the real of the same width; a condition.
enum class ScalarKind : std::uint8_t { f32, f64, i32, i64, condition };

constexpr bool is_real(ScalarKind kind) {
    return kind == ScalarKind::f32 || kind == ScalarKind::f64;
}
// The whole number with a real's width, and back.
ScalarKind whole_kind(ScalarKind real);
ScalarKind real_kind(ScalarKind whole);

enum class ScalarOp : std::uint8_t {
    input,   // payload: which
    number,  // payload: its bits
    add,     // add .. multiply: reals or whole numbers (modulo 2^width)
    subtract,
    multiply,
    divide,  // divide .. nearest: reals
    negate,
    fma,  // a * b + c, rounded once
    absolute,
    square_root,
    floor,
    nearest,  // the nearest whole number, ties to even
    less,     // less .. equal: a condition, false where an operand is NaN
    less_equal,
    equal,
    bit_and,  // bit_and .. bit_not: whole numbers or conditions
    bit_or,
    bit_xor,
    bit_not,
    select,               // condition, then, otherwise
    shift_left,           // shifts: whole numbers, by less than their width
    shift_right,          // copies the sign
    shift_right_logical,  // fills with 0
    bits_of,              // real to whole, the same bits
    from_bits,            // whole to real
    whole_of,             // real to whole towards 0; any number where it does not fit
    real_of,              // whole to real, rounded
    widen,                // f32 to f64, i32 to i64 with its sign
    narrow,               // f64 to f32, rounded; i64 to i32, the low half
    lookup,               // element `operand` of table `payload`; the whole number must be inside
};

struct ScalarInstruction {
    ScalarOp op = ScalarOp::number;
    ScalarKind kind = ScalarKind::f64;  // of the result
    std::uint8_t arity = 0;
    std::array<std::uint32_t, 3> operands{};
    std::uint64_t payload = 0;

    friend bool operator==(const ScalarInstruction&, const ScalarInstruction&) = default;
};

class ScalarProgram;

// A handle on a value of a program: what formulas are written with.
struct Scalar {
    ScalarProgram* program = nullptr;
    std::uint32_t id = 0;

    ScalarKind kind() const;
    // A number of the same kind in the same program.
    Scalar number(double value) const;
    // A whole number as wide as this value.
    Scalar whole(std::int64_t value) const;
};

class ScalarProgram {
public:
    Scalar input(std::uint32_t index, ScalarKind kind);
    Scalar number(double value, ScalarKind kind);
    Scalar whole(std::int64_t value, ScalarKind kind);
    // Constants of kind `real` that `lookup` reads.
    std::uint32_t table(std::vector<double> values);

    Scalar add(ScalarOp op, ScalarKind kind, std::span<const Scalar> operands,
               std::uint64_t payload = 0);

    std::span<const ScalarInstruction> instructions() const { return instructions_; }
    const ScalarInstruction& operator[](std::uint32_t id) const { return instructions_[id]; }
    const std::vector<double>& table_values(std::uint64_t table) const { return tables_[table]; }
    // The number that `id` is, if it is one.
    bool is_number(std::uint32_t id) const { return instructions_[id].op == ScalarOp::number; }

    std::vector<std::uint32_t> outputs;

private:
    struct Hash {
        std::size_t operator()(const ScalarInstruction& instruction) const noexcept;
    };
    Scalar insert(const ScalarInstruction& instruction);

    std::vector<ScalarInstruction> instructions_;
    std::vector<std::vector<double>> tables_;
    std::unordered_map<ScalarInstruction, std::uint32_t, Hash> known_;
};

// --- formulas ------------------------------------------------------------------------------------
// Both operands of one kind; a plain number takes the kind of the other operand.

Scalar operator+(Scalar a, Scalar b);
Scalar operator-(Scalar a, Scalar b);
Scalar operator*(Scalar a, Scalar b);
Scalar operator/(Scalar a, Scalar b);
Scalar operator-(Scalar a);
Scalar operator+(Scalar a, double b);
Scalar operator+(double a, Scalar b);
Scalar operator-(Scalar a, double b);
Scalar operator-(double a, Scalar b);
Scalar operator*(Scalar a, double b);
Scalar operator*(double a, Scalar b);
Scalar operator/(Scalar a, double b);
Scalar operator/(double a, Scalar b);

Scalar operator<(Scalar a, Scalar b);
Scalar operator<=(Scalar a, Scalar b);
Scalar operator>(Scalar a, Scalar b);
Scalar operator>=(Scalar a, Scalar b);
Scalar operator<(Scalar a, double b);
Scalar operator<=(Scalar a, double b);
Scalar operator>(Scalar a, double b);
Scalar operator>=(Scalar a, double b);
Scalar equal(Scalar a, Scalar b);
Scalar equal(Scalar a, double b);
Scalar is_nan(Scalar a);

Scalar operator&(Scalar a, Scalar b);
Scalar operator|(Scalar a, Scalar b);
Scalar operator^(Scalar a, Scalar b);
Scalar operator~(Scalar a);
Scalar operator<<(Scalar a, int bits);
Scalar operator>>(Scalar a, int bits);
Scalar shift_right_logical(Scalar a, int bits);

Scalar select(Scalar condition, Scalar then, Scalar otherwise);
Scalar select(Scalar condition, Scalar then, double otherwise);
Scalar select(Scalar condition, double then, Scalar otherwise);
// 1 or 0 of the kind of `like`.
Scalar as_number(Scalar condition, Scalar like);

Scalar fma(Scalar a, Scalar b, Scalar c);
Scalar fma(Scalar a, Scalar b, double c);
Scalar fma(Scalar a, double b, Scalar c);
Scalar abs(Scalar a);
Scalar sqrt(Scalar a);
Scalar floor(Scalar a);
Scalar nearest(Scalar a);
// The size of `a` with the sign bit of `sign`.
Scalar copy_sign(Scalar a, Scalar sign);

Scalar bits_of(Scalar real);
Scalar from_bits(Scalar whole);
Scalar whole_of(Scalar real);
Scalar real_of(Scalar whole);
Scalar widen(Scalar a);
Scalar narrow(Scalar a);
Scalar lookup(std::uint32_t table, Scalar index, ScalarKind real);

}  // namespace chainrule
