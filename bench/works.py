"""What is measured, against whom, and the bars: data, and nothing else.

A work is a piece of training (or one of its kin); a contender is a program that does it (README.md says
how they talk). A new work is a row of WORKS, a new peer a row of CONTENDERS; there is no other list.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """`text` as a person says it; met where `of` (the fastest of them) takes at least `at_least` times as
    long as chainrule. Where `limit` leaves less room than that, being ahead of `of` is enough."""

    text: str
    of: tuple[str, ...]
    at_least: float
    limit: str | None = None


@dataclass(frozen=True)
class Work:
    name: str
    title: str
    contenders: tuple[str, ...]
    kind: str = "train"  # train, chain, compile, start
    unit: str = "step"  # what a time is divided into
    # The bars of which one must be met; several tuples must all be met.
    bars: tuple[tuple[Bar, ...], ...] = ()
    # Of kind train: a multilayer perceptron, trained by plain gradient descent on the mean loss.
    layers: tuple[int, ...] = ()
    hidden: str = ""  # sigmoid, tanh, relu
    loss: str = ""  # half_squared_of_sigmoid, binary_cross_entropy_with_logits, cross_entropy
    bias: bool = True
    rows: int = 0
    batch: int = 1
    rate: float = 0.1
    data: str = "teacher"  # teacher, mnist
    tolerance: float = 1e-3  # relative, between the final losses
    network: str = ""  # of kinds compile and start: the work whose network it is
    at_most_seconds: float = 0  # the bar of these kinds

    @property
    def steps(self) -> int:
        """Units in an epoch."""
        return self.rows // self.batch if self.kind == "train" else 1


@dataclass(frozen=True)
class Contender:
    """`variants` maps the name of each way to run it to its command; the fastest in a trial competes.
    {bin} and {bench} are the folders of the built programs and of bench/, {python} the interpreter of
    the virtual environment, {work} the name of the work."""

    title: str
    variants: dict[str, str]
    limit: bool = False  # computes a bound, no result


def with_threads(command: str) -> dict[str, str]:
    """The variants of a command that takes a number of threads."""
    return {"1 thread": command + " --threads 1", "2 threads": command + " --threads 2"}


TORCH = "{python} {bench}/peers/torch_peer.py {work}"
JAX = "{python} {bench}/peers/jax_peer.py {work}"

CONTENDERS = {
    "chainrule": Contender("chainrule", with_threads("{bin}/chainrule_contender {work}")),
    "reference": Contender(
        "chainrule, reference evaluator", {"": "{bin}/chainrule_contender {work} --reference"}
    ),
    "c": Contender(
        "hand-written C", {"gcc": "{bin}/{name}_gcc {work}", "clang": "{bin}/{name}_clang {work}"}
    ),
    "eigen": Contender("Eigen", with_threads("{bin}/eigen_peer {work}")),
    "torch": Contender("PyTorch, eager", with_threads(TORCH)),
    "torch_compile": Contender("PyTorch, compiled", with_threads(TORCH + " --compile")),
    "jax": Contender("JAX, jit and scan", with_threads(JAX)),
    "jax_unrolled": Contender("JAX, scan unrolled by 8", with_threads(JAX + " --unroll 8")),
    "sklearn": Contender(
        "scikit-learn", with_threads("{python} {bench}/peers/sklearn_peer.py {work}")
    ),
    "sgemm": Contender("limit: sgemm alone", {"": "{bin}/sgemm_limit {work}"}, limit=True),
    "copy": Contender(
        "limit: copy",
        {"plain": "{bin}/copy_limit {work} plain", "streaming": "{bin}/copy_limit {work} streaming"},
        limit=True,
    ),
}

JAX_SCANS = ("jax", "jax_unrolled")
FRAMEWORKS = ("torch", "torch_compile", *JAX_SCANS, "sklearn")
ALL_PEERS = ("eigen", *FRAMEWORKS)

WORKS = (
    Work(
        "worksheet",
        "worksheet network, one row per step",
        ("chainrule", "c", "torch", "torch_compile", *JAX_SCANS, "reference"),
        bars=(
            (Bar("at most 1.1 x hand-written C", ("c",), 1 / 1.1),),
            (Bar("at least 1,000 x PyTorch eager", ("torch",), 1000),),
            (Bar("at least 5 x JAX with scan", JAX_SCANS, 5),),
        ),
        layers=(1, 1, 1),
        hidden="sigmoid",
        loss="half_squared_of_sigmoid",
        bias=False,
        rows=1000,
        batch=1,
        rate=0.5,
    ),
    Work(
        "tiny",
        "2-8-1 network, tanh, batch 4",
        ("chainrule", "c", *FRAMEWORKS, "reference"),
        bars=((Bar("at most 1.2 x hand-written C", ("c",), 1 / 1.2),),),
        layers=(2, 8, 1),
        hidden="tanh",
        loss="binary_cross_entropy_with_logits",
        rows=1024,
        batch=4,
        rate=0.1,
    ),
    Work(
        "tabular",
        "tabular 14-64-64-1, relu, batch 64",
        ("chainrule", "c", *ALL_PEERS, "sgemm", "reference"),
        bars=(
            (
                Bar("at least 70% of its sgemm", ("sgemm",), 0.7),
                Bar("5 x the best of PyTorch, JAX, scikit-learn", FRAMEWORKS, 5),
            ),
        ),
        layers=(14, 64, 64, 1),
        hidden="relu",
        loss="binary_cross_entropy_with_logits",
        rows=32512,
        batch=64,
        rate=0.1,
    ),
    Work(
        "mnist_128",
        "MNIST 784-128-10, relu, batch 128",
        ("chainrule", *ALL_PEERS, "sgemm"),
        bars=(
            (Bar("at least 80% of its sgemm", ("sgemm",), 0.8),),
            (Bar("at least 2 x the best peer", ALL_PEERS, 2, limit="sgemm"),),
        ),
        layers=(784, 128, 10),
        hidden="relu",
        loss="cross_entropy",
        rows=468 * 128,
        batch=128,
        data="mnist",
    ),
    Work(
        "mnist_512",
        "MNIST 784-512-10, relu, batch 128",
        ("chainrule", *ALL_PEERS, "sgemm"),
        bars=(
            (Bar("at least 85% of its sgemm", ("sgemm",), 0.85),),
            (Bar("ahead of every peer", ALL_PEERS, 1),),
        ),
        layers=(784, 512, 10),
        hidden="relu",
        loss="cross_entropy",
        rows=468 * 128,
        batch=128,
        data="mnist",
    ),
    Work(
        "mnist_512_512",
        "MNIST 784-512-512-10, relu, batch 256",
        ("chainrule", *ALL_PEERS, "sgemm"),
        bars=(
            (Bar("at least 85% of its sgemm", ("sgemm",), 0.85),),
            (Bar("ahead of every peer", ALL_PEERS, 1),),
        ),
        layers=(784, 512, 512, 10),
        hidden="relu",
        loss="cross_entropy",
        rows=234 * 256,
        batch=256,
        data="mnist",
    ),
    Work(
        "chain",
        "relu(a * x + b) over 10^8 floats",
        ("chainrule", "c", "torch", "torch_compile", "jax", "copy"),
        kind="chain",
        unit="pass",
        rows=100_000_000,
        bars=((Bar("at least 90% of copy bandwidth", ("copy",), 0.9),),),
    ),
    Work(
        "compile_worksheet",
        "compile time, worksheet",
        ("chainrule", "torch_compile", "jax"),
        kind="compile",
        unit="compilation",
        network="worksheet",
        at_most_seconds=0.04,
    ),
    Work(
        "compile_mnist",
        "compile time, MNIST 784-128-10",
        ("chainrule", "torch_compile", "jax"),
        kind="compile",
        unit="compilation",
        network="mnist_128",
        at_most_seconds=0.15,
    ),
    Work(
        "start_mnist",
        "start to first step, less reading MNIST",
        ("chainrule", "torch", "torch_compile", "jax", "sklearn"),
        kind="start",
        unit="start",
        network="mnist_128",
        at_most_seconds=0.5,
    ),
)
