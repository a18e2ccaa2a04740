public import VisionTensor
import VisionSystem

/// −w[c] · x[n, c, …] for the class c = target[n, …]: the loss of logarithms of probabilities. ONNX NegativeLogLikelihoodLoss, opset 13.
///
/// Inputs: x N×C×…, a floating-point type; target N×…, int32 or int64, classes from 0 to C − 1 or the ignored number; optional weights C.
/// The mean divides by the sum of the weights that were used.
public struct NegativeLogLikelihoodLoss: Operator {
  public static let name = "NegativeLogLikelihoodLoss"
  /// What becomes of the losses.
  public enum Reduction: String, Sendable, Hashable {
    case none
    case mean
    case sum
  }
  public var reduction: Reduction
  /// The target whose losses are zero and count nothing.
  public var ignored: Int?

  public init(reduction: Reduction = .mean, ignored: Int? = nil) {
    self.reduction = reduction
    self.ignored = ignored
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    let target = try ShapeRule.required(inputs, 1, types: .indices)
    let weights = try ShapeRule.optional(inputs, 2, types: [x.type])
    guard x.shape.rank >= 2, target.shape.dimensions == [x.shape[0]] + x.shape.dimensions.dropFirst(2) else {
      throw ShapeError("targets \(target.shape) do not fit \(x.shape): they have all axes but the second")
    }
    if let weights, weights.shape != [x.shape[1]] {
      throw ShapeError("weights \(weights.shape) do not fit the \(x.shape[1]) classes of \(x.shape)")
    }
    return [Fact(x.type, reduction == .none ? target.shape : [])]
  }

  /// For each target the position of its element in x, and its weight; nil where it is ignored.
  fileprivate func picks(_ shape: Shape, _ target: Tensor, _ weights: Tensor?) throws(EvaluationError)
    -> [(position: Int, weight: Double)?]
  {
    let (classes, plane) = (shape[1], shape.dimensions.dropFirst(2).reduce(1, *))
    let factors = weights?.doubles
    var result: [(position: Int, weight: Double)?] = []
    for (index, label) in target.integers.enumerated() {
      if label == ignored {
        result.append(nil)
        continue
      }
      guard label >= 0, label < classes else {
        throw EvaluationError("target \(label) is none of \(classes) classes")
      }
      let position = (index / plane * classes + label) * plane + index % plane
      result.append((position, factors?[label] ?? 1))
    }
    return result
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let x = try Reference.required(inputs, 0)
    let picks = try picks(x.shape, Reference.required(inputs, 1), Reference.optional(inputs, 2))
    let values = x.doubles
    let losses = picks.map { pick in pick.map { -$0.weight * values[$0.position] } ?? 0 }
    let results: [Double]
    switch reduction {
    case .none: results = losses
    case .sum: results = [losses.reduce(0, +)]
    case .mean: results = [losses.reduce(0, +) / picks.reduce(0) { $0 + ($1?.weight ?? 0) }]
    }
    return [Tensor(doubles: results, shape: fact.shape, elementType: fact.type)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    if node.isWanted(2) { throw node.notDifferentiable("weights") }
    return try node.add(Gradient(loss: self), [node.gradient] + node.inputs)
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["ignore_index", "reduction"])
    try node.allowInputs(atMost: 3)
    return try graph.add(Self(node), node.inputs, name: node.name)
  }

  /// The loss that a node's attributes say.
  init(_ node: ImportedNode) throws(GraphError) {
    let name = try node.string("reduction") ?? "mean"
    guard let reduction = Reduction(rawValue: name) else { throw node.unsupported("reduction '\(name)'") }
    self.init(reduction: reduction, ignored: try node.int("ignore_index"))
  }

  public var attributes: Attributes {
    var attributes: Attributes = ["reduction": .string(reduction.rawValue)]
    if let ignored { attributes["ignore_index"] = .int(ignored) }
    return attributes
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    GraphLimits.product(3, inputs[1]?.shape.elementCount ?? 0)
  }
}

extension NegativeLogLikelihoodLoss {
  /// The gradient of the loss with respect to x: −w[c] · g at the elements that were picked, for the mean divided by the sum of weights.
  ///
  /// Inputs: g of the loss's shape; the inputs of the loss. Output: of the type and shape of x.
  public struct Gradient: InternalOperator {
    public static let name = "NegativeLogLikelihoodLossGradient"
    public var loss: NegativeLogLikelihoodLoss

    public init(loss: NegativeLogLikelihoodLoss) { self.loss = loss }

    public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
      let result = try loss.outputs(Array(inputs.dropFirst()))[0]
      let g = try ShapeRule.required(inputs, 0, types: [result.type])
      guard g.shape == result.shape else { throw ShapeError("gradient \(g.shape) is not \(result.shape)") }
      let x = try ShapeRule.required(inputs, 1)
      return [Fact(x.type, x.shape)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
      let fact = try resolved(inputs)[0]
      let g = try Reference.required(inputs, 0).doubles
      let picks = try loss.picks(fact.shape, Reference.required(inputs, 2), Reference.optional(inputs, 3))
      let divisor = loss.reduction == .mean ? picks.reduce(0) { $0 + ($1?.weight ?? 0) } : 1
      var values = [Double](repeating: 0, count: fact.shape.elementCount)
      for (index, pick) in picks.enumerated() {
        guard let pick else { continue }
        values[pick.position] = -pick.weight * g[loss.reduction == .none ? index : 0] / divisor
      }
      return [Tensor(doubles: values, shape: fact.shape, elementType: fact.type)]
    }

    public var attributes: Attributes { loss.attributes }
    public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { outputs[0].shape.elementCount }
  }
}
