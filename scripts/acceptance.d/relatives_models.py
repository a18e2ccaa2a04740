"""Relatives of the rows on model files: what is none, opsets, quantization, external data."""

import gzip
import json
import os
import struct
import zipfile

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from rows import expect, near, row, short
from small_models import STEPS, WEIGHT, as_rows, model, numbers, photo, probabilities, write

P = ("--preprocessing", "steps.json")


# --- no ONNX: named as what it is ---

GIT_LFS = (b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"4" * 64 + b"\nsize 46827520\n")


def zip_of(*entries):
    import io
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as out:
        for name, content in entries:
            out.writestr(name, content)
    return data.getvalue()


def safetensors(tensors):
    header, data = {}, b""
    for name, array in tensors.items():
        kinds = {"float32": "F32", "float16": "F16", "int64": "I64"}
        header[name] = {"dtype": kinds[str(array.dtype)], "shape": list(array.shape),
                        "data_offsets": [len(data), len(data) + array.nbytes]}
        data += array.tobytes()
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


PICKLE = b"\x80\x02ccollections\nOrderedDict\nq\x00)Rq\x01."
FOREIGN = (
    ("a PyTorch file", zip_of(("archive/data.pkl", PICKLE), ("archive/version", b"3\n"), ("archive/data/0", bytes(64))),
     "pytorch"),
    ("an old PyTorch file", b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03." + PICKLE, "pytorch|pickle"),
    ("a Keras HDF5 file", b"\x89HDF\r\n\x1a\n" + bytes(512), "hdf5|keras"),
    ("a .keras archive", zip_of(("metadata.json", b'{"keras_version": "3.0"}'), ("config.json", b"{}"),
                                ("model.weights.h5", b"\x89HDF\r\n\x1a\n")), "keras"),
    ("a TFLite file", b"\x1c\x00\x00\x00TFL3" + bytes(256), "tflite|tensorflow lite|litert"),
    ("a TensorFlow Lite file of another table", b"\x20\x00\x00\x00TFL3\x14\x00\x20\x00" + bytes(99),
     "tflite|tensorflow lite|litert"),
    ("a web page", b"<!DOCTYPE html>\n<html><head><title>404</title></head></html>", "html|web page"),
    ("a web page after blanks", b"\n\n  <html lang=\"en\"><body>Sign in</body></html>", "html|web page"),
    ("a git-lfs pointer", GIT_LFS, "lfs"),
    ("a safetensors file", safetensors({"fc.weight": np.zeros((4, 3), np.float32)}), "safetensors"),
    ("an empty file", b"", "empty|no bytes"),
    ("a JPEG", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(300), "jpeg|image|image"),
    ("a gzip of a model", gzip.compress(model().SerializeToString()), "gzip|compressed"),
    ("a zip of a model", zip_of(("model.onnx", model().SerializeToString())), "zip|archive"),
    ("a Core ML package's model", zip_of(("Data/com.apple.CoreML/model.mlmodel", bytes(100)), ("Manifest.json", b"{}")),
     "core ?ml|zip|archive"),
    ("JSON of an error", b'{"error": "Repository not found"}', "json|text|error message"),
    ("zeros", bytes(4096), "onnx"),
)
for title, data, says in FOREIGN:
    def foreign(title=title, data=data, says=says):
        @row("F", f"{title} as a model is named")
        def _(w):
            (w.folder / "m.onnx").write_bytes(data)
            (w.folder / "steps.json").write_text(STEPS)
            photo(w.folder / "a.png")
            w.refused("classify", "a.png", "-m", "m.onnx", *P, says=says)
            w.refused("inspect", "m.onnx", says=says) if "safetensors" not in title and "PyTorch" not in title else None
    foreign()


for part in (0.3, 0.7, 0.98):
    def cut(part=part):
        @row("F", f"a download cut at {part:.0%} is named")
        def _(w):
            data = model(weight=np.ones((3, 40), np.float32), bias=np.ones(40, np.float32)).SerializeToString()
            (w.folder / "m.onnx").write_bytes(data[:int(len(data) * part)])
            (w.folder / "steps.json").write_text(STEPS)
            photo(w.folder / "a.png")
            w.refused("classify", "a.png", "-m", "m.onnx", *P, says="cut|incomplete|truncat|ends|short")
    cut()


@row("F", "inspect lists the tensors of safetensors")
def _(w):
    (w.folder / "m.safetensors").write_bytes(
        safetensors({"fc.weight": np.zeros((4, 3), np.float32), "bn.num": np.zeros((), np.int64)}))
    outcome = w.run("inspect", "m.safetensors")
    expect(outcome.status == 0 and "fc.weight" in outcome.out and "bn.num" in outcome.out, short(outcome.out + outcome.err))
    expect("4" in outcome.out and "3" in outcome.out, "its shape")


@row("F", "inspect lists the tensors of a PyTorch file")
def _(w):
    # A state dictionary as torch.save writes it, protocol 2: one float32 tensor 'fc.weight' of 4 × 3.
    data = (b"\x80\x02ccollections\nOrderedDict\nq\x00)Rq\x01X\x09\x00\x00\x00fc.weightq\x02ctorch._utils\n"
            b"_rebuild_tensor_v2\nq\x03((X\x07\x00\x00\x00storageq\x04ctorch\nFloatStorage\nq\x05X\x01\x00\x00\x000q\x06"
            b"X\x03\x00\x00\x00cpuq\x07K\x0ctq\x08QK\x00K\x04K\x03\x86q\tK\x03K\x01\x86q\n\x89ccollections\n"
            b"OrderedDict\nq\x0b)Rq\x0ctq\rRq\x0es.")
    (w.folder / "m.pt").write_bytes(zip_of(("m/data.pkl", data), ("m/byteorder", b"little"), ("m/data/0", bytes(48)),
                                           ("m/version", b"3\n")))
    outcome = w.run("inspect", "m.pt")
    expect(outcome.status == 0 and "fc.weight" in outcome.out, short(outcome.out + outcome.err))


@row("10+", "opset twice with two versions is refused")
def _(w):
    write(w, opsets=(("", 13), ("", 17)))
    w.refused("inspect", "m.onnx", says="opset|operator set")


@row("10+", "an opset twice, once as ai.onnx")
def _(w):
    file, pixels = write(w, opsets=(("", 17), ("ai.onnx", 17))), photo(w.folder / "a.png")
    records, _ = w.classify(file, "a.png", flags=P)
    near(numbers(records[0]), as_rows(probabilities(pixels)), 1e-4)


@row("G", "Split whose last parts nobody reads")
def _(w):
    nodes = [helper.make_node("Split", ["x"], ["a", "b", "c", "d"], axis=1), helper.make_node("Add", ["a", "b"], ["s"]),
             helper.make_node("ReduceMean", ["s"], ["y"], keepdims=0)]
    graph = helper.make_graph(nodes, "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 4, 2, 2])],
                              [helper.make_tensor_value_info("y", TensorProto.FLOAT, [])])
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    made.ir_version = 8
    onnx.save(made, w.folder / "m.onnx")
    np.save(w.folder / "x.npy", np.arange(16, dtype=np.float32).reshape(1, 4, 2, 2))
    outcome = w.run("run", "m.onnx", "--input", "x=x.npy", "--force", "--output-dir", "o")
    expect(outcome.status == 0, f"exit 0: {short(outcome.err)}")
    got = float(np.load(w.folder / "o/y.npy"))
    expect(got == 7, f"7, not {got}")


# --- QDQ ---

for scale_shape, zero_shape in (((1,), ()), ((), (1,)), ((1,), (1,)), ((), ()), ((1,), None), ((), None)):
    def qdq(scale_shape=scale_shape, zero_shape=zero_shape):
        @row("4+", f"scale of shape {list(scale_shape)}, zero point "
             + ("absent" if zero_shape is None else f"of shape {list(zero_shape)}"))
        def _(w):
            made, pixels = model(end=None, output="c"), photo(w.folder / "a.png")
            zero = [] if zero_shape is None else ["z"]
            made.graph.node.extend([
                helper.make_node("QuantizeLinear", ["c", "s", *zero], ["q"]),
                helper.make_node("DequantizeLinear", ["q", "s", *zero], ["d"]),
                helper.make_node("Softmax", ["d"], ["output"])])
            made.graph.output[0].name = "output"
            made.graph.initializer.append(numpy_helper.from_array(np.full(scale_shape, 0.125, np.float32), "s"))
            if zero:
                made.graph.initializer.append(numpy_helper.from_array(np.full(zero_shape, 100, np.uint8), "z"))
            onnx.save(made, w.folder / "m.onnx")
            (w.folder / "steps.json").write_text(STEPS)
            from reference import session
            x = (pixels.astype(np.float32) / 255).transpose(2, 0, 1)[None]
            right = session(str(w.folder / "m.onnx")).run(["output"], {"x": x})[0][0]
            records, _ = w.classify("m.onnx", "a.png", flags=P)
            near(numbers(records[0]), as_rows(right), 1e-4)
    qdq()


# --- external data ---


def external(w, folder, location="m.onnx.data"):
    made = model(weight=np.tile(WEIGHT, (1, 1)))
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(made, folder / "m.onnx", save_as_external_data=True, location="m.onnx.data", size_threshold=0)
    if location != "m.onnx.data":
        text = (folder / "m.onnx").read_bytes()
        made = onnx.load(folder / "m.onnx", load_external_data=False)
        for tensor in made.graph.initializer:
            for entry in tensor.external_data:
                if entry.key == "location":
                    entry.value = location
        (folder / "m.onnx").write_bytes(made.SerializeToString())
        assert text
    (w.folder / "steps.json").write_text(STEPS)
    return photo(w.folder / "a.png")


@row("8+", "weights in a file beside the model")
def _(w):
    pixels = external(w, w.folder / "m")
    records, _ = w.classify("m/m.onnx", "a.png", flags=P)
    near(numbers(records[0]), as_rows(probabilities(pixels)), 1e-4)


@row("8+", "the model is a link, its data lie beside the real file")
def _(w):
    pixels = external(w, w.folder / "real")
    (w.folder / "seen").mkdir()
    os.symlink(w.folder / "real/m.onnx", w.folder / "seen/m.onnx")
    records, _ = w.classify("seen/m.onnx", "a.png", flags=P)
    near(numbers(records[0]), as_rows(probabilities(pixels)), 1e-4)


@row("8+", "a hub's cache, the model in a folder below the snapshot")
def _(w):
    pixels = external(w, w.folder / "flat")
    for folder in ("hub/blobs", "hub/snapshots/abc/onnx"):
        (w.folder / folder).mkdir(parents=True)
    for name, blob in (("m.onnx", "aa1"), ("m.onnx.data", "bb2")):
        os.rename(w.folder / "flat" / name, w.folder / "hub/blobs" / blob)
        os.symlink(f"../../../blobs/{blob}", w.folder / "hub/snapshots/abc/onnx" / name)
    records, _ = w.classify("hub/snapshots/abc/onnx/m.onnx", "a.png", flags=P)
    near(numbers(records[0]), as_rows(probabilities(pixels)), 1e-4)


for location in ("../secret/m.onnx.data", "/etc/passwd", "link/m.onnx.data", "./../m/../secret/m.onnx.data"):
    def outside(location=location):
        @row("8+", f"external data at {location} stay refused")
        def _(w):
            external(w, w.folder / "m", location)
            (w.folder / "secret").mkdir()
            os.rename(w.folder / "m/m.onnx.data", w.folder / "secret/m.onnx.data")
            os.symlink(w.folder / "secret", w.folder / "m/link")
            w.refused("classify", "a.png", "-m", "m/m.onnx", *P, says="outside|folder|absolute")
    outside()


@row("8+", "data that are a link to a folder elsewhere stay refused")
def _(w):
    external(w, w.folder / "m")
    (w.folder / "secret").mkdir()
    os.rename(w.folder / "m/m.onnx.data", w.folder / "secret/data")
    os.symlink(w.folder / "secret/data", w.folder / "m/m.onnx.data")
    w.refused("classify", "a.png", "-m", "m/m.onnx", *P, says="outside|folder")


@row("8+", "external data are missing")
def _(w):
    external(w, w.folder / "m")
    os.remove(w.folder / "m/m.onnx.data")
    w.refused("classify", "a.png", "-m", "m/m.onnx", *P, says="m.onnx.data", statuses=(65, 66))
