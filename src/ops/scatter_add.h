// What scatter_add shares with the sum of it over the batch.
#pragma once

#include "ops/shapes.h"

namespace chainrule {

// Throws ShapeError: "cannot scatter x [4] to i [3] along axis 0: ...".
Type scatter_add_shape(const ShapeCall& call);

// The meaning, for one example: added to what stands in `result`. Throws UserError for an index
// outside of the axis.
void add_at_indices(const ReferenceCall& call);

Expr scatter_add_gradient(const GradientCall& g);

// The facet's axis (IndexedPlacement).
std::size_t scatter_add_axis(const PlacesCall& call);

std::vector<SampleCase> scatter_add_cases();

}  // namespace chainrule
