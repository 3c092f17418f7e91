// The limit of a step: the time of the products that it cannot do without, and of nothing else, by
// oneDNN's dnnl_sgemm on hot buffers; each shape on one thread or two, whichever a trial found
// faster.
//
// Of a layer [m, n] and a batch of B these are forward X W' (B x m, over n), dW = D' X (m x n, over
// B), and, but for the first layer, dX = D W (B x n, over m).
#include <omp.h>
#include <oneapi/dnnl/dnnl.h>

#include <algorithm>
#include <string>
#include <vector>

#include "../peers/work.h"

namespace {

// C [rows, columns] = op(A) op(B) over `depth`, row-major.
struct Product {
    char transpose_a, transpose_b;
    long rows, columns, depth;
    int threads = 1;
    std::vector<float> a, b, c;

    Product(char ta, char tb, long m, long n, long k)
        : transpose_a(ta),
          transpose_b(tb),
          rows(m),
          columns(n),
          depth(k),
          a(static_cast<std::size_t>(m * k), 0.5F),
          b(static_cast<std::size_t>(k * n), 0.25F),
          c(static_cast<std::size_t>(m * n)) {}

    void compute() {
        omp_set_num_threads(threads);
        dnnl_sgemm(transpose_a, transpose_b, rows, columns, depth, 1, a.data(),
                   transpose_a == 'T' ? rows : depth, b.data(),
                   transpose_b == 'T' ? depth : columns, 0, c.data(), columns);
    }
};

std::vector<Product> products_of(const Work& work) {
    std::vector<Product> products;
    for (int l = 0; l < work.depth; ++l) {
        const long in = work.layer[l];
        const long out = work.layer[l + 1];
        products.emplace_back('N', 'T', work.batch, out, in);
        products.emplace_back('T', 'N', out, in, work.batch);
        if (l > 0) {
            products.emplace_back('N', 'N', work.batch, in, out);
        }
    }
    return products;
}

double seconds_of_call(Product& product, int threads) {
    product.threads = threads;
    const double start = seconds_now();
    product.compute();
    return seconds_now() - start;
}

// The number of threads with the least time in many calls. One thread and two take turns in blocks,
// so that a disturbance meets both, and the first calls of a block, which wake threads, seldom are
// the least.
int faster_threads(Product& product) {
    double least[2] = {1e9, 1e9};
    for (int block = 0; block < 20; ++block) {
        for (int call = 0; call < 20; ++call) {
            double& so_far = least[block % 2];
            so_far = std::min(so_far, seconds_of_call(product, block % 2 + 1));
        }
    }
    return least[1] < least[0] ? 2 : 1;
}

std::vector<Product>& prepared(const Work& work) {
    static std::vector<Product> products;
    if (products.empty()) {
        products = products_of(work);
        for (Product& product : products) {
            product.threads = faster_threads(product);
        }
    }
    return products;
}

Round run(const Work* work, long epochs) {
    std::vector<Product>& products = prepared(*work);
    const double start = seconds_now();
    for (long step = 0; step < epochs * (work->rows / work->batch); ++step) {
        for (Product& product : products) {
            product.compute();
        }
    }
    return {seconds_now() - start, 0};
}

}  // namespace

int main(int argc, char** argv) {
    const Work work = read_work(argc, argv);
    std::string note = "threads per product:";
    for (const Product& product : prepared(work)) {
        note += " " + std::to_string(product.threads);
    }
    return serve(&work, note.c_str(), run);
}
