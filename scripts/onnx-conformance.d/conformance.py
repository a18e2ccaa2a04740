"""ONNX's node tests through `visionnet run`; see scripts/onnx-conformance."""

import argparse
import collections
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile

import numpy as np
import onnx

from arrays import differs, to_file, value
from verdicts import DISPUTED, RANDOM, reason_of, scope_of, table

ROOT = os.path.join(os.path.dirname(onnx.__file__), "backend", "test", "data", "node")


def feed(test, folder, model):
    """The arguments that give the inputs of one data set, or None where there is no way to give one.

    A sequence is its arrays in order, each as an input of its name; an optional value that is absent is NAME=."""
    arguments = []
    for index, port in enumerate(model.graph.input):
        path = f"{test}/input_{index}.pb"
        if not os.path.exists(path):
            continue
        try:
            content = value(path, port.type)
        except Exception:  # noqa: BLE001 - whatever the parser throws, it is no array
            return None
        arrays = content if isinstance(content, list) else [] if content is None else [content]
        for number, array in enumerate(arrays):
            np.save(f"{folder}/{index}.{number}.npy", to_file(array))
            arguments += ["--input", f"{port.name}={folder}/{index}.{number}.npy"]
        if not arrays:
            arguments += ["--input", f"{port.name}="]
    return arguments


def key(name):
    """The name of an output's array in the file of all outputs."""
    name = re.sub(r"[/\x00-\x1f\x7f]", "_", name)
    return "_" + name[1:] if name.startswith(".") else name


def compare(name, test, folder, model):
    """Why the outputs of one data set are wrong, or None."""
    results = np.load(f"{folder}/out.npz")
    wanted = {}
    for index, port in enumerate(model.graph.output):
        if port.name:
            wanted[port.name] = value(f"{test}/output_{index}.pb", port.type)
    if name in DISPUTED:
        wanted.update(DISPUTED[name](test, model, wanted))
    inputs = {}
    for index, port in enumerate(model.graph.input):
        if os.path.exists(f"{test}/input_{index}.pb"):
            inputs[port.name] = value(f"{test}/input_{index}.pb", port.type)
    for output, expected in wanted.items():
        pairs = [(key(output), expected)]
        if expected is None or isinstance(expected, list):
            pairs = [(key(f"{output}.{number}"), array) for number, array in enumerate(expected or [])]
            if key(output) in results or key(f"{output}.{len(pairs)}") in results:
                return f"{output}: more than {len(pairs)} arrays"
        for array, numbers in pairs:
            if array not in results:
                return f"{array} is missing"
            difference = differs(results[array], numbers, RANDOM.get(name), inputs)
            if difference:
                return f"{array}: {difference}"
    return None


def run(name, binary):
    """What became of a test: verdict, operators, reason."""
    folder = f"{ROOT}/{name}"
    model = onnx.load(f"{folder}/model.onnx")
    operators = sorted({node.op_type for node in model.graph.node} - {"Constant"})
    verdict, why = "pass", ""
    for data in sorted(entry for entry in os.listdir(folder) if entry.startswith("test_data_set")):
        test = f"{folder}/{data}"
        with tempfile.TemporaryDirectory() as scratch:
            arguments = feed(test, scratch, model)
            if arguments is None:
                return "out of scope", operators, scope_of(model)
            command = [binary, "run", f"{folder}/model.onnx", *arguments, "--force", "--output", f"{scratch}/out.npz"]
            try:
                process = subprocess.run(command, capture_output=True, text=True, timeout=60)
            except subprocess.TimeoutExpired:
                return "hang", operators, "not done after 60 s"
            if process.returncode < 0 or process.returncode > 127:
                return "crash", operators, process.stderr.strip()[-300:]
            if process.returncode:
                return "refused", operators, reason_of(process.stderr, f"{folder}/model.onnx")
            try:
                why = compare(name, test, scratch, model)
            except ValueError:
                return "out of scope", operators, scope_of(model)
            if why:
                verdict = "wrong"
                break
    return verdict, operators, why or ""


def main():
    parser = argparse.ArgumentParser(prog="onnx-conformance")
    parser.add_argument("binary")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--table")
    parser.add_argument("--json")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    names = [
        name
        for name in sorted(os.listdir(ROOT))
        if not options.names or any(re.search(pattern, name) for pattern in options.names)
    ]
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        results = dict(zip(names, pool.map(lambda name: run(name, options.binary), names)))
    counts = collections.Counter(verdict for verdict, _, _ in results.values())
    print(f"{len(results)} tests: " + ", ".join(f"{count} {verdict}" for verdict, count in counts.most_common()))
    for verdict in ("wrong", "crash", "hang"):
        for name, (what, _, why) in results.items():
            if what == verdict:
                print(f"{verdict}: {name}: {why}")
    rows = collections.Counter()
    for verdict, operators, why in results.values():
        if verdict in ("refused", "out of scope"):
            rows[verdict, why] += 1
    for (verdict, why), count in sorted(rows.items(), key=lambda row: (row[0][0], -row[1], row[0][1])):
        print(f"{count:4} {verdict}: {why}")
    if options.json:
        with open(options.json, "w") as file:
            json.dump(results, file, indent=0, sort_keys=True)
    if options.table:
        with open(options.table, "w") as file:
            file.write(table(results))
    return any(counts[verdict] for verdict in ("wrong", "crash", "hang"))


if __name__ == "__main__":
    sys.exit(main())
