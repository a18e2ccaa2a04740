"""Rows on every command with every layout and type of the network's input, and with open extents."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from relatives_backbones import COLORS, P, colored, mean_loss
from rows import expect, row, short
from small_models import BIAS, SIDE, STEPS

TYPES = {"float32": TensorProto.FLOAT, "float16": TensorProto.FLOAT16, "float64": TensorProto.DOUBLE,
         "uint8": TensorProto.UINT8}


def network(w, layout, kind, opened):
    """The mean color to three logits: of bytes as they are, else of numbers in 0…1."""
    constants, nodes, x = [], [], "x"

    def node(operator, inputs, **attributes):
        nodes.append(helper.make_node(operator, inputs, [f"v{len(nodes)}"], **attributes))
        return nodes[-1].output[0]

    if kind != "float32":
        x = node("Cast", [x], to=TensorProto.FLOAT)
    if layout == "NHWC":
        x = node("Transpose", [x], perm=[0, 3, 1, 2])
    # A convolution, so that heat maps and quantization have something to work on.
    scale = 1 / 255 if kind == "uint8" else 1
    constants += [numpy_helper.from_array(np.float32(np.eye(3) * scale).reshape(3, 3, 1, 1), "K"),
                  numpy_helper.from_array(COLORS, "W"), numpy_helper.from_array(BIAS[:3], "B")]
    x = node("Relu", [node("Conv", [x, "K"], kernel_shape=[1, 1])])
    x = node("Gemm", [node("Flatten", [node("GlobalAveragePool", [x])]), "W", "B"])
    if kind in ("float16", "float64"):
        x = node("Cast", [x], to=TYPES[kind])
    batch, sides = {"fixed": (1, [SIDE, SIDE]), "batch": ("N", [SIDE, SIDE]), "all": (None, ["h", "w"])}[opened]
    shape = [batch, 3, *sides] if layout == "NCHW" else [batch, *sides, 3]
    kind_out = TYPES[kind] if kind != "uint8" else TensorProto.FLOAT
    graph = helper.make_graph(nodes, "g", [helper.make_tensor_value_info("x", TYPES[kind], shape)],
                              [helper.make_tensor_value_info(x, kind_out, [batch, 3])], constants)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    made.ir_version = 8
    onnx.checker.check_model(made)
    onnx.save(made, w.folder / "m.onnx")
    (w.folder / "steps.json").write_text(STEPS)


for layout in ("NCHW", "NHWC"):
    for kind in TYPES:
        for opened in ("fixed", "batch", "all"):
            def every(layout=layout, kind=kind, opened=opened):
                @row("7+", f"every command, {kind} {layout}, open: {opened}")
                def _(w):
                    colored(w)
                    network(w, layout, kind, opened)
                    labels = ("--labels", "labels.txt")
                    result, _ = w.json("evaluate", "m.onnx", "data", "--format", "json", *labels, *P)
                    right = mean_loss(w, COLORS, BIAS[:3])
                    expect(result["top1"] == 1, f"evaluate: top-1 of 1, not {result['top1']}")
                    allowed = 2e-2 if kind == "float16" else 1e-3
                    expect(abs(result["loss"] - right) < allowed, f"evaluate: loss {right:.5f}, not {result['loss']}")
                    for arguments in (("explain", "data/red/red000.png", "-m", "m.onnx", "--force", "-o", "e.png", *labels, *P),
                                      ("preprocess", "data/red/red000.png", "--force", "-o", "p.png", *P),
                                      ("inspect", "m.onnx"), ("inspect", "m.onnx", "--plan"), ("bench", "m.onnx"),
                                      ("quantize", "m.onnx", "data", "--force", "-o", "q.onnx", *labels, *P)):
                        outcome = w.run(*arguments)
                        if "Unknown option" in outcome.err and arguments[-1] == P[-1]:
                            outcome = w.run(*arguments[:-2])
                        elif outcome.status and arguments[0] in ("inspect", "bench") and opened == "all":
                            # Sides that nothing says are asked for.
                            expect("preprocessing" in outcome.err, f"{arguments[0]} asks: {short(outcome.err)}")
                            outcome = w.run(*arguments, *P)
                        expect(outcome.status == 0, f"{arguments[0]} works: {short(outcome.err)}")
                    records, _ = w.classify("q.onnx", "data/red/red000.png", flags=("-q",))
                    best = records[0]["predictions"][0]
                    expect(best["label"] == "red" and best["probability"] > 0.9, f"quantized: red, not {best}")
            every()
