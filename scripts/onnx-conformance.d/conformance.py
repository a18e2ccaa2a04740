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

from arrays import differs, from_file, to_file
from verdicts import DISPUTED, RANDOM, reason_of, scope_of, table

ROOT = os.path.join(os.path.dirname(onnx.__file__), "backend", "test", "data", "node")


def feed(test, folder, model):
    """The arguments that give the inputs of one data set, or None where there is no way to give one."""
    arguments = []
    for index, value in enumerate(model.graph.input):
        path = f"{test}/input_{index}.pb"
        if not os.path.exists(path):
            continue
        array = from_file(path)
        if array is None:
            return None
        np.save(f"{folder}/{index}.npy", to_file(array))
        arguments += ["--input", f"{value.name}={folder}/{index}.npy"]
    return arguments


def compare(name, test, folder, model):
    """Why the outputs of one data set are wrong, or None."""
    results = np.load(f"{folder}/out.npz")
    wanted = {}
    for index, value in enumerate(model.graph.output):
        array = from_file(f"{test}/output_{index}.pb") if value.name else None
        if array is not None:
            wanted[value.name] = array
    if name in DISPUTED:
        wanted = DISPUTED[name](test, model, wanted)
    inputs = {
        value.name: from_file(f"{test}/input_{index}.pb")
        for index, value in enumerate(model.graph.input)
        if os.path.exists(f"{test}/input_{index}.pb")
    }
    for value, expected in wanted.items():
        key = re.sub(r"[/\x00-\x1f\x7f]", "_", value)
        key = "_" + key[1:] if key.startswith(".") else key
        if key not in results:
            return f"{value} is missing"
        difference = differs(results[key], expected, RANDOM.get(name), inputs)
        if difference:
            return f"{value}: {difference}"
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
            command = [binary, "run", f"{folder}/model.onnx", *arguments, "--output", f"{scratch}/out.npz"]
            try:
                process = subprocess.run(command, capture_output=True, text=True, timeout=60)
            except subprocess.TimeoutExpired:
                return "hang", operators, "not done after 60 s"
            if process.returncode < 0 or process.returncode > 127:
                return "crash", operators, process.stderr.strip()[-300:]
            if process.returncode:
                return "refused", operators, reason_of(process.stderr, f"{folder}/model.onnx")
            why = compare(name, test, scratch, model)
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
