"""Writes small ONNX graphs node by node, each operator in the form that its opset asks for."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

ELEMENT = {"float32": TensorProto.FLOAT, "float16": TensorProto.FLOAT16, "float64": TensorProto.DOUBLE,
           "uint8": TensorProto.UINT8, "int64": TensorProto.INT64}


class GraphBuilder:
    """Nodes and constants of one graph. `kind` is the element type of its floating-point values."""

    def __init__(self, opset, kind="float32", prefix="v"):
        self.opset, self.kind, self.prefix = opset, kind, prefix
        self.nodes, self.constants, self.functions, self.count = [], [], [], 0
        self.types = {}  # of values whose type is not `kind`
        # Constants stand as nodes in functions, which have no initializers.
        self.constants_are_nodes = False

    def name(self):
        self.count += 1
        return f"{self.prefix}{self.count}"

    def op(self, operator, *inputs, outputs=1, domain="", **attributes):
        results = [self.name() for _ in range(outputs)]
        self.nodes.append(helper.make_node(operator, list(inputs), results, domain=domain, **attributes))
        return results[0] if outputs == 1 else results

    def constant(self, values, kind=None):
        array = np.asarray(values, dtype=kind or self.kind)
        if self.constants_are_nodes:
            return self.op("Constant", value=numpy_helper.from_array(array))
        name = self.name()
        self.constants.append(numpy_helper.from_array(array, name))
        return name

    def integers(self, values):
        return self.constant(values, "int64")

    def cast(self, x, kind):
        result = self.op("Cast", x, to=ELEMENT[kind])
        self.types[result] = kind
        return result

    def reduce(self, operator, x, axis):
        """A reduction that keeps its axis, which is an input since opset 13 (ReduceSum) or 18 (the others)."""
        if self.opset >= (13 if operator == "ReduceSum" else 18):
            return self.op(operator, x, self.integers([axis]), keepdims=1)
        return self.op(operator, x, axes=[axis], keepdims=1)

    def squeeze(self, x, axes):
        return self.op("Squeeze", x, self.integers(axes)) if self.opset >= 13 else self.op("Squeeze", x, axes=axes)

    def unsqueeze(self, x, axes):
        return (self.op("Unsqueeze", x, self.integers(axes)) if self.opset >= 13
                else self.op("Unsqueeze", x, axes=axes))

    def clip(self, x, low, high):
        if self.opset >= 11:
            return self.op("Clip", x, self.constant(low), self.constant(high))
        return self.op("Clip", x, min=float(low), max=float(high))

    def slice(self, x, start, end, axis):
        if self.opset >= 10:
            return self.op("Slice", x, self.integers([start]), self.integers([end]), self.integers([axis]))
        return self.op("Slice", x, starts=[start], ends=[end], axes=[axis])

    def dropout(self, x, ratio=0.3):
        return (self.op("Dropout", x, self.constant(ratio, "float32")) if self.opset >= 12
                else self.op("Dropout", x, ratio=ratio))

    def quantized(self, x, scale, zero, kind, shape=()):
        """QuantizeLinear → DequantizeLinear with one scale, of shape [] or [1]."""
        scale = self.constant(np.full(shape, scale), "float32")
        zero = self.constant(np.full(shape, zero), kind)
        return self.op("DequantizeLinear", self.op("QuantizeLinear", x, scale, zero), scale, zero)

    def call(self, name, inputs, body, **attributes):
        """Calls a function that the file defines: `body(builder, x…)` makes its one result."""
        inner = GraphBuilder(self.opset, self.kind, "f")
        inner.constants_are_nodes = True
        parameters = [f"a{i}" for i in range(len(inputs))]
        result = body(inner, *parameters)
        imports = [helper.make_opsetid("", self.opset)]
        if inner.functions:
            imports.append(helper.make_opsetid("local", 1))
        self.functions += inner.functions
        self.functions.append(helper.make_function(
            "local", name, parameters, [result], inner.nodes, imports, list(attributes)))
        return self.op(name, *inputs, domain="local", **attributes)

    def attribute_of_function(self, node_attribute, function_attribute, kind=onnx.AttributeProto.INT):
        """Lets an attribute of the last node be the function's attribute of another name."""
        entry = self.nodes[-1].attribute.add()
        entry.name, entry.ref_attr_name, entry.type = node_attribute, function_attribute, kind

    def model(self, inputs, outputs, names=None):
        """The checked file; `inputs` and `outputs` are (name, type, shape), shape None being unsaid."""
        graph = helper.make_graph(
            self.nodes, "classifier",
            [helper.make_tensor_value_info(n, ELEMENT[k], s) for n, k, s in inputs],
            [helper.make_tensor_value_info(n, ELEMENT[k], s) for n, k, s in outputs], self.constants)
        imports = [helper.make_opsetid("", self.opset)]
        if self.functions:
            imports.append(helper.make_opsetid("local", 1))
        model = helper.make_model(graph, opset_imports=imports, functions=self.functions,
                                  producer_name="visionnet-acceptance")
        model.ir_version = 8 if self.opset < 19 else (9 if self.opset < 21 else 10)
        onnx.checker.check_model(model, full_check=False)
        return model
