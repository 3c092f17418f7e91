// libFuzzer: any bytes as a file of arrays, NPY and NPZ above all. What is read must be as large as its
// shape says.
#include "data/array_file.h"
#include "fuzz_file.h"
#include "lang/diagnostic.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace chainrule;
    const FuzzFile file(data, size);
    try {
        DataSource source(file.path());
        for (const NamedArray& each : read_array_file(source).arrays) {
            require(each.array.rows() * each.array.item_size() == each.array.numbers.size());
            require(each.array.numbers.size() > 0);
        }
    } catch (const UserError& error) {
        require(!error.diagnostics().empty());
    }
    return 0;
}
