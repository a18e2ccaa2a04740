"""Makes the classifiers: every form in some layouts, types, extents left open, shapes of the output."""

import json
import random
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import onnx

import classifier_forms_near  # noqa: F401, adds forms
import classifier_forms_other  # noqa: F401, adds forms
from classifier_forms import FORMS
from graph_builder import GraphBuilder
from reference import read_output, run_onnxruntime

SIDE, FEATURES = 32, 16
OUTPUT_NAMES = ("output", "y", "495", "Identity:0", "dense_2/BiasAdd:0", "out", "output_0", "fc")
STEPS = {
    "plain": dict(scale=[1 / 255] * 3, mean=[0.0] * 3, deviation=[1.0] * 3),
    "imagenet": dict(scale=[1 / 255] * 3, mean=[0.485, 0.456, 0.406], deviation=[0.229, 0.224, 0.225]),
    "bytes": dict(scale=[1.0] * 3, mean=[0.0] * 3, deviation=[1.0] * 3),
}


@dataclass
class Case:
    name: str
    file: str
    form: str
    meaning: str
    kind: str
    layout: str
    open: str
    tag: str
    opset: int
    steps: str
    labels: bool
    classes: int
    answer: str
    tolerance: float
    known: bool
    asks: bool
    remedy: list


class Context:
    """What a form sees: the builder, the shape of the output and where its classes are."""

    def __init__(self, g, tag, k, turn, features):
        self.g, self.tag, self.k, self.turn, self.features = g, tag, k, turn, features
        self.rank = {"NK": 2, "1K": 2, "K": 1, "N1K": 3, "NK11": 4, "N11K": 4}[tag]
        self.axis = {"NK": 1, "1K": 1, "K": 0, "N1K": 2, "NK11": 1, "N11K": 3}[tag]

    def late(self, x):
        """N×K in the shape of the output."""
        if self.tag == "K":
            return self.g.squeeze(x, [0])
        axes = {"NK": None, "1K": None, "N1K": [1], "NK11": [2, 3], "N11K": [1, 2]}[self.tag]
        return self.g.unsqueeze(x, axes) if axes else x

    def early(self, x):
        """The output's shape as N×K."""
        axes = {"N1K": [1], "NK11": [2, 3], "N11K": [1, 2]}[self.tag]
        return self.g.squeeze(x, axes)


def extents(case):
    batch = {"fixed": 1, "hw": 1, "n": "N", "nhw": "batch", "unnamed": None, "two": 2}[case.open]
    sides = {"hw": ["height", "width"], "nhw": ["h", "w"], "unnamed": [None, None]}.get(case.open, [SIDE, SIDE])
    return batch, ([batch, 3] + sides if case.layout == "NCHW" else [batch] + sides + [3])


def output_shape(batch, tag, k):
    return {"NK": [batch, k], "1K": [1, k], "K": [k], "N1K": [batch, 1, k], "NK11": [batch, k, 1, 1],
            "N11K": [batch, 1, 1, k], "N": [batch], "map": [batch, k, 2, 2],
            "parts": [batch, 3, k]}.get(tag, [batch, tag])


def features_of(g, case, draw):
    """Pixels to N×16: two convolutions and the mean over places."""
    x, half = "input", case.kind in ("float16", "keep16")
    if case.kind == "keep16":
        x = g.cast(x, "float16")
    elif case.kind in ("float64", "uint8"):
        x = g.cast(x, "float32")
    kind = "float16" if half else "float32"
    if case.layout == "NHWC":
        x = g.op("Transpose", x, perm=[0, 3, 1, 2])
    if case.kind == "uint8":
        x = g.op("Mul", x, g.constant(1 / 255, "float32"))
    for before, after, stride in ((3, 12, 2), (12, FEATURES, 2)):
        weight = draw.normal(0, (2 / (9 * before)) ** 0.5, (after, before, 3, 3))
        x = g.op("Conv", x, g.constant(weight, kind), g.constant(draw.normal(0, 0.1, after), kind),
                 kernel_shape=[3, 3], strides=[stride, stride], pads=[1, 1, 1, 1])
        x = g.op("Relu", x)
    return g.op("Flatten", g.op("GlobalAveragePool", x))


def fitted_head(features, k, draw):
    """Weights and biases of a dense layer that gives these images' features drawn logits, well apart."""
    wanted = draw.uniform(-3, 3, (len(features), k))
    mean = features.mean(0)
    weight = np.linalg.pinv(features - mean, rcond=1e-3) @ (wanted - wanted.mean(0))
    return weight, wanted.mean(0) - mean @ weight


def build(case, form, turn, k, seed, photos):
    """The model, and ONNX Runtime's answers to the photos as a reader of the graph takes them."""
    def start():
        g = GraphBuilder(case.opset, {"keep16": "float16", "uint8": "float32"}.get(case.kind, case.kind))
        return g, features_of(g, case, np.random.default_rng(seed))

    batch, input_shape = extents(case)
    input_kind = "float32" if case.kind == "keep16" else case.kind
    inputs = [("input", input_kind, input_shape)]
    g, features = start()
    inner = "float16" if case.kind in ("float16", "keep16") else "float32"
    probe = run_onnxruntime(g.model(inputs, [(features, inner, [batch, FEATURES])]), case, photos)
    draw = np.random.default_rng(seed + 1)
    weight, bias = fitted_head(np.concatenate([p[features][:1] for p in probe]).astype(float), k, draw)

    g, features = start()
    if case.kind == "float64":
        features = g.cast(features, "float64")
    context = Context(g, case.tag, k, turn, features)
    if turn % 3 == 2:
        x = g.op("Add", g.op("MatMul", features, g.constant(weight)), g.constant(bias))
    else:
        x = g.op("Gemm", features, g.constant(weight.T), g.constant(bias), transB=1)
    result = form.build(context, context.late(x))
    outputs = result if isinstance(result, list) else [(case.answer, result)]
    declared = []
    for name, value, *shape in outputs:
        kind = g.types.get(value, g.kind)
        if name in ("label", "indices"):
            kind = "int64"
        elif case.kind == "keep16" and kind == "float16":
            value, kind = g.cast(value, "float32"), "float32"
        for node in g.nodes:
            for names in (node.input, node.output):
                for index, used in enumerate(names):
                    if used == value:
                        names[index] = name
        shape = output_shape(batch, shape[0] if shape else case.tag, case.classes)
        declared.append((name, kind, [None] * len(shape) if turn % 5 == 4 else shape))
    model = g.model(inputs, declared)
    return model, [read_output(case, outputs) for outputs in run_onnxruntime(model, case, photos)]


def is_telling(case, answers, outputs):
    """Whether every wrong reading of the numbers would be seen."""
    for right, raw in zip(answers, outputs):
        for wrong in raw:
            if wrong.shape == right.shape and np.nanmax(abs(wrong - right)) < 2 * case.tolerance:
                return False
    return True


def plan(count, seed):
    """Cases with their form, in an order that does not depend on how many are wanted."""
    draw, cases, turn = random.Random(seed), [], 0
    sets = {}

    def cycle(key, choices):
        """The choices in turns of drawn order, so that each comes equally often."""
        waiting = sets.setdefault((key, tuple(choices)), [])
        if not waiting:
            waiting += draw.sample(list(choices), len(choices))
        return waiting.pop()

    for copy in range(max(f.copies for f in FORMS) + count):
        for form in FORMS:
            if copy >= form.copies and len(cases) >= count:
                continue
            if copy >= form.copies and copy < 3:
                continue
            # The first of a form is as plain as it may be, so that it shows what the form alone does.
            plain = copy == 0
            tag = form.shapes[0] if plain else cycle("tag", form.shapes)
            kind = form.kinds[0] if plain else cycle("kind", form.kinds)
            opened = cycle("open", form.opens or (
                ("fixed", "hw") if tag in ("1K", "K") else ("fixed", "n", "nhw", "unnamed", "n", "hw")))
            opened = "n" if plain and form.opens is None and tag not in ("1K", "K") else opened
            opset = cycle("opset", range(form.opsets[0], form.opsets[1] + 1))
            k = form.head or cycle("k", (3, 4, 5, 7, 10))
            steps = cycle("steps", ("plain", "bytes")) if kind == "uint8" else cycle("steps", ("plain", "imagenet"))
            case = Case(
                name=f"{len(cases):03d}", file=f"{len(cases):03d}.onnx", form=form.name, meaning=form.meaning,
                kind=kind, layout="NCHW" if plain else cycle("layout", ("NCHW", "NHWC")), open=opened,
                tag=tag, opset=opset, steps=steps,
                labels=cycle("labels", (True, False)), classes=form.classes(k),
                answer=form.answer or form.output_name or cycle("output", OUTPUT_NAMES),
                tolerance=form.tolerance, known=form.known, asks=form.asks, remedy=list(form.remedy))
            if kind in ("float16", "keep16"):
                case.tolerance = max(case.tolerance, 2e-2)
            cases.append((case, form, turn, k))
            turn += 1
        if len(cases) >= count and copy >= max(f.copies for f in FORMS):
            break
    return cases


def make(folder, count, seed, photos):
    """Writes the models, their list with the right answers, the preprocessing and the labels."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, numbers in STEPS.items():
        steps = {"version": 1, "width": SIDE, "height": SIDE, "fit": {"mode": "squash"}, "filter": "bilinear",
                 "channels": "rgb", **numbers}
        (folder / f"{name}.json").write_text(json.dumps(steps))
    rows = []
    for case, form, turn, k in plan(count, seed):
        for attempt in range(20):
            model, answers = build(case, form, turn, k, seed + 1000 * turn + 50 * attempt, photos)
            if is_telling(case, [a for a, _ in answers], [w for _, w in answers]):
                break
        else:
            raise SystemExit(f"no telling weights for {case}")
        onnx.save(model, folder / case.file)
        rows.append({**asdict(case), "answers": [a.tolist() for a, _ in answers]})
        labels = {"positive": 2, "positive-logit": 2, "ranked": k}.get(case.meaning, case.classes)
        names = [f"kind-{chr(97 + index)}" for index in range(labels)]
        (folder / f"{case.name}.txt").write_text("".join(n + "\n" for n in names))
    (folder / "cases.json").write_text(json.dumps({"seed": seed, "cases": rows}, indent=1))
    return rows
