import VisionSystem
public import VisionTensor

/// What ONNX's training operators have in common: one step of an optimizer, element by element, for any number of tensors.
///
/// Inputs: the learning rate, one float32 or float64 number; the count of steps so far, one int64 number; then all tensors x, all
/// their gradients, and all tensors of each kind of state, of one type, float32 or float64. Outputs: all x, then all states.
public protocol OptimizerStep: Operator {
  /// The number of tensors that go with each x.
  static var stateCount: Int { get }
  /// The names of the attributes, all of which are floats, with their default values; nil where a file must give it.
  static var numbers: [(name: String, value: Float?)] { get }
  /// The new x and states for an element and its gradient.
  func step(_ x: Double, _ gradient: Double, _ states: [Double], rate: Double, count: Int) -> (
    x: Double, states: [Double]
  )
}

extension OptimizerStep {
  public static var domain: String { "ai.onnx.preview.training" }

  /// The number of tensors x.
  private func tensorCount(_ inputs: Int) throws(ShapeError) -> Int {
    let (tensors, rest) = (inputs - 2).quotientAndRemainder(dividingBy: 2 + Self.stateCount)
    guard tensors > 0, rest == 0 else {
      throw ShapeError("\(inputs) inputs are not two and \(2 + Self.stateCount) for each tensor")
    }
    return tensors
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let rate = try ShapeRule.required(inputs, 0, types: [.float32, .float64])
    let count = try ShapeRule.required(inputs, 1, types: [.int64])
    guard rate.shape.checkedElementCount == 1, count.shape.checkedElementCount == 1 else {
      throw ShapeError("the learning rate and the count of steps must be one number each")
    }
    let tensors = try tensorCount(inputs.count)
    for index in 0..<tensors {
      let x = try ShapeRule.required(inputs, 2 + index, types: [.float32, .float64])
      for group in 1...(1 + Self.stateCount) {
        try ShapeRule.same(inputs, 2 + group * tensors + index, as: x)
      }
    }
    let states = Array(inputs.dropFirst(2 + 2 * tensors))
    return (inputs[2..<(2 + tensors)] + states).compactMap { $0.map { Fact($0.type, $0.shape) } }
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let facts = try resolved(inputs)
    let rate = try Reference.required(inputs, 0).doubles[0]
    let count = try Reference.required(inputs, 1).integers[0]
    let tensors = facts.count / (1 + Self.stateCount)
    let values = inputs.dropFirst(2).map { $0?.doubles ?? [] }
    var results = values.prefix(tensors) + values.dropFirst(2 * tensors)
    for tensor in 0..<tensors {
      for element in values[tensor].indices {
        let states = (1...Self.stateCount).map { results[$0 * tensors + tensor][element] }
        let after = step(
          values[tensor][element], values[tensors + tensor][element], states, rate: rate, count: count)
        results[tensor][element] = after.x
        for (index, state) in after.states.enumerated() {
          results[(index + 1) * tensors + tensor][element] = state
        }
      }
    }
    return zip(facts, results).map { Tensor(doubles: $1, shape: $0.shape, elementType: $0.type) }
  }

  /// The attributes of a node, in the order of `numbers`.
  static func read(_ node: ImportedNode, others: Set<String> = []) throws(GraphError) -> [Float] {
    try node.allowAttributes(others.union(numbers.map(\.name)))
    var values: [Float] = []
    for (name, fallback) in numbers {
      guard let value = try node.float(name) ?? fallback else {
        throw GraphError(.structure, "\(Self.name) lacks \(name)", place: node.name)
      }
      values.append(value)
    }
    return values
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    outputs.reduce(0) { GraphLimits.sum($0, GraphLimits.product($1.shape.elementCount, 8)) }
  }
}
