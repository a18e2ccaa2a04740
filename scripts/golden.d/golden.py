"""The comparison behind scripts/golden."""

import argparse
import fnmatch
import hashlib
import subprocess
import sys
import traceback
from pathlib import Path

import cases
import compare
import material
import trainings
from side import Failure, Side, instruction_sets


def parsed():
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--program", nargs=2, action="append", metavar=("NAME", "FILE"), default=[])
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--anew", action="store_true")
    parser.add_argument("--lines", type=int, default=12)
    parser.add_argument("--times", action="store_true")
    parser.add_argument("--expected", default=str(Path(__file__).with_name("expected")))
    return parser.parse_args()


def side_of(name, file, everything):
    """A program by its commit, or by what is in its file."""
    if name == "-":
        name = "file-" + hashlib.sha256(Path(file).read_bytes()).hexdigest()[:16]
    # Two programs that do not run give the same.
    if subprocess.run([file, "--version"], stdout=subprocess.DEVNULL).returncode:
        raise Failure(f"{file} does not run")
    return Side(file, name, everything)


def wanted(everything, patterns):
    return [name for name, _ in everything
            if not patterns or any(fnmatch.fnmatch(name, pattern) for pattern in patterns)]


def say_found():
    here, missing = material.found()
    print(f"networks: {len(cases.networks.own_networks())} of the program's own, {len(here)} found here"
          + (f"; not here: {', '.join(missing)}" if missing else ""), file=sys.stderr)


def show(difference):
    head = f"{difference.case}/{difference.file}"
    if difference.decision:
        print(f"accepted  {head}: {difference.decision}")
        return
    print(f"DIFFERS   {head}  [{difference.digest}]")
    for line in difference.lines:
        print(f"    {line}")


def slowest(sides):
    for side in sides:
        if side.times:
            longest = ", ".join(f"{case} {step} {seconds:.1f} s"
                                for seconds, case, step in sorted(side.times, reverse=True)[:8])
            print(f"{side.name}: {side.seconds:.0f} s, {side.processor:.0f} s of processor, {side.runs} runs; "
                  f"the slowest: {longest}")


def report(tally, expected, sides, shows_times):
    remaining = [difference for difference in tally.differences if not difference.decision]
    for difference in sorted(tally.differences, key=lambda d: not d.decision):
        show(difference)
    for line in tally.crashed:
        print(f"CRASHED   {line}")
    for line in expected.unused():
        print(f"not needed: {line}")
    if shows_times:
        slowest(sides)
    print(f"{tally.cases} cases on {', '.join(instruction_sets())}: {tally.runs} runs, {tally.refused} refused, "
          f"{len(tally.crashed)} crashed; {tally.files} files compared, {tally.skipped} left out, "
          f"{len(tally.differences) - len(remaining)} differences accepted, {len(remaining)} differences")
    return 1 if remaining or tally.crashed else 0


def main():
    given = parsed()
    native, crossed = cases.cases(instruction_sets()), trainings.crossed_cases()
    names, crossed_names = wanted(native, given.only), wanted(crossed, given.only)
    if given.list:
        print("\n".join(names + crossed_names))
        return 0
    if not names + crossed_names:
        raise Failure(f"no case is called {' or '.join(given.only)}; --list shows them")
    say_found()
    expected = compare.Expected(given.expected)
    old, new = (side_of(*program, native + crossed) for program in given.program)
    # The same program twice is a question about its determinism, or about this script.
    is_same = new.name == old.name
    if is_same:
        new = Side(new.program, f"{new.name}-again", native + crossed)
    mixed = Side(new.program, f"{new.name}-on-{old.name}", native + crossed, given=old)
    old.run(names + crossed_names, given.anew)
    new.run(names, given.anew or is_same)
    mixed.run(crossed_names, given.anew or is_same)
    tally = compare.Tally()
    for name in names:
        compare.compare_case(name, old.kept / name, new.kept / name, expected, tally, given.lines)
    for name in crossed_names:
        compare.compare_case(name, old.kept / name, mixed.kept / name, expected, tally, given.lines)
    return report(tally, expected, (old, new, mixed), given.times)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        print(f"golden: {failure}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception:
        # An exit status of 1 would say that there is a difference.
        traceback.print_exc()
        sys.exit(2)
