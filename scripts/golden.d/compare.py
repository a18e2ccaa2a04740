"""Two folders of outputs, file by file: what is equal, what is not and how, and what was decided about it."""

import difflib
import fnmatch
import hashlib
import os
import re
import struct
from dataclasses import dataclass, field
from pathlib import Path

import files
import masks
from side import Failure

WIDTH = 160


@dataclass
class Difference:
    case: str
    file: str
    lines: list
    # Of all that differs, shown or not.
    digest: str
    decision: str = ""


@dataclass
class Tally:
    cases: int = 0
    files: int = 0
    skipped: int = 0
    # How often the new program was run, how often it refused, and where it came to no end of its own.
    runs: int = 0
    refused: int = 0
    crashed: list = field(default_factory=list)
    differences: list = field(default_factory=list)


class Expected:
    """Differences that were decided to be: scripts/golden.d/expected, whose first lines say how it is written."""

    def __init__(self, path):
        self.accepted, self.renamed, self.texts, self.used = [], [], [], set()
        for number, line in enumerate(Path(path).read_text().splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            rule, mark, decision = line.partition(" # ")
            words = rule.split(None, 2)
            if not mark or not decision.strip() or len(words) < 3:
                raise Failure(f"{path}:{number}: not KIND PATTERN VALUE # DECISION: {line}")
            kind, pattern, value = words
            entry = (number, pattern, value.strip(), decision.strip())
            if kind == "accept":
                self.accepted.append(entry)
            elif kind in ("rename", "text") and " => " in value:
                (self.renamed if kind == "rename" else self.texts).append(entry)
            else:
                raise Failure(f"{path}:{number}: {kind} is neither accept, rename nor text, or has no ' => '")
        self.path = path

    def new_name(self, name):
        """What the new program calls a file of the old one."""
        for number, pattern, value, _ in self.renamed:
            if fnmatch.fnmatch(name, pattern):
                old, new = value.split(" => ")
                changed = name.replace(old, new)
                if changed != name:
                    self.used.add(number)
                    name = changed
        return name

    def reworded(self, name, old, new):
        """The old text in the new words, and the decisions that this took; None where it is still another text."""
        decisions = []
        for number, pattern, value, decision in self.texts:
            if fnmatch.fnmatch(name, pattern):
                changed = re.sub(*value.split(" => ", 1), old)
                if changed != old:
                    old = changed
                    decisions.append((number, decision))
        # Where words changed, columns are as wide as the longest of them.
        if old != new and not (decisions and squeezed(old) == squeezed(new)):
            return None
        self.used |= {number for number, _ in decisions}
        return "; ".join(decision for _, decision in decisions)

    def decision(self, difference):
        name = f"{difference.case}/{difference.file}"
        for number, pattern, value, decision in self.accepted:
            if fnmatch.fnmatch(name, pattern) and value in ("*", difference.digest):
                self.used.add(number)
                return decision
        return ""

    def unused(self):
        everything = self.accepted + self.renamed + self.texts
        return [f"{self.path}:{entry[0]}: {entry[1]} {entry[2]}" for entry in everything if entry[0] not in self.used]


def squeezed(text):
    """A text with one space for many, and one dash."""
    return re.sub(r"-{3,}|─{3,}", "---", re.sub(r" {2,}", "  ", text.replace(" \n", "\n")))


def digest(*parts):
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


def listing(folder):
    """The files below a folder by their names in it."""
    found = {}
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place) / name
            if not path.is_symlink():
                found[str(path.relative_to(folder))] = path
    return found


def clipped(line, at=0):
    """A line that fits a terminal, around a place in it."""
    start = max(0, at - WIDTH // 3)
    text = line[start:start + WIDTH]
    return ("…" if start else "") + text + ("…" if start + WIDTH < len(line) else "")


def text_difference(old, new, limit):
    if max(map(len, old.split("\n"))) > 2000:
        # Pages have lines as long as an image.
        old, new = (re.sub(r"(<|,)", r"\n\1", text) for text in (old, new))
    lines = list(difflib.unified_diff(old.split("\n"), new.split("\n"), "old", "new", lineterm="", n=0))[2:]
    shown = []
    for line in lines:
        if line[:1] in "-+" and shown and shown[-1][:1] == "-" and line[:1] == "+":
            at = next((i for i, (a, b) in enumerate(zip(shown[-1][1:], line[1:])) if a != b), 0)
            shown[-1] = "-" + clipped(shown[-1][1:], at)
            shown.append("+" + clipped(line[1:], at))
        elif not line.startswith("@@"):
            shown.append(line)
    shown = [line if len(line) <= WIDTH + 3 else clipped(line) for line in shown]
    return shown[:limit] + ([f"… {len(shown) - limit} more lines"] if len(shown) > limit else [])


def byte_difference(old, new):
    first = next((i for i, (a, b) in enumerate(zip(old, new)) if a != b), min(len(old), len(new)))
    count = sum(a != b for a, b in zip(old, new)) + abs(len(old) - len(new))
    sizes = f"{len(old)} bytes" if len(old) == len(new) else f"{len(old)} → {len(new)} bytes"
    return f"{sizes}, {count} of them differ, the first at {first}"


def number_difference(old, new):
    (head, a), (other, b) = files.read_npy(old), files.read_npy(new)
    if head != other or a is None:
        return f"{head} → {other}" if head != other else byte_difference(old, new)
    pairs = [(x, y) for x, y in zip(a, b) if struct.pack("<f", x) != struct.pack("<f", y)]
    if not pairs:
        return byte_difference(old, new)
    return (f"{len(pairs)} of {len(a)} numbers differ, by at most {max(abs(x - y) for x, y in pairs):.3g}; "
            f"the first: {pairs[0][0]!r} → {pairs[0][1]!r}")


def tensor_differences(old, new, limit):
    """Two maps from names to bytes or values."""
    lines = []
    for name in dict.fromkeys([*old, *new]):
        if name not in old or name not in new:
            lines.append(f"{'only old' if name in old else 'only new'}: {name}")
        elif old[name] != new[name]:
            both = [value[1] if isinstance(value, tuple) else value for value in (old[name], new[name])]
            how = byte_difference(*both) if isinstance(both[0], bytes) else "other"
            lines.append(f"{name}: {how}")
    return lines[:limit] + ([f"… {len(lines) - limit} more"] if len(lines) > limit else [])


def network_parts(data):
    network = files.Onnx(data)
    return {"nodes": b"".join(network.nodes), "other fields": repr(network.rest).encode(),
            "order of tensors": "\n".join(network.tensors).encode(), **network.tensors}


def described(name, old, new, texts, limit):
    """How two files differ, in lines."""
    if name.endswith(".npy"):
        return [number_difference(old, new)]
    if name.endswith(".onnx"):
        return tensor_differences(network_parts(old), network_parts(new), limit) or [byte_difference(old, new)]
    lines = text_difference(*texts, limit) if texts[0] != texts[1] else []
    if name.endswith(".safetensors"):
        return lines + tensor_differences(files.read_safetensors(old)[1], files.read_safetensors(new)[1], limit)
    return lines or [byte_difference(old, new)]


def compare_file(case, name, old, new, expected, limit):
    """The difference between two files; None where there is none."""
    old, new = old.read_bytes(), new.read_bytes()
    if old == new:
        return None
    try:
        (text, rest), (other, others) = masks.canonical(name, old), masks.canonical(name, new)
        if text == other and rest == others:
            return None
        lines = described(name, old, new, (text, other), limit)
    except (ValueError, IndexError, KeyError, struct.error) as error:
        return Difference(case, name, [byte_difference(old, new), f"cannot be read: {error!r}"], digest(old, new))
    difference = Difference(case, name, lines, digest(text, rest, other, others))
    if rest == others:
        difference.decision = expected.reworded(f"{case}/{name}", text, other) or ""
    return difference


def count_runs(case, folder, tally):
    for path in sorted((folder / "steps").glob("*.command")):
        status = path.read_text().rstrip().rsplit("exit status ", 1)[-1]
        # One that was to be killed is not looked at, unless it came to its end before that.
        if masks.skipped(f"{case}/steps/{path.name}") and not status.endswith("never stopped"):
            continue
        tally.runs += 1
        if status.startswith("-") or not status.isdigit():
            tally.crashed.append(f"{case}/steps/{path.stem}: exit status {status}")
        elif status not in ("0", "2"):
            tally.refused += 1


def compare_case(case, old, new, expected, tally, limit):
    tally.cases += 1
    count_runs(case, new, tally)
    before, after = listing(old), listing(new)
    names = {name: expected.new_name(f"{case}/{name}")[len(case) + 1:] for name in before}
    for name in sorted(names):
        if masks.skipped(f"{case}/{name}"):
            tally.skipped += 1
            continue
        tally.files += 1
        if names[name] not in after:
            add(tally, expected, Difference(case, name, ["only the old program leaves it"], "gone"))
            continue
        add(tally, expected, compare_file(case, names[name], before[name], after[names[name]], expected, limit))
    for name in sorted(set(after) - set(names.values())):
        if not masks.skipped(f"{case}/{name}"):
            tally.files += 1
            add(tally, expected, Difference(case, name, ["only the new program leaves it"], "new"))


def add(tally, expected, difference):
    if difference is None:
        return
    difference.decision = difference.decision or expected.decision(difference)
    tally.differences.append(difference)
