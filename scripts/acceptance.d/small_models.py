"""Small classifiers for single rows: the mean color of a 32 × 32 photo, through a dense layer, to classes."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

SIDE = 32
STEPS = ('{"version": 1, "width": 32, "height": 32, "fit": {"mode": "squash"}, "filter": "bilinear", "channels": "rgb", '
         '"scale": [0.00392156862745098, 0.00392156862745098, 0.00392156862745098], "mean": [0, 0, 0], '
         '"deviation": [1, 1, 1]}')
WEIGHT = np.float32([[6, -3, 1, 2], [-2, 5, -4, 1], [1, -2, 6, -3]])
BIAS = np.float32([0.1, 0.2, -0.1, 0])


def photo(file, mixture=(180, 90, 60), seed=1):
    """Writes a photo of the network's size; its pixels."""
    draw = np.random.default_rng(seed)
    pixels = np.clip(np.array(mixture) + draw.normal(0, 30, (SIDE, SIDE, 3)), 0, 255).astype(np.uint8)
    Image.fromarray(pixels).save(file)
    return pixels


def model(weight=WEIGHT, bias=BIAS, end="Softmax", opsets=(("", 17),), shape=("N", 3, SIDE, SIDE), metadata=None,
          before=(), output="output"):
    """GlobalAveragePool → Flatten → Gemm → end; `before` are nodes from x to x1 where there are any."""
    first = "x1" if before else "x"
    nodes = list(before) + [
        helper.make_node("GlobalAveragePool", [first], ["a"]), helper.make_node("Flatten", ["a"], ["b"]),
        helper.make_node("Gemm", ["b", "W", "B"], ["c" if end else output])]
    if end:
        nodes.append(helper.make_node(end, ["c"], [output]))
    graph = helper.make_graph(
        nodes, "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, list(shape))],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, [shape[0], weight.shape[1]])],
        [numpy_helper.from_array(weight, "W"), numpy_helper.from_array(bias, "B")])
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid(d, v) for d, v in opsets])
    made.ir_version = 8
    if metadata:
        helper.set_model_props(made, metadata)
    return made


def probabilities(pixels, scale=1 / 255, mean=0.0, deviation=1.0, weight=WEIGHT, bias=BIAS):
    """What the softmax of `model` gives, in float64."""
    x = (pixels.astype(np.float64).mean((0, 1)) * scale - mean) / deviation
    logits = x @ weight.astype(np.float64) + bias
    e = np.exp(logits - logits.max())
    return e / e.sum()


def write(w, name="m.onnx", **options):
    onnx.save(model(**options), w.folder / name)
    (w.folder / "steps.json").write_text(STEPS)
    return w.folder / name


def numbers(record):
    """The probabilities of a record by index."""
    return {p["index"]: p["probability"] for p in record["predictions"]}


def as_rows(values):
    return dict(enumerate(map(float, values)))
