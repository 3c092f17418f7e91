"""What the options of `train` cost: the processor time of an epoch of MNIST by 784-128-10 in batches of
128, metrics of the training rows included, with each option beside none, in turn for several rounds.

    python3 bench/options.py FOLDER_OF_MNIST [build/chainrule] [rounds]

The time of an epoch is what further epochs add to a run of one: reading, compiling and saving are not in it.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

EPOCHS = 6
NETWORK = """input x[784]
target y: class(10)
h = dense(x / 255, 128, relu)
z = dense(h, 10, identity)
output z
loss cross_entropy(z, y)
"""
OPTIONS = {
    "none": "",
    "again": "",
    "momentum": "--optimizer sgd(momentum=0.9)",
    "Nesterov": "--optimizer sgd(momentum=0.9,nesterov=1)",
    "weight decay": "--optimizer sgd(weight_decay=1e-4)",
    "L1": "--optimizer sgd(l1=1e-6)",
    "clipping the norm": "--clip-norm 1",
    "clipping values": "--clip-value 1",
    "cosine": "--schedule cosine",
    "plateau": "--schedule plateau",
    "warm-up": "--warmup 100",
    "class weights": "--class-weights balanced",
    "patience": "--patience 100",
    "skipping": "--on-nan skip",
    "RMSprop": "--optimizer rmsprop --rate 0.001",
    "Adagrad": "--optimizer adagrad",
    "Adam": "--optimizer adam",
    "AdamW": "--optimizer adamw",
}


def processor_seconds(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    mnist = Path(sys.argv[1])
    program = sys.argv[2] if len(sys.argv) > 2 else "build/chainrule"
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    times = {name: [] for name in OPTIONS}
    with tempfile.TemporaryDirectory() as folder:
        network = Path(folder) / "mnist.nn"
        network.write_text(NETWORK)
        command = [program, "train", network, "--data", mnist / "train-images-idx3-ubyte.gz",
                   "--labels", mnist / "train-labels-idx1-ubyte.gz", "--batch", "128",
                   "--threads", "1"]
        for _ in range(rounds):
            for name, options in OPTIONS.items():
                def run(epochs):
                    return processor_seconds(command + options.split() + ["--epochs", str(epochs)])
                times[name].append((run(EPOCHS + 1) - run(1)) / EPOCHS)
    print(f"{'option':20}ms/epoch  against none")
    for name, seconds in times.items():
        ratios = [a / b for a, b in zip(seconds, times["none"])]
        spread = (max(ratios) - min(ratios)) / 2
        print(f"{name:20}{1000 * statistics.median(seconds):8.0f}"
              f"  {statistics.median(ratios):5.3f} +- {spread:.3f}")


if __name__ == "__main__":
    main()
