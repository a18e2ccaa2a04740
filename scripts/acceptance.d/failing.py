"""The rows of ../shared/failing, where it exists, and relatives of them made by script, each with what is wanted.

--only TEXT (identifiers or titles), --verbose. A row that is not as wanted makes the exit status 1; its folder is kept.
"""

import argparse
import shutil
import sys
import traceback

from common import home, program, require_program, shared, write_results
from rows import ROWS, NotAsWanted, Work


def main():
    parser = argparse.ArgumentParser(prog="scripts/acceptance failing", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    require_program()
    if (shared / "failing").exists():
        import failing_rows  # noqa: F401
    else:
        print(f"no {shared}/failing: relatives only", file=sys.stderr)
    import relatives_backbones  # noqa: F401
    import relatives_folders  # noqa: F401
    import relatives_inputs  # noqa: F401
    import relatives_layouts  # noqa: F401
    import relatives_models  # noqa: F401
    import relatives_numbers  # noqa: F401
    import relatives_tables  # noqa: F401

    print(f"{len(ROWS)} rows; {program}", file=sys.stderr)
    by_identifier = any(identifier == options.only for identifier, _, _ in ROWS)
    text, failures = ["| row | what | as wanted |", "|---|---|---|"], []
    for number, (identifier, title, check) in enumerate(ROWS):
        if options.only and identifier != options.only and (by_identifier or options.only not in title):
            continue
        work = Work(home / "failing" / f"{number:03d}")
        try:
            check(work)
            problem = None
        except NotAsWanted as wanted:
            problem = f"wanted {wanted}"
        except (KeyError, IndexError, TypeError, ValueError, OSError):
            problem = "not in the form that was looked for: " + traceback.format_exc().splitlines()[-1]
        text.append(f"| {identifier} | {title} | {'yes' if problem is None else 'no'} |")
        if problem is None:
            shutil.rmtree(work.folder, ignore_errors=True)
        else:
            failures.append(f"{identifier} {title}: {problem}; `{'; '.join(work.commands)}` in {work.folder}")
        if problem or options.verbose:
            print(f"{'no ' if problem else 'yes'} {identifier:4} {title}"
                  + (f": {problem}\n      {'; '.join(work.commands)}" if problem else ""), flush=True)
    total = f"{len(text) - 2 - len(failures)} of {len(text) - 2} rows as wanted"
    print(total)
    text += ["", total + "."] + (["", "Not as wanted:", ""] + [f"- {f}" for f in failures] if failures else [])
    if not options.only:
        write_results("failing", "What failed, and relatives", "\n".join(text))
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
