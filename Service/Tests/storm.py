#!/usr/bin/env python3
"""Requests to a running service, one in three of which is broken: storm.py HOST:PORT IMAGE [COUNT [THREADS]]

Broken requests are cut short, bombs, of wrong lengths, types and paths, floods of headers, clients that leave, senders that are slow.
Every good one must have status 200 and the same answer; every broken one that waits for an answer must have a status of the 400s and the
named error. Tells resident memory before and after. The exit status is 0 only when all of that held.
"""

import json
import random
import re
import socket
import struct
import sys
import threading
import time
import zlib
from collections import Counter
from pathlib import Path


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


BOMB = (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 50000, 50000, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(bytes(100000))) + chunk(b"IEND", b""))


def request(method, path, body=b"", **headers):
    all_headers = {"Host": "localhost", "Content-Length": str(len(body)), "Content-Type": "image/jpeg"}
    all_headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    head = "".join(f"{name}: {value}\r\n" for name, value in all_headers.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def broken(image, draw):
    """A broken request: its kind, its bytes, and what the client does behind them: wait, leave, or end."""
    cut = draw.randrange(20, len(image) // 2)
    path = "/v1/classify"
    return draw.choice([
        lambda: ("cut image", request("POST", path, image[:cut]), "wait"),
        lambda: ("noise", request("POST", path, draw.randbytes(3000)), "wait"),
        lambda: ("bomb", request("POST", path, BOMB, Content_Type="image/png"), "wait"),
        lambda: ("no image", request("POST", path), "wait"),
        lambda: ("longer length", request("POST", path, image[:cut], Content_Length=str(cut + 50)), "end"),
        lambda: ("huge length", request("POST", path, b"", Content_Length="9" * 12), "wait"),
        lambda: ("bad length", request("POST", path, b"", Content_Length="x"), "wait"),
        lambda: ("wrong type", request("POST", path, image, Content_Type="text/plain"), "wait"),
        lambda: ("wrong path", request("POST", f"/v1/{draw.randrange(10 ** 9)}", image), "wait"),
        lambda: ("wrong method", request("PUT", path, image), "wait"),
        lambda: ("wrong parameter", request("POST", path + "?top=many", image), "wait"),
        lambda: ("wrong JSON", request("POST", path, b'{"image": [' * draw.randrange(1, 500), Content_Type="application/json"), "wait"),
        lambda: ("wrong parts", request("POST", path, image, Content_Type="multipart/form-data; boundary=b"), "wait"),
        lambda: ("wrong chunk", request("POST", path)[:-2].replace(b"Content-Length: 0", b"Transfer-Encoding: chunked") + b"\r\n!\r\n", "wait"),
        lambda: ("header flood", b"GET / HTTP/1.1\r\n" + b"".join(b"H%d: x\r\n" % i for i in range(3000)) + b"\r\n", "wait"),
        lambda: ("no HTTP", b"\x16\x03\x01" + draw.randbytes(200).replace(b"\n", b"") + b"\r\n\r\n", "wait"),
        lambda: ("gone before the body", request("POST", path, image)[:300], "leave"),
        lambda: ("gone before the answer", request("POST", path, image), "leave"),
    ])()


def answer(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        if not part:
            return None, b""
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    while length and len(body) < int(length[1]):
        part = connection.recv(65536)
        if not part:
            break
        body += part
    return int(head.split()[1]), body


def memory(address):
    with socket.create_connection(address, 30) as connection:
        connection.sendall(request("GET", "/metrics"))
        found = re.search(rb"process_resident_memory_bytes (\d+)", answer(connection)[1])
    return int(found[1]) / 1e6 if found else 0


def main(place, path, count=10000, threads=16):
    host, port = place.split(":")
    address, image = (host, int(port)), Path(path).read_bytes()
    lock, kinds, faults, times, expected = threading.Lock(), Counter(), [], [], set()

    def work(number):
        draw = random.Random(number)
        for index in range(number, int(count), int(threads)):
            bad = index % 3 == 0
            kind, data, then = broken(image, draw) if bad else ("good", request("POST", "/v1/classify", image), "wait")
            begun = time.perf_counter()
            status, body = None, b""
            try:
                with socket.create_connection(address, 60) as connection:
                    connection.settimeout(60)
                    try:
                        connection.sendall(data)
                    except OSError:
                        # Refused before everything was sent; the answer may still be there.
                        pass
                    if then == "end":
                        connection.shutdown(socket.SHUT_WR)
                    if then != "leave":
                        status, body = answer(connection)
            except OSError as error:
                status = None if then == "leave" else f"{error}"
            with lock:
                kinds[kind, status] += 1
                if not bad:
                    times.append(time.perf_counter() - begun)
                    expected.add(re.sub(rb'"milliseconds": [0-9.]+', b"", body))
                    if status != 200:
                        faults.append((kind, status, body[:200]))
                elif then != "leave":
                    try:
                        named = isinstance(json.loads(body)["error"]["code"], str)
                    except (ValueError, KeyError, TypeError):
                        named = False
                    if not (isinstance(status, int) and 400 <= status < 500 and named):
                        faults.append((kind, status, body[:200]))

    before = memory(address)
    workers = [threading.Thread(target=work, args=(number,)) for number in range(int(threads))]
    begun = time.time()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for (kind, status), number in sorted(kinds.items(), key=str):
        print(f"{number:7} {kind:24} {status}")
    times.sort()
    print(f"{count} requests in {time.time() - begun:.1f} s; good ones: median {times[len(times) // 2] * 1000:.0f} ms, "
          f"99 % {times[len(times) * 99 // 100] * 1000:.0f} ms; {len(expected)} different answer(s)")
    print(f"memory {before:.1f} MB before, {memory(address):.1f} MB after")
    for fault in faults[:10]:
        print("fault:", *fault)
    return 1 if faults or len(expected) != 1 else 0


if __name__ == "__main__":
    if not 3 <= len(sys.argv) <= 5:
        sys.exit(__doc__.strip())
    sys.exit(main(*sys.argv[1:]))
