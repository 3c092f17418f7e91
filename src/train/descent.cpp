#include "train/descent.h"

namespace chainrule {

std::unique_ptr<Descent> make_descent(const TrainSetup& setup, const Dataset& data) {
    return setup.options.backend == Backend::reference ? make_reference_descent(setup, data)
                                                       : make_compiled_descent(setup, data);
}

}  // namespace chainrule
