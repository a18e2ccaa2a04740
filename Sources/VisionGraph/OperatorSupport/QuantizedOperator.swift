public import VisionTensor

/// An operator on int8 or uint8 tensors, each with one scale and zero point, that stands for DequantizeLinear of
/// every operand, an operator on numbers, and QuantizeLinear of its result.
///
/// Where scales and zero points are constants, import writes it in that form. Otherwise the operator stays; its
/// reference computes the same in Double and rounds once.
public protocol QuantizedOperator: Operator {
  /// The operator on numbers.
  var operation: any Operator { get }
  /// Where the operands, scales and zero points stand among `count` inputs.
  static func positions(_ count: Int) -> QuantizedPositions
}

extension QuantizedOperator {
  public static var domain: String { "com.microsoft" }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let positions = Self.positions(inputs.count)
    let wanted = positions.operands.reduce(max(positions.scale, positions.zero)) { max($0, $1.zero) } + 1
    guard !positions.operands.isEmpty, inputs.count <= wanted else {
      throw ShapeError("\(inputs.count) inputs are not \(wanted)")
    }
    var numbers: [Fact?] = []
    var type = ElementType.uint8
    for operand in positions.operands {
      let x = try ShapeRule.required(inputs, operand.value, types: IntegerProduct.types)
      _ = try Self.parameters(inputs, operand.scale, operand.zero, types: [x.type])
      if numbers.isEmpty { type = x.type }
      numbers.append(Fact(.float32, x.shape))
    }
    let zero = try Self.parameters(inputs, positions.scale, positions.zero, types: IntegerProduct.types)
    return [Fact(zero?.type ?? type, try operation.outputs(numbers)[0].shape)]
  }

  /// Checks one scale and zero point; gives the latter.
  private static func parameters(_ inputs: [Fact?], _ scale: Int, _ zero: Int, types: Set<ElementType>)
    throws(ShapeError) -> Fact?
  {
    let scale = try ShapeRule.required(inputs, scale, types: [.float32])
    let zero = try ShapeRule.optional(inputs, zero, types: types)
    for shape in [scale.shape, zero?.shape ?? []] where !Quantization.isPerTensor(shape) {
      throw ShapeError("scale or zero point \(shape) is not one number")
    }
    return zero
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let positions = Self.positions(inputs.count)
    var numbers: [Tensor?] = []
    for operand in positions.operands {
      let x = try Reference.required(inputs, operand.value)
      let scale = try Reference.required(inputs, operand.scale).doubles[0]
      let zero = Reference.optional(inputs, operand.zero)?.doubles[0] ?? 0
      numbers.append(Tensor(x.doubles.map { ($0 - zero) * scale }, shape: x.shape))
    }
    let scale = try Reference.required(inputs, positions.scale).doubles[0]
    let zero = Reference.optional(inputs, positions.zero)?.doubles[0] ?? 0
    let bytes = try operation.evaluate(numbers)[0].doubles.map { number in
      Double(Float(number / scale)).rounded(.toNearestOrEven) + zero
    }
    return [Tensor(doubles: bytes, shape: fact.shape, elementType: fact.type)]
  }

  /// Appends what the node means, in the form of nodes on numbers where scales and zero points are constants.
  ///
  /// - Parameter channelsLast: whether operands and result are N×spatial×C, which only that form has.
  func write(_ node: ImportedNode, in graph: GraphBuilder, channelsLast: Bool = false) throws(GraphError)
    -> [Value]
  {
    let form = QuantizedForm(node: node, graph: graph)
    let positions = Self.positions(node.inputs.count)
    guard form.isKnown(positions.parameters) else {
      if channelsLast { throw node.unsupported("channels_last with scales that are no constants") }
      return try graph.add(self, node.inputs, name: node.name)
    }
    do {
      _ = try outputs(node.inputs.map { $0?.fact })
    } catch { throw GraphError(.shape, "\(Self.name): \(error.message)", place: node.name) }
    var numbers: [Value?] = []
    for operand in positions.operands {
      let x = try node.input(operand.value)
      let value = channelsLast ? try graph.channelsFirst(x, name: node.name) : x
      numbers.append(try form.numbers(operand.value, scale: operand.scale, zero: operand.zero, value: value))
    }
    let result = try graph.add(operation, numbers, name: "\(node.name).numbers")[0]
    let type = try node.input(positions.operands[0].value).fact.type
    let y = try form.quantized(result, scale: positions.scale, zero: positions.zero, type: type)
    return [channelsLast ? try graph.channelsLast(y, name: node.name) : y]
  }
}

extension GraphBuilder {
  /// N×spatial×C as N×C×spatial.
  func channelsFirst(_ x: Value, name: String) throws(GraphError) -> Value {
    let rank = x.shape.rank
    guard rank >= 3 else { throw GraphError(.shape, "\(x.shape) has no channels last", place: name) }
    return try add(Transpose([0, rank - 1] + (1..<(rank - 1))), x, name: "\(name).channels_first")
  }

  /// N×C×spatial as N×spatial×C.
  func channelsLast(_ x: Value, name: String) throws(GraphError) -> Value {
    try add(Transpose([0] + (2..<x.shape.rank) + [1]), x, name: "\(name).channels_last")
  }
}
