public import VisionTensor

/// How the losses of a batch are reduced to one number.
public enum LossReduction: String, Sendable, Hashable {
  /// The sum divided by the number of losses, or by their total weight if the loss has class weights.
  case mean
  case sum
}

/// A loss, which gives one number for a batch of predictions. It is an operator and can be called as a
/// function of values.
///
/// Inputs: the prediction, of a floating-point type; the target; weights, whose meaning each loss defines, or
/// nil. Only the prediction has a gradient, computed by one `LossGradient` node.
public protocol LossOperator: InternalOperator {
  var reduction: LossReduction { get }
  /// The shape of the target of one sample, where the loss has a target of its own; by default nil, for one of the
  /// prediction's shape or its classes.
  var targetShape: Shape? { get }
  /// Checks types and shapes.
  func check(_ prediction: Fact, _ target: Fact, _ weights: Fact?) throws(ShapeError)
  /// The losses and their derivatives; the inputs have already been checked.
  func terms(_ prediction: Tensor, _ target: Tensor, _ weights: Tensor?) throws(EvaluationError) -> LossTerms
}

/// The terms of a loss, in `Double`.
public struct LossTerms: Sendable {
  /// The losses before reduction.
  public var losses: [Double] = []
  /// The derivative of the sum of the losses with respect to each element of the prediction.
  public var derivatives: [Double] = []
  /// The number by which the mean divides the sum.
  public var divisor: Double = 0

  public init(losses: [Double] = [], derivatives: [Double] = [], divisor: Double = 0) {
    self.losses = losses
    self.derivatives = derivatives
    self.divisor = divisor
  }
}

extension LossOperator {
  public var targetShape: Shape? { nil }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let prediction = try ShapeRule.required(inputs, 0, types: .floats)
    try check(
      prediction, ShapeRule.required(inputs, 1), ShapeRule.optional(inputs, 2, types: [prediction.type]))
    return [Fact(prediction.type, [])]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let terms = try terms(inputs)
    let sum = terms.losses.reduce(0, +)
    return [
      Tensor(doubles: [reduction == .mean ? sum / terms.divisor : sum], shape: [], elementType: fact.type)
    ]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    for (index, part) in [(1, "target"), (2, "weights")] where node.isWanted(index) {
      throw node.notDifferentiable(part)
    }
    return try node.add(LossGradient(self), [node.gradient] + node.inputs)
  }

  func terms(_ inputs: [Tensor?]) throws(EvaluationError) -> LossTerms {
    try terms(
      Reference.required(inputs, 0), Reference.required(inputs, 1), Reference.optional(inputs, 2))
  }

  /// Appends the loss to the graph of the prediction and returns the loss, a scalar.
  ///
  /// - Throws: `GraphError` when the shapes or types do not fit.
  public func callAsFunction(
    _ prediction: Value, _ target: Value, weights: Value? = nil, name: String = "loss"
  ) throws(GraphError) -> Value {
    try prediction.graph.add(self, prediction, target, weights, name: name)
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 6 * (inputs[0]?.shape.elementCount ?? 0) }
}

/// The gradient of a loss with respect to its prediction, named after the loss, such as
/// `SoftmaxCrossEntropyGradient`.
///
/// Inputs: g, a scalar; the inputs of the loss. Output: of the type and shape of the prediction.
package struct LossGradient<Loss: LossOperator>: InternalOperator {
  package static var name: String { "\(Loss.name)Gradient" }
  package let loss: Loss

  package init(_ loss: Loss) { self.loss = loss }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let prediction = try ShapeRule.required(inputs, 1)
    let g = try ShapeRule.required(inputs, 0, types: [prediction.type])
    guard g.shape == [] else { throw ShapeError("the gradient \(g.shape) of a loss must be a scalar") }
    _ = try loss.outputs(Array(inputs.dropFirst()))
    return [Fact(prediction.type, prediction.shape)]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let terms = try loss.terms(Array(inputs.dropFirst()))
    let g = try Reference.required(inputs, 0).doubles[0]
    let factor = loss.reduction == .mean ? g / terms.divisor : g
    return [
      Tensor(doubles: terms.derivatives.map { $0 * factor }, shape: fact.shape, elementType: fact.type)
    ]
  }

  package var attributes: Attributes { loss.attributes }
  package func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 6 * outputs[0].shape.elementCount }
}
