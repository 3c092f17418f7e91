"""JAX: the whole training, epochs and all, as one jitted function, with lax.scan over the steps of an
epoch.
"""

import os
from functools import partial

from protocol import (
    CHAIN_A, CHAIN_B, LOSS_ROWS, chain_rows, options, read_images, read_rows, read_weights, read_work,
    say, serve, timed,
)

chosen = options()
# XLA's CPU client has a thread for each processor that it may run on.
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: chosen.threads])

import jax
import jax.numpy as jnp
from jax import lax

work = read_work(chosen.folder)


def loss_of(weights, x, y):
    """The mean loss; W is [in, out] here, which saves XLA a transposition."""
    if work.scalar:
        w1, w2 = weights
        return jnp.mean(0.5 * (jax.nn.sigmoid(jax.nn.sigmoid(x * w1) * w2) - y) ** 2)
    hidden = {"relu": jax.nn.relu, "tanh": jnp.tanh, "sigmoid": jax.nn.sigmoid}[work.hidden]
    for i in range(0, len(weights), 2):
        x = x @ weights[i] + weights[i + 1]
        if i + 2 < len(weights):
            x = hidden(x)
    if work.classes:
        picked = jnp.take_along_axis(x, y[:, None], axis=1)[:, 0]
        return jnp.mean(jax.nn.logsumexp(x, axis=1) - picked)
    z = x[:, 0]
    return jnp.mean(jax.nn.softplus(z) - z * y)


def step(x, y, weights, rows):
    gradients = jax.grad(loss_of)(weights, x[rows], y[rows])
    return jax.tree.map(lambda w, g: w - work.rate * g, weights, gradients), None


def train(weights, x, y, batches, epochs):
    def epoch(_, w):
        return lax.scan(partial(step, x, y), w, batches, unroll=chosen.unroll)[0]

    return lax.fori_loop(0, epochs, epoch, weights)


class Training:
    def __init__(self, read):
        x, y, order = read(work)
        self.x, self.y = jnp.asarray(x), jnp.asarray(y)
        self.batches = jnp.asarray(order).reshape(-1, work.batch)
        self.weights = [jnp.asarray(w.T) for w in read_weights(work)]
        if work.scalar:
            self.x, self.batches = self.x[:, 0], self.batches[:, 0]
            self.weights = [w[0, 0] for w in self.weights]
        self.train = jax.jit(train)

    def first_step(self):
        jax.block_until_ready(jax.jit(step)(self.x, self.y, self.weights, self.batches[0]))

    def run(self, epochs):
        trained = []

        def all_epochs():
            trained.append(
                jax.block_until_ready(
                    self.train(self.weights, self.x, self.y, self.batches, epochs)
                )
            )

        seconds = timed(all_epochs)
        return seconds, float(loss_of(trained[0], self.x[:LOSS_ROWS], self.y[:LOSS_ROWS]))


class Compiling:
    """From the Python function to the executable of the whole training, caches cleared."""

    def __init__(self):
        self.training = Training(read_rows)

    def run(self, times):
        t = self.training

        def compile_all():
            for _ in range(times):
                jax.clear_caches()
                jax.jit(train).lower(t.weights, t.x, t.y, t.batches, 1).compile()

        return timed(compile_all), None


class Chain:
    """The result goes to the memory of the one before, which is donated."""

    def __init__(self):
        self.x = jnp.asarray(chain_rows(work.rows))
        self.y = jnp.zeros_like(self.x)
        self.pass_over = jax.jit(
            lambda x, y: jax.nn.relu(x * CHAIN_A + CHAIN_B), donate_argnums=1, keep_unused=True
        )

    def run(self, epochs):
        def passes():
            for _ in range(epochs):
                self.y = self.pass_over(self.x, self.y).block_until_ready()

        seconds = timed(passes)
        return seconds, float(jnp.mean(self.y.reshape(10_000, -1).mean(axis=1)))


def start():
    say({"event": "reading"})
    x, y, order = read_images(work)
    say({"event": "read"})
    Training(lambda _: (x, y, order)).first_step()
    say({"event": "stepped"})


if work.kind == "start":
    start()
elif work.kind == "compile":
    serve(f"JAX {jax.__version__}", Compiling().run)
elif work.kind == "chain":
    serve(f"JAX {jax.__version__}", Chain().run)
else:
    serve(f"JAX {jax.__version__}", Training(read_rows).run)
