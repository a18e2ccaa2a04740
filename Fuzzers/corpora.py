"""Makes the corpora that fuzzing starts from: small files of our own, with Pillow, NumPy, h5py, ml_dtypes, onnx, torch and safetensors.

    python corpora.py
"""

import gzip
import io
import json
import shutil
import struct
import zipfile
import zlib
from pathlib import Path

import h5py
import numpy as np
import ml_dtypes
import onnx
import safetensors.numpy
import torch
from onnx import TensorProto, helper, numpy_helper

here = Path(__file__).parent
images = here.parent / "Tests/VisionImageTests/Fixtures/images"
shutil.rmtree(here / "Corpora", ignore_errors=True)


def save(target, name, data):
    folder = here / "Corpora" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


for name in "gray1 gray16i palette4i rgb8 rgba16 grayalpha8i transparent gamma exif-before animated".split():
    save("png", f"{name}.png", (images / f"{name}.png").read_bytes())
for name in ("rgb420 progressive420 cmyk ycck restart gray orientation6 scans arithmetic arithmetic-progressive "
             "several rgb411").split():
    save("jpeg", f"{name}.jpg", (images / f"{name}.jpg").read_bytes())


def tiff(order, entries):
    data = {"<": b"II", ">": b"MM"}[order] + struct.pack(order + "HIH", 42, 8, len(entries))
    return data + b"".join(struct.pack(order + "HHIHH", *entry) for entry in entries) + struct.pack(order + "I", 0)


save("exif", "little", tiff("<", [(0x0112, 3, 1, 6, 0)]))
save("exif", "big", tiff(">", [(0x010F, 2, 4, 65, 0), (0x0112, 3, 1, 8, 0), (0x011A, 5, 1, 0, 99)]))
save("exif", "long", tiff("<", [(0x0112, 4, 1, 3, 0)]))

# --- networks of Keras: HDF5 files, and their layers as JSON ---


def keras(kind, name, config, **settings):
    return {"class_name": kind, "config": {"name": name, **config}, **settings}


def node(*sources):
    return {"inbound_nodes": [[[source, 0, 0, {}] for source in sources]]}


chain = {"class_name": "Sequential", "config": [
    keras("Conv2D", "c", {"batch_input_shape": [None, 4, 4, 1], "kernel_size": [3, 3], "padding": "same"}),
    keras("MaxPooling2D", "p", {"pool_size": 2}), keras("Flatten", "f", {}),
    keras("Dense", "d", {"activation": "softmax"})]}
branches = {"class_name": "Model", "config": {"output_layers": [["s", 0, 0]], "layers": [
    keras("InputLayer", "i", {"batch_input_shape": [None, 4, 4, 1]}, inbound_nodes=[]),
    keras("SeparableConv2D", "c", {"kernel_size": [3, 3], "use_bias": False}, **node("i")),
    keras("BatchNormalization", "b", {"axis": [3]}, **node("c")), keras("Add", "a", {}, **node("c", "b")),
    keras("GlobalAveragePooling2D", "g", {}, **node("a")), keras("Activation", "s", {"activation": "softmax"}, **node("g"))]}}
newer = {"class_name": "Functional", "config": {"output_layers": ["r", 0, 0], "layers": [
    keras("InputLayer", "i", {"batch_shape": [None, 2, 2, 3]}, inbound_nodes=[]),
    keras("ReLU", "r", {"max_value": 6.0}, inbound_nodes=[{"args": [
        {"class_name": "__keras_tensor__", "config": {"keras_history": ["i", 0, 0]}}], "kwargs": {}}])]}}
layers = {
    "c": {"kernel": (3, 3, 1, 2), "bias": (2,)}, "d": {"kernel": (8, 3), "bias": (3,)},
}
others = {"c": {"depthwise_kernel": (3, 3, 1, 1), "pointwise_kernel": (1, 1, 1, 2)},
          "b": {"gamma": (2,), "beta": (2,), "moving_mean": (2,), "moving_variance": (2,)}}
for name, config, shapes, options in [
    ("chain", chain, layers, {}), ("branches", branches, others, {}), ("newer", newer, {}, {"libver": "latest"}),
    ("packed", chain, layers, {}),
]:
    memory = io.BytesIO()
    with h5py.File(memory, "w", **options) as file:
        file.attrs["model_config"] = json.dumps(config) if name != "branches" else np.bytes_(json.dumps(config))
        group = file.create_group("model_weights")
        for layer, weights in shapes.items():
            part = group.create_group(layer)
            part.attrs["weight_names"] = [f"{layer}/{weight}:0".encode() for weight in weights]
            for weight, shape in weights.items():
                packing = {"chunks": tuple(max(1, n // 2) for n in shape), "compression": "gzip", "shuffle": True,
                           "fletcher32": True} if name == "packed" else {}
                numbers = np.linspace(0.5, 1, int(np.prod(shape)), dtype="f4").reshape(shape)
                part.create_dataset(f"{layer}/{weight}:0", data=numbers, **packing)
    save("hdf5", name, memory.getvalue())
    if name != "packed":
        save("keras", name, json.dumps(config).encode())

# --- frozen graphs of TensorFlow: a detector of one cell, and operations on constants ---


def proto(number, content):
    """A field of a protobuf message: a whole number, a float, a text or a message."""
    def varint(value):
        value &= (1 << 64) - 1
        out = b""
        while value > 127:
            out += bytes([value & 127 | 128])
            value >>= 7
        return out + bytes([value])
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    if isinstance(content, float):
        return varint(number << 3 | 5) + struct.pack("<f", content)
    content = content.encode() if isinstance(content, str) else content
    return varint(number << 3 | 2) + varint(len(content)) + content


def frozen_tensor(array):
    kind = {"f4": 1, "i4": 3, "i8": 9}[array.dtype.str[1:]]
    shape = b"".join(proto(2, proto(1, extent)) for extent in array.shape)
    return proto(1, kind) + proto(2, shape) + proto(4, array.tobytes())


def frozen_node(name, operation, *inputs, **attributes):
    def value(content):
        if isinstance(content, np.ndarray):
            return proto(8, frozen_tensor(content))
        if isinstance(content, list):
            return proto(1, b"".join(proto(3, item) for item in content))
        return proto({str: 2, float: 4, int: 6}[type(content)], content)
    message = proto(1, name) + proto(2, operation) + b"".join(proto(3, source) for source in inputs)
    return proto(1, message + b"".join(
        proto(5, proto(1, key) + proto(2, value(content))) for key, content in attributes.items()))


def frozen_constant(name, values, kind="f4"):
    array = np.array(values, kind)
    return frozen_node(name, "Const", value=array, dtype={"f4": 1, "i4": 3, "i8": 9}[kind])


pixels, post = "Preprocessor", "Postprocessor"
cell = [frozen_node("image", "Placeholder", dtype=4), frozen_constant("size", [8, 8], "i4"),
        frozen_node(f"{pixels}/resize", "ResizeBilinear", "image", "size"),
        frozen_constant("factor", 2 / 255), frozen_node(f"{pixels}/mul", "Mul", "factor", f"{pixels}/resize"),
        frozen_constant("one", 1), frozen_node(f"{pixels}/sub", "Sub", f"{pixels}/mul", "one")]
for part, filters in [("boxes", 4), ("classes", 3)]:
    cell += [frozen_constant(f"{part}/weights", np.full((2, 2, 3, filters), 0.1)),
             frozen_node(part, "Conv2D", f"{pixels}/sub", f"{part}/weights", strides=[1, 8, 8, 1], padding="SAME",
                         data_format="NHWC"),
             frozen_constant(f"{part}/bias", np.zeros(filters)),
             frozen_node(f"{part}/sum", "BiasAdd", part, f"{part}/bias", data_format="NHWC"),
             frozen_constant(f"{part}/shape", [1, 1, filters], "i4"),
             frozen_node(f"{part}/rows", "Reshape", f"{part}/sum", f"{part}/shape")]
cell += [frozen_constant("anchors", [[0.1, 0.2, 0.8, 0.9]]), frozen_node(f"{post}/Reshape_1", "Reshape", "boxes/rows"),
         frozen_node(f"{post}/scale_logits", "RealDiv", "classes/rows", f"{post}/scale_logits/y"),
         frozen_constant(f"{post}/scale_logits/y", 1), frozen_node(f"{post}/ExpandDims", "ExpandDims", "anchors"),
         frozen_node(f"{post}/convert_scores", "Sigmoid", f"{post}/scale_logits")]
cell += [frozen_constant(f"{post}/Decode/div{end}/y", number) for end, number in
         [("", 10), ("_1", 10), ("_2", 5), ("_3", 5)]]
save("frozen", "detector", b"".join(cell))
numbers = [frozen_constant("a", np.arange(6).reshape(2, 3)), frozen_constant("axis", 1, "i4"),
           frozen_constant("two", [2, 2], "i4"), frozen_node("shape", "Shape", "a"),
           frozen_node("tiles", "Tile", "a", "two"), frozen_node("both", "ConcatV2", "a", "tiles", "axis"),
           frozen_node("stack", "Pack", "a", "a"), frozen_node("wide", "ExpandDims", "a", "axis"),
           frozen_node("sum", "Add", "a", "a"), frozen_node("exp", "Exp", "sum"),
           frozen_node("cast", "Cast", "a", SrcT=1, DstT=3), frozen_node("fill", "Fill", "two", "factor"),
           frozen_constant("factor", 0.5), frozen_constant("zero", [0, 0], "i4"),
           frozen_node("part", "StridedSlice", "a", "zero", "two", "two")]
save("frozen", "numbers", b"".join(numbers))

# --- networks: one a case, tiny ---


def network(name, nodes, inputs, outputs, constants=(), opsets=(("", 17),), ir_version=8):
    weights = [numpy_helper.from_array(np.asarray(value), key) for key, value in constants]
    graph = helper.make_graph(
        nodes, "g", [helper.make_tensor_value_info(n, t, s) for n, t, s in inputs],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in outputs], weights)
    opset_imports = [helper.make_opsetid(domain, version) for domain, version in opsets]
    model = helper.make_model(graph, opset_imports=opset_imports, ir_version=ir_version)
    save("onnx", f"{name}.onnx", model.SerializeToString())


def single(operator, shape=(1, 2, 4, 4), constants=(), name=None, opset=17, **attributes):
    inputs = ["x"] + [key for key, _ in constants]
    node = helper.make_node(operator, inputs, ["y"], **attributes)
    network(name or operator.lower(), [node], [("x", TensorProto.FLOAT, shape)], ["y"], constants, (("", opset),))


def ints(*values):
    return np.array(values, np.int64)


f32 = np.float32
single("Relu")
single("Conv", constants=[("w", np.ones((3, 2, 3, 3), f32)), ("b", np.ones(3, f32))], pads=[1, 1, 1, 1])
single("Conv", constants=[("w", np.ones((2, 1, 3, 3), f32))], group=2, strides=[2, 2], name="depthwise")
single("ConvTranspose", constants=[("w", np.ones((2, 3, 2, 2), f32))], strides=[2, 2])
single("MaxPool", kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1)
single("AveragePool", kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=1)
single("GlobalAveragePool")
single("Gemm", shape=(2, 3), constants=[("w", np.ones((4, 3), f32)), ("b", np.ones(4, f32))], transB=1)
single("MatMul", shape=(2, 3), constants=[("w", np.ones((3, 4), f32))])
single("BatchNormalization",
       constants=[("scale", np.ones(2, f32)), ("bias", np.ones(2, f32)), ("mean", np.ones(2, f32)), ("var", np.ones(2, f32))])
single("Softmax", axis=1)
single("Reshape", constants=[("shape", ints(0, -1))])
single("Transpose", perm=[0, 2, 3, 1])
single("Pad", constants=[("pads", ints(0, 0, 1, 1, 0, 0, 1, 1))], mode="reflect")
single("Resize", constants=[("roi", np.zeros(0, f32)), ("scales", np.array([1, 1, 2, 2], f32))], mode="linear")
single("Slice", constants=[("starts", ints(0)), ("ends", ints(3)), ("axes", ints(2)), ("steps", ints(2))])
single("Expand", shape=(1, 2), constants=[("shape", ints(3, 2))])
single("Tile", shape=(1, 2), constants=[("repeats", ints(2, 2))])
single("Gather", constants=[("i", ints(0, 1))], axis=1)
single("ReduceMean", axes=[2, 3], keepdims=0)
single("Clip", constants=[("low", f32(0)), ("high", f32(6))])
single("Split", constants=[("s", ints(1, 1))], axis=1)
single("Concat", constants=[("c", np.ones((1, 1, 4, 4), f32))], axis=1)
single("LRN", size=3)
single("DepthToSpace", shape=(1, 4, 2, 2), blocksize=2)
single("TopK", shape=(1, 8), constants=[("k", ints(3))])
single("OneHot", shape=(3,), constants=[("depth", ints(4)), ("v", np.array([0, 1], f32))])
single("CumSum", constants=[("axis", np.array(1, np.int64))])
single("LayerNormalization", constants=[("s", np.ones(4, f32))])
single("ScatterND", shape=(3, 2), constants=[("i", ints([0], [-1])), ("u", np.ones((2, 2), f32))], reduction="add")
single("ScatterElements", shape=(3, 2), constants=[("i", ints([0, 2])), ("u", np.ones((1, 2), f32))], opset=18, reduction="max")
single("GridSample", constants=[("g", np.zeros((1, 2, 3, 2), f32))], mode="bicubic", padding_mode="reflection")
single("AffineGrid", shape=(1, 2, 3), constants=[("s", ints(1, 1, 2, 3))], opset=20, align_corners=1)
single("RoiAlign", constants=[("r", np.array([[0, 0, 2, 3]], f32)), ("n", ints(0))], output_height=2, output_width=2)
single("MaxRoiPool", constants=[("r", np.array([[0, 0, 0, 2, 3]], f32))], pooled_shape=[2, 2])
single("Resize", constants=[("roi", np.zeros(0, f32)), ("scales", np.zeros(0, f32)), ("sizes", ints(3, 2))], name="shrink", opset=18,
       mode="cubic", antialias=1, axes=[2, 3], keep_aspect_ratio_policy="not_larger")
single("MaxUnpool", shape=(1, 1, 2, 2), constants=[("i", ints(5, 7, 13, 15).reshape(1, 1, 2, 2))], kernel_shape=[2, 2], strides=[2, 2])
single("DeformConv", constants=[("w", np.ones((1, 2, 2, 2), f32)), ("o", np.ones((1, 8, 3, 3), f32))], opset=19)
single("Col2Im", shape=(1, 4, 4), constants=[("image", ints(3, 3)), ("block", ints(2, 2))], opset=18)
single("CenterCropPad", constants=[("s", ints(2, 6))], opset=18, axes=[2, 3])
for op, gates in ("RNN", 1), ("GRU", 3), ("LSTM", 4):
    single(op, shape=(3, 2, 2), constants=[("w", np.ones((2, 3 * gates, 2), f32)), ("r", np.ones((2, 3 * gates, 3), f32))], hidden_size=3,
           direction="bidirectional", clip=2.5, activations=["ScaledTanh", "HardSigmoid", "Elu"][:max(gates - 1, 1)] * 2,
           activation_alpha=[1.0, 0.5, 0.2] * 2, activation_beta=[1.0, 0.5, 0.2] * 2)
single("Einsum", shape=(2, 3, 3), constants=[("m", np.ones((3, 2), f32))], equation="...ii, ij -> ...j")
single("ReverseSequence", shape=(3, 2), constants=[("n", ints(3, 1))])
single("TensorScatter", shape=(2, 4, 2), constants=[("u", np.ones((2, 2, 2), f32)), ("i", ints(1, 3))], opset=24, mode="circular")
single("LpNormalization", p=1)
single("Det", shape=(2, 2, 2))
single("RMSNormalization", constants=[("s", np.ones(4, f32))], opset=23)
single("Attention", shape=(1, 3, 4), constants=[(n, np.ones((1, 3, 2), f32)) for n in "kv"] + [("m", np.ones((3, 3), np.bool_))],
       opset=23, q_num_heads=2, kv_num_heads=1, is_causal=1, softcap=2.0)
single("RotaryEmbedding", constants=[(n, np.ones((5, 1), f32)) for n in "cs"] + [("p", ints([0, 4, 1, 2]))], opset=23,
       interleaved=1, rotary_embedding_dim=2)
single("SoftmaxCrossEntropyLoss", shape=(2, 3, 2), constants=[("t", ints([0, 2], [1, -1])), ("w", np.ones(3, f32))], opset=13,
       ignore_index=-1)
single("Dropout", constants=[("r", f32(0.5)), ("t", np.bool_(True))], seed=3)
single("BatchNormalization", constants=[(n, np.ones(2, f32)) for n in "sbmv"], name="batchtraining", opset=15, training_mode=1)
single("EyeLike", shape=(2, 3), k=-1)
single("Bernoulli", seed=2.0, dtype=9)
single("Multinomial", shape=(2, 3), sample_size=4)
single("RandomNormalLike", mean=1.0)
single("DFT", shape=(1, 6, 1), constants=[("n", np.array(4, np.int64)), ("axis", np.array(1, np.int64))], opset=20, onesided=1)
single("STFT", shape=(1, 9, 1), constants=[("step", np.array(2, np.int64)), ("window", np.ones(4, f32))])
network("optimizer", [
    helper.make_node("Adam", ["r", "t", "x", "g", "v", "h"], ["y", "v1", "h1"], domain="ai.onnx.preview.training"),
], [("x", TensorProto.FLOAT, [2])], ["y"], [("r", np.array(0.1, f32)), ("t", np.array(1, np.int64))]
    + [(key, np.ones(2, f32)) for key in "gvh"], (("ai.onnx.preview.training", 1),))
network("pooled", [
    helper.make_node("MaxPool", ["x"], ["p", "i"], kernel_shape=[2, 2], strides=[2, 2], storage_order=1),
    helper.make_node("MaxUnpool", ["p", "i"], ["y"], kernel_shape=[2, 2], strides=[2, 2]),
], [("x", TensorProto.FLOAT, [1, 2, 4, 4])], ["y"])
network("shapes", [
    helper.make_node("Shape", ["x"], ["s"]),
    helper.make_node("Gather", ["s", "i"], ["n"]),
    helper.make_node("Concat", ["n", "m"], ["t"], axis=0),
    helper.make_node("Reshape", ["x", "t"], ["y"]),
], [("x", TensorProto.FLOAT, ["N", 2, 2, 2])], ["y"], [("i", ints(0)), ("m", ints(-1))])
network("constants", [
    helper.make_node("ConstantOfShape", ["s"], ["c"], value=numpy_helper.from_array(np.array([2], f32))),
    helper.make_node("Range", ["a", "b", "d"], ["r"]),
    helper.make_node("Cast", ["r"], ["f"], to=TensorProto.FLOAT),
    helper.make_node("Add", ["x", "c"], ["z"]),
    helper.make_node("Mul", ["z", "f"], ["y"]),
], [("x", TensorProto.FLOAT, [1, 4])], ["y"],
    [("s", ints(1, 4)), ("a", np.array(0, np.int64)), ("b", np.array(4, np.int64)), ("d", np.array(1, np.int64))])
network("residual", [
    helper.make_node("Conv", ["x", "w"], ["a"], kernel_shape=[1, 1]),
    helper.make_node("Sigmoid", ["a"], ["b"]), helper.make_node("Mul", ["a", "b"], ["c"]),
    helper.make_node("Add", ["c", "x"], ["d"]), helper.make_node("Flatten", ["d"], ["y"]),
], [("x", TensorProto.FLOAT, ["N", 2, 3, 3])], ["y"], [("w", np.ones((2, 2, 1, 1), f32))])

one, zero = ("one", f32(0.5)), ("zero", np.uint8(128))
network("qlinearconv", [
    helper.make_node("QuantizeLinear", ["x", "one", "zero"], ["q"]),
    helper.make_node("QLinearConv", ["q", "one", "zero", "w", "steps", "zeros", "one", "zero", "b"], ["c"], pads=[1, 1, 1, 1]),
    helper.make_node("MaxPool", ["c"], ["m"], kernel_shape=[2, 2]),
    helper.make_node("DequantizeLinear", ["m", "one", "zero"], ["y"]),
], [("x", TensorProto.FLOAT, (1, 2, 4, 4))], ["y"], [
    one, zero, ("w", np.ones((3, 2, 3, 3), np.int8)), ("steps", np.ones(3, f32)), ("zeros", np.zeros(3, np.int8)),
    ("b", np.ones(3, np.int32))])
network("qlinear", [
    helper.make_node("QuantizeLinear", ["x", "one", "zero"], ["q"]),
    helper.make_node("QLinearAdd", ["q", "one", "zero", "q", "one", "zero", "one", "zero"], ["a"], domain="com.microsoft"),
    helper.make_node("QLinearConcat", ["one", "zero", "a", "one", "zero", "q", "one", "zero"], ["c"], domain="com.microsoft", axis=1),
    helper.make_node("QLinearGlobalAveragePool", ["c", "one", "zero", "one", "zero"], ["g"], domain="com.microsoft"),
    helper.make_node("Flatten", ["g"], ["f"]),
    helper.make_node("QGemm", ["f", "one", "zero", "w", "one", "z", "b"], ["y"], domain="com.microsoft", transB=1),
], [("x", TensorProto.FLOAT, (1, 2, 4, 4))], ["y"], [
    one, zero, ("w", np.ones((3, 4), np.int8)), ("z", np.int8(0)), ("b", np.ones(3, np.int32))], (("", 17), ("com.microsoft", 1)))
network("microsoft", [
    helper.make_node("FusedConv", ["x", "w", "", "x"], ["c"], domain="com.microsoft", activation="LeakyRelu",
                     activation_params=[0.1], pads=[1, 1, 1, 1]),
    helper.make_node("CropAndResize", ["c", "r", "i", "sides"], ["p"], domain="com.microsoft"),
    helper.make_node("Reshape", ["p", "three"], ["t"]),
    helper.make_node("SkipLayerNormalization", ["t", "t", "s"], ["l"], domain="com.microsoft"),
    helper.make_node("MultiHeadAttention", ["l", "l", "l"], ["m"], domain="com.microsoft", num_heads=2),
    helper.make_node("FusedMatMul", ["m", "l"], ["f"], domain="com.microsoft", transB=1, alpha=0.5),
    helper.make_node("BiasGelu", ["f", "b"], ["g"], domain="com.microsoft"),
    helper.make_node("Inverse", ["g"], ["y"], domain="com.microsoft"),
], [("x", TensorProto.FLOAT, (1, 2, 4, 4))], ["y"], [
    ("w", np.ones((2, 2, 3, 3), f32)), ("r", np.array([[0, 0, 1, 1]], f32)), ("i", np.zeros(1, np.int32)),
    ("sides", np.array([2, 4], np.int32)), ("three", ints(1, 4, 4)), ("s", np.ones(4, f32)), ("b", np.ones(4, f32))],
    (("", 17), ("com.microsoft", 1)))
network("dynamicquantize", [
    helper.make_node("DynamicQuantizeLinear", ["x"], ["q", "s", "z"]),
    helper.make_node("MatMulInteger", ["q", "w", "z"], ["i"]),
    helper.make_node("Cast", ["i"], ["c"], to=TensorProto.FLOAT),
    helper.make_node("Mul", ["c", "s"], ["y"]),
], [("x", TensorProto.FLOAT, (2, 3))], ["y"], [("w", np.ones((3, 2), np.int8))])
network("types", [
    helper.make_node("DequantizeLinear", ["four", "scales"], ["d"], axis=1, block_size=2),
    helper.make_node("DequantizeLinear", ["eight", "powers"], ["e"], axis=1, block_size=2, output_dtype=TensorProto.FLOAT),
    helper.make_node("Cast", ["x"], ["t"], to=TensorProto.FLOAT8E5M2, saturate=0),
    helper.make_node("Cast", ["t"], ["u"], to=TensorProto.FLOAT),
    helper.make_node("Sum", ["d", "e", "u"], ["y"]),
], [("x", TensorProto.FLOAT, (2, 3))], ["y"], [
    ("four", np.array([[1, -2, 3], [4, 5, -6]], ml_dtypes.int4)), ("scales", np.ones((2, 2), f32)),
    ("eight", np.ones((2, 3), ml_dtypes.float8_e4m3fn)), ("powers", np.ones((2, 2), ml_dtypes.float8_e8m0fnu))],
    (("", 24),), 12)

# Shapes that follow from data, and graphs inside of nodes.
flag = ("flag", np.array(True))
network("nonzero", [
    helper.make_node("NonZero", ["x"], ["p"]), helper.make_node("Transpose", ["p"], ["t"]),
    helper.make_node("GatherND", ["x", "t"], ["y"]),
], [("x", TensorProto.FLOAT, [2, 3])], ["y"])
single("Unique", shape=(6,))
network("compress", [
    helper.make_node("Cast", ["x"], ["c"], to=TensorProto.BOOL), helper.make_node("Compress", ["x", "c"], ["y"], axis=0),
], [("x", TensorProto.FLOAT, [4])], ["y"])
network("nonmaxsuppression", [
    helper.make_node("NonMaxSuppression", ["b", "s", "n", "o"], ["k"]), helper.make_node("Cast", ["k"], ["y"], to=1),
], [("b", TensorProto.FLOAT, [1, 3, 4]), ("s", TensorProto.FLOAT, [1, 2, 3])], ["y"],
    [("n", np.array(3, np.int64)), ("o", np.array(0.5, f32))])


def inner(name, nodes, inputs, outputs):
    return helper.make_graph(
        nodes, name, [helper.make_tensor_value_info(n, t, s) for n, t, s in inputs],
        [helper.make_tensor_value_info(n, t, s) for n, t, s in outputs])


float_any, flag_type, number = (TensorProto.FLOAT, None), (TensorProto.BOOL, []), (TensorProto.INT64, [])
double = inner("double", [helper.make_node("Add", ["x", "x"], ["d"])], [], [("d", *float_any)])
negative = inner("negative", [helper.make_node("Neg", ["x"], ["n"])], [], [("n", *float_any)])
network("if", [
    helper.make_node("ReduceSum", ["x"], ["s"], keepdims=0), helper.make_node("Greater", ["s", "z"], ["c"]),
    helper.make_node("If", ["c"], ["y"], then_branch=double, else_branch=negative),
], [("x", TensorProto.FLOAT, [3])], ["y"], [("z", np.array(0, f32))])
body = inner("body", [
    helper.make_node("Identity", ["g"], ["h"]), helper.make_node("Add", ["a", "x"], ["b"]),
    helper.make_node("Identity", ["b"], ["c"]),
], [("i", *number), ("g", *flag_type), ("a", *float_any)], [("h", *flag_type), ("b", *float_any), ("c", *float_any)])
network("loop", [helper.make_node("Loop", ["m", "flag", "x"], ["s", "y"], body=body)],
        [("x", TensorProto.FLOAT, [3])], ["y"], [("m", np.array(4, np.int64)), flag])
step = inner("step", [helper.make_node("Add", ["a", "e"], ["b"]), helper.make_node("Identity", ["b"], ["c"])],
             [("a", *float_any), ("e", *float_any)], [("b", *float_any), ("c", *float_any)])
network("scan", [helper.make_node("Scan", ["x", "w"], ["s", "y"], body=step, num_scan_inputs=1)],
        [("x", TensorProto.FLOAT, [2])], ["y"], [("w", np.ones((3, 2), f32))])
network("sequences", [
    helper.make_node("SplitToSequence", ["x"], ["s"]), helper.make_node("SequenceAt", ["s", "i"], ["e"]),
    helper.make_node("SequenceInsert", ["s", "e"], ["t"]), helper.make_node("Optional", ["t"], ["o"]),
    helper.make_node("OptionalGetElement", ["o"], ["g"]), helper.make_node("ConcatFromSequence", ["g"], ["y"], axis=0),
], [("x", TensorProto.FLOAT, [3, 2])], ["y"], [("i", np.array(1, np.int64))])

# --- tensors ---

tensors = {"a": np.arange(6, dtype=f32).reshape(2, 3), "b": np.array([True, False]), "c": np.zeros((0, 3), np.int64)}
save("safetensors", "three", safetensors.numpy.save(tensors, {"format": "pt"}))
save("safetensors", "empty", safetensors.numpy.save({}))
state = {"w": torch.arange(6.0).reshape(2, 3), "t": torch.arange(6.0).reshape(2, 3).t(), "n": torch.tensor(3),
         "h": torch.ones(2, dtype=torch.float16), "p": torch.nn.Parameter(torch.ones(2))}
for name, legacy in (("zip", False), ("legacy", True)):
    out = io.BytesIO()
    torch.save({"state_dict": state, "epoch": 3}, out, _use_new_zipfile_serialization=not legacy)
    save("checkpoint", name, out.getvalue())
    if not legacy:
        packed = io.BytesIO()
        with zipfile.ZipFile(out) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
            for entry in source.namelist():
                target.writestr(entry, source.read(entry))
        save("checkpoint", "deflated", packed.getvalue())
for name, array in (("c", tensors["a"]), ("fortran", np.asfortranarray(tensors["a"])), ("big", tensors["a"].astype(">i2")),
                    ("bool", tensors["b"]), ("scalar", np.array(2.5))):
    out = io.BytesIO()
    np.save(out, array)
    save("npy", name, out.getvalue())

# --- texts ---


def preprocessing(fit, **more):
    value = {"version": 1, "width": 8, "height": 6, "fit": fit, "filter": "bicubic", "channels": "rgb",
             "scale": [1, 1, 1], "mean": [127, 127, 127], "deviation": [128, 128, 128]}
    value.update(more)
    return value


fits = {"crop": {"mode": "centerCrop", "fraction": 0.875}, "shorter": {"mode": "resizeShorterSide", "side": 9},
        "both": {"mode": "resizeBoth", "width": 9, "height": 8}, "squash": {"mode": "squash"},
        "letterbox": {"mode": "letterbox", "fill": [1, 2, 3]}}
for name, fit in fits.items():
    save("preprocessing", name, json.dumps(preprocessing(fit)).encode())
gray = preprocessing({"mode": "squash"}, channels="gray", scale=[1], mean=[0], deviation=[255], filter="nearest")
save("preprocessing", "gray", json.dumps(gray).encode())
model = {"name": "a-1", "package": "a", "version": "1.0", "file": "a/b.pth", "sha256": "0" * 64,
         "architecture": "efficientnet-lite0", "preprocessing": preprocessing({"mode": "squash"}),
         "labels": ["x", "y"], "license": "MIT", "parameters": 3, "megabytes": 1.5, "top1": 0.5}
save("manifest", "one", json.dumps({"version": 1, "models": [model]}).encode())
save("manifest", "imagenet", json.dumps({"version": 1, "models": [dict(model, labels="imagenet")]}).encode())
for name, text in {"plain": b"weights.bin", "up": b"../secret.bin", "link": b"link", "folder": b"folder/a.jpg",
                   "absolute": b"/tmp/x.png", "odd": b"folder/../\xff\n.jpeg", "dots": b"./weights.bin"}.items():
    save("paths", name, text)

# --- sets of data ---


def idx(shape, data):
    return bytes([0, 0, 8, len(shape)]) + b"".join(struct.pack(">I", n) for n in shape) + bytes(data)


save("idx", "images", idx([2, 3, 4], range(24)))
save("idx", "labels", idx([5], [0, 1, 2, 1, 0]))
save("idx", "none", idx([0, 28, 28], []))
save("idx", "four", idx([1, 2, 1, 2], [9, 8, 7, 6]))
plain = b"a,b,c\n1,2,3\n" * 40
save("gzip", "plain", gzip.compress(plain, mtime=0))
save("gzip", "stored", gzip.compress(plain[:20], 0, mtime=0))
save("gzip", "array", gzip.compress(idx([2, 3, 4], range(24)), mtime=0))
save("gzip", "zeros", gzip.compress(bytes(100_000), mtime=0))
packer = zlib.compressobj(9, zlib.DEFLATED, -15)
packed = packer.compress(b"named") + packer.flush()
save("gzip", "named", b"\x1f\x8b\x08\x1e" + bytes(6) + b"\x03\x00abcname\x00comment\x00\x00\x00" + packed
     + struct.pack("<II", zlib.crc32(b"named"), 5))
for name, text in {
        "plain": "path,label\na.png,cat\nb/c.png,dog\n", "bare": "a.png,x\r\nb.png,y\r\n",
        "quoted": '"a, ""b"".png",cat\n"c\nd.png","dog"\n', "several": "a.png,cat;dog\nb.png,dog | bird\n",
        "ledger": "part,label,sha256,path\ntrain,cat,00ff,cat/a.png\nval,\"d,og\",11ee,dog/b.png\n",
        "titled": "1,2,0\n3,4,1\n", "mark": "\ufeffimage,label\nä.png,ü\n"}.items():
    save("csv", name, text.encode())
digits = [",".join(str((row * 7 + column) % 256) for column in range(784)) + f",{row}\n" for row in range(3)]
save("csv", "digits", "".join(digits).encode())
columns = {
    "headed": "path,label\na.png,red\ntrain/b.png,blue\ntrain/c.png,blue\n",
    "ids": "id;breed;split\n0001;x;train\nb;y;train\nc;y;val\n",
    "windows": "C:\\data\\train\\b.png\tred\r\nC:\\data\\train\\red\\d.png\tblue\r\n",
    "classes": "image,red,blue\na.png,1,0\ntrain/b.png,0,1\ntrain/c.png,0.0,1.0\n",
    "quoted": "sep=;\n\"a.png\" ; \"red, or so\"\n\"train/b.png\";\"x\"\"y\nz\"\n",
    "twice": "a.png|red\n./a.png|red\na.png|blue\nb|cat;dog\n",
}
for name, text in columns.items():
    save("columns", name, text.encode())
save("columns", "wide", "path,label\na.png,r\u00f6t\ntest/e,x\n".encode("utf-16"))

# --- training ---

report = {"epoch": 1, "epochs": 3, "step": 3, "training_loss": 0.7, "validation": {"loss": 0.6, "top1": 0.5},
          "rate": 0.1, "is_best": True, "samples_per_second": 100.5, "seconds": 0.1, "seconds_left": 0.2}


def checkpoint(**position):
    value = {"step": 3, "epoch": 1, "batch": 0, "loss_sum": 0, "rate": 0.1, "seconds": 0.0, "is_stopped": False}
    value.update(position)
    return {"visionnet.checkpoint": json.dumps(
        {"version": 1, "seed": "0", "epochs": 3, "position": value, "logs": {"events": 10, "metrics": 20},
         "conditions": {"seed": "0"}, "stopping": {"waited": 0}, "stage": {"a": "b"}, "has_best": True,
         "history": [report]}, separators=(",", ":"))}


weights = {"hidden.weight": (4, 3), "hidden.bias": (4,), "head.weight": (2, 4), "head.bias": (2,)}
state = {f"{place}{name}": np.full(shape, 0.1, f32)
         for place in ("weights/", "slot0/", "average/", "best/") for name, shape in weights.items()}
save("training", "epoch", safetensors.numpy.save(state, checkpoint()))
save("training", "batch", safetensors.numpy.save(state, checkpoint(step=4, batch=1, loss_sum=0.7)))
save("training", "stopped", safetensors.numpy.save(state, checkpoint(is_stopped=True)))
for name, text in {
        "all": """# a run
data: photos/dogs
model: efficientnet-lite0
fine-tune: last-2
validation: 0.25
seed: 7
image-size: 64x48
augment: light
mixup: 0.2
loss: focal
class-weights: balanced
label-smoothing: 0.1
epochs: 12
batch-size: 32
optimizer: sgd
lr: 1e-3
schedule: cosine
warmup: 1.5
weight-decay: 1e-4
momentum: 0.9
ema: 0.99
clip: 1
patience: 3
threads: 2
cache: false
offline: true
""", "odd": "data: \"a: b # c\\n\\u0001\"\noutput: 'it''s'\nepochs: ~\nstrict: 'true'\n",
        "flow": "{epochs: 3, lr: 0.1}\n", "anchors": "data: &a x\nmodel: *a\n",
        "block": "--- !!map\ndata: |\n  a\n  b\nmodel: >-\n  c\n  d\n...\n", "list": "- a\n- [b, {c: d}]\n"}.items():
    save("yaml", name, text.encode())
for name, text in {
        "classes": "dcat\nddog\nfcat/a.png\nfcat/b.png\nfdog/c.jpg\nfdog/d\n",
        "split": "dtrain\ndtrain/x\ndtrain/y\nftrain/x/1.png\nftrain/y/2.png\ndval\ndval/x\nfval/x/3.png\n"
                 "dtest\ndtest/y\nftest/y/4.png\n",
        "odd": "da b\nfa b/\x1b.png\nd\xff\nfx.png\nd.hidden\nf.hidden/a.png\nbbad.png\nta b/t.txt\npa b/pipe.png\n",
        "links": "da\nfa/1.png\nlb>a\nla/up>.\nla/self.png>self.png\nla/none.png>nothing\nla/a>a\n",
        "deep": "da\nda/b\nda/b/c\nfa/b/c/1.png\nfa/2.png\ndd\nfd/3.png\n"}.items():
    save("folder", name, text.encode("latin-1"))

# --- labels and preprocessings of other programs ---

for name, text in {
        "lines": "cat\ndog, wild\n\"a\"\n", "indexed": "index,label\n1,dog\n0,\"great \"\"white\"\"\"\n",
        "tabs": "0\tn01440764\ttench\n1\tn01443537\tgoldfish\n", "blanks": "0 cat\n1 dog\n", "last": "cat,0\ndog,1\n",
        "list": '["cat", "d\\u00e9"]', "id2label": '{"id2label": {"1": "dog", "0": "cat"}, "label2id": {"cat": 0, "dog": 1}}',
        "label2id": '{"cat": 0, "dog": 1}', "synsets": '{"0": ["n1", "cat"], "1": ["n2", "dog"]}',
        "objects": '[{"id": 1, "name": "dog"}, {"id": 0, "name": "cat"}]',
        "coco": '{"categories": [{"id": 7, "name": "dog"}, {"id": 1, "name": "cat"}]}',
        "timm": '{"label_names": ["n1"], "label_descriptions": {"n1": "cat"}}',
        "python": "{0: 'it\\'s', 1: \"\\x41\\u00e9\", 2: ('n', 'dog')}", "sides": "[640, 480]",
        "block": "nc: 2\nnames:\n  0: 'it''s'\n  1: \"d\\u00e9 # c\" # d\nval: x\n", "dashes": "names:\n- cat\n- dog # x\n",
        "flow": "names: [cat, 'it''s', \"a\\\"b\",\n  x]\n", "map": "names: {0: cat, 1: 'a, b'}\n"}.items():
    save("labels", name, text.encode())
save("labels", "utf16", "cat\ndög\n".encode("utf-16"))
configurations = here.parent / "Tests/VisionModelTests/Fixtures/preprocessors"
for path in configurations.glob("*.json"):
    save("preprocessor", path.stem, json.dumps(json.loads(path.read_text())).encode())
save("preprocessor", "own", json.dumps(preprocessing({"mode": "resizeShorterSide", "side": 9, "rounding": "down"})).encode())
save("preprocessor", "utf16", json.dumps(gray).encode("utf-16"))

# --- annotations of objects, beside two images of 1 × 1 pixel ---

box = "<bndbox><xmin>0</xmin><ymin>0.5</ymin><xmax>1</xmax><ymax>1</ymax></bndbox>"
shape = '{"label": "x", "points": [[0, 0], [1, 1]], "group_id": null, "shape_type": "rectangle", "flags": {"difficult": true}}'
for target, name, text in [
        ("yolo", "rows", "0 0.5 0.5 0.2 0.4\n1 0.1 0.2 0.1 0.2 0.75\n\n1 0.1 0.1 0.3 0.1 0.2 0.5\n"),
        ("yolo", "list", "path: .\ntrain: images\nnc: 2\nnames: [x, y]\n|0 0.5 0.5 1 1\n"),
        ("yolo", "map", "train: [images]\nval:\nkpt_shape: [2, 3]\nnames:\n  0: x\n  7: y\n|7 0.5 0.5 1 1 0 0 1 1 1 2\n"),
        ("coco", "whole", '{"images": [{"id": 7, "file_name": "a.png", "width": 1, "height": 1}], "annotations": [\n'
         '{"id": 1, "image_id": 7, "category_id": 9, "bbox": [0, 0, 1, 0.5], "area": 0.25, "iscrowd": 0, '
         '"segmentation": [[0, 0, 1, 0, 1, 0.5]], "attributes": {"color": "red", "occluded": true}},\n'
         '{"id": 2, "image_id": 7, "category_id": 9, "iscrowd": 1, "segmentation": {"counts": [0, 1], "size": [1, 1]}},\n'
         '{"id": 3, "image_id": 7, "category_id": 9, "bbox": [0, 0, 1, 1], "keypoints": [0, 0, 2], "num_keypoints": 1, "score": 0.5}],'
         '"categories": [{"id": 9, "name": "x", "supercategory": "none"}, {"id": 0, "name": "none"}]}'),
        ("coco", "packed", '{"images": [{"id": "s", "file_name": "b.png"}], "categories": [{"id": 1, "name": "x"}], "annotations": ['
         '{"image_id": "s", "category_id": 1, "segmentation": {"counts": "01", "size": [1, 1]}, "bbox": null}]}'),
        ("voc", "whole", "<?xml version='1.0'?><annotation><filename>a.png</filename><size><width>1</width><height>1</height></size>"
         f"<object><name>x</name><pose>Left</pose><truncated>1</truncated><difficult>0</difficult>{box}"
         f"<part><name>y</name>{box}</part></object></annotation>"),
        ("voc", "first", "<annotation><source><database>The VOC2007 Database</database></source><!-- a -->"
         f"<object><name>x &amp; &#121;</name>{box}</object></annotation>"),
        ("cvat", "whole", "<annotations><version>1.1</version><meta><task><labels><label><name>x</name></label></labels></task></meta>"
         '<image id="0" name="a.png" subset="Train" width="1" height="1"><box label="x" occluded="1" xtl="0" ytl="0" xbr="1" ybr="1" '
         'rotation="30.5"><attribute name="difficult">true</attribute></box><polygon label="y" points="0,0;1,0;0.5,1"/>'
         '<ellipse label="y" cx="0.5" cy="0.5" rx="0.5" ry="0.2" rotation="10"/><mask label="x" rle="1, 2" left="0" top="0" '
         'width="1" height="1"/><points label="x" points="0,0"/></image></annotations>'),
        ("labelme", "whole", '{"version": "5.5.0", "flags": {}, "shapes": [' + shape + ', {"label": "y", "points": '
         '[[0, 0], [1, 0], [0.5, 1]], "group_id": 1, "shape_type": "polygon", "description": "d"}, {"label": "y", "points": '
         '[[0, 0], [0.5, 0], [0.5, 1]], "group_id": 1, "shape_type": "polygon", "attributes": {"a": "b"}}, {"label": "y", '
         '"points": [[0.5, 0.5], [0.5, 1]], "shape_type": "circle"}], "imagePath": "a.png", "imageData": null, "imageHeight": 1, '
         '"imageWidth": 1}'),
        ("createml", "whole", '[{"image": "images/a.png", "annotations": [{"label": "x", "coordinates": {"x": 0.5, "y": 0.5, '
         '"width": 1, "height": 0.5}}]}, {"imagefilename": "b.png", "annotation": []}]'),
        ("boxes", "whole", "image,label,x,y,width,height,crowd,difficult,confidence,split,polygons\n"
         'images/a.png,"x, y",0,0,1,0.5,1,0,0.5,train,"0 0 1 0 1 0.5"\nimages/b.png,,,,,,,,,val,\n'),
        ("boxes", "corners", "filename;width;height;class;xmin;ymin;xmax;ymax\na.png;1;1;x;0;0;1;1\n"),
        ("xml", "all", "<?xml version='1.0' encoding='utf-8'?><!-- c --><a b=\"&lt;1\" c='2'>t&#x41;<d/><![CDATA[<e>]]></a>")]:
    save(target, name, text.encode())
save("xml", "utf16", "\ufeff<a b='c'>d</a>".encode("utf-16-be"))
