"""What is expected where ONNX's data cannot be, why tests are refused, and the table of the documentation."""

import re

import numpy as np

from arrays import from_file


def bernoulli(result, expected, inputs):
    """0 or 1, never where the probability excludes it; which ones is left to the implementation."""
    chance = next(iter(inputs.values()))
    if not np.isin(result, (0, 1)).all():
        return "neither 0 nor 1"
    if (result[chance == 0] != 0).any() or (result[chance == 1] != 1).any():
        return "not as the probabilities 0 and 1 demand"
    return None


def dropout(result, expected, inputs):
    """Dropped or scaled numbers of the input, or a mask; which ones is left to the implementation."""
    if result.dtype.kind == "b":
        return None
    x = inputs["x"]
    ratio = float(inputs["r"]) if inputs.get("r") is not None else 0.5
    kept = x / (1 - ratio)
    ok = (result == 0) | np.isclose(result, kept, rtol=1e-5)
    return None if ok.all() else "numbers that are neither dropped nor kept"


# Operators whose numbers are drawn: ONNX's runner for its own reference leaves these tests out; here type, shape and the
# numbers that are possible are compared.
RANDOM = {
    **{
        name: bernoulli
        for base in ("test_bernoulli", "test_bernoulli_double", "test_bernoulli_seed")
        for name in (base, base + "_expanded")
    },
    **{
        f"test_training_dropout{suffix}": dropout
        for suffix in ("", "_default", "_default_mask", "_mask")
    },
}


def saturated(test, model, wanted):
    """QLinearMatMul's text says y = saturate(x / scale + zero point); the data of four tests wrap instead."""
    a, a_scale, a_zero, b, b_scale, b_zero, scale, zero = (from_file(f"{test}/input_{i}.pb") for i in range(8))
    sums = (a.astype(int) - a_zero.astype(int)) @ (b.astype(int) - b_zero.astype(int))
    y = np.rint(sums * (a_scale.astype("f4") * b_scale.astype("f4") / scale.astype("f4"))) + zero.astype(int)
    return {"y": np.clip(y, -128, 127).astype(np.int8)}


def zero_norm(test, model, wanted):
    """Since ONNX 1.21 LpNormalization's text says that zeros remain zeros, as ONNX Runtime has it; the data of 1.19 are 0 / 0."""
    return {name: np.nan_to_num(array, nan=0) for name, array in wanted.items()}


def resized(test, model, wanted):
    """Resize's text has align_corners divide by the length of the result, as PyTorch and ONNX Runtime do; the data of two tests
    divide by scale · length, which is no whole number."""
    y, scales = from_file(f"{test}/input_0.pb").astype("f8"), from_file(f"{test}/input_1.pb")
    cubic = next(a.s for a in model.graph.node[0].attribute if a.name == "mode") == b"cubic"

    def weight(distance, a=-0.75):
        d = abs(distance)
        if not cubic:
            return max(1 - d, 0)
        near, far = ((a + 2) * d - (a + 3)) * d * d + 1, ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
        return near if d <= 1 else far if d < 2 else 0

    for axis, scale in enumerate(scales):
        extent, length = y.shape[axis], int(np.float32(y.shape[axis]) * scale)
        matrix = np.zeros((length, extent))
        for row in range(length):
            at = row * (extent - 1) / (length - 1) if length > 1 else 0
            for tap in range(int(at) - 2, int(at) + 4):
                matrix[row, min(max(tap, 0), extent - 1)] += weight(at - tap)
        y = np.moveaxis(np.tensordot(matrix, y, (1, axis)), 0, axis)
    return {"Y": y.astype("f4")}


def small_epsilon(test, model, wanted):
    """The data were made with an epsilon of 0.01 that the node does not have; the default is 1e-6."""
    values = [from_file(f"{test}/input_{i}.pb").astype("f8") for i in range(10)]
    rate, pairs = values[0], [values[2 + i :: 2] for i in range(2)]
    attributes = {a.name: a.f for a in model.graph.node[0].attribute}
    alpha, beta, penalty = attributes["alpha"], attributes["beta"], attributes["norm_coefficient"]
    result = {}
    for index, (x, gradient, v, h) in enumerate(pairs, 1):
        gradient = penalty * x + gradient
        v, h = alpha * v + (1 - alpha) * gradient, beta * h + (1 - beta) * gradient**2
        result[f"X{index}_new"] = (x - rate * v / (np.sqrt(h) + 1e-6)).astype("f4")
        result[f"V{index}_new"], result[f"H{index}_new"] = v.astype("f4"), h.astype("f4")
    return result


# Tests whose data contradict the text of their operator, or ONNX Runtime and PyTorch alike, with what is expected instead.
DISPUTED = {
    "test_adam_multiple": small_epsilon,
    "test_l2normalization_axis_0": zero_norm,
    **{
        f"test_qlinearmatmul_{rank}_int8_{scale}": saturated
        for rank in ("2D", "3D")
        for scale in ("float16", "float32")
    },
    **{f"test_resize_downsample_scales_{mode}_align_corners": resized for mode in ("linear", "cubic")},
}


def reason_of(messages, model):
    """The error's text without places and advice."""
    lines = [line for line in messages.strip().splitlines() if line.startswith("visionnet: ")] or [messages]
    text = lines[-1].removeprefix("visionnet: ").removeprefix("error: ").replace(f"{model}, ", "").replace(f"{model}: ", "")
    text = re.sub(r"^'[^']*': ", "", text)
    text = re.sub(r" \([^()]*\)$", "", text)
    return re.sub(r"\s+", " ", text)[:160]


def scope_of(model):
    """Why a test cannot be fed."""
    for value in [*model.graph.input, *model.graph.output]:
        kind = value.type.WhichOneof("value")
        if kind != "tensor_type":
            return {"sequence_type": "sequences", "optional_type": "optional values"}.get(kind, kind)
        if value.type.tensor_type.elem_type == 8:
            return "strings"
    return "other inputs"


def table(results):
    """docs/conformance.md."""
    total = len(results)
    count = {verdict: sum(r[0] == verdict for r in results.values()) for verdict in
             ("pass", "wrong", "crash", "hang", "refused", "out of scope")}
    text = f"""# ONNX's own tests

ONNX tests each of its operators by models of one or a few nodes with inputs and outputs: {total:,} of them in the Python package
onnx 1.19.1, `backend/test/data/node`. `scripts/onnx-conformance` runs all of them by `visionnet run` and writes this page
(`--table docs/conformance.md`).

| tests | |
|---|---|
| {count["pass"]:,} | give ONNX's numbers |
| {count["wrong"] + count["crash"] + count["hang"]:,} | are wrong, end the process or do not end |
| {count["refused"]:,} | are refused with an error that says why |
| {count["out of scope"]:,} | cannot be given to the command: strings |

Numbers are compared as by ONNX's own runner: 1e-3 of the number, and 1e-7 or a millionth of the largest; for 16-bit floats two units
in the last place; exactly for integers and narrower floats. Of operators that draw numbers (Bernoulli, Dropout in training) type,
shape and the numbers that are possible are compared.

Eight tests hold data that contradict their operator's text, or ONNX Runtime and PyTorch alike. Of them is expected:

- `qlinearmatmul_*_int8_*` (4): bytes that saturate, as the text says and ONNX Runtime does; the data wrap (−235.7 → 20).
- `resize_downsample_scales_*_align_corners` (2): the last corner at the last element, as the text says and ONNX Runtime and
  PyTorch have it; the data have it at the fractional extent of the scales.
- `adam_multiple`: the numbers of the node's ε; the data were made with ε = 0.01, which the node does not have.
- `l2normalization_axis_0`: 0 where all numbers of a line are 0, as ONNX's text says since 1.21 and ONNX Runtime has it; the data
  have NaN.

## What is refused

| tests | why | operators |
|---|---|---|
"""
    rows = {}
    for verdict, operators, why in results.values():
        if verdict in ("refused", "out of scope"):
            key = why if verdict == "refused" else f"cannot be given: {why}"
            row = rows.setdefault(key, [0, set()])
            row[0] += 1
            row[1].update(operators)
    for why, (tests, operators) in sorted(rows.items(), key=lambda row: (-row[1][0], row[0])):
        names = sorted(operators)
        shown = ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
        text += f"| {tests} | {why.replace('|', '/')} | {shown} |\n"
    return text
