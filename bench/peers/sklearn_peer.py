"""scikit-learn's MLPClassifier: plain SGD, without momentum, penalty or shuffling; one partial_fit per
epoch on the rows in their order.
"""

from protocol import (
    LOSS_ROWS, options, read_images, read_rows, read_weights, read_work, say, serve, timed,
)

chosen = options()

import numpy
import sklearn
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier

work = read_work(chosen.folder)


class Training:
    def __init__(self, read):
        self.x, self.y, self.order = read(work)
        self.y = self.y.astype(numpy.int32)
        self.classes = numpy.arange(10 if work.classes else 2)
        self.model = MLPClassifier(
            hidden_layer_sizes=work.layers[1:-1],
            activation=work.hidden,
            solver="sgd",
            alpha=0,
            batch_size=work.batch,
            learning_rate_init=work.rate,
            momentum=0,
            nesterovs_momentum=False,
            shuffle=False,
        )
        # One fit makes the arrays that the weights are then written to.
        self.model.partial_fit(
            self.x[: work.batch], self.y[: work.batch], classes=self.classes
        )

    def reset(self):
        weights = read_weights(work)
        for layer, (w, b) in enumerate(zip(weights[::2], weights[1::2])):
            self.model.coefs_[layer][...] = w.T
            self.model.intercepts_[layer][...] = b

    def fit(self, rows):
        self.model.partial_fit(self.x[rows], self.y[rows])

    def run(self, epochs):
        self.reset()
        seconds = timed(lambda: [self.fit(self.order) for _ in range(epochs)])
        likely = self.model.predict_proba(self.x[:LOSS_ROWS]).astype(numpy.float64)
        likely /= likely.sum(axis=1, keepdims=True)
        return seconds, float(log_loss(self.y[:LOSS_ROWS], likely, labels=self.classes))


def start():
    say({"event": "reading"})
    x, y, order = read_images(work)
    say({"event": "read"})
    training = Training(lambda _: (x, y, order))
    training.reset()
    training.fit(order[: work.batch])
    say({"event": "stepped"})


if work.kind == "start":
    start()
else:
    serve(f"scikit-learn {sklearn.__version__}", Training(read_rows).run)
