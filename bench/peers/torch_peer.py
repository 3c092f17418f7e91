"""PyTorch: eager (autograd and a fused update of all weights), or with --compile the whole step, forward,
backward and update, as one compiled graph.
"""

from protocol import (
    CHAIN_A, CHAIN_B, LOSS_ROWS, chain_rows, options, read_images, read_rows, read_weights, read_work,
    say, serve, timed,
)

chosen = options()

import torch
import torch.nn.functional as F

torch.set_num_threads(chosen.threads)
work = read_work(chosen.folder)


def loss_of(weights, x, y):
    if work.scalar:
        w1, w2 = weights
        return 0.5 * (torch.sigmoid(torch.sigmoid(x * w1) * w2) - y) ** 2
    hidden = {"relu": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid}[work.hidden]
    for i in range(0, len(weights), 2):
        x = F.linear(x, weights[i], weights[i + 1])
        if i + 2 < len(weights):
            x = hidden(x)
    if work.classes:
        return F.cross_entropy(x, y)
    return F.binary_cross_entropy_with_logits(x.squeeze(1), y)


def eager_step(weights, x, y, rows):
    gradients = torch.autograd.grad(loss_of(weights, x[rows], y[rows]), weights)
    with torch.no_grad():
        torch._foreach_add_(weights, gradients, alpha=-work.rate)


def functional_step(weights, x, y, rows):
    def loss(*values):
        return loss_of(values, x[rows], y[rows])

    gradients = torch.func.grad(loss, argnums=tuple(range(len(weights))))(*weights)
    torch._foreach_add_(weights, gradients, alpha=-work.rate)


def compiled_step():
    torch._dynamo.reset()
    return torch.compile(functional_step, fullgraph=True, dynamic=False)


class Training:
    def __init__(self, read):
        x, y, order = read(work)
        self.x = torch.from_numpy(x)
        self.y = torch.from_numpy(y).long() if work.classes else torch.from_numpy(y)
        batches = torch.from_numpy(order).long().reshape(-1, work.batch)
        if work.scalar:
            self.x, batches = self.x[:, 0], batches[:, 0]
        self.batches = list(batches)
        self.step = compiled_step() if chosen.compile else eager_step

    def initial_weights(self):
        weights = [torch.from_numpy(w.copy()) for w in read_weights(work)]
        if work.scalar:
            weights = [w[0, 0].clone() for w in weights]
        return [w.requires_grad_(not chosen.compile) for w in weights]

    def first_step(self):
        self.step(self.initial_weights(), self.x, self.y, self.batches[0])

    def run(self, epochs):
        weights = self.initial_weights()

        def train():
            for _ in range(epochs):
                for rows in self.batches:
                    self.step(weights, self.x, self.y, rows)

        seconds = timed(train)
        with torch.no_grad():
            loss = loss_of(weights, self.x[:LOSS_ROWS], self.y[:LOSS_ROWS]).mean()
        return seconds, float(loss)


class Compiling:
    """The first call of a freshly compiled step, caches off."""

    def __init__(self):
        torch._inductor.config.force_disable_caches = True
        self.training = Training(read_rows)

    def run(self, times):
        def compile_and_step():
            for _ in range(times):
                self.training.step = compiled_step()
                self.training.first_step()

        return timed(compile_and_step), None


def chain(x, y):
    torch.mul(x, CHAIN_A, out=y)
    y.add_(CHAIN_B).relu_()


def compiled_chain(x, y):
    y.copy_(torch.relu(x * CHAIN_A + CHAIN_B))


class Chain:
    def __init__(self):
        self.x = torch.from_numpy(chain_rows(work.rows))
        self.y = torch.empty_like(self.x)
        self.pass_over = torch.compile(compiled_chain) if chosen.compile else chain

    def run(self, epochs):
        seconds = timed(lambda: [self.pass_over(self.x, self.y) for _ in range(epochs)])
        return seconds, float(self.y.double().mean())


def start():
    say({"event": "reading"})
    x, y, order = read_images(work)
    say({"event": "read"})
    Training(lambda _: (x, y, order)).first_step()
    say({"event": "stepped"})


if work.kind == "start":
    start()
elif work.kind == "compile":
    serve(f"PyTorch {torch.__version__}", Compiling().run)
elif work.kind == "chain":
    serve(f"PyTorch {torch.__version__}", Chain().run)
else:
    serve(f"PyTorch {torch.__version__}", Training(read_rows).run)
