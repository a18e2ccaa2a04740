"""QDQ models of any network with one image input, as quant.py of the peers makes them of classifiers: quantize.py FOLDER NAME…
writes FOLDER/int8/NAME_b1.onnx of FOLDER/NAME.onnx, weights per channel, calibrated on FOLDER/NAME_io.npz's input and noise."""
import os, sys
import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process


class Inputs(CalibrationDataReader):
    def __init__(self, name, x):
        draw = np.random.default_rng(1)
        self.left = iter([{name: x}, {name: draw.standard_normal(x.shape).astype(np.float32) * x.std() + x.mean()}])

    def get_next(self):
        return next(self.left, None)


folder = sys.argv[1]
os.makedirs(f"{folder}/int8", exist_ok=True)
for name in sys.argv[2:]:
    prepared = f"{folder}/int8/{name}.onnx"
    quant_pre_process(f"{folder}/{name}.onnx", prepared, skip_symbolic_shape=True)
    model = onnx.load(prepared)
    x = np.load(f"{folder}/{name}_io.npz")["x"].astype(np.float32)
    quantize_static(prepared, f"{folder}/int8/{name}_b1.onnx", Inputs(model.graph.input[0].name, x),
                    quant_format=QuantFormat.QDQ, per_channel=True, activation_type=QuantType.QUInt8,
                    weight_type=QuantType.QInt8)
    os.remove(prepared)
    print(name, flush=True)
