// libFuzzer: any bytes as a file of arrays, NPY and NPZ above all. What is read must be as large as
// its shape says, and its parts must make the whole.
#include <memory>

#include "data/array_parts.h"
#include "fuzz_file.h"
#include "lang/diagnostic.h"

namespace {

using namespace chainrule;

void require_parts_of(const std::string& path, const NumberArray& whole) {
    ArrayParts parts(std::make_unique<DataSource>(path), nullptr, 7);
    require(parts.rows() == whole.rows());
    std::size_t at = 0;
    for (ArrayFiles part; parts.next(part);) {
        const NumberArray& array = part.data.arrays[0].array;
        require(array.first * array.item_size() == at && array.rows() > 0);
        for (std::size_t i = 0; i < array.numbers.size(); ++i, ++at) {
            const double number = array.numbers[i];
            require(number == whole.numbers[at] || number != number);
        }
    }
    require(at == whole.numbers.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const FuzzFile file(data, size);
    try {
        DataSource source(file.path());
        const bool is_one = !is_archive(source);
        const ArrayFile whole = read_array_file(source);
        for (const NamedArray& each : whole.arrays) {
            require(each.array.rows() * each.array.item_size() == each.array.numbers.size());
            require(each.array.numbers.size() > 0);
        }
        if (is_one) require_parts_of(file.path(), whole.arrays[0].array);
    } catch (const UserError& error) {
        require(!error.diagnostics().empty());
    }
    return 0;
}
