// What a network asks of its data, for those who bind columns and arrays and know no graph.
//
//     Dataset data = bind_examples(std::move(raw), bind_request_of(network, MissingCells::impute));
#pragma once

#include "data/dataset.h"
#include "elaborate/network.h"

namespace chainrule {

// UnsupportedError for a network with several targets.
BindRequest bind_request_of(const Network& network, MissingCells missing);

}  // namespace chainrule
