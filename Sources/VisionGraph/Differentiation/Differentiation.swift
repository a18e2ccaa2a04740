import VisionTensor

/// One node while a graph is differentiated: what `Operator.gradient` reads, and where it appends nodes.
///
/// The appended nodes must be valid for every binding of the graph: extents that may change with the batch
/// come from `shape(of:)`, never from the facts.
public struct Differentiation: Sendable {
  /// The graph that the nodes of the gradient are added to.
  public let graph: GraphBuilder
  /// The name of the node.
  public let name: String
  /// The operator's name, for errors.
  public let operatorName: String
  /// The node's inputs; absent optional ones are nil.
  public let inputs: [Value?]
  /// The node's outputs.
  public let outputs: [Value]
  /// The derivative of the loss with respect to each output; nil where the loss does not depend on it.
  public let gradients: [Value?]
  /// The derivative of the loss with respect to the first output; zeros where the loss does not depend on it.
  public let gradient: Value
  let wanted: [Bool]

  /// True when a requested derivative depends on the gradient with respect to this input.
  public func isWanted(_ input: Int) -> Bool { input < wanted.count && wanted[input] }

  /// The input at `index`, which the node's shape rule requires.
  public func input(_ index: Int) throws(GraphError) -> Value {
    guard index < inputs.count, let value = inputs[index] else {
      throw GraphError(.structure, "\(operatorName) lacks its input \(index)", place: name)
    }
    return value
  }

  /// The gradients that `body` gives for the wanted inputs, nil for the others.
  public func wanted(_ body: (_ index: Int, _ input: Value) throws(GraphError) -> Value?) throws(GraphError)
    -> [Value?]
  {
    var result: [Value?] = []
    for (index, input) in inputs.enumerated() {
      if let input, isWanted(index) { result.append(try body(index, input)) } else { result.append(nil) }
    }
    return result
  }

  /// Like `wanted`, for operators that broadcast: the result of `body` is summed to the shape of the input.
  public func broadcast(_ body: (_ index: Int, _ input: Value) throws(GraphError) -> Value?)
    throws(GraphError) -> [Value?]
  {
    try wanted { (index, input) throws(GraphError) in
      try body(index, input).map { (value) throws(GraphError) in try sum(value, toShapeOf: input) }
    }
  }

  /// The error for a node, or one input of it, that has no derivative.
  public func notDifferentiable(_ part: String? = nil) -> GraphError {
    GraphError(
      .derivative, "\(operatorName) has no derivative" + (part.map { " with respect to its \($0)" } ?? ""),
      place: name, remedy: "freeze what comes before it, or leave it out of the path to the loss")
  }
}

extension Differentiation {
  /// Appends a node with one output, named after the node being differentiated.
  public func add(_ op: some Operator, _ inputs: Value?...) throws(GraphError) -> Value {
    try graph.add(op, inputs, name: "\(name).gradient")[0]
  }

  /// Appends a node with several outputs.
  public func add(_ op: some Operator, _ inputs: [Value?]) throws(GraphError) -> [Value] {
    try graph.add(op, inputs, name: "\(name).gradient")
  }

  /// A scalar constant of the type of `value`.
  public func scalar(_ number: Double, like value: Value) -> Value {
    graph.constant(
      Tensor(doubles: [number], shape: [], elementType: value.fact.type), name: "\(name).gradient.constant")
  }

  /// A list of integers, the form in which operators take axes and positions.
  public func integers(_ numbers: [Int]) -> Value {
    graph.constant(ints: numbers, name: "\(name).gradient.integers")
  }

  /// The extents of a value, int64; they follow the binding of the graph.
  public func shape(of value: Value) throws(GraphError) -> Value {
    try graph.extents(of: value, name: "\(name).gradient.shape")
  }

  /// Zeros of the type and shape of a value.
  public func zeros(like value: Value) throws(GraphError) -> Value {
    try graph.zeros(like: value, name: "\(name).gradient.zeros")
  }

  /// Undoes broadcasting: Σ of `gradient` over the axes along which `value` was repeated.
  public func sum(_ gradient: Value, toShapeOf value: Value) throws(GraphError) -> Value {
    try add(SumToShape(), gradient, shape(of: value))
  }

  /// Σ of `value` over the axes, which are left out of the result.
  public func sum(_ value: Value, over axes: [Int]) throws(GraphError) -> Value {
    try add(ReduceSum(keepsDimensions: false), value, integers(axes))
  }

  /// The elements of `gradient` in the shape of `value`.
  public func reshaped(_ gradient: Value, like value: Value) throws(GraphError) -> Value {
    try add(Reshape(allowsZero: true), gradient, shape(of: value))
  }
}

extension GraphBuilder {
  /// The extents of a value, int64: a constant for parameters and constants, otherwise a node that is folded
  /// at each binding.
  func extents(of value: Value, name: String) throws(GraphError) -> Value {
    switch record(value.id).source {
    case .parameter, .constant: constant(ints: value.shape.dimensions, name: name)
    case .input, .node: try add(ShapeOf(), value, name: name)
    }
  }

  /// Zeros of the type and shape of a value.
  func zeros(like value: Value, name: String) throws(GraphError) -> Value {
    let zero = Tensor(doubles: [0], shape: [1], elementType: value.fact.type)
    return try add(ConstantOfShape(zero), extents(of: value, name: "\(name).shape"), name: name)
  }
}
