// libFuzzer: any bytes as an IDX file, gzipped or not. What is read must be as large as its shape
// says.
#include "data/idx.h"

#include "fuzz_file.h"
#include "lang/diagnostic.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace chainrule;
    const FuzzFile file(data, size);
    try {
        DataSource source(file.path());
        const NumberArray array = read_idx(source.stream());
        require(array.rows() * array.item_size() == array.numbers.size());
        require(array.numbers.size() > 0);
    } catch (const UserError& error) {
        require(!error.diagnostics().empty());
    }
    return 0;
}
