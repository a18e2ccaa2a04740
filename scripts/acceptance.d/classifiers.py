"""200 and more small classifiers made by script, each against ONNX Runtime's output read by a human rule.

--count N (default 200, at least three of each form), --seed S (another set), --only TEXT (forms, or one number),
--verbose. A case is right when all its probabilities are; asked when visionnet refuses, warned when it answers and says
that it does not know, and the options then give the right ones where there are any; refused when they do not help;
anything else is wrong. The last two make the exit status 1.
"""

import argparse
import json
import re
import sys
from collections import Counter, defaultdict

import numpy as np
from PIL import Image

import classifier_models
from common import home, program, require_program, root, shell, visionnet, write_results

PHOTOS = ("dog.jpg", "coffee.png", "rocket.jpg")
DOUBT = re.compile(r"activation|softmax|sigmoid|probabilit|output|logit|batch", re.I)


def verdict(case, records, labels):
    """None for right answers, else what is wrong with them."""
    if case["meaning"] in ("nothing", "unclear"):
        shown = [[(p["label"], p["probability"]) for p in r.get("predictions") or []][:3] for r in records]
        return f"answered though nobody can tell: {shown}"
    if len(records) != len(case["answers"]):
        return f"{len(records)} records for {len(case['answers'])} photos"
    for record, answer in zip(records, case["answers"]):
        if "predictions" not in record or not record["predictions"]:
            return "no predictions"
        right, rows = np.array(answer, dtype=float), record["predictions"]
        probabilities = [row["probability"] for row in rows]
        if any(p is None or not -1e-6 <= p <= 1 + 1e-6 for p in probabilities):
            return f"no probabilities: {probabilities}"
        if sorted(probabilities, reverse=True) != probabilities:
            return f"not in order: {probabilities}"
        if case["meaning"].startswith("positive"):
            # One number: the probability of the second of two classes, alone or beside the first one.
            p = float(right[0])
            right = np.array([1 - p, p])
            if len(rows) == 1:
                right[0] = np.nan
                rows = [{**rows[0], "index": 1}] if labels is None or rows[0]["label"] == labels[1] else rows
        wanted = np.count_nonzero(~np.isnan(right))
        if len(rows) != wanted:
            return f"{len(rows)} predictions for {wanted} classes"
        for row in rows:
            if not 0 <= row["index"] < len(right) or np.isnan(right[row["index"]]):
                return f"class {row['index']} was not to be told"
            if abs(row["probability"] - right[row["index"]]) > case["tolerance"]:
                got = np.full(len(right), np.nan)
                for each in rows:
                    if each["index"] < len(got):
                        got[each["index"]] = each["probability"]
                return f"{got.round(4).tolist()} instead of {right.round(4).tolist()}"
            if labels and row["label"] != labels[row["index"]]:
                return f"class {row['index']} is called {row['label']}"
    return None


def ask(case, folder, photos, flags=()):
    """What visionnet answers: (command, outcome, records, labels)."""
    labels = (folder / f"{case['name']}.txt").read_text().split() if case["labels"] else None
    arguments = ["classify", *photos, "-m", folder / case["file"], "--preprocessing", folder / f"{case['steps']}.json",
                 "--format", "json", "-k", max(case["classes"], 2), "--threads", "1"]
    if labels:
        arguments += ["--labels", folder / f"{case['name']}.txt"]
    arguments += flags
    outcome = visionnet(*arguments)
    try:
        records = json.loads(outcome.out) if outcome.out.strip() else []
    except ValueError:
        records = []
    if isinstance(records, dict):
        records = records.get("results") or records.get("records") or []
    return shell(*arguments), outcome, records, labels


def complaint(outcome, records):
    """What a refusal says, on standard error or in the records."""
    return " ".join([outcome.err] + [json.dumps(r) for r in records if not r.get("predictions")])


def judge(case, folder, photos):
    """(right | said | asked | warned | refused | wrong, details)."""
    command, outcome, records, labels = ask(case, folder, photos)
    if outcome.crashed:
        return "wrong", f"crashed, {outcome.status}: {outcome.last}\n    {command}"
    if outcome.status == 0:
        error = verdict(case, records, labels)
        said = bool(DOUBT.search(outcome.err))
        if error is None and (said or not case["asks"]):
            return ("said" if said else "right"), outcome.err.strip()
        if error is None:
            return "wrong", f"guessed without a word\n    {command}"
        if case["known"] or not said:
            return "wrong", f"{error}\n    {command}"
        first, result = outcome.err.strip(), "warned"
    else:
        first, result = complaint(outcome, records), "asked"
    if not case["remedy"]:
        # What no option can tell: a named refusal is all there is to want.
        return (result if DOUBT.search(first) else "refused"), f"{first.strip()[-300:]}\n    {command}"
    command, outcome, records, labels = ask(case, folder, photos, case["remedy"])
    error = verdict(case, records, labels) if outcome.status == 0 else f"exit {outcome.status}: " + complaint(
        outcome, records).strip()[-300:]
    if error is None:
        return result, first.strip()
    if outcome.crashed:
        return "wrong", f"crashed, {outcome.status}: {outcome.last}\n    {command}"
    return "refused" if outcome.status else "wrong", f"{first.strip()[-300:]}\n    then {error}\n    {command}"


def check_judge(cases):
    """The judge lets the right answers pass, and none that is softmaxed again, moved by a class, or lacks one."""
    def records(case, rows, positive):
        made = []
        for row in rows:
            row = [1 - row[0], row[0]] if positive else row
            ranked = sorted(((p, i) for i, p in enumerate(row) if p == p), reverse=True)
            made.append({"predictions": [{"label": f"kind-{chr(97 + i)}", "index": i, "probability": p}
                                         for p, i in ranked]})
        return made

    for case in cases:
        if case["meaning"] in ("nothing", "unclear"):
            continue
        positive = case["meaning"].startswith("positive")
        labels = [f"kind-{chr(97 + i)}" for i in range(26)]
        right = [np.array(a, dtype=float) for a in case["answers"]]
        assert verdict(case, records(case, right, positive), labels) is None, case
        for wrong in (lambda a: np.exp(a) / np.nansum(np.exp(a)) if len(a) > 1 else 1 - a,
                      lambda a: np.roll(a, 1) if len(a) > 1 else a * 0 + 1, lambda a: a[1:] if len(a) > 1 else a / 2):
            assert verdict(case, records(case, [wrong(a) for a in right], positive), labels), case
        assert verdict(case, records(case, right, positive), labels[::-1]), case


def main():
    parser = argparse.ArgumentParser(prog="scripts/acceptance classifiers", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", default="")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    require_program()
    folder = home / f"classifiers-{options.seed}-{options.count}"
    folder.mkdir(parents=True, exist_ok=True)
    pixels, photos = [], []
    for name in PHOTOS:
        image = Image.open(root / "samples/images" / name).convert("RGB").resize((classifier_models.SIDE,) * 2)
        photos.append(folder / (name.split(".")[0] + ".png"))
        image.save(photos[-1])
        pixels.append(np.asarray(image))
    cases = classifier_models.make(folder, options.count, options.seed, pixels)
    check_judge(cases)
    print(f"{len(cases)} classifiers in {folder}; {program}", file=sys.stderr)

    counts, forms, wrongs = Counter(), defaultdict(Counter), []
    for case in cases:
        if options.only and options.only not in case["form"] and options.only != case["name"]:
            continue
        result, details = judge(case, folder, photos)
        counts[result] += 1
        forms[case["form"]][result] += 1
        about = (f"{case['file']}: {case['form']}; {case['kind']} {case['layout']} {case['open']} {case['tag']}, "
                 f"opset {case['opset']}")
        if result in ("wrong", "refused"):
            wrongs.append(f"{result}, {about}: {details}")
        if result in ("asked", "warned") and case["known"]:
            counts["asked though known"] += 1
        if result in ("wrong", "refused") or options.verbose or result in ("asked", "warned") and case["known"]:
            print(f"{result:7} {about}: {details}", flush=True)
    columns = ("right", "said", "asked", "warned", "refused", "wrong")
    text = ["| form | right | right, with a word | asked, then right | warned, then right | refused | wrong |",
            "|---|---|---|---|---|---|---|"]
    text += [f"| {name} | " + " | ".join(str(forms[name][c] or "–") for c in columns) + " |" for name in forms]
    text += ["| all | " + " | ".join(str(counts[c]) for c in columns) + " |", "",
             f"Asked or warned though the graph says it: {counts['asked though known']}. Seed {options.seed}."]
    text += ["", "Not right:", ""] + [f"- {w.replace(chr(10), ' ')}" for w in wrongs] if wrongs else []
    print("\n".join(text[:len(forms) + 3] if not options.only else []))
    print(f"right {counts['right']}, right with a word {counts['said']}, asked then right {counts['asked']}, "
          f"warned then right {counts['warned']} "
          f"(of these known {counts['asked though known']}), refused {counts['refused']}, wrong {counts['wrong']}")
    if not options.only:
        write_results("classifiers", "Classifiers made by script", "\n".join(text))
    sys.exit(1 if wrongs else 0)


if __name__ == "__main__":
    main()
