"""Rows of commands with what is wanted of each: a table of checks that machines make."""

import json
import re
import shutil

import numpy as np
from PIL import Image

from common import shell, visionnet

ROWS = []


class NotAsWanted(Exception):
    """What was wanted, and what came."""


def row(identifier, title):
    def add(check):
        ROWS.append((identifier, title, check))
        return check
    return add


def expect(condition, wanted):
    if not condition:
        raise NotAsWanted(wanted)


class Work:
    """A folder for one row, and the commands that ran in it."""

    def __init__(self, folder):
        self.folder, self.commands = folder, []
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)

    def run(self, *arguments, stdin=None, folder=None):
        """Runs visionnet; a crash is never wanted."""
        self.commands.append(shell(*arguments))
        outcome = visionnet(*arguments, folder=folder or self.folder, stdin=stdin, seconds=180)
        expect(not outcome.crashed, f"no crash: {outcome.status}, {outcome.last[:200]}")
        return outcome

    def refused(self, *arguments, says, statuses=(64, 65), **options):
        """Runs what must end with a named error that says this."""
        outcome = self.run(*arguments, **options)
        text = outcome.err + outcome.out
        expect(outcome.status in statuses, f"exit {statuses}, not {outcome.status}: {short(text)}")
        expect(re.search(says, text, re.I), f"an error that says /{says}/: {short(text)}")
        return outcome

    def json(self, *arguments, statuses=(0,), **options):
        outcome = self.run(*arguments, **options)
        expect(outcome.status in statuses, f"exit {statuses}, not {outcome.status}: {short(outcome.err)}")
        try:
            value = json.loads(outcome.out)
        except ValueError:
            raise NotAsWanted(f"JSON: {short(outcome.out)}") from None
        return value, outcome

    def classify(self, model, *photos, flags=(), statuses=(0,), **options):
        """The records of classify, each with `probabilities` by label."""
        value, outcome = self.json("classify", *photos, "-m", model, "--format", "json", "-k", 10, *flags,
                                   statuses=statuses, **options)
        records = value if isinstance(value, list) else value.get("results", [])
        for record in records:
            record["probabilities"] = {p["label"]: p["probability"] for p in record.get("predictions") or []}
        return records, outcome

    def train(self, data, *flags, labels, images=None, test=None, notes=None, quiet=None, name="run"):
        """Trains an epoch on it: the classes, how many images in all, in the test split, what is said of it."""
        into = self.folder / name
        outcome = self.run("train", data, "--from-scratch", "--architecture", "simple-cnn", "--image-size", "16",
                           "--epochs", "1", "-o", into, *flags)
        expect(outcome.status == 0, f"exit 0, not {outcome.status}: {short(outcome.err)}")
        metrics = json.loads((into / "metrics.json").read_text())
        expect(metrics["labels"] == sorted(labels), f"classes {sorted(labels)}, not {metrics['labels']}")
        counts = [metrics["trainingImages"], metrics["validationImages"], metrics["testImages"]]
        if images is not None:
            expect(sum(counts) == images, f"{images} images, not {counts}")
        if test is not None:
            expect(counts[2] == test, f"{test} images to test, not {counts}")
        if notes:
            expect(re.search(notes, outcome.err, re.I), f"a note /{notes}/: {short(outcome.err)}")
        if quiet:
            expect(not re.search(quiet, outcome.err, re.I), f"nothing of /{quiet}/: {short(outcome.err)}")
        return outcome, metrics


def short(text):
    return " ".join(text.split())[:240]


def near(got, wanted, tolerance, what="probabilities"):
    """Numbers by label, all there and each within the tolerance."""
    expect(set(got) == set(wanted), f"{what} of {sorted(wanted)}, not {sorted(got)}")
    for label, value in wanted.items():
        expect(got[label] is not None and abs(got[label] - value) <= tolerance,
               f"{what} {wanted}, not {got}")


def images(folder, colors=("red", "green", "blue"), count=6, side=24, start=0, suffix=".png"):
    """A folder of class folders with noisy images of a color each; no two are alike."""
    mixtures = {"red": (200, 40, 40), "green": (40, 180, 50), "blue": (50, 60, 210)}
    for color in colors:
        (folder / color).mkdir(parents=True, exist_ok=True)
        for index in range(start, start + count):
            image(folder / color / f"{color}{index:03d}{suffix}", mixtures[color], side, (color, index))
    return folder


def image(file, mixture, side, seed):
    draw = np.random.default_rng([ord(c) for c in f"{seed}"])
    noise = draw.normal(0, 25, (side, side, 3))
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.clip(np.array(mixture) + noise, 0, 255).astype(np.uint8)).save(file)
