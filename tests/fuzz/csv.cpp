// libFuzzer: any bytes as a table, gzipped or not. The fast road and the careful one must agree,
// and what they read must bind to a network as wide as it says, or be refused. Parts, of a file and
// of a pipe, must have the rows of the whole. The first byte is the length of the stretches that
// the fast road cuts.
#include <memory>
#include <vector>

#include "data/dataset.h"
#include "data/inspection.h"
#include "data/same_table.h"
#include "data/table_pipe.h"
#include "data/table_stream.h"
#include "fuzz_file.h"

namespace {

using namespace chainrule;

template <typename Parts>
std::size_t rows_of_parts(Parts&& parts) {
    std::size_t rows = 0;
    for (Table part; parts.next(part);) {
        require(part.rows() > 0);
        rows += part.rows();
    }
    return rows;
}

void read_in_parts(const std::string& path, std::size_t stretch_bytes, std::size_t rows) {
    const TableSurvey survey =
        survey_table(path, {}, {.stretch_bytes = stretch_bytes, .stretches = 2, .careful_rows = 3});
    require(survey.rows() == rows);
    require(rows_of_parts(TableParts(survey)) == rows);
}

void read_as_a_pipe(const std::string& path, std::size_t rows) {
    PipedTable piped(std::make_unique<DataSource>(path), {}, {}, 3);
    piped.begin(std::vector<PipedTable::Told>(piped.names().columns.size(), {.is_text = true}));
    const std::size_t found = rows_of_parts(piped);
    // Of few rows the first may be taken for a header that is data beside all the others, or the
    // other way round.
    require(found == rows || found + 1 == rows || found == rows + 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const FuzzFile file(data + 1, size - 1);
    require(read_both(file.path(), {}, 1 + data[0]).agree());
    try {
        const Table table = read_table(file.path());
        require(table.rows() > 0);
        read_in_parts(file.path(), 1 + data[0], table.rows());
        read_as_a_pipe(file.path(), table.rows());
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
