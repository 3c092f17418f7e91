"""The graph of the network in training_log_test.cpp, as TensorBoard's own Protocol Buffers write it.

    pip install tensorboard
    python3 tests/train/graph_def/make.py > tests/train/graph_def/bytes.txt

The nodes are listed here by hand, from the network's text.
"""

from tensorboard.compat.proto import graph_pb2

EXAMPLE = -1  # the open dimension of what there is for each example

graph = graph_pb2.GraphDef()


def node(name, op, inputs, shape, **texts):
    made = graph.node.add(name=name, op=op, input=inputs)
    for key, text in texts.items():
        made.attr[key].s = text.encode()
    dimensions = made.attr["_output_shapes"].list.shape.add()
    for size in shape:
        dimensions.dim.add(size=size)


node("x", "input", [], [EXAMPLE, 2], role="input", type="f64[2] per example")
node("y", "target", [], [EXAMPLE], role="target", type="f64 per example")
node("h/W", "weight", [], [3, 2], role="weight", type="f64[3, 2]")
node("h/b", "weight", [], [3], role="weight", type="f64[3]")
node("h/z/matmul", "matmul", ["h/W", "x"], [EXAMPLE, 3])
node("h/z", "add", ["h/z/matmul", "h/b"], [EXAMPLE, 3], formula="h.W @ x + h.b")
node("h", "tanh", ["h/z"], [EXAMPLE, 3], formula="tanh(h.z)")
node("w", "weight", [], [3], role="weight", type="f64[3]")
node("p", "dot", ["w", "h"], [EXAMPLE], formula="dot(w, h)")
node("Loss/subtract", "subtract", ["p", "y"], [EXAMPLE])
node("Loss/constant", "constant", [], [], value="2")
node("Loss/power", "power", ["Loss/subtract", "Loss/constant"], [EXAMPLE])
node("Loss", "mean", ["Loss/power"], [EXAMPLE], axis="[]", formula="mean((p - y)^2)", keepdims="0")
graph.versions.producer = 22

text = graph.SerializeToString(deterministic=True).hex()
for at in range(0, len(text), 100):
    print(text[at : at + 100])
