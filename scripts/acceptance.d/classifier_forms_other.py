"""Forms without softmax at the end: several labels, one output, none, and several outputs."""

from classifier_forms import form, softmax


# --- several labels an image ---


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


@form("sigmoid, normalized to a sum of one")
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


# --- forms of other frameworks and by hand ---


@form("softmin of the negated logits")
def _(c, x): return softmax(c, c.g.op("Neg", c.g.op("Neg", x)))


@form("softmax, decomposed, with an epsilon in the sum")
def _(c, x):
    e = c.g.op("Exp", c.g.op("Sub", x, c.g.reduce("ReduceMax", x, c.axis)))
    return c.g.op("Div", e, c.g.op("Add", c.g.reduce("ReduceSum", e, c.axis), c.g.constant(1e-7)))


@form("softmax, decomposed, the sum in float32", kinds=("float16", "keep16"))
def _(c, x):
    e = c.g.op("Exp", c.g.op("Sub", x, c.g.reduce("ReduceMax", x, c.axis)))
    wide = c.g.cast(e, "float32")
    p = c.g.op("Div", wide, c.g.reduce("ReduceSum", wide, c.axis))
    c.g.types[p] = "float32"
    return p


@form("softmax by powers of two", kinds=("float32", "uint8"))
def _(c, x):
    e = c.g.op("Pow", c.g.constant(2.0), c.g.op("Mul", x, c.g.constant(1.4426950408889634)))
    return c.g.op("Div", e, c.g.reduce("ReduceSum", e, c.axis))


@form("softmax → Mul by a constant one for each class", shapes=("NK", "1K", "K", "N1K", "N11K"))
def _(c, x): return c.g.op("Mul", softmax(c, x), c.g.constant([1.0] * c.k))


@form("softmax → ReduceMean over places of one", shapes=("NK11",), kinds=("float32", "uint8", "float16"))
def _(c, x): return c.g.reduce("ReduceMean", c.g.reduce("ReduceMean", softmax(c, x), 2), 3)


@form("softmax → Max, Min, Sum, Mean of one", kinds=("float32", "uint8"))
def _(c, x): return c.g.op(("Max", "Min", "Sum", "Mean")[c.turn % 4], softmax(c, x))


@form("softmax → Expand to its own shape", shapes=("1K", "K"))
def _(c, x): return c.g.op("Expand", softmax(c, x), c.g.integers([1, c.k] if c.tag == "1K" else [c.k]))


@form("softmax → Clip from below only", opsets=(11, 21), kinds=("float32", "uint8"))
def _(c, x): return c.g.op("Clip", softmax(c, x), c.g.constant(0.0))


@form("sigmoid by Exp over one plus Exp", kinds=("float32", "uint8"))
def _(c, x):
    e = c.g.op("Exp", x)
    return c.g.op("Div", e, c.g.op("Add", c.g.constant(1.0), e))


@form("one minus the sigmoid of less", kinds=("float32", "uint8"))
def _(c, x): return c.g.op("Sub", c.g.constant(1.0), c.g.op("Sigmoid", c.g.op("Neg", x)))


@form("softmax of a pair for each label, the second kept", shapes=("NK", "1K"), kinds=("float32", "uint8"))
def _(c, x):
    pair = c.g.op("Concat", c.g.unsqueeze(c.g.op("Neg", x), [2]), c.g.unsqueeze(x, [2]), axis=2)
    return c.g.squeeze(c.g.slice(c.g.op("Softmax", pair, axis=2), 1, 2, 2), [2])


@form("softmax of two, the second kept", "positive", head=1, shapes=("NK", "1K"), kinds=("float32", "uint8"))
def _(c, x):
    pair = c.g.op("Concat", c.g.op("Neg", x), x, axis=1)
    return c.g.slice(c.g.op("Softmax", pair, axis=1), 1, 2, 1)


@form("one sigmoid → Squeeze, a number a photo", "positive", head=1, answer="p", shapes=("NK",))
def _(c, x): return [("p", c.g.squeeze(c.g.op("Sigmoid", x), [1]), "N")]


@form("logits → Relu, as SqueezeNet", "logits", kinds=("float32", "uint8"))
def _(c, x): return c.g.op("Relu", c.g.op("Add", x, c.g.constant(2.0)))


@form("the class number alone", "nothing", answer="label", known=False, remedy=(), shapes=("NK",), copies=2)
def _(c, x): return [("label", c.g.op("ArgMax", x, axis=1, keepdims=0), "N")]


@form("logits of places, N×K×2×2", "nothing", answer="map", known=False, remedy=(), shapes=("NK11",), copies=2)
def _(c, x):
    row = c.g.op("Concat", x, c.g.op("Neg", x), axis=3)
    return [("map", c.g.op("Concat", row, row, axis=2), "map")]


@form("logits of parts, N×3×K", "nothing", answer="parts", known=False, remedy=(), shapes=("N1K",), copies=2)
def _(c, x): return [("parts", c.g.op("Concat", x, c.g.op("Neg", x), x, axis=1), "parts")]


@form("softmax of the first of four equal parts, of which two are not used", shapes=("NK", "1K"))
def _(c, x):
    other = c.g.op("Neg", x)
    whole = c.g.op("Concat", x, other, other, x, axis=1)
    parts = c.g.op("Split", whole, outputs=4, axis=1, **({"num_outputs": 4} if c.g.opset >= 18 else {}))
    return softmax(c, c.g.op("Sub", parts[0], parts[1]))


@form("softmax of the first of two given parts, the other not used", shapes=("NK", "1K"))
def _(c, x):
    whole = c.g.op("Concat", x, c.g.op("Neg", x), axis=1)
    return softmax(c, c.g.op("Split", whole, c.g.integers([c.k, c.k]), outputs=2, axis=1)[0])
