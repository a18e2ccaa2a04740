public import VisionTensor

/// A cache of sequences into which an update is written, for each sample from a step of its own on. ONNX TensorScatter,
/// opset 24.
///
/// Inputs: the cache, any type, whose first axis is the batch; the update of that type and shape but for at most as many steps;
/// optionally the first steps, int64, one for each sample; 0 without them.
public struct TensorScatter: Operator {
  public static let name = "TensorScatter"
  public static let introduction = 24
  /// What happens behind the last step.
  public enum Mode: String, Sendable, Hashable {
    /// Nothing may be written there.
    case linear
    /// Steps begin anew.
    case circular
  }
  public var mode: Mode
  /// The axis of the steps, not that of the batch; negative counts from the end.
  public var axis: Int

  public init(mode: Mode = .linear, axis: Int = -2) {
    self.mode = mode
    self.axis = axis
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let cache = try ShapeRule.required(inputs, 0)
    let update = try ShapeRule.required(inputs, 1, types: [cache.type])
    let starts = try ShapeRule.optional(inputs, 2, types: [.int64])
    let axis = try ShapeRule.axis(axis, rank: cache.shape.rank)
    guard axis > 0 else { throw ShapeError("axis 0 is that of the batch") }
    var most = cache.shape
    if update.shape.rank == most.rank { most[axis] = update.shape[axis] }
    guard update.shape == most, update.shape[axis] <= cache.shape[axis] else {
      throw ShapeError("update \(update.shape) does not fit the cache \(cache.shape) at axis \(axis)")
    }
    if let starts, starts.shape != [cache.shape[0]] {
      throw ShapeError("write indices \(starts.shape) must be \(cache.shape[0])")
    }
    return [Fact(cache.type, cache.shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    _ = try resolved(inputs)
    let cache = try Reference.required(inputs, 0)
    let update = try Reference.required(inputs, 1)
    let places = try self.places(cache.shape, update.shape, Reference.optional(inputs, 2))
    let size = cache.elementType.byteCount
    return [
      Tensor(elementType: cache.elementType, shape: cache.shape) { target in
        cache.withUnsafeBytes { target.copyMemory(from: $0) }
        update.withUnsafeBytes { source in
          for (from, to) in places.enumerated() {
            for byte in 0..<size { target[to * size + byte] = source[from * size + byte] }
          }
        }
      }
    ]
  }

  /// Where each element of the update is written.
  private func places(_ cache: Shape, _ update: Shape, _ starts: Tensor?) throws(EvaluationError) -> [Int] {
    let axis = axis < 0 ? axis + cache.rank : axis
    let starts = starts?.integers ?? [Int](repeating: 0, count: cache[0])
    let limit = mode == .circular ? cache[axis] - 1 : cache[axis] - update[axis]
    for start in starts where start < 0 || start > limit {
      throw EvaluationError("the write index \(start) is not one of 0...\(limit)")
    }
    let (steps, inner) = (update[axis], update.dimensions.dropFirst(axis + 1).reduce(1, *))
    let middle = update.dimensions[1..<axis].reduce(1, *)
    return (0..<update.elementCount).map { index in
      let (row, step) = (index / inner / steps, index / inner % steps)
      let place = (starts[row / middle] + step) % cache[axis]
      return (row * cache[axis] + place) * inner + index % inner
    }
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    let update = try node.input(1)
    let gradients = try node.add(
      Gradient(self), [node.gradient, node.shape(of: update), node.inputs.count > 2 ? node.inputs[2] : nil])
    return try node.wanted { (index, _) throws(GraphError) in index < 2 ? gradients[index] : nil }
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["axis", "mode"])
    try node.allowInputs(atMost: 3)
    let name = try node.string("mode") ?? "linear"
    guard let mode = Mode(rawValue: name) else { throw node.unsupported("mode '\(name)'") }
    let op = TensorScatter(mode: mode, axis: try node.int("axis") ?? -2)
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes { ["mode": .string(mode.rawValue), "axis": .int(axis)] }
  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}

extension TensorScatter {
  /// The gradients with respect to the cache, 0 where it was written to, and to the update.
  ///
  /// Inputs: g, a floating-point type; the shape of the update, int64, known before the run; optionally the first steps.
  package struct Gradient: InternalOperator {
    package static let name = "TensorScatterGradient"
    package let scatter: TensorScatter

    package init(_ scatter: TensorScatter) { self.scatter = scatter }

    package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
      let g = try ShapeRule.required(inputs, 0, types: .floats)
      let update = Fact(g.type, try ShapeRule.constantShape(inputs, 1))
      _ = try scatter.outputs([g, update] + inputs.dropFirst(2))
      return [Fact(g.type, g.shape), update]
    }

    package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
      let facts = try resolved(inputs)
      let g = try Reference.required(inputs, 0)
      let places = try scatter.places(g.shape, facts[1].shape, Reference.optional(inputs, 2))
      let values = g.doubles
      var kept = values
      for place in places { kept[place] = 0 }
      return zip(facts, [kept, places.map { values[$0] }]).map {
        Tensor(doubles: $1, shape: $0.shape, elementType: $0.type)
      }
    }

    package var attributes: Attributes { scatter.attributes }
    package func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
  }
}
