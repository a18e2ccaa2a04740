"""Forms that look like softmax or sigmoid and are not, or are it in another place: nobody may take them for it."""

from classifier_forms import form, softmax


def unclear(name, **options):
    options.setdefault("kinds", ("float32", "uint8"))
    return form(name, "unclear", known=False, asks=True, remedy=(), **options)


@unclear("softmax over an axis of one", shapes=("N1K", "NK11", "N11K"))
def _(c, x): return c.g.op("Softmax", x, axis={"N1K": 1, "NK11": 2, "N11K": 2}[c.tag])


@unclear("Exp over its sum over the batch", shapes=("1K", "NK"))
def _(c, x):
    e = c.g.op("Exp", x)
    return c.g.op("Div", e, c.g.reduce("ReduceSum", e, 0))


@unclear("Exp over the sum of other numbers' Exp")
def _(c, x):
    e = c.g.op("Exp", x)
    other = c.g.op("Exp", c.g.op("Mul", x, c.g.constant(1.5)))
    return c.g.op("Div", e, c.g.op("Add", c.g.reduce("ReduceSum", other, c.axis), c.g.reduce("ReduceSum", e, c.axis)))


@unclear("Exp of half of LogSoftmax")
def _(c, x): return c.g.op("Exp", c.g.op("Mul", c.g.constant(0.5), c.g.op("LogSoftmax", x, axis=c.axis)))


@unclear("softmax, halved")
def _(c, x): return c.g.op("Mul", softmax(c, x), c.g.constant(0.5))


@unclear("one less softmax")
def _(c, x): return c.g.op("Sub", c.g.constant(1.0), softmax(c, x))


@unclear("softmax, square root")
def _(c, x): return c.g.op("Sqrt", softmax(c, x))


@unclear("one over two plus Exp")
def _(c, x): return c.g.op("Div", c.g.constant(1.0), c.g.op("Add", c.g.constant(2.0), c.g.op("Exp", c.g.op("Neg", x))))


@unclear("Clip(0, 1) of logits")
def _(c, x): return c.g.clip(x, 0, 1)


@unclear("Tanh, from 0.1 to 0.9")
def _(c, x): return c.g.op("Add", c.g.op("Mul", c.g.op("Tanh", x), c.g.constant(0.4)), c.g.constant(0.5))


@unclear("Tanh")
def _(c, x): return c.g.op("Tanh", x)


@unclear("sigmoid times the logits (SiLU)")
def _(c, x): return c.g.op("Mul", x, c.g.op("Sigmoid", x))


@unclear("softmax in its older form over classes and places", shapes=("NK", "1K"), opsets=(9, 12))
def _(c, x):
    wide = c.g.op("Concat", c.g.unsqueeze(x, [2, 3]), c.g.op("Neg", c.g.unsqueeze(x, [2, 3])), axis=3)
    return c.g.op("Flatten", c.g.op("GlobalAveragePool", c.g.op("Softmax", wide, axis=1)))


@form("one over one plus Exp, without the minus", kinds=("float32", "uint8"))
def _(c, x): return c.g.op("Div", c.g.constant(1.0), c.g.op("Add", c.g.op("Exp", x), c.g.constant(1.0)))


@form("ReLU6(x + 3) / 6", kinds=("float32", "uint8"))
def _(c, x): return c.g.op("Div", c.g.clip(c.g.op("Add", x, c.g.constant(3.0)), 0, 6), c.g.constant(6.0))


@form("softmax of two, the second gathered", "positive", head=1, answer="p", shapes=("NK",), kinds=("float32", "uint8"))
def _(c, x):
    p = c.g.op("Softmax", c.g.op("Concat", c.g.op("Neg", x), x, axis=1), axis=1)
    return [("p", c.g.op("Gather", p, c.g.constant(1, "int64"), axis=1), "N")]


@unclear("softmax of two, the first kept", head=1, classes=lambda k: 1, shapes=("NK", "1K"))
def _(c, x): return c.g.slice(c.g.op("Softmax", c.g.op("Concat", c.g.op("Neg", x), x, axis=1), axis=1), 0, 1, 1)


@form("classes summed to coarser ones", shapes=("NK", "1K"), classes=lambda k: 2)
def _(c, x): return c.g.op("MatMul", softmax(c, x), c.g.constant([[i % 2, 1 - i % 2] for i in range(c.k)]))
