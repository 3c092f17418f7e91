"""What scikit-learn says of some answers, for metrics_test.cpp.

    pip install scikit-learn
    python3 tests/train/metrics/make.py > tests/train/metrics/cases.json
"""

import json
import warnings

import numpy as np
import sklearn
from sklearn import metrics as m

rng = np.random.default_rng(1)
warnings.simplefilter("ignore")


def averages(truth, answer, classes):
    average = "binary" if classes == 2 else "macro"
    return {
        "accuracy": m.accuracy_score(truth, answer),
        "precision": m.precision_score(truth, answer, average=average),
        "recall": m.recall_score(truth, answer, average=average),
        "f1": m.f1_score(truth, answer, average=average),
    }


def of_classes(name, truth, numbers, probabilities=True):
    """numbers: a row of scores per example, or one score, of class 1."""
    numbers = np.asarray(numbers, dtype=float)
    one = numbers.ndim == 1
    classes = 2 if one else numbers.shape[1]
    threshold = 0.5 if probabilities else 0
    answer = (numbers > threshold).astype(int) if one else numbers.argmax(axis=1)
    labels = list(range(classes))
    expected = averages(truth, answer, classes)
    if classes == 2:
        expected["roc_auc"] = m.roc_auc_score(truth, numbers if one else numbers[:, 1])
    elif set(truth) == set(labels):
        expected["roc_auc"] = m.roc_auc_score(truth, numbers, multi_class="ovr", labels=labels)
    else:
        expected["roc_auc"] = "nan"
    if probabilities:
        expected["log_loss"] = m.log_loss(truth, numbers, labels=labels)
    expected["confusion"] = m.confusion_matrix(truth, answer, labels=labels).tolist()
    return {
        "name": name,
        "classes": classes,
        "probabilities": probabilities,
        "truth": [int(t) for t in truth],
        "answer": [int(a) for a in answer],
        "numbers": [[float(x)] if one else [float(v) for v in x] for x in numbers],
        "expected": {k: v if isinstance(v, (str, list)) else float(v) for k, v in expected.items()},
    }


def of_numbers(name, truth, answer):
    truth = np.asarray(truth, dtype=float)
    answer = np.asarray(answer, dtype=float)
    return {
        "name": name,
        "truth": truth.reshape(len(truth), -1).tolist(),
        "answer": answer.reshape(len(answer), -1).tolist(),
        "expected": {
            "rmse": float(m.root_mean_squared_error(truth, answer)),
            "mae": float(m.mean_absolute_error(truth, answer)),
            "r2": float(m.r2_score(truth, answer)),
        },
    }


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def class_cases():
    two = rng.integers(0, 2, 60)
    five = rng.integers(0, 5, 80)
    four_of_five = rng.integers(0, 4, 40)
    blurred = np.clip(two * 0.3 + rng.uniform(0, 0.7, 60), 0, 1)
    return [
        of_classes("probabilities of class 1", two, blurred),
        of_classes("probabilities with many ties", two, np.round(blurred, 1)),
        of_classes("probabilities 0 and 1", [0, 1, 0, 1], [0.0, 1.0, 1.0, 0.0]),
        of_classes("margins", two, rng.normal(two - 0.5, 1), probabilities=False),
        of_classes("two columns", two, softmax(rng.normal(size=(60, 2)) + np.eye(2)[two])),
        of_classes("never answered with 1", [0, 1, 1, 0], [0.1, 0.2, 0.3, 0.4]),
        of_classes("five classes", five, softmax(rng.normal(size=(80, 5)) + 2 * np.eye(5)[five])),
        of_classes(
            "a class without examples",
            four_of_five,
            softmax(rng.normal(size=(40, 5)) + 2 * np.eye(5)[four_of_five]),
        ),
        of_classes("a class that does not occur", [0, 1, 0, 1, 1], softmax(np.array(
            [[2, 1, 0], [1, 2, 0], [1, 2, 0], [0, 2, 1], [3, 1, 0]], dtype=float))),
    ]


def number_cases():
    y = rng.normal(3, 2, 50)
    wide = rng.normal(0, [1, 10, 100], (30, 3))
    return [
        of_numbers("one number", y, y + rng.normal(0, 0.5, 50)),
        of_numbers("worse than the mean", y, -y),
        of_numbers("three numbers", wide, wide * 0.9 + rng.normal(size=(30, 3))),
        of_numbers("a large mean", 1e8 + y, 1e8 + y + rng.normal(0, 0.5, 50)),
        of_numbers("a constant, missed", [2, 2, 2], [2, 2, 2.5]),
        of_numbers("a constant, met", [2, 2, 2], [2, 2, 2]),
    ]


print(json.dumps({"made with": f"scikit-learn {sklearn.__version__}", "classes": class_cases(),
                  "numbers": number_cases()}))
