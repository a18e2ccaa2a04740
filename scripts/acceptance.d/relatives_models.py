"""Relatives of the rows on model files, what goes in, numbers that are none, labels, records."""

import gzip
import json
import os
import re
import struct
import zipfile

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from rows import expect, near, pictures, row, short
from small_models import BIAS, SIDE, STEPS, WEIGHT, model, photo, probabilities, write

P = ("--preprocessing", "steps.json")


def numbers(record):
    return {p["index"]: p["probability"] for p in record["predictions"]}


def as_rows(values):
    return dict(enumerate(map(float, values)))


# --- no ONNX: named as what it is ---

GIT_LFS = (b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"4" * 64 + b"\nsize 46827520\n")


def zip_of(*entries):
    import io
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as out:
        for name, content in entries:
            out.writestr(name, content)
    return data.getvalue()


def safetensors(tensors):
    header, data = {}, b""
    for name, array in tensors.items():
        kinds = {"float32": "F32", "float16": "F16", "int64": "I64"}
        header[name] = {"dtype": kinds[str(array.dtype)], "shape": list(array.shape),
                        "data_offsets": [len(data), len(data) + array.nbytes]}
        data += array.tobytes()
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


PICKLE = b"\x80\x02ccollections\nOrderedDict\nq\x00)Rq\x01."
FOREIGN = (
    ("a PyTorch file", zip_of(("archive/data.pkl", PICKLE), ("archive/version", b"3\n"), ("archive/data/0", bytes(64))),
     "pytorch"),
    ("an old PyTorch file", b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03." + PICKLE, "pytorch|pickle"),
    ("a Keras HDF5 file", b"\x89HDF\r\n\x1a\n" + bytes(512), "hdf5|keras"),
    ("a .keras archive", zip_of(("metadata.json", b'{"keras_version": "3.0"}'), ("config.json", b"{}"),
                                ("model.weights.h5", b"\x89HDF\r\n\x1a\n")), "keras"),
    ("a TFLite file", b"\x1c\x00\x00\x00TFL3" + bytes(256), "tflite|tensorflow lite|litert"),
    ("a TensorFlow Lite file of another table", b"\x20\x00\x00\x00TFL3\x14\x00\x20\x00" + bytes(99),
     "tflite|tensorflow lite|litert"),
    ("a web page", b"<!DOCTYPE html>\n<html><head><title>404</title></head></html>", "html|web page"),
    ("a web page after blanks", b"\n\n  <html lang=\"en\"><body>Sign in</body></html>", "html|web page"),
    ("a git-lfs pointer", GIT_LFS, "lfs"),
    ("a safetensors file", safetensors({"fc.weight": np.zeros((4, 3), np.float32)}), "safetensors"),
    ("an empty file", b"", "empty|no bytes"),
    ("a JPEG", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(300), "jpeg|picture|image"),
    ("a gzip of a model", gzip.compress(model().SerializeToString()), "gzip|compressed"),
    ("a zip of a model", zip_of(("model.onnx", model().SerializeToString())), "zip|archive"),
    ("a Core ML package's model", zip_of(("Data/com.apple.CoreML/model.mlmodel", bytes(100)), ("Manifest.json", b"{}")),
     "core ?ml|zip|archive"),
    ("JSON of an error", b'{"error": "Repository not found"}', "json|text|error message"),
    ("zeros", bytes(4096), "onnx"),
)
for title, data, says in FOREIGN:
    def foreign(title=title, data=data, says=says):
        @row("F", f"{title} as a model is named")
        def _(w):
            (w.folder / "m.onnx").write_bytes(data)
            (w.folder / "steps.json").write_text(STEPS)
            photo(w.folder / "a.png")
            w.refused("classify", "a.png", "-m", "m.onnx", *P, says=says)
            w.refused("inspect", "m.onnx", says=says) if "safetensors" not in title and "PyTorch" not in title else None
    foreign()


for part in (0.3, 0.7, 0.98):
    def cut(part=part):
        @row("F", f"a download cut at {part:.0%} is named")
        def _(w):
            data = model(weight=np.ones((3, 40), np.float32), bias=np.ones(40, np.float32)).SerializeToString()
            (w.folder / "m.onnx").write_bytes(data[:int(len(data) * part)])
            (w.folder / "steps.json").write_text(STEPS)
            photo(w.folder / "a.png")
            w.refused("classify", "a.png", "-m", "m.onnx", *P, says="cut|incomplete|truncat|ends|short")
    cut()


@row("F", "inspect lists the tensors of safetensors")
def _(w):
    (w.folder / "m.safetensors").write_bytes(
        safetensors({"fc.weight": np.zeros((4, 3), np.float32), "bn.num": np.zeros((), np.int64)}))
    outcome = w.run("inspect", "m.safetensors")
    expect(outcome.status == 0 and "fc.weight" in outcome.out and "bn.num" in outcome.out, short(outcome.out + outcome.err))
    expect("4" in outcome.out and "3" in outcome.out, "its shape")


@row("F", "inspect lists the tensors of a PyTorch file")
def _(w):
    # A state dictionary as torch.save writes it, protocol 2: one float32 tensor 'fc.weight' of 4 × 3.
    data = (b"\x80\x02ccollections\nOrderedDict\nq\x00)Rq\x01X\x09\x00\x00\x00fc.weightq\x02ctorch._utils\n"
            b"_rebuild_tensor_v2\nq\x03((X\x07\x00\x00\x00storageq\x04ctorch\nFloatStorage\nq\x05X\x01\x00\x00\x000q\x06"
            b"X\x03\x00\x00\x00cpuq\x07K\x0ctq\x08QK\x00K\x04K\x03\x86q\tK\x03K\x01\x86q\n\x89ccollections\n"
            b"OrderedDict\nq\x0b)Rq\x0ctq\rRq\x0es.")
    (w.folder / "m.pt").write_bytes(zip_of(("m/data.pkl", data), ("m/byteorder", b"little"), ("m/data/0", bytes(48)),
                                           ("m/version", b"3\n")))
    outcome = w.run("inspect", "m.pt")
    expect(outcome.status == 0 and "fc.weight" in outcome.out, short(outcome.out + outcome.err))


@row("10+", "opset twice with two versions is refused")
def _(w):
    write(w, opsets=(("", 13), ("", 17)))
    w.refused("inspect", "m.onnx", says="opset|operator set")


@row("10+", "an opset twice, once as ai.onnx")
def _(w):
    file, pixels = write(w, opsets=(("", 17), ("ai.onnx", 17))), photo(w.folder / "a.png")
    records, _ = w.classify(file, "a.png", flags=P)
    near(numbers(records[0]), as_rows(probabilities(pixels)), 1e-4)


@row("G", "Split whose last parts nobody reads")
def _(w):
    nodes = [helper.make_node("Split", ["x"], ["a", "b", "c", "d"], axis=1), helper.make_node("Add", ["a", "b"], ["s"]),
             helper.make_node("ReduceMean", ["s"], ["y"], keepdims=0)]
    graph = helper.make_graph(nodes, "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 4, 2, 2])],
                              [helper.make_tensor_value_info("y", TensorProto.FLOAT, [])])
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    made.ir_version = 8
    onnx.save(made, w.folder / "m.onnx")
    np.save(w.folder / "x.npy", np.arange(16, dtype=np.float32).reshape(1, 4, 2, 2))
    outcome = w.run("run", "m.onnx", "--input", "x=x.npy", "--output-dir", "o")
    expect(outcome.status == 0, f"exit 0: {short(outcome.err)}")
    got = float(np.load(w.folder / "o/y.npy"))
    expect(got == 7, f"7, not {got}")


# --- QDQ ---

for scale_shape, zero_shape in (((1,), ()), ((), (1,)), ((1,), (1,)), ((), ()), ((1,), None), ((), None)):
    def qdq(scale_shape=scale_shape, zero_shape=zero_shape):
        @row("4+", f"scale of shape {list(scale_shape)}, zero point "
             + ("absent" if zero_shape is None else f"of shape {list(zero_shape)}"))
        def _(w):
            made, pixels = model(end=None, output="c"), photo(w.folder / "a.png")
            zero = [] if zero_shape is None else ["z"]
            made.graph.node.extend([
                helper.make_node("QuantizeLinear", ["c", "s", *zero], ["q"]),
                helper.make_node("DequantizeLinear", ["q", "s", *zero], ["d"]),
                helper.make_node("Softmax", ["d"], ["output"])])
            made.graph.output[0].name = "output"
            made.graph.initializer.append(numpy_helper.from_array(np.full(scale_shape, 0.125, np.float32), "s"))
            if zero:
                made.graph.initializer.append(numpy_helper.from_array(np.full(zero_shape, 100, np.uint8), "z"))
            onnx.save(made, w.folder / "m.onnx")
            (w.folder / "steps.json").write_text(STEPS)
            from reference import session
            x = (pixels.astype(np.float32) / 255).transpose(2, 0, 1)[None]
            right = session(str(w.folder / "m.onnx")).run(["output"], {"x": x})[0][0]
            records, _ = w.classify("m.onnx", "a.png", flags=P)
            near(numbers(records[0]), as_rows(right), 1e-4)
    qdq()


# --- external data ---


def external(w, folder, location="m.onnx.data"):
    made = model(weight=np.tile(WEIGHT, (1, 1)))
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(made, folder / "m.onnx", save_as_external_data=True, location="m.onnx.data", size_threshold=0)
    if location != "m.onnx.data":
        text = (folder / "m.onnx").read_bytes()
        made = onnx.load(folder / "m.onnx", load_external_data=False)
        for tensor in made.graph.initializer:
            for entry in tensor.external_data:
                if entry.key == "location":
                    entry.value = location
        (folder / "m.onnx").write_bytes(made.SerializeToString())
        assert text
    (w.folder / "steps.json").write_text(STEPS)
    return photo(w.folder / "a.png")


@row("8+", "weights in a file beside the model")
def _(w):
    pixels = external(w, w.folder / "m")
    records, _ = w.classify("m/m.onnx", "a.png", flags=P)
    near(numbers(records[0]), as_rows(probabilities(pixels)), 1e-4)


@row("8+", "the model is a link, its data lie beside the real file")
def _(w):
    pixels = external(w, w.folder / "real")
    (w.folder / "seen").mkdir()
    os.symlink(w.folder / "real/m.onnx", w.folder / "seen/m.onnx")
    records, _ = w.classify("seen/m.onnx", "a.png", flags=P)
    near(numbers(records[0]), as_rows(probabilities(pixels)), 1e-4)


@row("8+", "a hub's cache, the model in a folder below the snapshot")
def _(w):
    pixels = external(w, w.folder / "flat")
    for folder in ("hub/blobs", "hub/snapshots/abc/onnx"):
        (w.folder / folder).mkdir(parents=True)
    for name, blob in (("m.onnx", "aa1"), ("m.onnx.data", "bb2")):
        os.rename(w.folder / "flat" / name, w.folder / "hub/blobs" / blob)
        os.symlink(f"../../../blobs/{blob}", w.folder / "hub/snapshots/abc/onnx" / name)
    records, _ = w.classify("hub/snapshots/abc/onnx/m.onnx", "a.png", flags=P)
    near(numbers(records[0]), as_rows(probabilities(pixels)), 1e-4)


for location in ("../secret/m.onnx.data", "/etc/passwd", "link/m.onnx.data", "./../m/../secret/m.onnx.data"):
    def outside(location=location):
        @row("8+", f"external data at {location} stay refused")
        def _(w):
            external(w, w.folder / "m", location)
            (w.folder / "secret").mkdir()
            os.rename(w.folder / "m/m.onnx.data", w.folder / "secret/m.onnx.data")
            os.symlink(w.folder / "secret", w.folder / "m/link")
            w.refused("classify", "a.png", "-m", "m/m.onnx", *P, says="outside|folder|absolute")
    outside()


@row("8+", "data that are a link to a folder elsewhere stay refused")
def _(w):
    external(w, w.folder / "m")
    (w.folder / "secret").mkdir()
    os.rename(w.folder / "m/m.onnx.data", w.folder / "secret/data")
    os.symlink(w.folder / "secret/data", w.folder / "m/m.onnx.data")
    w.refused("classify", "a.png", "-m", "m/m.onnx", *P, says="outside|folder")


@row("8+", "external data are missing")
def _(w):
    external(w, w.folder / "m")
    os.remove(w.folder / "m/m.onnx.data")
    w.refused("classify", "a.png", "-m", "m/m.onnx", *P, says="m.onnx.data", statuses=(65, 66))


# --- numbers that are none ---

BAD = {"NaN": np.nan, "+infinity": np.inf, "-infinity": -np.inf, "3e38": 3e38}
for name, value in BAD.items():
    def bad(name=name, value=value):
        weight = WEIGHT.copy()
        weight[:, 1] = value

        def prepare(w, end="Softmax"):
            pictures(w.folder / "data", side=SIDE)
            (w.folder / "labels.txt").write_text("blue\ngreen\nred\n")
            # 3e38 overflows in sums of pixels, which are not small.
            steps = STEPS if name != "3e38" else STEPS.replace("0.00392156862745098", "1")
            write(w, weight=np.ascontiguousarray(weight[:, :3]), bias=BIAS[:3], end=end)
            (w.folder / "steps.json").write_text(steps)

        says = "finite|nan|not a number|infinit"

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
            w.refused("quantize", "m.onnx", "data", "-o", "q.onnx", *P, says=says)
            expect(not (w.folder / "q.onnx").exists(), "no file")

        @row("3+", f"explain, weights with {name}")
        def _(w):
            prepare(w)
            w.refused("explain", "data/red/red000.png", "-m", "m.onnx", "-o", "e.png", *P, says=says, statuses=(2, 65))

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
    pictures(w.folder / "data", count=12)
    outcome = w.run("train", "data", "--from-scratch", "--architecture", "simple-cnn", "--image-size", "16", "--epochs",
                    "2", "--lr", "1e30", "--warmup", "0", "--schedule", "constant", "-o", "t")
    expect(outcome.status != 0, f"a status that tells: {short(outcome.err)}")
    expect("100.00 %" not in outcome.out, "no 100 %")


# --- what goes in ---


@row("7+", "preprocessing by name")
def _(w):
    write(w, shape=(1, 3, SIDE, SIDE))
    pixels = photo(w.folder / "a.png")
    half = np.array([0.5] * 3)
    mean, deviation = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
    for name, right in (("zero-to-one", probabilities(pixels)),
                        ("bytes", probabilities(pixels, scale=1))):
        records, _ = w.classify("m.onnx", "a.png", flags=("--preprocessing", name))
        near(numbers(records[0]), as_rows(right), 1e-4, name)
    # These cut a frame off, so that only the middle of the photo is seen: a photo of one colour has none.
    Image.new("RGB", (SIDE, SIDE), (180, 90, 60)).save(w.folder / "b.png")
    flat = np.full((SIDE, SIDE, 3), (180, 90, 60))
    clip = np.array([0.48145466, 0.4578275, 0.40821073]), np.array([0.26862954, 0.26130258, 0.27577711])
    for name, right in (("imagenet", probabilities(flat, mean=mean, deviation=deviation)),
                        ("imagenet-inception", probabilities(flat, mean=half, deviation=half)),
                        ("clip", probabilities(flat, mean=clip[0], deviation=clip[1]))):
        records, _ = w.classify("m.onnx", "b.png", flags=("--preprocessing", name))
        near(numbers(records[0]), as_rows(right), 1e-4, name)


@row("7+", "preprocessing of an unknown name")
def _(w):
    write(w)
    photo(w.folder / "a.png")
    w.refused("classify", "a.png", "-m", "m.onnx", "--preprocessing", "imagnet", says="imagenet", statuses=(64, 65, 66))


@row("7+", "preprocessing show NAME and MODEL prints JSON that can be given")
def _(w):
    pictures(w.folder / "data")
    w.train(w.folder / "data", labels=["blue", "green", "red"])
    for subject in ("imagenet", "imagenet-inception", "clip", "zero-to-one", "bytes", "run/model.onnx"):
        outcome = w.run("preprocessing", "show", subject)
        expect(outcome.status == 0, f"{subject}: {short(outcome.err)}")
        shown = json.loads(outcome.out)
        expect("scale" in shown or "mean" in shown, f"{subject}: {shown}")
    write(w)
    pixels = photo(w.folder / "a.png")
    shown = json.loads(w.run("preprocessing", "show", "zero-to-one").out)
    (w.folder / "shown.json").write_text(json.dumps({**shown, "width": SIDE, "height": SIDE}))
    records, _ = w.classify("m.onnx", "a.png", flags=("--preprocessing", "shown.json"))
    near(numbers(records[0]), as_rows(probabilities(pixels)), 1e-4)


HUB = {
    "vit": {"do_normalize": True, "do_rescale": True, "do_resize": True, "image_mean": [0.5, 0.5, 0.5],
            "image_processor_type": "ViTImageProcessor", "image_std": [0.5, 0.5, 0.5], "resample": 2,
            "rescale_factor": 0.00392156862745098, "size": {"height": SIDE, "width": SIDE}},
    "convnext": {"crop_pct": 0.875, "do_normalize": True, "do_resize": True, "feature_extractor_type":
                 "ConvNextFeatureExtractor", "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225],
                 "resample": 3, "size": SIDE},
    "clip": {"crop_size": {"height": SIDE, "width": SIDE}, "do_center_crop": True, "do_convert_rgb": True,
             "do_normalize": True, "do_rescale": True, "do_resize": True, "feature_extractor_type":
             "CLIPFeatureExtractor", "image_mean": [0.48145466, 0.4578275, 0.40821073],
             "image_std": [0.26862954, 0.26130258, 0.27577711], "resample": 3, "rescale_factor": 0.00392156862745098,
             "size": {"shortest_edge": SIDE}},
    "resnet, by sides of a number": {"do_normalize": True, "do_resize": True, "image_mean": [0.485, 0.456, 0.406],
                                     "image_std": [0.229, 0.224, 0.225], "resample": 2, "size": SIDE},
    "no normalisation": {"do_normalize": False, "do_rescale": True, "do_resize": True, "rescale_factor": 1 / 255,
                         "size": {"height": SIDE, "width": SIDE}, "resample": 2},
}
for kind, config in HUB.items():
    def hub(kind=kind, config=config):
        @row("7+", f"preprocessor_config.json: {kind}")
        def _(w):
            write(w, shape=(1, 3, SIDE, SIDE))
            (w.folder / "preprocessor_config.json").write_text(json.dumps(config))
            Image.new("RGB", (40, SIDE), (180, 90, 60)).save(w.folder / "a.png")
            flat = np.full((SIDE, SIDE, 3), (180, 90, 60))
            mean = np.array(config.get("image_mean", [0.0] * 3)) if config["do_normalize"] else np.zeros(3)
            deviation = np.array(config.get("image_std", [1.0] * 3)) if config["do_normalize"] else np.ones(3)
            given = ("--preprocessing", "preprocessor_config.json")
            if not any("type" in key for key in config) and isinstance(config["size"], int):
                # One number is both sides or the shorter one, as the processor says, which is not said.
                w.refused("classify", "a.png", "-m", "m.onnx", *given, says="size")
                return
            records, _ = w.classify("m.onnx", "a.png", flags=given)
            near(numbers(records[0]), as_rows(probabilities(flat, mean=mean, deviation=deviation)), 1e-4)
    hub()


NAMES = ["cat", "dog", "bird", "fish"]
LABEL_FILES = (
    ("labels.txt", "cat\ndog\nbird\nfish"), ("labels.txt", "\ufeffcat\r\ndog\r\nbird\r\nfish\r\n"),
    ("labels.json", json.dumps(NAMES)), ("labels.json", json.dumps({str(i): n for i, n in enumerate(NAMES)})),
    ("labels.json", json.dumps({n: i for i, n in enumerate(NAMES)})),
    ("config.json", json.dumps({"architectures": ["A"], "id2label": {str(3 - i): n for i, n in
                                                                     enumerate(reversed(NAMES))},
                                "label2id": {n: i for i, n in enumerate(NAMES)}})),
    ("imagenet_class_index.json", json.dumps({str(i): [f"n0{i}", n] for i, n in enumerate(NAMES)})),
    ("data.yaml", "path: ../x\ntrain: images\nnc: 4\nnames: ['cat', 'dog', 'bird', 'fish']\n"),
    ("data.yaml", "names:\n  0: cat\n  1: dog\n  2: bird\n  3: fish\n"), ("data.yaml", "names:\n- cat\n- dog\n- bird\n- fish\n"),
)
for number, (file, text) in enumerate(LABEL_FILES):
    def label_file(number=number, file=file, text=text):
        @row("L", f"labels from {file}, form {number + 1}")
        def _(w):
            write(w)
            pixels = photo(w.folder / "a.png")
            (w.folder / file).write_text(text)
            records, _ = w.classify("m.onnx", "a.png", flags=P + ("--labels", file))
            near(records[0]["probabilities"], dict(zip(NAMES, map(float, probabilities(pixels)))), 1e-4)
    label_file()


@row("L", "too few, too many, repeated labels")
def _(w):
    write(w)
    photo(w.folder / "a.png")
    for text in ("cat\ndog\nbird\n", "cat\ndog\nbird\nfish\ncow\n"):
        (w.folder / "labels.txt").write_text(text)
        w.refused("classify", "a.png", "-m", "m.onnx", *P, "--labels", "labels.txt", says="label|class|name")


@row("L", "the metadata of a YOLO export")
def _(w):
    write(w, shape=(1, 3, SIDE, SIDE), output="output0", metadata={
        "description": "Ultralytics YOLO11n-cls model", "author": "Ultralytics", "version": "8.3.0", "stride": "1",
        "task": "classify", "batch": "1", "imgsz": "[32, 32]", "names": "{0: 'cat', 1: 'dog', 2: 'bird', 3: \"fish\"}",
        "args": "{'batch': 1, 'half': False}", "channels": "3"})
    pixels = photo(w.folder / "a.png")
    right = dict(zip(NAMES, map(float, probabilities(pixels))))
    records, _ = w.classify("m.onnx", "a.png", flags=P)
    near(records[0]["probabilities"], right, 1e-4)
    outcome = w.run("classify", "a.png", "-m", "m.onnx")
    expect(outcome.status == 0 or "preprocessing" in outcome.err, f"classified or asked: {short(outcome.err)}")


@row("11c+", "pictures and paths on standard input")
def _(w):
    write(w)
    right = as_rows(probabilities(photo(w.folder / "a b.png")))
    Image.open(w.folder / "a b.png").save(w.folder / "line\nbreak.png")
    data = (w.folder / "a b.png").read_bytes()
    for flags, given in (((), data), ((), b"a b.png\n"), (("-0",), b"a b.png\0line\nbreak.png\0")):
        records, _ = w.classify("m.onnx", "-", flags=P + flags, stdin=given)
        expect(len(records) == (2 if flags else 1), f"{len(records)} records")
        for record in records:
            near(numbers(record), right, 1e-4)


@row("11c+", "nothing, and what is neither picture nor paths, on standard input: one message")
def _(w):
    write(w)
    for given in (b"", b"%PDF-1.7\n" + bytes(range(256)) * 40):
        outcome = w.run("classify", "-", "-m", "m.onnx", *P, stdin=given)
        expect(outcome.status != 0, "a status that tells")
        expect(len(outcome.err.splitlines()) <= 4, f"few lines, not {len(outcome.err.splitlines())}")


# --- records and figures ---


@row("R", "every record in JSON says its schema")
def _(w):
    pictures(w.folder / "data")
    w.train(w.folder / "data", labels=["blue", "green", "red"])
    expect(json.loads((w.folder / "run/metrics.json").read_text()).get("schema") == 1, "metrics.json: schema 1")
    missing = []
    model_file = "run/model.onnx"
    for arguments in (("classify", "data", "-m", model_file, "--format", "json"),
                      ("classify", "data", "-m", model_file, "--format", "jsonl"),
                      ("evaluate", model_file, "data", "--format", "json"), ("doctor", "data", "--format", "json"),
                      ("inspect", model_file, "--format", "json"), ("inspect", "data/red/red000.png", "--format", "json"),
                      ("quantize", model_file, "data", "-o", "q.onnx", "--json"), ("models", "list", "--format", "json"),
                      ("datasets", "list", "--format", "json"), ("bench", model_file, "--format", "json")):
        outcome = w.run(*arguments)
        if '"schema": 1' not in outcome.out and '"schema":1' not in outcome.out:
            missing.append(" ".join(arguments) + f" ({outcome.status})")
    expect(not missing, f"schema 1 in {missing}")


@row("R", "no top-5 of three classes")
def _(w):
    pictures(w.folder / "data")
    w.train(w.folder / "data", labels=["blue", "green", "red"])
    outcome = w.run("evaluate", "run/model.onnx", "data")
    expect("top-5" not in outcome.out, short(outcome.out))


@row("R", "evaluate warns of images that the model was trained on, and counts them")
def _(w):
    pictures(w.folder / "data")
    pictures(w.folder / "other", start=50)
    w.train(w.folder / "data", "--validation", "0.34", labels=["blue", "green", "red"])
    metrics = json.loads((w.folder / "run/metrics.json").read_text())
    seen = metrics["trainingImages"]
    outcome = w.run("evaluate", "run/model.onnx", "data")
    expect(re.search(rf"\b{seen}\b.*\btrain", outcome.err), f"{seen} were trained on: {short(outcome.err)}")
    outcome = w.run("evaluate", "run/model.onnx", "other")
    expect(not re.search("trained|to train", outcome.err), f"none was: {short(outcome.err)}")
