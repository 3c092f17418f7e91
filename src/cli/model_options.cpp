#include "cli/model_options.h"

#include "train/recipe.h"

namespace chainrule {

void ModelOptions::add_to(CLI::App& command, bool with_target) {
    command.add_option("MODEL", model, "a trained model, as `chainrule train --out` writes it")
        ->required();
    command
        .add_option("--data", data.data,
                    "the rows: a file of the kind that the model was trained on, CSV, IDX, NPY or "
                    "NPZ, gzipped or not; - is standard input")
        ->type_name("FILE")
        ->required();
    if (with_target) {
        command.add_option("--labels", data.labels, "the labels of examples in an IDX or NPY file")
            ->type_name("FILE");
        table.add_to(command, "that of training");
    } else {
        table.add_format_to(command);
    }
    command
        .add_option("--threads", threads,
                    "how many compute (default: one per processor); any number gives the same bits")
        ->check(CLI::Range(std::size_t{1}, most_threads));
    command
        .add_option("--backend", backend,
                    "native: compiled code (default); reference: slow and obvious, in f64")
        ->check(CLI::IsMember({"native", "reference"}));
    command.add_flag("--verbose", verbose, "say how many rows a second were computed");
}

std::unique_ptr<ModelRows> ModelOptions::open(const Model& loaded, Target target) const {
    DataRequest request = data;
    request.target = table.target;
    request.format = table.format();
    return std::make_unique<ModelRows>(loaded.network, loaded.learnt, request, target);
}

Backend ModelOptions::chosen_backend() const {
    return backend == "reference" ? Backend::reference : Backend::native;
}

}  // namespace chainrule
