#!/usr/bin/env python3
"""Makes optimizers.json, what PyTorch's optimisers and schedules do, for tests/train/optimizer_test.cpp.

    pip install torch && tests/data/optimizers/make.py > tests/data/optimizers/optimizers.json

A small network, h = tanh(W x + b), loss = mean((v h - y)^2), takes 100 steps of all its twelve examples in
double precision; the weights after some of the steps, and the optimiser's states after the last one, are
what chainrule has to arrive at with the recipe of the case.
"""
import json
import sys

import torch

STEPS = 100
SHOWN = [1, 2, 10, STEPS]
torch.set_default_dtype(torch.float64)
torch.manual_seed(4)
X = torch.randn(12, 2)
Y = X[:, 0] * X[:, 1] + torch.randn(12)
START = {"W": torch.randn(4, 2), "b": torch.randn(4) * 0.1, "v": torch.randn(4)}
optim = torch.optim
MOMENTUM = {"momentum_buffer": "momentum"}
ADAM = {"exp_avg": "m", "exp_avg_sq": "v"}
RMSPROP = {"square_avg": "v", "grad_avg": "mean", "momentum_buffer": "momentum"}

# The recipe, the same for PyTorch, and what chainrule calls the states.
CASES = [
    ("optimizer = sgd", optim.SGD, {"lr": 0.1}, {}),
    ("optimizer = sgd(weight_decay = 0.01), rate = 0.05", optim.SGD,
     {"lr": 0.05, "weight_decay": 0.01}, {}),
    ("optimizer = sgd(momentum = 0.9, rate = 0.01)", optim.SGD, {"lr": 0.01, "momentum": 0.9},
     MOMENTUM),
    ("optimizer = sgd(momentum = 0.9, nesterov = 1, weight_decay = 0.1, rate = 0.01)", optim.SGD,
     {"lr": 0.01, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1}, MOMENTUM),
    ("optimizer = sgd(l1 = 0.01)", optim.SGD, {"lr": 0.1, "l1": 0.01}, {}),
    ("optimizer = adam", optim.Adam, {}, ADAM),
    ("optimizer = adam(rate = 0.02, beta1 = 0.8, beta2 = 0.99, epsilon = 0.01)", optim.Adam,
     {"lr": 0.02, "betas": (0.8, 0.99), "eps": 0.01}, ADAM),
    ("optimizer = adam(rate = 0.02, weight_decay = 0.1, l1 = 0.01)", optim.Adam,
     {"lr": 0.02, "weight_decay": 0.1, "l1": 0.01}, ADAM),
    ("optimizer = adamw", optim.AdamW, {}, ADAM),
    ("optimizer = adamw(rate = 0.05, weight_decay = 0.5)", optim.AdamW,
     {"lr": 0.05, "weight_decay": 0.5}, ADAM),
    ("optimizer = rmsprop, rate = 1e-3", optim.RMSprop, {"lr": 1e-3}, RMSPROP),
    ("optimizer = rmsprop(rate = 1e-3, alpha = 0.9, momentum = 0.9, epsilon = 1e-6)", optim.RMSprop,
     {"lr": 1e-3, "alpha": 0.9, "momentum": 0.9, "eps": 1e-6}, RMSPROP),
    ("optimizer = rmsprop(centered = 1, rate = 1e-3, weight_decay = 0.1)", optim.RMSprop,
     {"lr": 1e-3, "centered": True, "weight_decay": 0.1}, RMSPROP),
    ("optimizer = rmsprop(centered = 1, momentum = 0.5, rate = 1e-3)", optim.RMSprop,
     {"lr": 1e-3, "centered": True, "momentum": 0.5}, RMSPROP),
    ("optimizer = adagrad", optim.Adagrad, {}, {"sum": "sum"}),
    ("optimizer = adagrad(rate = 0.1, rate_decay = 0.05, weight_decay = 0.1, epsilon = 1e-4)",
     optim.Adagrad, {"lr": 0.1, "lr_decay": 0.05, "weight_decay": 0.1, "eps": 1e-4}, {"sum": "sum"}),
    ("optimizer = lbfgs(iterations = 1, rate = 0.005)", optim.LBFGS, {"max_iter": 1, "lr": 0.005}, {}),
    ("optimizer = lbfgs(rate = 0.5, tolerance_grad = 0.03)", optim.LBFGS,
     {"lr": 0.5, "tolerance_grad": 0.03}, {}),
    ("optimizer = lbfgs(rate = 0.5, tolerance_grad = 0.02, history = 3)", optim.LBFGS,
     {"lr": 0.5, "tolerance_grad": 0.02, "history_size": 3}, {}),
    ("optimizer = lbfgs(strong_wolfe = 1, tolerance_grad = 0.003)", optim.LBFGS,
     {"line_search_fn": "strong_wolfe", "tolerance_grad": 0.003}, {}),
    ("optimizer = lbfgs(strong_wolfe = 1, iterations = 1, evaluations = 10, tolerance_grad = 0.003)",
     optim.LBFGS, {"line_search_fn": "strong_wolfe", "max_iter": 1, "max_eval": 10,
                   "tolerance_grad": 0.003}, {}),
    ("clip_norm = 0.1", optim.SGD, {"lr": 0.1, "clip_norm": 0.1}, {}),
    ("clip_value = 0.05", optim.SGD, {"lr": 0.1, "clip_value": 0.05}, {}),
    ("optimizer = adam(weight_decay = 0.1, rate = 0.01), clip_value = 0.1, clip_norm = 0.2", optim.Adam,
     {"lr": 0.01, "weight_decay": 0.1, "clip_value": 0.1, "clip_norm": 0.2}, ADAM),
]


def numbers(tensors):
    return {name: tensor.detach().flatten().tolist() for name, tensor in tensors.items()}


def add_l1(weights, l1):
    for weight in weights.values():
        weight.grad += l1 * torch.sign(weight.detach())


def trained(recipe, method, settings, state_names, start=START):
    settings = dict(settings)
    l1, norm, value = (settings.pop(key, None) for key in ("l1", "clip_norm", "clip_value"))
    weights = {name: start.clone().requires_grad_() for name, start in start.items()}
    one_by_one = {} if method is optim.LBFGS else {"foreach": False}
    optimizer = method(weights.values(), **one_by_one, **settings)
    after = {}

    def loss():
        optimizer.zero_grad()
        answer = torch.tanh(X @ weights["W"].T + weights["b"]) @ weights["v"]
        result = ((answer - Y) ** 2).mean()
        result.backward()
        if value:
            torch.nn.utils.clip_grad_value_(weights.values(), value)
        if norm:
            torch.nn.utils.clip_grad_norm_(weights.values(), norm)
        if l1:
            add_l1(weights, l1)
        return result

    for step in range(1, STEPS + 1):
        optimizer.step(loss)
        if step in SHOWN:
            after[step] = numbers(weights)
    word = method.__name__.lower()
    states = {f"{word}.{ours}.{name}": optimizer.state[weight][theirs]
              for theirs, ours in state_names.items() for name, weight in weights.items()
              if torch.is_tensor(optimizer.state[weight].get(theirs))}
    return {"recipe": recipe, "after": after, "states": numbers(states)}


def difference(a, b):
    """The largest one of two results, relative to the largest number of each tensor."""
    largest = 0
    for ours, theirs in zip([*a["after"].values(), a["states"]], [*b["after"].values(), b["states"]]):
        for name in ours:
            x, y = torch.tensor(ours[name]), torch.tensor(theirs[name])
            largest = max(largest, ((x - y).abs().max() / x.abs().max()).item())
    return largest


def checked(case):
    """A result that rounding does not change much: 1e-12 would mean nothing where it does."""
    result = trained(*case)
    nearby = {name: tensor * (1 + 2e-16) for name, tensor in START.items()}
    change = difference(result, trained(*case, start=nearby))
    print(f"{change:.1e}  {case[0]}", file=sys.stderr)
    assert change < 2e-13, case[0]
    return result


LOSSES = [3, 2, 1, 1.5, 1.2, 0.99995, 0.9, 0.95, 0.95, 0.95, 0.95, 0.95, 0.5, 0.6, 0.6, 0.6, 0.6, 0.6]
schedulers = torch.optim.lr_scheduler
SCHEDULES = [
    ("constant", lambda o: schedulers.ConstantLR(o, factor=1)),
    ("step(every = 3, gamma = 0.5)", lambda o: schedulers.StepLR(o, 3, 0.5)),
    ("step(every = 5)", lambda o: schedulers.StepLR(o, 5)),
    ("exponential(gamma = 0.9)", lambda o: schedulers.ExponentialLR(o, 0.9)),
    ("cosine", lambda o: schedulers.CosineAnnealingLR(o, len(LOSSES))),
    ("cosine(epochs = 20, final = 1e-3)", lambda o: schedulers.CosineAnnealingLR(o, 20, 1e-3)),
    ("plateau(patience = 2)", lambda o: schedulers.ReduceLROnPlateau(o, patience=2)),
    ("plateau(patience = 1, factor = 0.5, threshold = 0, final = 0.04)",
     lambda o: schedulers.ReduceLROnPlateau(o, patience=1, factor=0.5, threshold=0, min_lr=0.04)),
]


def rates(recipe, make):
    optimizer = optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.2)
    schedule = make(optimizer)
    result = []
    for loss in LOSSES:
        result.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if isinstance(schedule, schedulers.ReduceLROnPlateau):
            schedule.step(loss)
        else:
            schedule.step()
    return {"recipe": recipe, "rates": result}


NAMES = {"lr": "rate", "eps": "epsilon", "lr_decay": "rate_decay", "history_size": "history",
         "max_iter": "iterations"}


def usual_settings(method):
    """PyTorch's defaults under chainrule's names."""
    defaults = method([torch.zeros(1, requires_grad=True)]).defaults
    defaults["beta1"], defaults["beta2"] = defaults.get("betas", (None, None))
    known = ["lr", "weight_decay", "momentum", "nesterov", "beta1", "beta2", "eps", "alpha", "centered",
             "lr_decay", "history_size", "max_iter", "tolerance_grad", "tolerance_change"]
    if method is optim.LBFGS:
        assert defaults["max_eval"] == defaults["max_iter"] * 5 // 4  # which is what 0 means
        defaults |= {"evaluations": 0, "strong_wolfe": defaults["line_search_fn"] is not None}
        known += ["evaluations", "strong_wolfe"]
    return {NAMES.get(key, key): float(defaults[key]) for key in known if defaults.get(key) is not None}


METHODS = [optim.SGD, optim.Adam, optim.AdamW, optim.RMSprop, optim.Adagrad, optim.LBFGS]
json.dump({"torch": torch.__version__,
           "x": X.tolist(), "y": Y.tolist(), "start": numbers(START),
           "cases": [checked(case) for case in CASES],
           "usual": {method.__name__.lower(): usual_settings(method) for method in METHODS},
           "rate": 0.2, "losses": LOSSES,
           "schedules": [rates(*schedule) for schedule in SCHEDULES]},
          sys.stdout, indent=None, separators=(",", ":"))
print()
