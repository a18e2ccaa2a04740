"""What the programs are given: small sets of data made here, this checkout's photos, and networks that lie around."""

import os
import random
import shutil
from pathlib import Path

import files

root = Path(__file__).resolve().parent.parent.parent
shared = Path(os.environ.get("SHARED") or root / "../shared").resolve()
exports = Path(os.environ.get("ACCEPTANCE_HOME") or Path(
    os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "visionnet-acceptance") / "exports"
store = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "visionnet"

# Networks that were made elsewhere: name, file, and the preprocessing where the file does not say it.
FOUND = [
    ("efficientnet-lite0", store / "efficientnet-lite0-0.1.0-8787b06f.onnx", None),
    ("resnet20-cifar", shared / "data/models/resnet20_cifar10.onnx", "zero-to-one"),
    ("squeezenet-caffe", shared / "data/models/squeezenet1_1_caffe.onnx", "imagenet"),
    *((name, exports / f"{name}-torchscript.onnx", "imagenet") for name in (
        "resnet18", "mobilenet_v2", "densenet121", "shufflenet_v2_x1_0", "mobilenet_v3_small",
        "timm-convnext_atto", "timm-vit_tiny_patch16_224")),
    ("mobilenet_v2-int8-of-onnxruntime", exports / "mobilenet_v2-torchscript-int8-per-channel.onnx", "imagenet"),
]


def found():
    """Those that are here, and the names of those that are not."""
    here = [entry for entry in FOUND if entry[1].is_file()]
    return here, [name for name, file, _ in FOUND if not file.is_file()]


def drawing(kind, seed, width=32, height=32, channels=3, depth=8):
    """A PNG of stripes, checks, a disc or a slope in changing colors, with noise."""
    draw = random.Random(f"{kind} {seed}")
    color = [draw.uniform(60, 250) for _ in range(channels)]
    ground = [draw.uniform(0, 90) for _ in range(channels)]
    period, x0, y0 = draw.uniform(5, 9), draw.uniform(0, 8), draw.uniform(0, 8)
    largest = 255 if depth == 8 else 4095

    def share(x, y):
        if kind == 0:
            return ((x + x0) % period) < period / 2
        if kind == 1:
            return (((x + x0) // period) + ((y + y0) // period)) % 2
        if kind == 2:
            return (x - width / 2 - x0 + 4) ** 2 + (y - height / 2 - y0 + 4) ** 2 < (period + 2) ** 2
        return (x + y) / (width + height)

    rows = []
    for y in range(height):
        row = bytearray()
        for x in range(width):
            part = share(x, y)
            for c in range(channels):
                value = ground[c] + (color[c] - ground[c]) * part + draw.uniform(-12, 12)
                level = round(min(max(value / 255, 0), 1) * largest)
                row += level.to_bytes(depth // 8, "big")
        rows.append(bytes(row))
    return files.png(width, height, rows, 2 if channels == 3 else 0, depth)


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())


def sets(folder):
    """Folders of classes: colored with faults, divided, gray, of 16 bits; and a table of the first."""
    names = ["bars", "check board", "größe", "slope"]
    rows = []
    for kind, name in enumerate(names):
        for index in range(18 if kind < 3 else 11):
            size = (32, 32) if index % 5 else (45, 38)
            write(folder / f"set/{name}/{index:02}.png", drawing(kind, index, *size))
            rows.append(f"set/{name}/{index:02}.png,{name}")
    write(folder / "set/bars/cut.png", drawing(0, 90)[:700])
    write(folder / "set/slope/words.png", "These are words, not pixels.\n")
    write(folder / "set/slope/gray.png", drawing(3, 91, channels=1))
    write(folder / "set/größe/again.png", drawing(1, 1))
    write(folder / "set.csv", "path,label\n" + "\n".join(rows) + "\n")
    for part, count in (("train", 8), ("val", 4), ("test", 4)):
        for kind, name in enumerate(names[:3]):
            for index in range(count):
                write(folder / f"split/{part}/{name}/{part}{index}.png", drawing(kind, f"{part} {index}"))
    for kind, name in enumerate("xyz"):
        for index in range(10):
            write(folder / f"gray/{name}/{index}.png", drawing(kind, f"gray {index}", 28, 28, 1))
            write(folder / f"deep/{name}/{index}.png", drawing(kind, f"deep {index}", 24, 24, 1, 16))


def images(folder):
    """Photos and drawings, whole ones and broken ones, in a folder with an order of its own."""
    photos = root / "samples/images"
    for name in ("chelsea.png", "dog.jpg", "eagle.jpg", "rocket.jpg"):
        shutil.copyfile(photos / name, folder / name)
    dog = (photos / "dog.jpg").read_bytes()
    exif = (b"Exif\0\0MM\0*\0\0\0\x08\0\x01" + b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0" + b"\0\0\0\0")
    write(folder / "turned.jpg", dog[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + dog[2:])
    write(folder / "cut.jpg", dog[:len(dog) // 2])
    write(folder / "cut early.jpg", dog[:300])
    write(folder / "bytes before.jpg", dog[:2] + b"\0\0\0" + dog[2:])
    write(folder / "dot.png", drawing(0, 1, 1, 1))
    write(folder / "deep.png", drawing(2, 2, 40, 30, 3, 16))
    write(folder / "gray.png", drawing(2, 3, 31, 47, 1))
    write(folder / "wrong ending.jpg", drawing(1, 4))
    spoiled = bytearray(drawing(1, 5))
    spoiled[60] ^= 1
    write(folder / "spoiled.png", bytes(spoiled))
    write(folder / "empty.png", b"")
    write(folder / "zeros.jpg", b"\0" * 500)
    write(folder / "below/und ä.png", drawing(3, 6))
    write(folder / ".hidden.png", drawing(3, 7))


def make(folder):
    """All of it, into a new folder."""
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    sets(partial)
    (partial / "images").mkdir()
    images(partial / "images")
    shutil.copytree(root / "samples/images", partial / "photos", ignore=shutil.ignore_patterns("*.md"))
    for count in (10, 1000):
        write(partial / f"labels-{count}.txt", "".join(f"class {i}\n" for i in range(count)))
    for name, file, _ in found()[0]:
        (partial / "networks").mkdir(exist_ok=True)
        try:
            os.link(file, partial / f"networks/{name}.onnx")
        except OSError:
            shutil.copyfile(file, partial / f"networks/{name}.onnx")
    partial.rename(folder)
