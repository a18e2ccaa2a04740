"""What the acceptance runs share: running visionnet, the machine in words, results in docs/results."""

import datetime
import os
import platform
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

root = Path(__file__).resolve().parent.parent.parent
# Data and samples that are handed around with this checkout, and not part of it.
shared = Path(os.environ.get("SHARED") or root / "../shared").resolve()
program = os.environ.get("VN", str(root / ".build/release/visionnet"))
# Models, images and rows of runs that were cut short.
home = Path(os.environ.get("ACCEPTANCE_HOME")
            or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "visionnet-acceptance")


@dataclass
class Outcome:
    """How a process ended."""
    status: int
    out: str
    err: str
    seconds: float

    @property
    def crashed(self):
        # A signal, by itself or as a shell reports it; Swift's traps are signals too.
        return self.status < 0 or self.status >= 128 and self.status != 130

    @property
    def last(self):
        lines = [line for line in self.err.splitlines() if line.strip()]
        fatal = [line for line in lines if "Fatal error" in line]
        if fatal:
            return fatal[0]
        return lines[-1] if lines else ""


def visionnet(*arguments, folder=None, stdin=None, environment=None, seconds=600):
    """Runs visionnet with these arguments, with no terminal, and waits for it."""
    begun = time.perf_counter()
    try:
        done = subprocess.run(
            [program, *map(str, arguments)], cwd=folder, input=stdin if stdin is not None else b"",
            capture_output=True, timeout=seconds, env={**os.environ, "SWIFT_BACKTRACE": "enable=no",
                                                       **(environment or {})})
    except subprocess.TimeoutExpired as expired:
        return Outcome(-9, "", f"took longer than {expired.timeout} s", expired.timeout)
    return Outcome(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"),
                   time.perf_counter() - begun)


def shell(*arguments):
    """The command as someone would type it."""
    def quote(text): return text if re.fullmatch(r"[\w@%+=:,./-]+", text) else "'" + text.replace("'", "'\\''") + "'"
    return " ".join(["visionnet", *[quote(str(a)) for a in arguments]])


def machine():
    """Commit, binary, processor, instruction set, threads and date, in a line."""
    def git(*arguments):
        return subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True).stdout.strip()

    commit = git("rev-parse", "--short", "HEAD") or "no commit"
    if git("status", "--porcelain", "--untracked-files=no", "--", "Sources", "Package.swift"):
        commit += " with changes"
    model, flags = platform.processor() or platform.machine(), ""
    if os.path.exists("/proc/cpuinfo"):
        text = Path("/proc/cpuinfo").read_text()
        found = re.search(r"^model name\s*: (.*)$", text, re.M)
        model = found.group(1) if found else model
        found = re.search(r"^flags\s*: (.*)$", text, re.M)
        flags = found.group(1) if found else ""
    known = [("amx_bf16", "AMX"), ("avx512_bf16", "AVX-512 BF16"), ("avx512_vnni", "AVX-512 VNNI"),
             ("avx512f", "AVX-512"), ("avx2", "AVX2")]
    best = next((name for flag, name in known if flag in flags.split()), platform.machine())
    threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    date = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    shown = program.replace(str(root) + "/", "")
    return f"Commit {commit}, `{shown}`; {model}, {best}, {threads} threads; {date}."


def write_results(item, title, text):
    """Replaces docs/results/acceptance-ITEM.md; RESULTS is another folder."""
    folder = Path(os.environ.get("RESULTS") or root / "docs/results")
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"acceptance-{item}.md"
    file.write_text(f"# {title}\n\n`scripts/acceptance {item}`. {machine()}\n\n{text.rstrip()}\n")
    print(f"written: {file}", file=sys.stderr)


def require_program():
    if not os.access(program, os.X_OK):
        sys.exit(f"no {program}; build it (swift build -c release --product visionnet) or give VN=FILE")
