"""What may differ between two runs of the same program, and is made the same before files are compared."""

import fnmatch
import json
import re

import files

NUMBER = r"-?\d[\d.]*(?:e[-+]?\d+)?"
DURATION = r"(?:\d+ h \d+ min|\d+ min|[\d.]+[ \u00a0](?:s|ms)|a long time)"
TIMES = ("seconds", "seconds_left", "samples_per_second", "milliseconds")

# Files that are not compared, by pattern, with the reason.
SKIPPED = [
    ("*/steps/killed.*", "how far a program came before it was killed"),
    ("*/steps/interrupted.*", "how far a program came before it was interrupted"),
    ("*/at-kill/*.jsonl", "what was logged after the checkpoint, up to the kill"),
    ("*/at-kill/*.csv", "what was logged after the checkpoint, up to the kill"),
    ("*/done", "how long the case took"),
]

# Text: file pattern, regular expression, what it becomes. They are applied one after the other.
TEXT = [
    ("*", r'(\\?"(?:%s)\\?"\s*:\s*)%s' % ("|".join(TIMES), NUMBER), r"\1TIME"),
    # The lengths of logs, which hold times, as `inspect` writes a checkpoint's description.
    ("*.out", r'(\\"logs\\":\{)[^{}]*\}', r"\1LENGTHS}"),
    ("*", r"\b\d+ (images|pictures|samples)/s", r"SPEED \1/s"),
    ("*", r"\b%s left\b" % DURATION, "TIME left"),
    ("*", r"(?m)^(time {2,})%s" % DURATION, r"\1TIME"),
    ("*", r"\bready in %s" % DURATION, "ready in TIME"),
    ("*.err", r"\bin [\d.]+ s, [\d.]+ a second; at most \d+ MB", "in TIME s, SPEED a second; at most MEMORY MB"),
    ("*", r"(<span>time</span><b>)%s" % DURATION, r"\1TIME"),
    ("*", r'(<td>time</td><td class="path">)%s' % DURATION, r"\1TIME"),
    ("*", r"[\d.,]+ (images|pictures) a second", r"SPEED \1 a second"),
    ("*", r"\bvisionnet \d+\.\d+\.\d+", "visionnet VERSION"),
    # Progress by the clock; only the last line is said in any case.
    ("*.err", r"(?m)^visionnet: features (\d+)/(?!\1\b).*\n", ""),
    # What a killed run had put into the cache.
    ("*/steps/resumed.*", r", \d+ from the cache", ""),
    ("*/steps/resumed.*", r", the features of \d+ (?:images|pictures) from the cache", ""),
    ("*/resumed/events.jsonl", r'(?m)^.*"event": ?"features".*\n', ""),
]


def skipped(name):
    return any(fnmatch.fnmatch("/" + name, pattern) for pattern, _ in SKIPPED)


def masked_table(text):
    """A table in which the columns of times are empty; every other byte is as it was."""
    titles = text.split("\n", 1)[0].split(",")
    columns = {i for i, title in enumerate(titles) if title in TIMES}
    if not columns:
        return text
    out, column, line = [], 0, 0
    for cell, end in re.findall(r'("(?:[^"]|"")*"|[^,\n]*)(,|\n|$)', text):
        out.append(("TIME" if column in columns and line and cell else cell) + end)
        column, line = (column + 1, line) if end == "," else (0, line + 1)
    return "".join(out)


def masked_text(name, text):
    for pattern, expression, replacement in TEXT:
        if fnmatch.fnmatch("/" + name, pattern):
            text = re.sub(expression, replacement, text)
    return masked_table(text) if name.endswith((".csv", ".out")) else text


def masked_json(value):
    """A checkpoint's description without times, and without the lengths of logs that hold times."""
    if isinstance(value, dict):
        return {key: "TIME" if key in TIMES else "LENGTHS" if key == "logs" else masked_json(member)
                for key, member in value.items()}
    return [masked_json(member) for member in value] if isinstance(value, list) else value


def without_version(data):
    """An ONNX file without the version of the program that wrote it, as a list of its fields."""
    return [field for field in files.fields(data) if field[0] != 3]


def canonical(name, data):
    """What is compared of a file: text with what may differ made the same, else all that it holds."""
    if name.endswith(".safetensors"):
        length = int.from_bytes(data[:8], "little")
        header = json.loads(data[8:8 + length])
        metadata = header.pop("__metadata__", {})
        texts = []
        for key, text in metadata.items():
            try:
                text = json.dumps(masked_json(json.loads(text)), indent=1, ensure_ascii=False)
            except ValueError:
                pass
            texts.append(f"{key}: {text}")
        return "\n".join([*texts, *(f"{key}: {json.dumps(entry)}" for key, entry in header.items())]), data[8 + length:]
    if name.endswith(".onnx"):
        return "", without_version(data)
    if b"\0" not in data[:4096]:
        try:
            return masked_text(name, data.decode()), b""
        except UnicodeDecodeError:
            pass
    return "", data
