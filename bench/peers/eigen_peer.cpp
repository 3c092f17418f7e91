// A multilayer perceptron in Eigen, as an engineer writes it: examples are columns, products go to
// Eigen's own kernels (on as many threads as --threads says, by OpenMP), everything else is one
// expression per line.
#include <Eigen/Dense>
#include <cstring>
#include <string>
#include <vector>

#include "work.h"

namespace {

using Matrix = Eigen::MatrixXf;
using Vector = Eigen::VectorXf;

struct Layer {
    Matrix w;  // [out, in]
    Vector b;
    Matrix a;      // values after the activation, one example per column
    Matrix delta;  // derivative of the mean loss by the values before it
};

using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

std::vector<Layer> initial_layers(const Work& work) {
    std::vector<Layer> layers(static_cast<std::size_t>(work.depth));
    const float* from = work.weights;
    for (int l = 0; l < work.depth; ++l) {
        const long in = work.layer[l];
        const long out = work.layer[l + 1];
        Layer& layer = layers[static_cast<std::size_t>(l)];
        layer.w = Eigen::Map<const RowMajor>(from, out, in);
        layer.b = Eigen::Map<const Vector>(from + out * in, out);
        from += out * in + out;
    }
    return layers;
}

std::vector<float> flat(const std::vector<Layer>& layers) {
    std::vector<float> all;
    for (const Layer& layer : layers) {
        const RowMajor w = layer.w;
        all.insert(all.end(), w.data(), w.data() + w.size());
        all.insert(all.end(), layer.b.data(), layer.b.data() + layer.b.size());
    }
    return all;
}

void gather(const Work& work, long first, Matrix& x, Vector& y) {
    const Eigen::Map<const Matrix> rows(work.x, work.layer[0], work.rows);
    for (long e = 0; e < work.batch; ++e) {
        const int row = work.order[first + e];
        x.col(e) = rows.col(row);
        y[e] = work.y[row];
    }
}

void forward(const Matrix& x, std::vector<Layer>& layers) {
    const Matrix* in = &x;
    for (Layer& layer : layers) {
        layer.a.noalias() = layer.w * *in;
        layer.a.colwise() += layer.b;
        if (&layer != &layers.back()) {
            layer.a = layer.a.cwiseMax(0.0F);
        }
        in = &layer.a;
    }
}

// delta of the last layer: (softmax - one hot) / batch, or (sigmoid - y) / batch.
void differentiate_loss(const Vector& y, Layer& last) {
    const auto batch = static_cast<float>(y.size());
    if (last.a.rows() == 1) {
        last.delta.array() =
            ((1 + (-last.a.array()).exp()).inverse() - y.transpose().array()) / batch;
        return;
    }
    last.delta = last.a.rowwise() - last.a.colwise().maxCoeff();
    last.delta = last.delta.array().exp();
    const Eigen::RowVectorXf sums = last.delta.colwise().sum() * batch;
    last.delta.array().rowwise() /= sums.array();
    for (long e = 0; e < y.size(); ++e) {
        last.delta(static_cast<long>(y[e]), e) -= 1 / batch;
    }
}

void descend(const Matrix& x, float rate, std::vector<Layer>& layers) {
    for (std::size_t l = layers.size(); l-- > 0;) {
        Layer& layer = layers[l];
        if (l > 0) {
            Layer& before = layers[l - 1];
            before.delta.noalias() = layer.w.transpose() * layer.delta;
            before.delta = (before.a.array() > 0).select(before.delta, 0.0F);
        }
        const Matrix& in = l > 0 ? layers[l - 1].a : x;
        layer.w.noalias() -= rate * layer.delta * in.transpose();
        layer.b.noalias() -= rate * layer.delta.rowwise().sum();
    }
}

Round run(const Work* work, long epochs) {
    std::vector<Layer> layers = initial_layers(*work);
    Matrix x(work->layer[0], work->batch);
    Vector y(work->batch);
    layers.back().delta.resize(work->layer[work->depth], work->batch);
    const double start = seconds_now();
    for (long epoch = 0; epoch < epochs; ++epoch) {
        for (long first = 0; first + work->batch <= work->rows; first += work->batch) {
            gather(*work, first, x, y);
            forward(x, layers);
            differentiate_loss(y, layers.back());
            descend(x, work->rate, layers);
        }
    }
    const double seconds = seconds_now() - start;
    return {seconds, mean_loss(work, flat(layers).data())};
}

}  // namespace

int main(int argc, char** argv) {
    const Work work = read_work(argc, argv);
    Eigen::setNbThreads(work.threads);
    return serve(&work, "Eigen 3", run);
}
