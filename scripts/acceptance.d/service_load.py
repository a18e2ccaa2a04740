"""Clients that keep a server busy over connections that stay open, and what came of it."""

import re
import socket
import threading
import time
from dataclasses import dataclass, field


@dataclass
class Load:
    """What clients have seen. Times are seconds, one of each request that was answered."""
    seconds: float = 0
    times: list = field(default_factory=list)
    statuses: dict = field(default_factory=dict)
    # Requests that were sent whole and never answered, although the server had not said that it closes.
    lost: int = 0
    # Of each client, the model versions in the order in which they came, each once.
    versions: list = field(default_factory=list)

    @property
    def rate(self):
        return len(self.times) / self.seconds

    def share(self, part):
        ordered = sorted(self.times)
        return ordered[min(int(len(ordered) * part), len(ordered) - 1)] if ordered else float("nan")

    def __str__(self):
        return (f"{self.rate:.1f}/s, median {self.share(0.5) * 1000:.1f} ms, 99 % {self.share(0.99) * 1000:.1f} ms, "
                f"{len(self.times)} answers {self.statuses}, {self.lost} lost")


def request(image, path="/v1/classify"):
    return (f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\n"
            f"Content-Length: {len(image)}\r\n\r\n").encode() + image


def connected(port):
    connection = socket.create_connection(("127.0.0.1", port), 60)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def answer(connection, rest=b""):
    """Status, body, whether the connection stays, and what came too much; None where the server has closed it."""
    while b"\r\n\r\n" not in rest:
        part = connection.recv(1 << 16)
        if not part:
            return None
        rest += part
    head, _, rest = rest.partition(b"\r\n\r\n")
    found = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    length = int(found[1]) if found else 0
    while len(rest) < length:
        part = connection.recv(1 << 16)
        if not part:
            return None
        rest += part
    stays = not re.search(rb"(?i)\r\nconnection: *close", head)
    return int(head.split()[1]), rest[:length], stays, rest[length:]


def load(port, images, clients=16, seconds=10.0, count=None):
    """Keeps the server at `port` busy for some seconds, or until `count` requests are answered, or until it closes."""
    result, lock, begun = Load(), threading.Lock(), time.perf_counter()
    left = [count if count is not None else 1 << 60]
    requests = [request(image) for image in images]

    def client(number):
        connection, times, statuses, versions, lost, turn = None, [], {}, [], 0, number
        while time.perf_counter() - begun < seconds:
            with lock:
                left[0] -= 1
                if left[0] < 0:
                    break
            turn += 1
            sent = False
            try:
                connection = connection or connected(port)
                start = time.perf_counter()
                connection.sendall(requests[turn % len(requests)])
                sent = True
                got = answer(connection)
            except OSError:
                got = None
            if got is None:
                lost += sent
                break
            status, body, stays, _ = got
            times.append(time.perf_counter() - start)
            statuses[status] = statuses.get(status, 0) + 1
            found = re.search(rb'"version": ?"(\w+)"', body)
            if found and (not versions or versions[-1] != found[1].decode()):
                versions.append(found[1].decode())
            if not stays:
                connection.close()
                connection = None
        with lock:
            result.times += times
            result.lost += lost
            result.versions.append(versions)
            for status, number in statuses.items():
                result.statuses[status] = result.statuses.get(status, 0) + number

    workers = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    result.seconds = time.perf_counter() - begun
    return result
