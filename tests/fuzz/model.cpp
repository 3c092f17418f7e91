// libFuzzer: any bytes as a model and as a checkpoint. What is read has the network's weights, and
// all of them are numbers. Most files of the corpus say "none" for their checksums, so that a
// change reaches what is behind them.
#include "fuzz_file.h"
#include "train/checkpoint.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace chainrule;
    const FuzzFile file(data, size);
    try {
        SourceMap sources;
        const Model model = load_model(file.path(), sources);
        require(model.weights.size() == model.network.weights.size());
        const Checkpoint checkpoint = load_checkpoint(file.path(), sources);
        require(checkpoint.state.weights == model.weights);
        require(checkpoint.state.states.size() == checkpoint.state.state_names.size());
    } catch (const UserError& error) {
        require(!error.diagnostics().empty());
    } catch (const UnsupportedError&) {
    }
    return 0;
}
