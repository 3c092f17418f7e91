// libFuzzer: any bytes as a table, gzipped or not. The fast road and the careful one must agree, and what
// they read must bind to a network as wide as it says, or be refused. The first byte is the length of
// the stretches that the fast road cuts.
#include "data/dataset.h"
#include "data/inspection.h"
#include "data/same_table.h"
#include "fuzz_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace chainrule;
    if (size == 0) return 0;
    const FuzzFile file(data + 1, size - 1);
    require(read_both(file.path(), {}, 1 + data[0]).agree());
    try {
        const Table table = read_table(file.path());
        require(table.rows() > 0);
        const Inspection found = inspect_table(table, "");
        const auto width = static_cast<std::int64_t>(found.input_size);
        if (width == 0) return 0;
        const Dataset data_set = bind_dataset(
            table,
            {.inputs = {{"an input", {width}}}, .target = TargetRequest{"y", {}, found.classes}});
        require(data_set.inputs[0].size() == table.rows() * found.input_size);
        require(data_set.columns.size() == found.input_size);
    } catch (const UserError& error) {
        require(!error.diagnostics().empty());
    }
    return 0;
}
