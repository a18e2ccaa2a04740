public import VisionTensor
import VisionSystem

/// y = x, the meaning of Dropout at inference; it is kept so that the network can be trained again. In training, y = x · mask / (1 −
/// ratio). ONNX Dropout, opset 13.
///
/// Inputs: x of a floating-point type, optional scalar `ratio` (the fraction dropped in training, by default a half) and optional
/// Boolean scalar `training_mode`. What is dropped follows from the seed, by the numbers that ONNX's reference implementation
/// draws. The output `mask` of a file's node becomes nodes of their own. The layer is called `Dropout`.
public struct DropoutOperator: Operator {
  public static let name = "Dropout"
  public static let constantInputs: Set = [1, 2]
  /// The seed for training, if the file gives one.
  public var seed: Int?

  public init(seed: Int? = nil) { self.seed = seed }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    let ratio = try ShapeRule.optional(inputs, 1, types: .floats)
    let training = try ShapeRule.optional(inputs, 2, types: [.bool])
    for (fact, meaning) in [(ratio, "ratio"), (training, "training_mode")] {
      if let fact, fact.shape.checkedElementCount != 1 {
        throw ShapeError("\(meaning) \(fact.shape) must be a scalar")
      }
    }
    return [Fact(x.type, x.shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    _ = try resolved(inputs)
    let x = try Reference.required(inputs, 0)
    let trains = Reference.optional(inputs, 2)?.integers[0] ?? 0 != 0
    let ratio = Reference.optional(inputs, 1)?.doubles[0] ?? 0.5
    if !trains || ratio == 0 { return [x] }
    guard ratio > 0, ratio < 1 else { throw EvaluationError("the ratio \(ratio) is not in 0..<1") }
    var numbers = MersenneTwister(seed: UInt32(truncatingIfNeeded: seed ?? 0))
    let scale = 1 / (1 - ratio)
    let values = x.doubles.map { numbers.uniform() < ratio ? 0 : $0 * scale }
    return [Tensor(doubles: values, shape: x.shape, elementType: x.elementType)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    if node.isWanted(1) { throw node.notDifferentiable("ratio") }
    return try node.wanted { (index, _) throws(GraphError) in
      // The seed says again what is dropped.
      index == 0 ? try node.add(self, [node.gradient] + node.inputs.dropFirst())[0] : nil
    }
  }

  /// Whether a node with these inputs leaves x as it is.
  package static func isIdentity(_ inputs: [Fact?]) -> Bool {
    guard inputs.count > 2, let training = inputs[2] else { return true }
    return training.value?.integers == [0]
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(
      node.opset < 7 ? ["consumed_inputs", "is_test", "ratio"] : node.opset < 12 ? ["ratio"] : ["seed"])
    try node.allowInputs(atMost: node.opset < 12 ? 1 : 3)
    if try node.int("is_test") == 0 { throw node.unsupported("is_test 0") }
    let parts = Composition(node, in: graph)
    let x = try node.input(0)
    var ratio = node.optionalInput(1)
    if node.opset < 12 {
      ratio = graph.constant(Tensor(scalar: try node.float("ratio") ?? 0.5), name: "\(node.name).ratio")
    }
    let training = node.optionalInput(2)
    let op = DropoutOperator(seed: try node.int("seed"))
    let y = try graph.add(op, x, ratio, training, name: node.name)
    if node.outputCount == 1 { return [y] }
    let one = Tensor(doubles: [1], shape: [1], elementType: x.fact.type)
    let ones = try parts.add(ConstantOfShape(one), parts.extents(of: x))
    let mask = training == nil ? ones : try parts.add(op, ones, ratio, training)
    // The mask became Boolean in opset 10.
    return [y, try parts.cast(parts.cast(mask, to: .bool), to: node.opset < 10 ? x.fact.type : .bool)]
  }

  public var attributes: Attributes { seed.map { ["seed": .int($0)] } ?? [:] }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}
