"""Relatives of the rows on what goes in: preprocessing, labels, standard input; and on records and figures."""

import json
import re

import numpy as np
from PIL import Image

from rows import expect, near, images, row, short
from small_models import SIDE, as_rows, numbers, photo, probabilities, write

P = ("--preprocessing", "steps.json")


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
    # These cut a frame off, so that only the middle of the photo is seen: a photo of one color has none.
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
    images(w.folder / "data")
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
    "no normalization": {"do_normalize": False, "do_rescale": True, "do_resize": True, "rescale_factor": 1 / 255,
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


@row("11c+", "images and paths on standard input")
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


@row("11c+", "nothing, and what is neither image nor paths, on standard input: one message")
def _(w):
    write(w)
    for given in (b"", b"%PDF-1.7\n" + bytes(range(256)) * 40):
        outcome = w.run("classify", "-", "-m", "m.onnx", *P, stdin=given)
        expect(outcome.status != 0, "a status that tells")
        expect(len(outcome.err.splitlines()) <= 4, f"few lines, not {len(outcome.err.splitlines())}")


# --- records and figures ---


@row("R", "every record in JSON says its schema")
def _(w):
    images(w.folder / "data")
    w.train(w.folder / "data", labels=["blue", "green", "red"])
    expect(json.loads((w.folder / "run/metrics.json").read_text()).get("schema") == 1, "metrics.json: schema 1")
    missing = []
    model_file = "run/model.onnx"
    for arguments in (("classify", "data", "-m", model_file, "--format", "json"),
                      ("classify", "data", "-m", model_file, "--format", "jsonl"),
                      ("evaluate", model_file, "data", "--format", "json"), ("doctor", "data", "--format", "json"),
                      ("inspect", model_file, "--format", "json"), ("inspect", "data/red/red000.png", "--format", "json"),
                      ("quantize", model_file, "data", "--force", "-o", "q.onnx", "--format", "json"), ("models", "list", "--format", "json"),
                      ("datasets", "list", "--format", "json"), ("bench", model_file, "--format", "json")):
        outcome = w.run(*arguments)
        if '"schema": 1' not in outcome.out and '"schema":1' not in outcome.out:
            missing.append(" ".join(arguments) + f" ({outcome.status})")
    expect(not missing, f"schema 1 in {missing}")


@row("R", "no top-5 of three classes")
def _(w):
    images(w.folder / "data")
    w.train(w.folder / "data", labels=["blue", "green", "red"])
    outcome = w.run("evaluate", "run/model.onnx", "data")
    expect("top-5" not in outcome.out, short(outcome.out))


@row("R", "evaluate warns of images that the model was trained on, and counts them")
def _(w):
    images(w.folder / "data")
    images(w.folder / "other", start=50)
    w.train(w.folder / "data", "--validation", "0.34", labels=["blue", "green", "red"])
    metrics = json.loads((w.folder / "run/metrics.json").read_text())
    seen = metrics["trainingImages"]
    outcome = w.run("evaluate", "run/model.onnx", "data")
    expect(re.search(rf"\b{seen}\b.*\btrain", outcome.err), f"{seen} were trained on: {short(outcome.err)}")
    outcome = w.run("evaluate", "run/model.onnx", "other")
    expect(not re.search("trained|to train", outcome.err), f"none was: {short(outcome.err)}")
