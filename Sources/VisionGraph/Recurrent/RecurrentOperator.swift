public import VisionTensor

/// An operator that reads sequences step by step: RNN, GRU or LSTM.
///
/// Inputs, with T steps, a batch of N, I features, H elements of a state, D directions and G gates: x T×N×I (N×T×I where the
/// batch is first); W D×GH×I; R D×GH×H; optional B D×2GH, the biases of W then those of R; optional lengths N, int32;
/// optional initial state D×N×H (N×D×H); for LSTM also optional initial cells of that shape and optional peepholes D×3H.
/// All but the lengths have one floating-point type.
///
/// Outputs: every state, T×D×N×H (N×T×D×H), 0 behind the end of a shorter sequence; the last states D×N×H (N×D×H); for LSTM
/// also the last cells.
public protocol RecurrentOperator: Operator {
  /// The number of gates, G.
  static var gateCount: Int { get }
  /// The functions of one direction where a file names none; their number is that of the operator's functions.
  static var defaultActivations: [RecurrentActivation.Kind] { get }
  /// Whether there is a cell beside the state.
  static var hasCell: Bool { get }
  var form: RecurrentForm { get }
  /// The computation of one step in a direction.
  func cell(ofDirection index: Int) -> any RecurrentCell
}

extension RecurrentOperator {
  public static var hasCell: Bool { false }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    guard x.shape.rank == 3 else { throw ShapeError("input \(x.shape) must have three axes") }
    let (steps, batch) = form.isBatchFirst ? (x.shape[1], x.shape[0]) : (x.shape[0], x.shape[1])
    let (hidden, directions) = (form.hiddenSize, form.directionCount)
    guard hidden > 0 else { throw ShapeError("the hidden size \(hidden) must be positive") }
    guard form.activations.count == directions * Self.defaultActivations.count else {
      throw ShapeError(
        "\(form.activations.count) activations are not \(directions * Self.defaultActivations.count)")
    }
    let rows = try ShapeRule.product(Self.gateCount, hidden)
    let states: Shape = form.isBatchFirst ? [batch, directions, hidden] : [directions, batch, hidden]
    var expected: [(shape: Shape, meaning: String)] = [
      ([directions, rows, x.shape[2]], "weights W"), ([directions, rows, hidden], "weights R"),
      ([directions, try ShapeRule.product(2, rows)], "biases B"), ([batch], "lengths"),
      (states, "initial state"),
    ]
    if Self.hasCell {
      expected.append((states, "initial cells"))
      expected.append(([directions, try ShapeRule.product(3, hidden)], "peepholes P"))
    }
    for (index, (shape, meaning)) in expected.enumerated() {
      let types: Set<ElementType> = index == 3 ? [.int32] : [x.type]
      guard
        let fact = index < 2
          ? try ShapeRule.required(inputs, index + 1, types: types)
          : try ShapeRule.optional(inputs, index + 1, types: types)
      else { continue }
      guard fact.shape == shape else { throw ShapeError("\(meaning) \(fact.shape) must be \(shape)") }
    }
    let all = try ShapeRule.shape(
      form.isBatchFirst ? [batch, steps, directions, hidden] : [steps, directions, batch, hidden],
      "the states")
    let last = Fact(x.type, try ShapeRule.shape(states.dimensions, "the last states"))
    return [Fact(x.type, all), last] + (Self.hasCell ? [last] : [])
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    try RecurrentReference(self, inputs).outputs()
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    // The gradient asks for those outputs only that the loss depends on.
    var given: [Value?] = node.gradients
    while given.count < (Self.hasCell ? 3 : 2) { given.append(nil) }
    let all = try node.add(RecurrentGradient(self), given + node.inputs)
    var next = all.makeIterator()
    var results: [Value?] = []
    for (index, input) in node.inputs.enumerated() {
      let value = input == nil || index == 4 ? nil : next.next()
      results.append(node.isWanted(index) ? value : nil)
    }
    return results
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    guard let x = inputs[0]?.shape, let w = inputs[1]?.shape else { return 0 }
    // Products with W and R for every element of every gate at every step.
    return GraphLimits.product(
      2, x[0], x[1], w[0], w[1], GraphLimits.sum(x[2], form.hiddenSize))
  }
}
