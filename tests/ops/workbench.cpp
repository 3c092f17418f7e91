#include "ops/workbench.h"

#include "derive/derive.h"
#include "ops/rules.h"

namespace chainrule::tests {

Tensor vector_of(std::vector<double> elements) {
    Shape shape{static_cast<std::int64_t>(elements.size())};
    return {std::move(shape), std::move(elements)};
}

Tensor matrix_of(const std::vector<std::vector<double>>& rows) {
    Tensor matrix({static_cast<std::int64_t>(rows.size()),
                   static_cast<std::int64_t>(rows.empty() ? 0 : rows[0].size())},
                  {});
    for (const std::vector<double>& row : rows) {
        matrix.data.insert(matrix.data.end(), row.begin(), row.end());
    }
    return matrix;
}

Expr Workbench::leaf(const std::string& name, const Type& type) {
    return graph.expr(graph.add_named(name, leaf_op, {}, {std::string("weight"), type}));
}

Expr Workbench::leaf(const std::string& name, Tensor value) {
    const Expr x = leaf(name, f64(value.shape));
    values_.emplace(x.id, std::move(value));
    return x;
}

Expr Workbench::row(const std::string& name, Tensor value) {
    const Expr x = leaf(name, f64_row(value.shape.at(0)));
    values_.emplace(x.id, std::move(value));
    return x;
}

Expr Workbench::label(const std::string& name, Tensor value, std::int64_t classes) {
    const Expr x = leaf(name, index_type(value.shape, classes));
    values_.emplace(x.id, std::move(value));
    return x;
}

Tensor Workbench::value(Expr y) const {
    return evaluate(graph, std::vector{y.id}, values_).front();
}

Expr Workbench::gradient_node(Expr y, Expr x, Expr weights) {
    return pull_back(graph, y.id, weights, std::vector{x.id}).gradients.front();
}

Tensor Workbench::gradient(Expr y, Expr x, Tensor weights) {
    return value(gradient_node(y, x, literal(graph, std::move(weights))));
}

Tensor Workbench::gradient(Expr y, Expr x) {
    return value(gradient_node(y, x, literal_like(y, 1)));
}

}  // namespace chainrule::tests
