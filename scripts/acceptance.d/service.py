"""The service under load: beside classify's and bench's throughput and a FastAPI server with ONNX Runtime, its start, its memory, models
that change and a stop while clients ask.

--seconds S of each load (10), --rounds N (3), --requests N of the run whose memory is watched (2000), --only PART of
throughput, start, reload, stop, endurance. SERVE is the service's program, by default the release build. At most 10 minutes.
"""

import argparse
import io
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from common import home, program, require_program, root, visionnet, write_results
from service_load import answer, connected, load, request

serve = os.environ.get("SERVE", str(root / "Service/.build/release/visionnet-serve"))
cores = len(os.sched_getaffinity(0))
model_name = "efficientnet-lite0"


class Server:
    """A server process at a port of its own."""

    def __init__(self, command, port=None, **options):
        self.begun = time.perf_counter()
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                        start_new_session=True, **options)
        self.port = port or self.told_port()
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def told_port(self):
        for line in self.process.stderr:
            if "listening on" in line:
                return int(line.rstrip().rstrip("/").rsplit(":", 1)[1])
        sys.exit(f"{self.process.args[0]} does not listen")

    def ask(self, image, patience=60):
        """The first answer's body, as soon as the server answers at all."""
        while True:
            try:
                with connected(self.port) as connection:
                    connection.sendall(request(image))
                    return json.loads(answer(connection)[1])
            except OSError:
                if self.process.poll() is not None or time.perf_counter() - self.begun > patience:
                    sys.exit(f"{self.process.args[0]} does not answer")
                time.sleep(0.01)

    def memory(self, kind="VmRSS"):
        """Megabytes."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(kind + ":"):
                return int(line.split()[1]) * 1024 / 1e6
        return float("nan")

    def processor_seconds(self):
        """Of its session, so that uvicorn's workers count, too."""
        ticks = 0
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = path.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == self.process.pid:
                ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def loaded(self, images, seconds):
        """A load, and the milliseconds of processors that each answer has taken."""
        before = self.processor_seconds()
        found = load(self.port, images, seconds=seconds)
        return found, (self.processor_seconds() - before) * 1000 / len(found.times)

    def stop(self):
        self.process.terminate()
        return self.process.wait()


def ours(model=model_name, *options):
    return Server([serve, "-m", str(model), "--port", "0", *options])


def photos(folder, side):
    """JPEGs of the samples whose longest side is that of photos on the web."""
    from PIL import Image

    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted((root / "samples/images").glob("*.jpg")):
        image = Image.open(path).convert("RGB")
        image.thumbnail((side, side), Image.LANCZOS)
        data = io.BytesIO()
        image.save(data, "JPEG", quality=90)
        (folder / path.name).write_bytes(data.getvalue())
    return sorted(folder.glob("*.jpg"))


def command_rates(paths):
    """Images a second of `classify` and `bench` with as many processes of one thread as there are cores, all at once."""
    def at_once(*arguments):
        processes = [subprocess.Popen([program, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
                     for _ in range(cores)]
        return [process.communicate()[0] for process in processes]

    texts = at_once("classify", "-m", model_name, "--threads", 1, "--format", "jsonl", *paths * 30)
    times = [[json.loads(line)["milliseconds"] for line in text.splitlines()] for text in texts]
    classify = sum(1000 / statistics.mean(one) for one in times)
    path = visionnet("models", "path", model_name).out.strip()
    found = [json.loads(text) for text in at_once("bench", path, "--threads", 1, "--runs", 100, "--json")]
    return classify, sum(1000 / one["medianMilliseconds"] for one in found)


def peer(workers, threads, folder):
    labels = folder / "labels.json"
    path = visionnet("models", "path", model_name).out.strip()
    port = 18090 + workers
    return Server([sys.executable, str(Path(__file__).with_name("service_peer.py")), path, str(labels), str(port), str(workers),
                   str(threads)], port, cwd=Path(__file__).parent)


def stop_peer(server):
    # uvicorn's workers are processes of their own.
    os.killpg(server.process.pid, signal.SIGKILL)
    server.process.wait()


def throughput(options, folder, rows):
    paths = photos(folder / "photos", 500)
    images = [path.read_bytes() for path in paths]
    server = ours()
    first = server.ask(images[0])
    with connected(server.port) as connection:
        connection.sendall(f"GET /v1/models/{model_name} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        (folder / "labels.json").write_text(json.dumps(json.loads(answer(connection)[1])["labels"]))
    peers = {f"{workers} × {threads} threads": peer(workers, threads, folder)
             for workers, threads in sorted({(1, cores), (cores, 1)})}
    for one in peers.values():
        found = one.ask(images[0])
        assert found["predictions"][0]["label"] == first["predictions"][0]["label"], (found, first)
    load(server.port, images, seconds=2)
    kept = {"visionnet serve": [], **{name: [] for name in peers}, "classify": [], "bench": []}
    costs = {name: [] for name in list(kept)[:-2]}
    for _ in range(options.rounds):
        for name, one in {"visionnet serve": server, **peers}.items():
            found, cost = one.loaded(images, options.seconds)
            kept[name].append(found)
            costs[name].append(cost)
        for name, rate in zip(("classify", "bench"), command_rates(paths)):
            kept[name].append(rate)
    peak = server.memory("VmHWM")
    server.stop()
    for one in peers.values():
        stop_peer(one)
    rates = {name: [one if isinstance(one, float) else one.rate for one in found] for name, found in kept.items()}
    best = max(peers, key=lambda name: statistics.median(rates[name]))
    mine = kept["visionnet serve"]
    for name, found in rates.items():
        rows.append((f"{name}, images a second in {options.rounds} rounds", ", ".join(f"{rate:.1f}" for rate in found), ""))

    for name, found in costs.items():
        rows.append((f"{name}, milliseconds of a processor an answer", ", ".join(f"{cost:.2f}" for cost in found), ""))

    def ratio(name):
        return statistics.median(a / b for a, b in zip(rates["visionnet serve"], rates[name]))

    tail = statistics.median(one.share(0.99) / one.share(0.5) for one in mine)
    answered = all(set(one.statuses) == {200} and one.lost == 0 for one in mine)
    rows.append(("share of the command's throughput, one process a core, decoding counted", f"{ratio('classify'):.2f}",
                 ratio("classify") >= 0.85))
    rows.append((f"times FastAPI, the better of both ({best})", f"{ratio(best):.2f}", ratio(best) >= 1.5))
    cheaper = statistics.median(b / a for a, b in zip(costs["visionnet serve"], costs[best]))
    rows.append(("times fewer of them than that", f"{cheaper:.2f}", ""))
    rows.append(("99th percentile over median", f"{tail:.2f}; {mine[-1]}", tail <= 5 and answered))
    rows.append(("memory at most, under this load", f"{peak:.0f} MB", ""))


def start(options, folder, rows):
    image = photos(folder / "photos", 500)[0].read_bytes()
    times, memories = [], []
    for _ in range(9):
        server = ours()
        server.ask(image)
        times.append(time.perf_counter() - server.begun)
        memories.append(server.memory("VmHWM"))
        server.stop()
    # The first one may have filled caches.
    time_, memory = statistics.median(times[1:]), max(memories[1:])
    rows.append(("start to first answer, median of 8", f"{time_:.3f} s", time_ < 0.15))
    rows.append(("memory until then", f"{memory:.0f} MB", memory < 120))


def with_member(model):
    """The same model as another file: ONNX takes what is appended for one more member of its metadata."""
    def part(tag, data): return bytes([tag, len(data)]) + data
    return model + part(0x72, part(0x0a, b"copy") + part(0x12, b"second"))


def reload(options, folder, rows):
    images = [path.read_bytes() for path in photos(folder / "small", 224)]
    source = Path(visionnet("models", "path", model_name).out.strip()).read_bytes()
    path = folder / "changing.onnx"
    path.write_bytes(source)
    server = ours(path, "--reload", "0.2")
    server.ask(images[0])
    following = folder / "changing.new"
    following.write_bytes(with_member(source))
    threading.Timer(2, lambda: os.replace(following, path)).start()
    seen = load(server.port, images, seconds=8)
    server.stop()
    once = all(len(versions) == 2 for versions in seen.versions) and len({tuple(v) for v in seen.versions}) == 1
    rows.append(("a model that changes under load", f"{seen}; versions {sorted({tuple(v) for v in seen.versions})}",
                 once and set(seen.statuses) == {200} and seen.lost == 0))


def stop(options, folder, rows):
    images = [path.read_bytes() for path in photos(folder / "small", 224)]
    results = []
    for _ in range(5):
        server = ours()
        server.ask(images[0])
        threading.Timer(2, server.process.terminate).start()
        results.append(load(server.port, images, seconds=10))
        status = server.process.wait(60)
    lost, statuses = sum(one.lost for one in results), set().union(*(one.statuses for one in results))
    rows.append(("SIGTERM under load, five times", f"{sum(len(one.times) for one in results)} answers, {lost} lost, exit status {status}",
                 lost == 0 and statuses == {200} and status == 0))


def endurance(options, folder, rows):
    images = [path.read_bytes() for path in photos(folder / "small", 224)]
    server = ours()
    warm = load(server.port, images, seconds=1e6, count=max(options.requests // 10, 500))
    before = server.memory()
    seen = load(server.port, images, seconds=1e6, count=options.requests)
    after = server.memory()
    server.stop()
    rows.append((f"{options.requests} requests behind {len(warm.times)} of warm-up",
                 f"{seen}; {before:.1f} MB before, {after:.1f} MB after",
                 len(seen.times) == options.requests and set(seen.statuses) == {200} and after - before <= 5))


def main():
    parts = {"throughput": throughput, "start": start, "reload": reload, "stop": stop, "endurance": endurance}
    parser = argparse.ArgumentParser(prog="scripts/acceptance service", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--only", choices=parts, action="append")
    options = parser.parse_args()
    require_program()
    if visionnet("models", "pull", model_name).status != 0:
        sys.exit(f"{model_name} cannot be fetched")
    rows = []
    home.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="service.", dir=home))
    try:
        for name, part in parts.items():
            if options.only and name not in options.only:
                continue
            known = len(rows)
            part(options, folder, rows)
            for what, found, wanted in rows[known:]:
                print(f"{ {True: 'yes', False: 'no'}.get(wanted, '   '):4} {what}: {found}", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    text = ["| what | measured | as wanted |", "|---|---|---|"]
    text += [f"| {what} | {found} | { {True: 'yes', False: 'no'}.get(wanted, '')} |" for what, found, wanted in rows]
    if not options.only:
        write_results("service", "The service under load", "\n".join(text))
    sys.exit(0 if all(wanted in (True, "") for _, _, wanted in rows) else 1)


if __name__ == "__main__":
    main()
