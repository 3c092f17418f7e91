#include "train/bind_request.h"

#include <fmt/format.h>

namespace chainrule {

BindRequest bind_request_of(const Network& network, MissingCells missing) {
    BindRequest bind;
    for (const NodeId input : network.inputs) {
        bind.inputs.push_back({network.graph.name(input), network.graph.type(input).shape});
    }
    if (network.targets.size() > 1) {
        throw UnsupportedError(
            fmt::format("data for one target is bound so far, and the network has {}",
                        network.targets.size()),
            network.graph.origin(network.targets[1]));
    }
    if (!network.targets.empty()) {
        const NodeId target = network.targets[0];
        const Type& type = network.graph.type(target);
        bind.target = TargetRequest{network.graph.name(target), type.shape, type.classes};
    }
    bind.missing = missing;
    return bind;
}

}  // namespace chainrule
