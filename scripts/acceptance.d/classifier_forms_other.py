"""Forms without softmax at the end: several labels, one output, none, and several outputs."""

from classifier_forms import form, softmax


# --- several labels a picture ---


@form("sigmoid", copies=4)
def _(c, x): return c.g.op("Sigmoid", x)


@form("sigmoid → Cast", kinds=("float16", "keep16", "float64"))
def _(c, x): return c.g.cast(c.g.op("Sigmoid", x), "float32")


@form("sigmoid, decomposed", copies=4)
def _(c, x):
    one = c.g.constant(1.0)
    return c.g.op("Div", one, c.g.op("Add", one, c.g.op("Exp", c.g.op("Neg", x))))


@form("sigmoid, decomposed by Reciprocal", kinds=("float32", "uint8"))
def _(c, x):
    return c.g.op("Reciprocal", c.g.op("Add", c.g.op("Exp", c.g.op("Neg", x)), c.g.constant([1.0])))


@form("sigmoid by Tanh", kinds=("float32", "uint8"))
def _(c, x):
    half = c.g.constant(0.5)
    return c.g.op("Add", c.g.op("Mul", c.g.op("Tanh", c.g.op("Mul", x, half)), half), half)


@form("HardSigmoid", kinds=("float32", "uint8"))
def _(c, x): return c.g.op("HardSigmoid", x, alpha=1 / 6, beta=0.5)


@form("sigmoid → QuantizeLinear → DequantizeLinear", kinds=("float32", "uint8"), tolerance=4e-3)
def _(c, x): return c.g.quantized(c.g.op("Sigmoid", x), 1 / 256, 0, "uint8", (1,) if c.turn % 2 else ())


@form("sigmoid → Dropout → Identity → Clip", kinds=("float32", "uint8"))
def _(c, x): return c.g.clip(c.g.op("Identity", c.g.dropout(c.g.op("Sigmoid", x))), 0, 1)


@form("sigmoid in a function of the file", kinds=("float32", "uint8"), opsets=(15, 21))
def _(c, x): return c.g.call("Act", [x], lambda inner, a: inner.op("Sigmoid", a))


@form("sigmoid, normalised to a sum of one")
def _(c, x):
    s = c.g.op("Sigmoid", x)
    return c.g.op("Div", s, c.g.reduce("ReduceSum", s, c.axis))


# --- one output ---


@form("one sigmoid", "positive", head=1, copies=5)
def _(c, x): return c.g.op("Sigmoid", x)


@form("one sigmoid → Cast", "positive", head=1, kinds=("float16", "keep16", "float64"))
def _(c, x): return c.g.cast(c.g.op("Sigmoid", x), "float32")


@form("one sigmoid, decomposed", "positive", head=1, kinds=("float32", "float64", "uint8"))
def _(c, x):
    one = c.g.constant([1.0])
    return c.g.op("Div", one, c.g.op("Add", one, c.g.op("Exp", c.g.op("Neg", x))))


@form("one sigmoid → QuantizeLinear → DequantizeLinear", "positive", head=1,
      kinds=("float32", "uint8"), tolerance=4e-3)
def _(c, x): return c.g.quantized(c.g.op("Sigmoid", x), 1 / 256, 0, "uint8")


@form("one logit", "positive-logit", head=1, known=False, asks=True, copies=5)
def _(c, x): return x


@form("one minus a sigmoid beside the sigmoid", head=1, classes=lambda k: 2)
def _(c, x):
    s = c.g.op("Sigmoid", x)
    return c.g.op("Concat", c.g.op("Sub", c.g.constant(1.0), s), s, axis=c.axis)


# --- no activation ---


@form("logits", "logits", copies=8)
def _(c, x): return x


@form("logits → Identity → Dropout", "logits")
def _(c, x): return c.g.dropout(c.g.op("Identity", x))


@form("logits → Cast", "logits", kinds=("float16", "keep16", "float64"))
def _(c, x): return c.g.cast(x, "float32")


@form("logits → Clip(−10, 10)", "logits", kinds=("float32", "uint8"))
def _(c, x): return c.g.clip(x, -10, 10)


@form("quantized logits", "logits", kinds=("float32", "uint8"), tolerance=2e-2)
def _(c, x): return c.g.quantized(x, 1 / 16, 0, "int8")


@form("logits, named probabilities", "logits", output_name="probabilities", known=False)
def _(c, x): return x


@form("logits, named scores", "logits", output_name="scores")
def _(c, x): return x


@form("softmax in the middle", "logits", shapes=("NK", "1K"), kinds=("float32", "uint8"))
def _(c, x):
    weights = [[6.0 * ((i * 5 + j * 3) % 4 - 1.5) for j in range(c.k)] for i in range(c.k)]
    return c.g.op("MatMul", softmax(c, x), c.g.constant(weights))


@form("sigmoid in the middle", "logits", shapes=("NK", "1K"), kinds=("float32", "uint8"))
def _(c, x):
    weights = [[4.0 * ((i * 5 + j * 3) % 4 - 1.5) for j in range(c.k)] for i in range(c.k)]
    return c.g.op("MatMul", c.g.op("Sigmoid", x), c.g.constant(weights))


# --- several outputs: (name, value, shape tag or extents), the answer by its name ---


def named(answer): return ("--output-name", answer)


@form("logits, then probabilities", answer="output_1", remedy=named("output_1"), shapes=("NK", "1K"))
def _(c, x): return [("output_0", x), ("output_1", softmax(c, x))]


@form("probabilities, then logits", answer="p", remedy=named("p"), shapes=("NK", "1K"))
def _(c, x): return [("p", softmax(c, x)), ("raw", x)]


@form("logits and probabilities by these names", answer="probabilities", remedy=named("probabilities"))
def _(c, x): return [("logits", x), ("probabilities", softmax(c, x))]


@form("features, then logits", "logits", answer="logits", remedy=named("logits"), shapes=("NK", "1K"))
def _(c, x): return [("features", c.features, 16), ("logits", x)]


@form("logits, then features", "logits", answer="output", remedy=named("output"), shapes=("NK", "1K"),
      known=False)
def _(c, x): return [("output", x), ("embedding", c.features, 16)]


@form("features, then probabilities → Cast", answer="y2", remedy=named("y2"), shapes=("NK", "1K"),
      kinds=("float16", "keep16"))
def _(c, x): return [("y1", c.features, 16), ("y2", c.g.cast(softmax(c, x), "float32"))]


@form("logits beside those of an auxiliary head", "logits", answer="out", known=False, asks=True,
      remedy=("--output-name", "out", "--activation", "softmax"), shapes=("NK", "1K"), copies=4)
def _(c, x): return [("out", x), ("out2", c.g.op("Mul", x, c.g.constant(-0.8)))][::1 if c.turn % 2 else -1]


@form("class number beside probabilities", answer="probabilities", remedy=named("probabilities"),
      shapes=("NK", "1K"))
def _(c, x):
    p = softmax(c, x)
    return [("label", c.g.op("ArgMax", p, axis=1, keepdims=0), "N"), ("probabilities", p)]


@form("the largest three and their classes", "ranked", answer="values", known=False, remedy=(), shapes=("NK", "1K"),
      classes=lambda k: 3, opsets=(11, 21), copies=2)
def _(c, x):
    values, indices = c.g.op("TopK", softmax(c, x), c.g.integers([3]), axis=1, outputs=2)
    return [("values", values, 3), ("indices", indices, 3)]
