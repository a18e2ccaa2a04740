"""The ways in which a classifier's last numbers become its output, and what they mean to someone who reads the graph.

A form takes the logits and returns what the file gives out: one value, or several (name, value, shape) with the name of
the one that is the answer. Its meaning is one of

  probabilities   one number a class, as they are          positive         the probability of the second of two classes
  logits          softmax makes them probabilities         positive-logit   sigmoid makes it one
  log             exp makes them probabilities             percent          hundredths of them
  ranked          the largest ones, whose classes another output names
  unclear         nobody can tell: whatever is answered without a word is wrong
  nothing         no number a class: whatever is answered is wrong

`known` says that a reader of the file can tell; `asks` that nobody can, so that a right answer without a word would be
a guess. `remedy` are the options that decide.
"""

from dataclasses import dataclass, field
from typing import Callable

ALL_SHAPES = ("NK", "1K", "K", "N1K", "NK11", "N11K")
FLOATS = ("float32", "float16", "keep16", "float64", "uint8")


@dataclass
class Form:
    name: str
    meaning: str
    build: Callable
    opsets: tuple = (13, 21)
    kinds: tuple = FLOATS
    shapes: tuple = ALL_SHAPES
    tolerance: float = 1e-4
    known: bool = True
    asks: bool = False
    remedy: tuple = ()
    output_name: str = None     # of the one output
    opens: tuple = None         # which extents are open, where not any
    answer: str = None          # which of several outputs
    head: int = None            # logits, where the form wants a certain number
    classes: Callable = field(default=lambda k: k)  # numbers in the answer, for K logits
    copies: int = 3


FORMS = []
REMEDIES = {"probabilities": "none", "logits": "softmax", "log": "softmax", "positive": "none",
            "positive-logit": "sigmoid"}


def form(name, meaning="probabilities", **options):
    def add(build):
        remedy = options.pop("remedy", None)
        if remedy is None:
            remedy = ("--activation", REMEDIES[meaning]) if meaning in REMEDIES else ()
        FORMS.append(Form(name, meaning, build, remedy=tuple(remedy), **options))
        return build
    return add


# --- softmax ---


def softmax(c, x):
    # The default axis is 1 before opset 13 and the last one since.
    return c.g.op("Softmax", x, axis=c.axis if c.turn % 2 else c.axis - c.rank)


@form("softmax")
def _(c, x): return softmax(c, x)


@form("softmax, batches of two", opens=("two",), shapes=("NK",), known=False, remedy=(), copies=2)
def _(c, x): return softmax(c, x)


@form("softmax, default axis, opset < 13", opsets=(7, 12), shapes=("NK", "1K", "NK11"), copies=4)
def _(c, x): return c.g.op("Softmax", x)


@form("softmax, default axis", shapes=("NK", "1K", "K", "N1K", "N11K"))
def _(c, x): return c.g.op("Softmax", x)


@form("softmax → Cast", kinds=("float16", "keep16", "float64", "uint8"), copies=4)
def _(c, x): return c.g.cast(softmax(c, x), "float64" if c.g.kind == "float32" else "float32")


@form("Cast → softmax → Cast", kinds=("float32", "uint8"))
def _(c, x): return c.g.cast(softmax(c, c.g.cast(x, "float64")), "float32")


@form("Cast → softmax in float16 → Cast", kinds=("float32", "uint8"), tolerance=1e-2)
def _(c, x): return c.g.cast(softmax(c, c.g.cast(x, "float16")), "float32")


@form("softmax → Identity")
def _(c, x): return c.g.op("Identity", c.g.op("Identity", softmax(c, x)))


@form("softmax → Dropout", opsets=(7, 21))
def _(c, x): return c.g.dropout(softmax(c, x))


@form("softmax → Clip(0, 1)", opsets=(7, 21), kinds=("float32", "uint8", "keep16"))
def _(c, x): return c.g.clip(softmax(c, x), 0, 1)


@form("softmax → Clip(1e-7, 1 − 1e-7)", kinds=("float32", "uint8"))
def _(c, x): return c.g.clip(softmax(c, x), 1e-7, 1 - 1e-7)


@form("softmax → Reshape", shapes=("NK", "1K", "NK11"))
def _(c, x): return c.g.op("Reshape", softmax(c, x), c.g.integers([-1, c.k] if c.tag != "NK11" else [-1, c.k, 1, 1]))


@form("softmax over channels → Flatten", shapes=("NK", "1K"))
def _(c, x): return c.g.op("Flatten", c.g.op("Softmax", c.g.unsqueeze(x, [2, 3]), axis=1), axis=1)


@form("softmax over channels → Squeeze", shapes=("NK", "1K"))
def _(c, x): return c.g.squeeze(c.g.op("Softmax", c.g.unsqueeze(x, [2, 3]), axis=1), [2, 3])


@form("softmax → Unsqueeze", shapes=("N1K", "NK11", "N11K"))
def _(c, x): return c.late(c.g.op("Softmax", c.early(x), axis=1))


@form("softmax → Transpose", shapes=("NK11", "N11K"))
def _(c, x):
    turned = c.g.op("Transpose", x, perm=[0, 2, 3, 1] if c.tag == "NK11" else [0, 3, 1, 2])
    p = c.g.op("Softmax", turned, axis=3 if c.tag == "NK11" else 1)
    return c.g.op("Transpose", p, perm=[0, 3, 1, 2] if c.tag == "NK11" else [0, 2, 3, 1])


@form("softmax → Mul by one")
def _(c, x): return c.g.op("Mul", c.g.constant(1.0 if c.turn % 2 else [1.0]), softmax(c, x))


@form("softmax → Div by one")
def _(c, x): return c.g.op("Div", softmax(c, x), c.g.constant(1.0))


@form("softmax → Add zero → Sub zero")
def _(c, x): return c.g.op("Sub", c.g.op("Add", softmax(c, x), c.g.constant(0.0)), c.g.constant([0.0]))


@form("softmax → QuantizeLinear → DequantizeLinear", kinds=("float32", "uint8"), tolerance=4e-3, copies=4)
def _(c, x):
    signed = c.turn % 2
    return c.g.quantized(softmax(c, x), 1 / 256, -128 if signed else 0, "int8" if signed else "uint8",
                         (1,) if c.turn % 4 > 1 else ())


@form("quantized logits → softmax → QuantizeLinear → DequantizeLinear → Cast", kinds=("float32",), tolerance=2e-2)
def _(c, x):
    p = softmax(c, c.g.quantized(x, 1 / 16, 128, "uint8"))
    return c.g.cast(c.g.quantized(p, 1 / 255, 0, "uint8"), "float64")


@form("softmax, decomposed with the maximum", copies=4)
def _(c, x):
    e = c.g.op("Exp", c.g.op("Sub", x, c.g.reduce("ReduceMax", x, c.axis)))
    return c.g.op("Div", e, c.g.reduce("ReduceSum", e, c.axis))


@form("softmax, decomposed without the maximum", copies=4)
def _(c, x):
    e = c.g.op("Exp", x)
    return c.g.op("Div", e, c.g.reduce("ReduceSum", e, c.axis - c.rank))


@form("softmax, decomposed, by Reciprocal → Cast", kinds=("float16", "keep16", "float64"))
def _(c, x):
    e = c.g.op("Exp", x)
    p = c.g.op("Mul", e, c.g.op("Reciprocal", c.g.reduce("ReduceSum", e, c.axis)))
    return c.g.cast(p, "float32")


@form("Exp(x − ReduceLogSumExp)")
def _(c, x): return c.g.op("Exp", c.g.op("Sub", x, c.g.reduce("ReduceLogSumExp", x, c.axis)))


@form("LogSoftmax → Exp")
def _(c, x): return c.g.op("Exp", c.g.op("LogSoftmax", x, axis=c.axis))


@form("LogSoftmax", "log")
def _(c, x): return c.g.op("LogSoftmax", x, axis=c.axis)


@form("softmax → Log", "log")
def _(c, x): return c.g.op("Log", softmax(c, x))


@form("softmax with a temperature")
def _(c, x): return softmax(c, c.g.op("Div", x, c.g.constant(1.7)))


@form("softmax in a function of the file", kinds=("float32", "uint8"), opsets=(15, 21))
def _(c, x):
    def body(inner, a):
        p = inner.op("Softmax", a, axis=0)
        node = inner.nodes[-1]
        del node.attribute[:]
        inner.attribute_of_function("axis", "dim")
        return p
    return c.g.call("MySoftmax", [x], body, dim=c.axis)


@form("decomposed softmax in a function of the file", kinds=("float32", "uint8"), opsets=(15, 21))
def _(c, x):
    def body(inner, a):
        e = inner.op("Exp", inner.op("Sub", a, inner.reduce("ReduceMax", a, c.axis)))
        return inner.op("Div", e, inner.reduce("ReduceSum", e, c.axis))
    return c.g.call("softmax_1", [x], body)


@form("softmax → Dropout in a function that calls a function", kinds=("float32",), opsets=(15, 21))
def _(c, x):
    def inside(inner, a): return inner.op("Softmax", a, axis=c.axis)
    return c.g.call("Head", [x], lambda inner, a: inner.dropout(inner.call("Answer", [a], inside)))


@form("softmax → Gather in another order", shapes=("NK", "1K", "NK11", "N1K"))
def _(c, x):
    p = softmax(c, x)
    return c.g.op("Gather", p, c.g.integers(list(reversed(range(c.k)))), axis=c.axis)


@form("softmax → Slice, without the background", shapes=("NK", "1K", "N1K"), classes=lambda k: k - 1)
def _(c, x): return c.g.slice(softmax(c, x), 1, c.k, c.axis)


@form("softmax → Split → Concat", shapes=("NK", "1K"), opsets=(13, 17))
def _(c, x):
    parts = c.g.op("Split", softmax(c, x), c.g.integers([1, c.k - 1]), outputs=2, axis=1)
    return c.g.op("Concat", parts[1], parts[0], axis=1)


@form("mean of two softmaxes")
def _(c, x):
    other = c.g.op("Softmax", c.g.op("Mul", x, c.g.constant(0.3)), axis=c.axis)
    return c.g.op("Mul", c.g.op("Add", softmax(c, x), other), c.g.constant(0.5))


@form("softmax → Relu")
def _(c, x): return c.g.op("Relu", softmax(c, x))


@form("softmax over channels → GlobalAveragePool", kinds=("float32", "uint8"), shapes=("NK11",))
def _(c, x): return c.g.op("GlobalAveragePool", softmax(c, x))


@form("softmax → Pow, normalized again")
def _(c, x):
    e = c.g.op("Mul", *[softmax(c, x)] * 2)
    return c.g.op("Div", e, c.g.reduce("ReduceSum", e, c.axis))


@form("Softplus, normalized to a sum of one", kinds=("float32", "uint8"))
def _(c, x):
    e = c.g.op("Softplus", x)
    return c.g.op("Div", e, c.g.reduce("ReduceSum", e, c.axis))


@form("softmax, named logits", output_name="logits")
def _(c, x): return softmax(c, x)


@form("softmax in hundredths", "percent", known=False, shapes=("NK", "N1K"), copies=2)
def _(c, x): return c.g.op("Mul", softmax(c, x), c.g.constant(100.0))
