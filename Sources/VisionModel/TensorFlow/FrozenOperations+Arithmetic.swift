import VisionGraph
import VisionTensor

extension FrozenOperations {
  /// Operations of one element or of two.
  static let arithmetic: [String: Build] = [
    "Relu": unary(Relu()), "Sigmoid": unary(Sigmoid()), "Tanh": unary(Tanh()), "Exp": unary(Exp()),
    "Log": unary(Log()), "Sqrt": unary(Sqrt()), "Neg": unary(Neg()), "Abs": unary(Abs()),
    "Floor": unary(Floor()), "Ceil": unary(Ceil()), "Round": unary(Round()), "Elu": unary(Elu()),
    "Selu": unary(Selu()), "Softplus": unary(Softplus()), "Softsign": unary(Softsign()),
    "Reciprocal": unary(Reciprocal()), "Inv": unary(Reciprocal()), "LogicalNot": unary(Not()),
    "Add": binary(Add()), "AddV2": binary(Add()), "BiasAdd": biasAdd, "Sub": binary(Sub()),
    "Mul": binary(Mul()), "RealDiv": binary(Div()), "Maximum": binary(Max()), "Minimum": binary(Min()),
    "Pow": binary(Pow()), "Equal": binary(Equal()), "Greater": binary(Greater()),
    "GreaterEqual": binary(GreaterOrEqual()), "Less": binary(Less()), "LessEqual": binary(LessOrEqual()),
    "LogicalAnd": binary(And()), "LogicalOr": binary(Or()),
    "Relu6": { importer, node, inputs throws(FormatError) in
      let x = try input(node, inputs, 0)
      let (low, high) = (Tensor(scalar: Float(0)), Tensor(scalar: Float(6)))
      return [try elementwise(&importer, node, Clip(), [x, .constant(low), .constant(high)])]
    },
    "LeakyRelu": { importer, node, inputs throws(FormatError) in
      [
        try elementwise(
          &importer, node, LeakyRelu(alpha: node.float("alpha") ?? 0.2), [input(node, inputs, 0)])
      ]
    },
    "Rsqrt": { importer, node, inputs throws(FormatError) in
      let root = try elementwise(&importer, node, Sqrt(), [input(node, inputs, 0)])
      return [try elementwise(&importer, node, Reciprocal(), [root])]
    },
    "Square": { importer, node, inputs throws(FormatError) in
      let x = try input(node, inputs, 0)
      return [try elementwise(&importer, node, Mul(), [x, x])]
    },
    "SquaredDifference": { importer, node, inputs throws(FormatError) in
      let difference = try elementwise(
        &importer, node, Sub(), [input(node, inputs, 0), input(node, inputs, 1)])
      return [try elementwise(&importer, node, Mul(), [difference, difference])]
    },
    "Softmax": { importer, node, inputs throws(FormatError) in
      try importer.apply(Softmax(axis: -1), [input(node, inputs, 0)], node.name)
    },
    "LogSoftmax": { importer, node, inputs throws(FormatError) in
      try importer.apply(LogSoftmax(axis: -1), [input(node, inputs, 0)], node.name)
    },
    "Cast": { importer, node, inputs throws(FormatError) in
      [try elementwise(&importer, node, Cast(to: type(node, "DstT")), [input(node, inputs, 0)])]
    },
    "MatMul": { importer, node, inputs throws(FormatError) in
      var operands = [try input(node, inputs, 0), try input(node, inputs, 1)]
      for (index, flag) in ["transpose_a", "transpose_b"].enumerated() where node.flag(flag) {
        operands[index] = try importer.apply(Transpose([1, 0]), [operands[index]], node.name)[0]
      }
      return try importer.apply(MatMul(), operands, node.name)
    },
  ]

  private static func unary(_ op: some Operator) -> Build {
    { importer, node, inputs throws(FormatError) in
      [try elementwise(&importer, node, op, [input(node, inputs, 0)])]
    }
  }

  private static func binary(_ op: some Operator) -> Build {
    { importer, node, inputs throws(FormatError) in
      [try elementwise(&importer, node, op, [input(node, inputs, 0), input(node, inputs, 1)])]
    }
  }

  private static let biasAdd: Build = { importer, node, inputs throws(FormatError) in
    guard node.text("data_format") ?? "NHWC" == "NHWC" else {
      throw node.error(.unsupported, "only the data format NHWC is supported")
    }
    return [try elementwise(&importer, node, Add(), [input(node, inputs, 0), input(node, inputs, 1)])]
  }

  /// Applies an operator whose result does not depend on the order of axes, and leaves images with their channels
  /// first as they are.
  static func elementwise(
    _ importer: inout FrozenGraphImporter, _ node: FrozenNode, _ op: some Operator, _ inputs: [FrozenValue]
  ) throws(FormatError) -> FrozenValue {
    let isImage = inputs.contains { if case .computed(_, true) = $0 { true } else { false } }
    guard isImage, let operands = try channelsFirst(importer, node, inputs) else {
      return try importer.apply(op, inputs, node.name)[0]
    }
    return try importer.add(op, operands, node.name, isChannelsFirst: true)
  }

  /// The operands for images with channels first; nil if broadcasting would add axes to an image.
  private static func channelsFirst(
    _ importer: FrozenGraphImporter, _ node: FrozenNode, _ inputs: [FrozenValue]
  ) throws(FormatError) -> [Value]? {
    var operands: [Value] = []
    for input in inputs {
      switch (input, input.shape.count) {
      case (.computed(let value, true), _): operands.append(value)
      case (_, 4): operands.append(try importer.channelsFirst(input, node.name))
      case (_, 0): operands.append(try importer.logical(input, node.name))
      case (.constant(let tensor), 1):
        let channels = Shape([tensor.elementCount, 1, 1])
        operands.append(importer.builder.constant(tensor.reshaped(to: channels), name: node.name))
      default: return nil
      }
    }
    return operands
  }
}
