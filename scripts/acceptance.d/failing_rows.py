"""The rows of ../shared/failing/README.md with what it wants, on its inputs."""

import os
import shutil

import numpy as np
from PIL import Image, ImageOps

from common import shared
from rows import expect, near, row, short

given = shared / "failing"
P = ("--preprocessing", given / "steps.json")
LABELS = ("--labels", given / "labels.txt")
DOG = given / "dog.png"
NAMES = ("cat", "dog", "bird", "fish")
SIGMOID = {"cat": 0.998, "dog": 0.463, "bird": 0.250, "fish": 0.177}


def small_photo():
    """The photo in the network's size, by Pillow, 1×3×32×32."""
    with Image.open(DOG) as image:
        x = np.asarray(image.convert("RGB").resize((32, 32), Image.BILINEAR), dtype=np.float32) / 255
    return x.transpose(2, 0, 1)[None]


def softmax_row(name, tolerance):
    @row("1", f"softmax/{name}.onnx")
    def _(w):
        from reference import session
        right = session(str(given / f"softmax/{name}.onnx")).run(None, {"x": small_photo()})[0][0]
        records, _ = w.classify(given / f"softmax/{name}.onnx", DOG, flags=P + LABELS)
        near(records[0]["probabilities"], dict(zip(NAMES, map(float, right))), tolerance)


# Of quantized files one step, of float16 its precision.
for each, allowed in (("softmax", 1e-4), ("fp16_keepio", 1e-3), ("softmax_qdq", 4e-3), ("softmax_decomp", 1e-4),
                      ("softmax_cast", 1e-3), ("softmax_dropout", 1e-4), ("qdq_pc_u8s8_softmax", 4e-3)):
    softmax_row(each, allowed)


@row("1c", "softmax/sigmoid_multi.onnx, several labels an image")
def _(w):
    records, _ = w.classify(given / "softmax/sigmoid_multi.onnx", DOG, flags=P + LABELS)
    near(records[0]["probabilities"], SIGMOID, 1e-3)


@row("2", "one number an image is the probability of the positive class")
def _(w):
    records, _ = w.classify(given / "oneoutput/sigmoid1.onnx", DOG, flags=P)
    numbers = sorted(records[0]["probabilities"].values(), reverse=True)
    expect(abs(numbers[0] - 0.9981) < 1e-3, f"0.998 first, not {numbers}")
    expect(len(numbers) == 1 or len(numbers) == 2 and abs(sum(numbers) - 1) < 1e-5, f"one or two classes: {numbers}")
    if len(numbers) == 2:
        expect(records[0]["predictions"][0]["index"] == 1, "the second class is the positive one")


@row("3a", "evaluate with logits that are NaN")
def _(w): w.refused("evaluate", given / "nan/nanlogit.onnx", given / "nan/pets", *LABELS, *P, says="nan|finite|not a number")


@row("3b", "quantize with weights that are NaN")
def _(w):
    w.refused("quantize", given / "nan/q_nanw.onnx", given / "nan/pets", "--force", "-o", "q.onnx", *P, says="nan|finite|not a number")


@row("3c", "classify with logits that are NaN: an error record")
def _(w):
    outcome = w.run("classify", DOG, "-m", given / "nan/nanlogit.onnx", "--format", "json", *P)
    expect(outcome.status != 0, "a status that tells")
    expect("predictions\": [{" not in outcome.out, f"no predictions: {short(outcome.out)}")
    expect("error" in outcome.out or "finite" in outcome.err.lower(), f"an error record: {short(outcome.out + outcome.err)}")


@row("4", "QDQ as quantize_static writes it by default")
def _(w):
    from reference import session, softmax
    right = softmax(session(str(given / "qdq/qdq_logits.onnx")).run(None, {"x": small_photo()})[0][0])
    records, _ = w.classify(given / "qdq/qdq_logits.onnx", DOG, flags=P)
    got = {p["index"]: p["probability"] for p in records[0]["predictions"]}
    # The photo is made smaller by two programs: a step of the quantized input may lie between.
    near(got, dict(enumerate(map(float, right))), 2e-2)


@row("5a", "splits/TrainingTesting: splits, not classes")
def _(w): w.train(given / "splits/TrainingTesting", labels=["blue", "green", "red"], images=30, test=15)


@row("5b", "splits/withtest: a warning of 'test'")
def _(w):
    outcome = w.run("train", given / "splits/withtest", "--from-scratch", "--epochs", "1", "-o", "t")
    expect("test" in outcome.err and ("warning" in outcome.err.lower() or outcome.status in (64, 65)),
           f"a warning that names test: {short(outcome.err)}")


@row("5c", "splits/eadir: thumbnails left out, with a note")
def _(w): w.train(given / "splits/eadir", labels=["green", "red"], images=10, notes="eaDir")


for file, images, notes in (("onedup", 36, "twice|repeat|duplicate|again|same"), ("trail", 36, None),
                            ("quotedspace", 36, None), ("h_image_path_label", 36, None),
                            ("dup", 36, "twice|repeat|duplicate|again|same"), ("semicolon", 36, None)):
    def table_row(file=file, images=images, notes=notes):
        @row("6", f"csv/{file}.csv")
        def _(w): w.train(given / f"csv/{file}.csv", labels=["blue", "green", "red"], images=images, notes=notes)
    table_row()


@row("6e", "csv/conflict.csv: a path with two labels is an error that says which")
def _(w):
    w.refused("train", given / "csv/conflict.csv", "--from-scratch", "--epochs", "1", "-o", "t", says="red000.png")


def same_as(w, name, first):
    records, _ = w.classify(given / name, DOG, flags=P)
    expect(records[0]["predictions"], "predictions")
    expect(first is None or abs(records[0]["predictions"][0]["probability"] - first) < 1e-2,
           f"{first}, not {records[0]['predictions']}")


def answers_of(name, scale, outputs=0, layout="NCHW"):
    """ONNX Runtime's probabilities of the photo, made smaller by Pillow."""
    from reference import session, softmax
    with Image.open(DOG) as image:
        pixels = np.asarray(image.convert("RGB").resize((32, 32), Image.BILINEAR))
    x = pixels if scale is None else pixels.astype(np.float32) * np.float32(scale)
    x = x.transpose(2, 0, 1)[None] if layout == "NCHW" else x[None]
    return float(softmax(session(str(given / name)).run(None, {"x": x})[outputs][0].astype(float)).max())


for name, scale, layout in (("dynhw", 1 / 255, "NCHW"), ("nhwc", 1 / 255, "NHWC"), ("uint8_nhwc", None, "NHWC")):
    def open_row(name=name, scale=scale, layout=layout):
        @row("7", f"dyn/{name}.onnx: classify")
        def _(w): same_as(w, f"dyn/{name}.onnx", answers_of(f"dyn/{name}.onnx", scale, 0, layout))

        @row("7", f"dyn/{name}.onnx: inspect")
        def _(w):
            outcome = w.run("inspect", given / f"dyn/{name}.onnx")
            expect(outcome.status == 0, f"exit 0: {short(outcome.err)}")

        @row("7", f"dyn/{name}.onnx: bench, quantize, explain")
        def _(w):
            model = given / f"dyn/{name}.onnx"
            outcome = w.run("bench", model, *P)
            if "Unknown option" in outcome.err:
                outcome = w.run("bench", model)
            expect(outcome.status == 0, f"bench works: {short(outcome.err)}")
            outcome = w.run("explain", DOG, "-m", model, *P, "--force", "-o", "e.png")
            expect(outcome.status == 0, f"explain works: {short(outcome.err)}")
            outcome = w.run("quantize", model, given / "subset/photos", "--force", "-o", "q.onnx", *P)
            expect(outcome.status == 0, f"quantize works: {short(outcome.err)}")
    open_row()


@row("7b", "dyn/multi_out.onnx: told, and an option chooses")
def _(w):
    outcome = w.run("classify", DOG, "-m", given / "dyn/multi_out.onnx", *P)
    expect(outcome.status == 0 or "--output-name" in outcome.err, f"p is taken or asked for: {short(outcome.err)}")
    records, _ = w.classify(given / "dyn/multi_out.onnx", DOG, flags=P + ("--output-name", "p"))
    from reference import session
    right = session(str(given / "dyn/multi_out.onnx")).run(["p"], {"x": small_photo()})[0][0]
    near({p["index"]: p["probability"] for p in records[0]["predictions"]}, dict(enumerate(map(float, right))), 1e-2)


@row("8", "the layout of a model hub's cache")
def _(w):
    shutil.copytree(given / "hub/blobs", w.folder / "hub/blobs")
    (w.folder / "hub/snapshots/abc").mkdir(parents=True)
    os.symlink("../../blobs/111", w.folder / "hub/snapshots/abc/ext.onnx")
    os.symlink("../../blobs/222", w.folder / "hub/snapshots/abc/ext.onnx.data")
    records, _ = w.classify(w.folder / "hub/snapshots/abc/ext.onnx", DOG, flags=P)
    expect(records[0]["predictions"], "predictions")


@row("9", "photos of two of three classes")
def _(w):
    value, outcome = w.json("evaluate", given / "subset/rgb_model.onnx", given / "subset/photos", "--format", "json")
    expect(value["images"] == 10, f"10 images: {value['images']}")
    expect("blue" in outcome.err + outcome.out, "blue is said to be missing")


@row("10", "the same opset twice")
def _(w):
    w.folder.joinpath("o").mkdir()
    outcome = w.run("run", given / "opset/opset_dup2.onnx", "--input", f"x={given}/qdq/x.npy", "--force", "--output-dir", "o")
    expect("given twice" not in outcome.err, f"twice the same is one: {short(outcome.err)}")


@row("10", "opset/sklearn_nozip.onnx")
def _(w):
    outcome = w.run("inspect", given / "opset/sklearn_nozip.onnx")
    expect("given twice" not in outcome.err, f"twice the same is one: {short(outcome.err)}")


@row("11a", "class folders that are links")
def _(w):
    (w.folder / "link").mkdir()
    for color in ("green", "red"):
        os.symlink(given / "misc/real" / color, w.folder / "link" / color)
    records, _ = w.classify(given / "subset/rgb_model.onnx", w.folder / "link")
    expect(len(records) == 10, f"10 images, not {len(records)}")
    w.train(w.folder / "link", labels=["green", "red"], images=10)


@row("11b", "a settings file with a byte order mark")
def _(w):
    shutil.copy(given / "misc/bom.yaml", w.folder)
    shutil.copytree(given / "misc/real", w.folder / "cfgd/photos")
    outcome = w.run("train", "--config", "bom.yaml")
    expect(outcome.status == 0, f"exit 0: {short(outcome.err)}")


@row("11c", "classify - < dog.png")
def _(w):
    outcome = w.run("classify", "-", "-m", given / "subset/rgb_model.onnx", stdin=DOG.read_bytes())
    lines = [l for l in outcome.err.splitlines() if "no such file" in l.lower()]
    expect(len(lines) <= 1, f"one message or the image, not {len(lines)}")
    expect(outcome.status == 0, f"the image is read: {short(outcome.err)}")


@row("11d", "misc/xmp.jpg: orientation in XMP")
def _(w):
    outcome = w.run("convert", given / "misc/xmp.jpg", "o.png")
    expect(outcome.status == 0, f"exit 0: {short(outcome.err)}")
    with Image.open(given / "misc/xmp.jpg") as image:
        right = ImageOps.exif_transpose(image).convert("RGB")
    with Image.open(w.folder / "o.png") as image:
        expect(image.size == right.size, f"size {right.size}, not {image.size}")
        difference = np.abs(np.asarray(image, dtype=int) - np.asarray(right, dtype=int))
        expect(difference.mean() < 3, f"Pillow's pixels, not {difference.mean():.1f} off")
