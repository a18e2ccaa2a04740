"""ONNX Runtime's answers, its graph optimizations off, and what they mean."""

import numpy as np
import onnxruntime

onnxruntime.set_default_logger_severity(3)


def session(model):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = 1
    data = model if isinstance(model, str) else model.SerializeToString()
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def network_input(photo, case, steps):
    """The photo (H×W×3 bytes) as the network wants it: bytes as they are, else scaled, 1×C×H×W or 1×H×W×C."""
    if case.kind == "uint8":
        x = photo.astype(np.uint8)
    else:
        x = (photo.astype(np.float32) * np.float32(steps["scale"]) - np.float32(steps["mean"])) \
            / np.float32(steps["deviation"])
        x = x.astype({"float16": np.float16, "float64": np.float64}.get(case.kind, np.float32))
    return (x.transpose(2, 0, 1) if case.layout == "NCHW" else x)[None]


def run_onnxruntime(model, case, photos):
    """The outputs by name for each photo; a batch of two holds the photo twice."""
    from classifier_models import STEPS

    ready = session(model)
    names = [o.name for o in ready.get_outputs()]
    results = []
    for photo in photos:
        x = network_input(photo, case, STEPS[case.steps])
        if case.open == "two":
            x = np.concatenate([x, x])
        results.append(dict(zip(names, ready.run(None, {"input": x}))))
    return results


def softmax(x):
    e = np.exp(x - x.max())
    return e / e.sum()


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def read_output(case, outputs):
    """What the answer means, K probabilities (of one output: that of the positive class); and wrong readings of it."""
    raw = np.asarray(outputs[case.answer], dtype=np.float64)
    raw = (raw[:1] if case.open == "two" else raw).reshape(-1)
    if case.meaning in ("nothing", "unclear"):
        return np.full(max(case.classes, 1), np.nan), []
    if case.meaning == "ranked":
        # As many numbers as the file ranks; the others are not known.
        right = np.full(1 + int(outputs["indices"].max()), np.nan)
        right[outputs["indices"].reshape(-1)] = raw
        return right, [raw]
    right = {"probabilities": lambda: raw, "positive": lambda: raw, "logits": lambda: softmax(raw),
             "log": lambda: np.exp(raw), "positive-logit": lambda: sigmoid(raw),
             "percent": lambda: raw / 100}[case.meaning]()
    # Softmax of logarithms of probabilities is these probabilities.
    wrong = [softmax(softmax(raw)), sigmoid(raw), sigmoid(softmax(raw))]
    wrong += [] if case.meaning in ("logits", "log") else [softmax(raw)]
    wrong += [] if case.meaning in ("probabilities", "positive") else [raw]
    if len(raw) == 1:
        wrong = [np.ones(1), 1 - right] + [sigmoid(raw) if case.meaning == "positive" else raw]
    return right, wrong
