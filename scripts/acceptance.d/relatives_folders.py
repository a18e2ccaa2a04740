"""Relatives of the rows on folders: other spellings of splits, other litter, wrappers, links."""

import os
import re
import shutil

from rows import expect, images, row, short

THREE = ["blue", "green", "red"]


def splits(w, names, base="data", counts=(6, 3, 3)):
    """Split folders of these names with 6, 3, 3 images a class."""
    start = 0
    for name, count in zip(names, counts):
        images(w.folder / base / name, count=count, start=start)
        start += count
    return w.folder / base


# Names for training, validation and test, of which the last may be absent.
for names in (("Train", "Valid", "Test"), ("TRAIN", "VAL", "TEST"), ("trn", "dev", "tst"), ("training", "validation"),
              ("train_set", "val_set", "test_set"), ("training_set", "validation_set", "testing_set"),
              ("seg_train", "seg_val", "seg_test"), ("train", "eval"), ("Training", "Validation", "Testing"),
              ("train-set", "valid-set", "test-set"), ("train data", "val data", "test data"),
              ("train_images", "val_images", "test_images"), ("01_train", "02_val", "03_test"),
              ("trainset", "valset", "testset")):
    def spelled(names=names):
        @row("5a+", f"splits {', '.join(names)}")
        def _(w):
            data = splits(w, names)
            outcome = w.run("train", data, "--from-scratch", "--architecture", "simple-cnn", "--image-size", "16",
                            "--epochs", "1", "-o", w.folder / "first")
            if outcome.status in (64, 65):
                # Refused with the names is as good as used: nothing wrong in silence.
                expect(names[0].lower() in outcome.err.lower(), f"a refusal that names them: {short(outcome.err)}")
                return
            _, metrics = w.train(data, labels=THREE, images=9 * 3 + (9 if len(names) > 2 else 0),
                                 test=9 if len(names) > 2 else 0)
            expect(metrics["validationImages"] == 9, f"9 images to validate, not {metrics['validationImages']}")
    spelled()


@row("5a+", "train and test only: a part of train validates, test is never trained on")
def _(w):
    _, metrics = w.train(splits(w, ("Train", "Test"), counts=(8, 4)), labels=THREE, images=36, test=12)
    expect(0 < metrics["validationImages"] < 24, "images to validate are held back")


@row("5a+", "a folder train alone is no class")
def _(w): w.train(splits(w, ("train",)), labels=THREE, images=18)


@row("5a+", "evaluate takes Testing of Training and Testing")
def _(w):
    data = splits(w, ("Training", "Testing"), counts=(6, 4))
    w.train(data, labels=THREE)
    value, _ = w.json("evaluate", w.folder / "run/model.onnx", data, "--format", "json")
    expect(value["images"] == 12, f"12 images, not {value['images']}")
    expect(value["labels"] == THREE, f"the model's classes: {value['labels']}")


@row("5a+", "classes that merely begin like splits stay classes")
def _(w):
    for index, name in enumerate(("trainers", "valley", "testament")):
        (w.folder / "data").mkdir(exist_ok=True)
        images(w.folder / "d", colors=(THREE[index],))
        shutil.move(w.folder / "d" / THREE[index], w.folder / "data" / name)
    w.train(w.folder / "data", labels=["testament", "trainers", "valley"], images=18)


for lone in ("unlabeled", "unlabeled", "testing", "Test"):
    def lone_folder(lone=lone):
        @row("5b+", f"a lone {lone} beside classes")
        def _(w):
            data = images(w.folder / "data")
            (data / lone).mkdir()
            for file in sorted((data / "red").iterdir())[:2]:
                shutil.move(file, data / lone / file.name)
            outcome = w.run("train", data, "--from-scratch", "--epochs", "1", "-o", "t")
            expect(lone in outcome.err and ("warning" in outcome.err.lower() or outcome.status in (64, 65)),
                   f"a warning that names it: {short(outcome.err)}")
    lone_folder()


for litter in ("@eaDir", "#recycle", "lost+found", "$RECYCLE.BIN", "__MACOSX", "System Volume Information",
               ".thumbnails", ".ipynb_checkpoints", ".AppleDouble", ".@__thumb", "@Recycle", ".Trash-1000", ".git"):
    def littered(litter=litter):
        @row("5c+", f"{litter} beside and inside classes")
        def _(w):
            data = images(w.folder / "data")
            for place in (data / litter, data / "red" / litter, data / litter / "red"):
                place.mkdir(parents=True, exist_ok=True)
                shutil.copy(data / "green/green000.png", place / "thumb.png")
            w.train(data, labels=THREE, images=18, notes=None if litter[0] == "." else re.escape(litter))
    littered()


@row("5c+", "files of systems beside images: ._*, Thumbs.db, desktop.ini, .DS_Store")
def _(w):
    data = images(w.folder / "data")
    for name in ("._red000.png", "Thumbs.db", "desktop.ini", ".DS_Store"):
        (data / "red" / name).write_bytes(b"\x00\x05\x16\x07" * 9)
        (data / name).write_bytes(b"\x00\x05\x16\x07" * 9)
    w.train(data, labels=THREE, images=18)


@row("5c+", "doctor and evaluate leave @eaDir out, too")
def _(w):
    data = images(w.folder / "data")
    w.train(data, labels=THREE, images=18)
    (data / "@eaDir/red").mkdir(parents=True)
    shutil.copy(data / "red/red000.png", data / "@eaDir/red/SYNOFILE_THUMB_M.png")
    value, _ = w.json("evaluate", w.folder / "run/model.onnx", data, "--format", "json")
    expect(value["images"] == 18, f"18 images, not {value['images']}")
    value, _ = w.json("doctor", data, "--format", "json", statuses=(0, 2))
    expect("@eaDir" not in [c.get("label") for c in value.get("classes", [])], "no class of this name")
    records, _ = w.classify(w.folder / "run/model.onnx", data)
    expect(len(records) == 18, f"18 records, not {len(records)}")


@row("5a+", "a wrapper folder: data/data/train, with a note")
def _(w):
    splits(w, ("train", "val"), base="data/data")
    w.train(w.folder / "data", labels=THREE, images=27, notes="data")


@row("5a+", "wrappers as in a set of scenes: seg_train/seg_train/CLASS")
def _(w):
    splits(w, ("seg_train/seg_train", "seg_test/seg_test"), counts=(6, 3))
    w.train(w.folder / "data", labels=THREE, images=27, test=9)


@row("5a+", "a wrapper beside __MACOSX, as archives of macOS unpack")
def _(w):
    images(w.folder / "zip/pets")
    (w.folder / "zip/__MACOSX/pets/red").mkdir(parents=True)
    (w.folder / "zip/__MACOSX/pets/red/._red000.png").write_bytes(b"\x00\x05\x16\x07" * 9)
    w.train(w.folder / "zip", labels=THREE, images=18)


@row("11a+", "a link to a folder that holds itself ends")
def _(w):
    data = images(w.folder / "data")
    os.symlink("..", data / "red/loop")
    os.symlink(data, data / "green/again")
    w.train(data, labels=THREE, images=18)
    records, _ = w.classify(w.folder / "run/model.onnx", data)
    expect(len(records) == 18, f"18 records, not {len(records)}")


@row("11a+", "links to folders in classify, evaluate, doctor, quantize alike")
def _(w):
    data = images(w.folder / "data")
    w.train(data, labels=THREE, images=18)
    (w.folder / "links").mkdir()
    for color in THREE:
        os.symlink(data / color, w.folder / "links" / color)
    records, _ = w.classify(w.folder / "run/model.onnx", w.folder / "links")
    expect(len(records) == 18, f"18 records, not {len(records)}")
    value, _ = w.json("evaluate", w.folder / "run/model.onnx", w.folder / "links", "--format", "json")
    expect(value["images"] == 18, f"18 images, not {value['images']}")
    outcome = w.run("doctor", w.folder / "links")
    expect(" 18" in outcome.out, f"18 images: {short(outcome.out)}")
    outcome = w.run("quantize", w.folder / "run/model.onnx", w.folder / "links", "--force", "-o", "q.onnx")
    expect(outcome.status == 0, f"quantize works: {short(outcome.err)}")


@row("11a+", "a split folder that is a link")
def _(w):
    splits(w, ("train", "val"), base="real")
    (w.folder / "data").mkdir()
    os.symlink(w.folder / "real/train", w.folder / "data/train")
    os.symlink("../real/val", w.folder / "data/val")
    w.train(w.folder / "data", labels=THREE, images=27)


@row("5+", "equal files stay on one side of an automatic split, with a note")
def _(w):
    data = images(w.folder / "data", count=10)
    for color in THREE:
        for file in sorted((data / color).iterdir()):
            for copy in range(2):
                shutil.copy(file, data / color / f"copy{copy}-{file.name}")
    w.train(data, labels=THREE, images=90, notes="equal|identical|same|duplicate|copies|twice")
    import csv
    import hashlib
    sides = {}
    with open(w.folder / "run/pictures.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    path = next(k for k in rows[0] if k.lower() in ("path", "image", "image", "file"))
    split = next(k for k in rows[0] if "split" in k.lower() or "part" in k.lower() or "set" in k.lower())
    for each in rows:
        place = each[path] if os.path.isabs(each[path]) else data / each[path]
        sides.setdefault(hashlib.sha256(open(place, "rb").read()).hexdigest(), set()).add(each[split])
    expect(all(len(s) == 1 for s in sides.values()), "one side for each content")


@row("9+", "evaluate a folder with a class that the model does not have")
def _(w):
    data = images(w.folder / "data")
    w.train(data, labels=THREE)
    os.rename(data / "red", data / "crimson")
    outcome = w.run("evaluate", w.folder / "run/model.onnx", data)
    expect("crimson" in outcome.err + outcome.out, f"crimson is named: {short(outcome.err)}")


@row("T", "four trainings at once get four folders")
def _(w):
    import subprocess
    from common import program
    data = images(w.folder / "data")
    command = [program, "train", str(data), "--from-scratch", "--architecture", "simple-cnn", "--image-size", "16",
               "--epochs", "1"]
    running = [subprocess.Popen(command, cwd=w.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
               for _ in range(4)]
    errors = [p.communicate()[1].decode() for p in running]
    expect(all(p.returncode == 0 for p in running), f"all end well: {[short(e) for e in errors]}")
    models = sorted((w.folder / "runs").rglob("model.onnx")) if (w.folder / "runs").exists() else []
    expect(len(models) == 4, f"four models, not {len(models)}")
    expect(len({m.read_bytes() for m in models}) == 1, "all alike, of one seed")
