"""Ten classifiers of torchvision and timm, exported by both exporters of PyTorch, plain and quantized by ONNX Runtime in
QDQ form, classify ten photos with ONNX Runtime's first class, its graph optimizations off.

Photos whose two first logits of ONNX Runtime's lie within 5 % of the range are left out; and those where they lie within
twice of what ONNX Runtime's own logits move by when one value in a thousand of the photo is one level brighter, which in
quantized networks of drawn weights can be more: roundings that fall the other way there change classes. Weights are
seeded; the scale of normalizations and the spread of the logits are fitted to photos. --networks a,b (timm/NAME for those of timm), --more
for ten others, --again to forget the rows of this program. A mismatch or a refusal makes the exit status 1.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image

import export_models
from common import home, program, require_program, root, shared, shell, visionnet, write_results
from export_models import CLASSES, MORE, NETWORKS, SIDE
from reference import session, softmax

MARGIN = 0.05
LEVEL = 1 / 255 / 0.225  # of a pixel, after normalization


def images(folder):
    """Ten photos to classify, as PNG of the network's size, and others for statistics: pixels of both."""
    data = shared / "data/dogs10"
    if data.exists():
        test = [sorted(d.glob("*"))[0] for d in sorted((data / "val").iterdir())]
        rest = [f for d in sorted((data / "train").iterdir()) for f in sorted(d.glob("*"))[:4]]
        test, rest = [Image.open(f) for f in test], [Image.open(f) for f in rest]
    else:
        images = [Image.open(f).convert("RGB") for f in sorted((root / "samples/images").glob("*.*g"))]
        draw = np.random.default_rng(1)

        def cut(image):
            side = int(min(image.size) * draw.uniform(0.5, 1))
            left, top = (int(draw.integers(0, extent - side + 1)) for extent in image.size)
            return image.crop((left, top, left + side, top + side))
        test, rest = [[cut(images[i % len(images)]) for i in range(count)] for count in (10, 40)]
    test, rest = [[i.convert("RGB").resize((SIDE, SIDE), Image.BICUBIC) for i in group] for group in (test, rest)]
    paths = []
    for index, image in enumerate(test):
        paths.append(folder / f"photo{index}.png")
        image.save(paths[-1])
    return paths, *[np.stack([export_models.normalized(np.asarray(i)) for i in group]) for group in (test, rest)]


def compare(file, photos, inputs, steps, labels):
    """Matches, photos compared, the largest difference of a probability, what is wrong."""
    ready = session(str(file))

    def answer(x): return ready.run(None, {"input": x[None]})[0].reshape(-1).astype(np.float64)

    logits = [answer(x) for x in inputs]
    draw = np.random.default_rng(2)
    # How far each photo's logits move by next to nothing, as a part of their range.
    moved = [max(abs(answer(x + np.float32(LEVEL) * (draw.random(x.shape) < 1e-3)) - right).max() for _ in range(3))
             / np.ptp(right) for x, right in zip(inputs, logits)]
    arguments = ["classify", *photos, "-m", file, "--preprocessing", steps, "--labels", labels, "--format", "json",
                 "-k", CLASSES, "--no-cache"]
    outcome = visionnet(*arguments)
    row = {"status": outcome.status, "seconds": round(outcome.seconds, 1), "command": shell(*arguments),
           "matches": 0, "compared": 0, "moved": float(max(moved)), "difference": None, "wrong": [],
           "kinds": len({int(l.argmax()) for l in logits})}
    if outcome.status != 0:
        return {**row, "wrong": [f"exit {outcome.status}: {outcome.last}"]}
    records = json.loads(outcome.out)
    records = records if isinstance(records, list) else records.get("results", [])
    difference = 0
    for index, (record, right) in enumerate(zip(records, logits, strict=True)):
        got = np.zeros(CLASSES)
        for prediction in record["predictions"]:
            got[prediction["index"]] = prediction["probability"]
        difference = max(difference, float(abs(got - softmax(right)).max()))
        second, first = np.sort(right)[-2:]
        if (first - second) / np.ptp(right) <= max(MARGIN, 2 * moved[index]):
            continue
        row["compared"] += 1
        top = record["predictions"][0]["index"]
        row["matches"] += top == int(right.argmax())
        if top != int(right.argmax()):
            row["wrong"].append(f"photo {index}: class {top} instead of {int(right.argmax())}")
    return {**row, "difference": difference}


def main():
    parser = argparse.ArgumentParser(prog="scripts/acceptance exports", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--networks", default="")
    parser.add_argument("--more", action="store_true")
    parser.add_argument("--again", action="store_true")
    options = parser.parse_args()
    require_program()
    export_models.torch.set_num_threads(2)
    folder = home / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    photos, inputs, rest = images(folder)
    steps, labels = folder / "steps.json", folder / "labels.txt"
    steps.write_text(json.dumps({
        "version": 1, "width": SIDE, "height": SIDE, "fit": {"mode": "squash"}, "filter": "bilinear",
        "channels": "rgb", "scale": [1 / 255] * 3, "mean": [0.485, 0.456, 0.406],
        "deviation": [0.229, 0.224, 0.225]}))
    labels.write_text("".join(f"kind-{i}\n" for i in range(CLASSES)))
    names = options.networks.split(",") if options.networks else MORE if options.more else NETWORKS

    digest = hashlib.sha256(Path(program).read_bytes()).hexdigest()[:12]
    log = folder / f"rows-{digest}.jsonl"
    if options.again:
        log.unlink(missing_ok=True)
    known = {}
    for line in log.read_text().splitlines() if log.exists() else []:
        row = json.loads(line)
        known[row["network"], row["exporter"], row["form"]] = row
    rows = []
    for number, name in enumerate(names):
        for exporter, form, file, trouble in export_models.files(folder, name, rest, number % 2 == 0):
            row = known.get((name, exporter, form))
            if row is None:
                row = {"network": name, "exporter": exporter, "form": form, "trouble": trouble}
                if file:
                    row.update(compare(file, photos, inputs, steps, labels))
                with open(log, "a") as out:
                    out.write(json.dumps(row) + "\n")
            rows.append(row)
            print(describe(row), flush=True)
    text = ["| network | exporter | form | matches | largest difference of a probability | classes that come first | "
            "ONNX Runtime's logits move by |", "|---|---|---|---|---|---|---|"]
    for row in rows:
        cells = ("–", "–", row["trouble"], "–") if row["trouble"] else (
            f"{row['matches']} of {row['compared']}",
            "–" if row["difference"] is None else f"{row['difference']:.1e}", row["kinds"], f"{row['moved']:.1%}")
        text.append(f"| {row['network']} | {row['exporter']} | {row['form']} | " + " | ".join(map(str, cells)) + " |")
    wrong = [f"{r['network']} {r['exporter']} {r['form']}: {'; '.join(r['wrong'])}; `{r['command']}`"
             for r in rows if not r["trouble"] and r["wrong"]]
    if wrong:
        text += ["", "Wrong:", ""] + [f"- {w}" for w in wrong]
    ran = [r for r in rows if not r["trouble"]]
    total = (f"{sum(r['matches'] for r in ran)} of {sum(r['compared'] for r in ran)} photos with ONNX Runtime's first "
             f"class, {len(wrong)} of {len(ran)} files with a mismatch or refused, {len(rows) - len(ran)} not made")
    text += ["", total + "."]
    print(total)
    write_results("exports", "Exports of PyTorch beside ONNX Runtime", "\n".join(text))
    sys.exit(1 if wrong or not ran else 0)


def describe(row):
    about = f"{row['network']:26} {row['exporter']:11} {row['form']:17}"
    if row["trouble"]:
        return f"{about} not made: {row['trouble']}"
    return (f"{about} {row['matches']}/{row['compared']} difference "
            f"{'–' if row['difference'] is None else format(row['difference'], '.1e')} of {row['kinds']} classes, "
            f"{row['seconds']} s {'; '.join(row['wrong'])}")


if __name__ == "__main__":
    main()
