"""One program's way through the cases: where it works, what it is given, what is kept of it."""

import fcntl
import hashlib
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import files
import material

home = Path(os.environ["VISIONNET_GOLDEN_HOME"])
work = home / "work"
scripts = Path(__file__).resolve().parent


class Failure(Exception):
    """What keeps the comparison itself from going on."""


def digest(*parts):
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:10]


def processor():
    """Seconds of processor that the programs took so far."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def scripts_id():
    """Changes with what decides the outputs, not with what compares them."""
    names = ["cases.py", "trainings.py", "networks.py", "files.py", "material.py", "side.py"]
    return digest(*[(scripts / name).read_text() for name in names])


def material_folder():
    """The folder of what all programs are given, made where it is not there."""
    here = [(name, file.stat().st_size, file.stat().st_mtime_ns) for name, file, _ in material.found()[0]]
    made_by = [(scripts / name).read_text() for name in ("material.py", "files.py")]
    folder = home / f"material-{digest(*made_by, here)}"
    if not folder.exists():
        print("making the material …", file=sys.stderr)
        material.make(folder)
    return folder


def instruction_sets():
    """Those of this machine, the best one last, by the names that VISIONNET_ISA takes."""
    text = Path("/proc/cpuinfo").read_text() if os.path.exists("/proc/cpuinfo") else ""
    flags = set((re.search(r"^flags\s*:(.*)$", text, re.M) or [""])[0].split())
    sets = ["portable"]
    if {"avx2", "fma"} <= flags:
        sets.append("avx2")
    if {"avx512f", "avx512bw", "avx512dq", "avx512vl"} <= flags:
        sets.append("avx512")
    return sets


class Case:
    """A folder in which a program is run step by step. The folder is what is compared."""

    def __init__(self, side, name):
        self.side, self.name = side, name
        self.folder = work / name

    def path(self, name):
        return self.folder / name

    def given(self, case, file=""):
        """What the old program left in a case: of another program's outputs where two are crossed."""
        return (self.side.given.kept / case if self.side.given else self.side.done(case)) / file

    def _environment(self, more):
        folders = {"HOME": work / "home", "TMPDIR": work / "tmp", "XDG_CACHE_HOME": self.folder / "cache"}
        for folder in folders.values():
            folder.mkdir(parents=True, exist_ok=True)
        return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TZ": "UTC", "SWIFT_BACKTRACE": "enable=no",
                **{name: str(folder) for name, folder in folders.items()}, **(more or {})}

    def _start(self, step, arguments, environment, stdin):
        steps = self.folder / "steps"
        steps.mkdir(exist_ok=True)
        (steps / f"{step}.command").write_text(" ".join(["visionnet", *map(str, arguments)]) + "\n")
        with open(steps / f"{step}.out", "wb") as out, open(steps / f"{step}.err", "wb") as err:
            return subprocess.Popen([work / "visionnet", *map(str, arguments)], cwd=self.folder, stdin=stdin,
                                    stdout=out, stderr=err, env=self._environment(environment))

    def _end(self, step, status):
        with open(self.folder / f"steps/{step}.command", "a") as file:
            file.write(f"exit status {status}\n")
        self.side.runs += 1

    def run(self, step, *arguments, isa=None, stdin=None):
        """Runs the program; its standard output, error and exit status become files named by the step."""
        begun = processor()
        environment = {"VISIONNET_ISA": isa} if isa else None
        source = subprocess.DEVNULL if stdin is None else subprocess.PIPE
        process = self._start(step, arguments, environment, source)
        try:
            process.communicate(stdin, timeout=600)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        except BrokenPipeError:
            process.wait()
        self._end(step, process.returncode)
        self.side.times.append((processor() - begun, self.name, step))
        return process.returncode

    def stop(self, step, run, *arguments, ready, signal_number=signal.SIGKILL, tries=4):
        """Starts the program, ends it by a signal as soon as `ready(folder of the run)` gives a number; that number.

        A program that comes to its end before that is started anew."""
        for _ in range(tries):
            shutil.rmtree(self.path(run), ignore_errors=True)
            shutil.rmtree(self.path("cache"), ignore_errors=True)
            process = self._start(step, arguments, None, subprocess.DEVNULL)
            while process.poll() is None and ready(self.path(run)) is None:
                time.sleep(0.001)
            if process.poll() is None:
                process.send_signal(signal_number)
            status = process.wait()
            if status == -signal_number or signal_number == signal.SIGINT and status == 130:
                self._end(step, status)
                return ready(self.path(run))
        self._end(step, f"{status}, never stopped")
        return None

    def copy(self, source, target):
        source = Path(source)
        if source.is_dir():
            shutil.copytree(source, self.path(target))
        elif source.exists():
            self.path(target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, self.path(target))

    def move(self, name, new):
        if self.path(name).exists():
            self.path(name).rename(self.path(new))

    def drop(self, *patterns):
        """Removes what is left out of the comparison."""
        for pattern in patterns:
            for path in self.folder.glob(pattern):
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    def input_of(self, network, seed, batch=1):
        """Arrays for the inputs of a network, made where they are not: the arguments that give them, and the batch.

        A network whose inputs have no open extent gets a batch of one."""
        try:
            inputs = files.Onnx(self.path(network).read_bytes()).inputs
        except (ValueError, IndexError):
            # The comparison says what is wrong with a file that a program wrote.
            inputs = {}
        if all(None not in shape for shape in inputs.values()):
            batch = 1
        arguments = []
        for name, shape in inputs.items():
            extents = [batch if extent is None else extent for extent in shape]
            array = "x" + "x".join(map(str, extents)) + ".npy"
            if not self.path(array).exists():
                files.write_npy(self.path(array), extents, f"{seed} {name}")
            arguments += ["--input", f"{name}={array}"]
        return arguments, batch


def epoch_of(checkpoint):
    """The epoch that a checkpoint is of; None where there is none."""
    try:
        with open(checkpoint, "rb") as file:
            header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        text = json.dumps(header["__metadata__"])
        return max(map(int, re.findall(r'\\"epoch\\":\s*(\d+)', text)), default=None)
    except (OSError, ValueError, KeyError):
        return None


class Side:
    """A program whose outputs are kept in a folder of their own, case by case."""

    def __init__(self, program, name, cases, given=None):
        self.program, self.name, self.cases, self.given = program, name, dict(cases), given
        self.material = material_folder()
        self.suffix = digest(scripts_id(), self.material.name)
        self.kept = home / "outputs" / f"{name}-{self.suffix}"
        self.isas = instruction_sets()
        self.runs, self.times, self.seconds, self.processor = 0, [], 0.0, 0.0

    def done(self, name):
        """Where a case of this program is; it is run where it was not."""
        self._run(name)
        return work / name

    def _remove_outdated(self):
        """Outputs of the same program that other scripts made."""
        for folder in (home / "outputs").glob(f"*{self.name}-*"):
            if not folder.name.endswith(self.suffix):
                shutil.rmtree(folder)

    def _open(self):
        # A run that was cut short left its work where every program works.
        owner = home / "work.owner"
        if work.exists():
            kept = home / "outputs" / owner.read_text()
            shutil.rmtree(work) if kept.exists() else work.rename(kept)
        self._remove_outdated()
        self.kept.parent.mkdir(exist_ok=True)
        owner.write_text(self.kept.name)
        self.kept.rename(work) if self.kept.exists() else work.mkdir()
        # The program, too, has the same path always.
        for name, target in (("inputs", self.material), ("visionnet", self.program)):
            (work / name).unlink(missing_ok=True)
            (work / name).symlink_to(target)

    def run(self, names, anew=False):
        """Runs the cases that are not done; every program does so in the same folder, so that paths are the same."""
        if not anew and all((self.kept / name / "done").exists() for name in names):
            return
        with open(home / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            begun, used = time.monotonic(), processor()
            if anew:
                shutil.rmtree(self.kept, ignore_errors=True)
            self._open()
            try:
                for name in names:
                    self._run(name)
            finally:
                work.rename(self.kept)
                self.seconds, self.processor = time.monotonic() - begun, processor() - used

    def _run(self, name):
        case = Case(self, name)
        if case.path("done").exists():
            return
        shutil.rmtree(case.folder, ignore_errors=True)
        case.folder.mkdir()
        print(f"{self.name[:40]}: {name}", file=sys.stderr, flush=True)
        used = processor()
        self.cases[name](case)
        case.drop("cache/visionnet/packed")
        case.path("done").write_text(f"{processor() - used:.1f} s of processor\n")
