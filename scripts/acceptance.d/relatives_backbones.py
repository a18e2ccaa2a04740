"""Rows on what a model's numbers do to evaluate, and on models of others as backbones of train."""

import json
import math

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from rows import expect, images, row, short
from small_models import BIAS, SIDE, STEPS, model, write

P = ("--preprocessing", "steps.json")
# Mean colors in 0…1 to logits of blue, green, red.
COLORS = np.float32([[-4, -4, 8], [-4, 8, -4], [8, -4, -4]])


def colored(w, colors=("blue", "green", "red")):
    images(w.folder / "data", colors=colors, side=SIDE)
    (w.folder / "labels.txt").write_text("".join(c + "\n" for c in colors))


def mean_loss(w, weight, bias):
    """The cross-entropy of the softmax over the data, in float64."""
    from PIL import Image
    losses = []
    for index, color in enumerate(("blue", "green", "red")):
        for file in sorted((w.folder / "data" / color).iterdir()):
            with Image.open(file) as image:
                x = np.asarray(image, dtype=np.float64).mean((0, 1)) / 255
            logits = x @ weight.astype(np.float64) + bias
            losses.append(math.log(np.exp(logits - logits.max()).sum()) + logits.max() - logits[index])
    return float(np.mean(losses))


for ends in (("Softmax",), ("Softmax", "Dropout"), ("Softmax", "Identity", "Relu"), ("LogSoftmax", "Exp"), ("LogSoftmax",),
             ()):
    def loss_row(ends=ends):
        @row("1+", f"the loss that evaluate prints, outputs of {' → '.join(ends) or 'logits'}")
        def _(w):
            colored(w)
            write(w, weight=COLORS, bias=BIAS[:3], end=None, output="c")
            made = onnx.load(w.folder / "m.onnx")
            value = "c"
            for index, end in enumerate(ends):
                made.graph.node.append(helper.make_node(end, [value], [f"e{index}"]))
                value = f"e{index}"
            made.graph.output[0].name = value
            onnx.save(made, w.folder / "m.onnx")
            result, _ = w.json("evaluate", "m.onnx", "data", "--labels", "labels.txt", "--format", "json", *P)
            expect(result["top1"] == 1, f"top-1 of 1, not {result['top1']}")
            right = mean_loss(w, COLORS, BIAS[:3])
            expect(abs(result["loss"] - right) < 1e-3 * max(1, right), f"loss {right:.5f}, not {result['loss']}")
    loss_row()


@row("2+", "evaluate with one output: right, and wrong where the folders are swapped")
def _(w):
    for colors, wanted in ((("blue", "red"), 1.0), (("red", "blue"), 0.0)):
        colored(w, ("blue", "red"))
        (w.folder / "labels.txt").write_text("".join(c + "\n" for c in colors))
        # Positive for red images.
        write(w, weight=np.float32([[20], [0], [-20]]), bias=np.float32([0]), end="Sigmoid")
        result, _ = w.json("evaluate", "m.onnx", "data", "--labels", "labels.txt", "--format", "json", *P)
        expect(result["top1"] == wanted, f"top-1 {wanted}, not {result['top1']}")


@row("2+", "evaluate with one output and three labels is refused")
def _(w):
    colored(w)
    write(w, weight=np.float32([[20], [0], [-20]]), bias=np.float32([0]), end="Sigmoid")
    w.refused("evaluate", "m.onnx", "data", "--labels", "labels.txt", *P, says="class|label")


def backbone(w, head, end=("Softmax",), shape=("N", 3, SIDE, SIDE)):
    """Two convolutions of drawn weights and a head of seven classes; preprocessing in the file."""
    draw = np.random.default_rng(5)
    constants, nodes = [], []

    def constant(name, values):
        constants.append(numpy_helper.from_array(np.asarray(values, dtype=np.float32), name))
        return name

    def node(operator, inputs, output, **attributes):
        nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    x = "x"
    for index, (before, after) in enumerate(((3, 8), (8, 12))):
        weight = draw.normal(0, (2 / (9 * before)) ** 0.5, (after, before, 3, 3))
        x = node("Conv", [x, constant(f"w{index}", weight), constant(f"b{index}", np.zeros(after))], f"c{index}",
                 kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
        x = node("Relu", [x], f"r{index}")
    weight, bias = draw.normal(0, 1, (12, 7)), draw.normal(0, 1, 7)
    if head.startswith("Conv"):
        tensors = [constant("hw", weight.T.reshape(7, 12, 1, 1)), constant("hb", bias)]
        if head == "Conv, then the mean of places":
            x = node("Conv", [x, *tensors], "h", kernel_shape=[1, 1])
            x = node("Flatten", [node("GlobalAveragePool", [x], "p")], "f")
        else:
            x = node("Conv", [node("GlobalAveragePool", [x], "p"), *tensors], "h", kernel_shape=[1, 1])
            x = node("Flatten", [x], "f")
    else:
        x = node("Flatten", [node("GlobalAveragePool", [x], "p")], "f")
        if head == "Gemm":
            x = node("Gemm", [x, constant("hw", weight.T), constant("hb", bias)], "h", transB=1)
        elif head == "MatMul and Add":
            x = node("Add", [node("MatMul", [x, constant("hw", weight)], "m"), constant("hb", bias)], "h")
        else:
            x = node("MatMul", [x, constant("hw", weight)], "h")
    for index, each in enumerate(end):
        x = node(each, [x], f"e{index}", **({"to": TensorProto.FLOAT} if each == "Cast" else {}))
    graph = helper.make_graph(nodes, "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, list(shape))],
                              [helper.make_tensor_value_info(x, TensorProto.FLOAT, [shape[0], 7])], constants)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    made.ir_version = 8
    helper.set_model_props(made, {"visionnet.preprocessing": STEPS})
    onnx.checker.check_model(made)
    onnx.save(made, w.folder / "m.onnx")


def trains_on(w, *flags):
    into = f"t{len(w.commands)}"
    images(w.folder / "data", side=SIDE, count=12)
    outcome = w.run("train", "data", "-m", "m.onnx", "-o", into, *flags)
    expect(outcome.status == 0, f"exit 0, not {outcome.status}: {short(outcome.err)}")
    metrics = json.loads((w.folder / into / "metrics.json").read_text())
    expect(metrics["labels"] == ["blue", "green", "red"], f"three classes, not {metrics['labels']}")
    result, _ = w.json("evaluate", f"{into}/model.onnx", "data", "--format", "json")
    expect(result["top1"] > 0.9, f"colors are told apart, not {result['top1']}")
    return outcome


for kind in ("Gemm", "MatMul and Add", "MatMul", "Conv, then the mean of places", "Conv after the mean of places"):
    def head_row(kind=kind):
        @row("F+", f"train on a backbone of others, head by {kind}")
        def _(w):
            for end in (("Softmax",), (), ("Softmax", "Cast"), ("Sigmoid",)):
                backbone(w, kind, end)
                trains_on(w)
    head_row()


@row("F+", "train on a backbone of others, --embedding NAME")
def _(w):
    backbone(w, "Gemm")
    trains_on(w, "--embedding", "f")
    w.refused("train", "data", "-m", "m.onnx", "-o", "u", "--embedding", "nothing", says="nothing")


@row("F+", "train on a backbone whose height and width are open")
def _(w):
    backbone(w, "Gemm", shape=("N", 3, "h", "w"))
    trains_on(w)


@row("F+", "train on what has no head at all is refused, or asks for --embedding")
def _(w):
    made = model(end=None)
    del made.graph.node[2:]
    made.graph.node[1].output[0] = "output"
    made.graph.output[0].CopyFrom(helper.make_tensor_value_info("output", TensorProto.FLOAT, ["N", 3]))
    del made.graph.initializer[:]
    helper.set_model_props(made, {"visionnet.preprocessing": STEPS})
    onnx.save(made, w.folder / "m.onnx")
    images(w.folder / "data", side=SIDE)
    w.refused("train", "data", "-m", "m.onnx", "-o", "t", says="embedding|head|describes|layer")
