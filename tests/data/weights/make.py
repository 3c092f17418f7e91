#!/usr/bin/env python3
"""Makes weights.json, what PyTorch does with weighted losses and scikit-learn with classes, for
tests/train/weights_test.cpp and tests/data/split_test.cpp.

    pip install torch scikit-learn && tests/data/weights/make.py > tests/data/weights/weights.json

"training": networks take three epochs over twelve examples in their order, five at a time, so that the last
batch has two, in double precision; "weights" are those after the last step, "loss" the weighted loss of all
examples at them. Class weights are PyTorch's CrossEntropyLoss(weight=...), which divides by the sum of the
weights of the batch; weights of examples divide alike.
"""
import json
import warnings

import numpy as np
import sklearn
import torch
from sklearn.model_selection import KFold, StratifiedKFold, train_test_split
from sklearn.utils.class_weight import compute_class_weight

torch.set_default_dtype(torch.float64)
torch.manual_seed(11)
BATCH, EPOCHS = 5, 3
X = torch.randn(12, 2)
LABELS = torch.tensor([0, 2, 1, 0, 0, 0, 1, 0, 2, 0, 0, 0])
BINARY = (LABELS > 0).double()
NUMBERS = X[:, 0] * X[:, 1] + torch.randn(12)
SAMPLE = torch.rand(12) * 3
SAMPLE[5:10] = 0  # a batch that counts for nothing
SAMPLE[5] = 0.25
START = {"W": torch.randn(4, 2), "b": torch.randn(4) * 0.1, "V": torch.randn(3, 4), "v": torch.randn(4)}
balanced = torch.tensor(compute_class_weight("balanced", classes=np.arange(3), y=LABELS.numpy()))
functional = torch.nn.functional


def hidden(p, x):
    return torch.tanh(x @ p["W"].T + p["b"])


def class_loss(p, rows, sample, classes):
    each = functional.cross_entropy(hidden(p, X[rows]) @ p["V"].T, LABELS[rows], reduction="none")
    if sample is None:
        return functional.cross_entropy(hidden(p, X[rows]) @ p["V"].T, LABELS[rows], weight=classes)
    w = sample[rows] * (1 if classes is None else classes[LABELS[rows]])
    return (w * each).sum() / w.sum()


def binary_loss(p, rows, sample, classes):
    each = functional.binary_cross_entropy_with_logits(hidden(p, X[rows]) @ p["v"], BINARY[rows],
                                                       reduction="none")
    w = classes[BINARY[rows].long()]
    return (w * each).sum() / w.sum()


def number_loss(p, rows, sample, classes):
    w = sample[rows]
    penalty = 0.01 * (p["W"] ** 2).sum()
    return (w * (hidden(p, X[rows]) @ p["v"] - NUMBERS[rows]) ** 2).sum() / w.sum() + penalty


def train(loss, optimizer, keys, sample, classes):
    p = {k: START[k].clone().requires_grad_() for k in keys}
    steps = optimizer(list(p.values()))
    for _ in range(EPOCHS):
        for first in range(0, 12, BATCH):
            steps.zero_grad()
            loss(p, slice(first, first + BATCH), sample, classes).backward()
            steps.step()
    return {"weights": {k: v.detach().flatten().tolist() for k, v in p.items()},
            "loss": loss(p, slice(0, 12), sample, classes).item()}


def sgd(p):
    return torch.optim.SGD(p, lr=0.1)


def adam(p):
    return torch.optim.Adam(p, lr=0.01)


two = torch.tensor(compute_class_weight("balanced", classes=np.arange(2), y=BINARY.long().numpy()))
CASES = [
    ("classes", "sgd", class_loss, sgd, ["W", "b", "V"], None, balanced),
    ("classes", "adam(rate = 0.01)", class_loss, adam, ["W", "b", "V"], None, torch.tensor([1.0, 3.0, 0.5])),
    ("classes", "sgd", class_loss, sgd, ["W", "b", "V"], SAMPLE, None),
    ("classes", "adam(rate = 0.01)", class_loss, adam, ["W", "b", "V"], SAMPLE, balanced),
    ("binary", "sgd", binary_loss, sgd, ["W", "b", "v"], None, two),
    ("numbers", "adam(rate = 0.01)", number_loss, adam, ["W", "b", "v"], SAMPLE, None),
]

training = [{"target": target, "optimizer": name, "sample": None if s is None else s.tolist(),
             "classes": None if c is None else c.tolist(), **train(loss, opt, keys, s, c)}
            for target, name, loss, opt, keys, s, c in CASES]

warnings.simplefilter("ignore")
counts = [[50, 50, 50], [200, 37, 13], [7, 5, 3, 2], [1000, 1], [33, 33, 34]]
classes = []
for count in counts:
    y = np.repeat(np.arange(len(count)), count)
    one = {"rows": count,
           "balanced": compute_class_weight("balanced", classes=np.arange(len(count)), y=y).tolist(),
           "held_out": {}, "folds": {}}
    for held in (0.1, 0.2, 0.25, 0.5):
        rows = int(held * len(y) + 0.5)  # Python's round() goes to the even one of two
        if min(count) > 1 and rows >= len(count):
            test = train_test_split(y, test_size=rows, stratify=y, random_state=0)[1]
            one["held_out"][str(held)] = np.bincount(test, minlength=len(count)).tolist()
    for k in (2, 3, 5):
        parts = StratifiedKFold(k).split(np.zeros(len(y)), y)
        one["folds"][str(k)] = [np.bincount(y[test], minlength=len(count)).tolist() for _, test in parts]
    classes.append(one)
sizes = {f"{n},{k}": [len(test) for _, test in KFold(k).split(np.zeros(n))]
         for n, k in ((10, 3), (11, 4), (5, 5), (100, 7))}

print(json.dumps({"torch": torch.__version__, "sklearn": sklearn.__version__, "x": X.tolist(), "labels": LABELS.tolist(), "binary": BINARY.tolist(),
                  "numbers": NUMBERS.tolist(), "start": {k: v.flatten().tolist() for k, v in START.items()},
                  "epochs": EPOCHS, "batch": BATCH, "training": training, "classes": classes,
                  "fold_sizes": sizes}, separators=(",", ":")))
