"""Files written and read by the standard library alone: PNG, NumPy arrays, safetensors, and what ONNX files hold."""

import json
import random
import struct
import zlib
from pathlib import Path


def png(width, height, rows, kind=2, depth=8):
    """A PNG; `rows` are bytes without filter, `kind` is its color type: 0 gray, 2 RGB."""
    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    pixels = b"".join(b"\0" + row for row in rows)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(pixels, 6)) + chunk(b"IEND", b""))


def write_npy(path, shape, seed):
    """An array of float32 between -2 and 2 that follows from the seed and holds no zero."""
    draw = random.Random(seed)
    count = 1
    for extent in shape:
        count *= extent
    values = [draw.uniform(0.05, 2) * draw.choice((-1, 1)) for _ in range(count)]
    text = "{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }" % "".join(f"{e}, " for e in shape)
    text += " " * (63 - (10 + len(text)) % 64) + "\n"
    Path(path).write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()
                           + struct.pack(f"<{count}f", *values))


def read_npy(data):
    """The header's text and the numbers of a float32 array, else None."""
    if data[:6] != b"\x93NUMPY":
        return None
    length = struct.unpack("<H", data[8:10])[0]
    header, body = data[10:10 + length].decode().strip(), data[10 + length:]
    if "'<f4'" not in header:
        return header, None
    return header, struct.unpack(f"<{len(body) // 4}f", body[:len(body) // 4 * 4])


def read_safetensors(data):
    """The metadata and, by name, what is said of each tensor with its bytes."""
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    body = data[8 + length:]
    metadata = header.pop("__metadata__", {})
    return metadata, {name: (f"{t['dtype']} {t['shape']}", body[slice(*t["data_offsets"])])
                      for name, t in header.items()}


def fields(data):
    """The fields of a protobuf message: number and value, an integer or bytes."""
    at = 0

    def number():
        nonlocal at
        result = shift = 0
        while True:
            byte = data[at]
            at += 1
            result |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return result

    while at < len(data):
        key = number()
        kind = key & 7
        if kind == 0:
            yield key >> 3, number()
            continue
        length = {1: 8, 5: 4}.get(kind) or number()
        yield key >> 3, data[at:at + length]
        at += length


class Onnx:
    """What an ONNX file holds, as far as files are compared and fed by it."""

    def __init__(self, data):
        self.nodes, self.tensors, self.inputs, self.rest = [], {}, {}, []
        for field, value in fields(data):
            if field == 7:
                self._read_graph(value)
            elif field != 3:
                # Field 3 is the version of the program that wrote the file.
                self.rest.append((field, bytes(value) if not isinstance(value, int) else value))
        for name in self.tensors:
            self.inputs.pop(name, None)

    def _read_graph(self, data):
        for field, value in fields(data):
            if field == 1:
                self.nodes.append(bytes(value))
            elif field == 5:
                name = next((v.decode() for f, v in fields(value) if f == 8), "")
                self.tensors[name] = bytes(value)
            elif field == 11:
                name, shape = self._read_input(value)
                self.inputs[name] = shape
            else:
                self.rest.append((field, bytes(value) if not isinstance(value, int) else value))

    @staticmethod
    def _read_input(data):
        """The name of an input and its shape; an open extent is None."""
        name, shape = "", []
        for field, value in fields(data):
            if field == 1:
                name = value.decode()
            if field != 2:
                continue
            tensor = next((v for f, v in fields(value) if f == 1), b"")
            dimensions = next((v for f, v in fields(tensor) if f == 2), b"")
            for dimension in (v for f, v in fields(dimensions) if f == 1):
                shape.append(next((v for f, v in fields(dimension) if f == 1), None))
        return name, shape
