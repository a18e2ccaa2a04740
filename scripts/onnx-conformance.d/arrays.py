"""Arrays of ONNX's tests as `visionnet run` takes and gives them, and how they are compared."""

import ml_dtypes
import numpy as np
import onnx
from onnx import numpy_helper

FOUR_BITS = {ml_dtypes.int4, ml_dtypes.uint4, ml_dtypes.float4_e2m1fn}
# As ONNX's own runner (onnx/backend/test/loader), which leaves no room for what sums of larger numbers leave of 0: a millionth of
# the largest number.
RELATIVE, ABSOLUTE, OF_LARGEST = 1e-3, 1e-7, 1e-6
# Two units in the last place, which is more than the runner allows: it compares float32 of the reference in 16 bits.
RELATIVE_16 = {"float16": 2.0**-9, "bfloat16": 2.0**-6}


def from_file(path):
    """The array of a TensorProto; None for strings, sequences and optional values."""
    tensor = onnx.TensorProto()
    with open(path, "rb") as file:
        data = file.read()
    try:
        tensor.ParseFromString(data)
        array = numpy_helper.to_array(tensor)
    except Exception:  # noqa: BLE001 - whatever the parser throws, it is no tensor
        return None
    return None if array.dtype.kind in "OSU" or array.dtype.name.startswith("complex") else array


def value(path, kind):
    """What a file of a test holds, by the type that the model declares: an array, a list of arrays, or None for an optional
    value that is absent. Raises ValueError for what `visionnet run` cannot be given, such as strings."""
    with open(path, "rb") as file:
        data = file.read()
    what = kind.WhichOneof("value")
    proto = {"sequence_type": onnx.SequenceProto, "optional_type": onnx.OptionalProto}.get(what, onnx.TensorProto)()
    proto.ParseFromString(data)
    read = {"sequence_type": numpy_helper.to_list, "optional_type": numpy_helper.to_optional}
    result = read.get(what, numpy_helper.to_array)(proto)
    for array in result if isinstance(result, list) else [] if result is None else [result]:
        if not isinstance(array, np.ndarray) or array.dtype.kind in "OSU" or array.dtype.name.startswith("complex"):
            raise ValueError(f"{path} holds no array of numbers")
    return result


def is_foreign(dtype):
    """Whether NumPy lacks the type."""
    return dtype.type.__module__.startswith("ml_dtypes")


def to_file(array):
    """The form in which an array travels: bits as unsigned integers for types that NumPy lacks."""
    if not is_foreign(array.dtype):
        return array
    codes = array.view(np.uint16 if array.dtype.itemsize == 2 else np.uint8)
    return codes & 15 if array.dtype.type in FOUR_BITS else codes


def differs(result, expected, random, inputs):
    """How a result differs from what a test expects, or None.

    random: a function of result, expected and inputs for operators whose numbers are drawn."""
    if is_foreign(expected.dtype):
        codes = to_file(expected)
        if result.dtype != codes.dtype:
            return f"{result.dtype} instead of the bits of {expected.dtype} as {codes.dtype}"
        result = result.view(expected.dtype)
    if result.dtype != expected.dtype:
        return f"{result.dtype} instead of {expected.dtype}"
    if result.shape != expected.shape:
        return f"shape {result.shape} instead of {expected.shape}"
    if random:
        return random(result, expected, inputs)
    if expected.dtype.kind == "b":
        return None if (result == expected).all() else "other truths"
    x, y = result.astype("f8"), expected.astype("f8")
    if expected.dtype.kind in "iu":
        return None if (result == expected).all() else f"{np.abs(x - y).max():.3g} away"
    if is_foreign(expected.dtype) and expected.dtype.itemsize == 1:
        return None if np.array_equal(x, y, equal_nan=True) else f"{x.ravel()[:8]} instead of {y.ravel()[:8]}"
    relative = RELATIVE_16.get(expected.dtype.name, RELATIVE)
    largest = np.abs(y[np.isfinite(y)]).max(initial=0)
    if np.allclose(x, y, rtol=relative, atol=max(ABSOLUTE, OF_LARGEST * largest), equal_nan=True):
        return None
    if (np.isfinite(x) != np.isfinite(y)).any():
        return "numbers where there are none, or the other way round"
    return f"{np.nanmax(np.abs(x - y)):.3g} away"
