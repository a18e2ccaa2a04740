"""Relatives of the rows on numbers that are none: weights with NaN and infinities, diverging trainings."""

import numpy as np
import onnx
from onnx import helper, numpy_helper

from rows import expect, images, row, short
from small_models import BIAS, SIDE, STEPS, WEIGHT, model, photo, write

P = ("--preprocessing", "steps.json")


BAD = {"NaN": np.nan, "+infinity": np.inf, "-infinity": -np.inf, "3e38": 3e38}
for name, value in BAD.items():
    def bad(name=name, value=value):
        weight = WEIGHT.copy()
        weight[:, 1] = value

        def prepare(w, end="Softmax"):
            images(w.folder / "data", side=SIDE)
            (w.folder / "labels.txt").write_text("blue\ngreen\nred\n")
            # 3e38 overflows in sums of pixels, which are not small.
            steps = STEPS if name != "3e38" else STEPS.replace("0.00392156862745098", "1")
            write(w, weight=np.ascontiguousarray(weight[:, :3]), bias=BIAS[:3], end=end)
            (w.folder / "steps.json").write_text(steps)

        says = "finite|nan|no number|not a number|infinit"

        @row("3+", f"classify, weights with {name}")
        def _(w):
            # An infinite negative logit is a probability of zero.
            for end in ("Softmax", None) if value != -np.inf else (None,):
                prepare(w, end)
                outcome = w.run("classify", "data/red/red000.png", "-m", "m.onnx", "--format", "json", *P)
                text = outcome.err + outcome.out
                expect(outcome.status != 0 and '"probability"' not in outcome.out, f"no predictions: {short(text)}")

        @row("3+", f"evaluate, weights with {name}")
        def _(w):
            for end in ("Softmax", None) if value != -np.inf else (None,):
                prepare(w, end)
                w.refused("evaluate", "m.onnx", "data", "--labels", "labels.txt", *P, says=says)

        @row("3+", f"quantize, weights with {name}")
        def _(w):
            prepare(w)
            w.refused("quantize", "m.onnx", "data", "--force", "-o", "q.onnx", *P, says=says)
            expect(not (w.folder / "q.onnx").exists(), "no file")

        @row("3+", f"explain, weights with {name}")
        def _(w):
            prepare(w)
            w.refused("explain", "data/red/red000.png", "-m", "m.onnx", "--force", "-o", "e.png", *P, says=says, statuses=(2, 65))

        @row("3+", f"train on a backbone, weights before the head with {name}")
        def _(w):
            prepare(w)
            before = [helper.make_node("Mul", ["x", "bad"], ["x1"])]
            made = model(weight=WEIGHT, bias=BIAS, before=before, metadata={"visionnet.preprocessing": STEPS})
            made.graph.initializer.append(numpy_helper.from_array(np.float32([value]), "bad"))
            onnx.save(made, w.folder / "m.onnx")
            w.refused("train", "data", "-m", "m.onnx", "-o", "t", says=says)
    bad()


@row("3+", "one of three photos gives no number: a record of its own, exit 2")
def _(w):
    # Log of the mean less a half: NaN for dark photos.
    before = [helper.make_node("Sub", ["x", "half"], ["x0"]), helper.make_node("GlobalAveragePool", ["x0"], ["x00"]),
              helper.make_node("Log", ["x00"], ["x1"])]
    made = model(before=before)
    made.graph.initializer.append(numpy_helper.from_array(np.float32([0.3]), "half"))
    onnx.save(made, w.folder / "m.onnx")
    (w.folder / "steps.json").write_text(STEPS)
    for name, mixture in (("a", (200, 190, 180)), ("b", (20, 20, 20)), ("c", (180, 200, 190))):
        photo(w.folder / f"{name}.png", mixture)
    records, _ = w.classify("m.onnx", "a.png", "b.png", "c.png", flags=P, statuses=(2,))
    expect(len(records) == 3, f"three records, not {len(records)}")
    expect([bool(r.get("predictions")) for r in records] == [True, False, True], "the second has no predictions")


@row("3+", "a training that diverges is no success")
def _(w):
    images(w.folder / "data", count=12)
    outcome = w.run("train", "data", "--from-scratch", "--architecture", "simple-cnn", "--image-size", "16", "--epochs",
                    "2", "--lr", "1e30", "--warmup", "0", "--schedule", "constant", "-o", "t")
    expect(outcome.status != 0, f"a status that tells: {short(outcome.err)}")
    expect("100.00 %" not in outcome.out, "no 100 %")
