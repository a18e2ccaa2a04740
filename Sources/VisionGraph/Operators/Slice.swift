import VisionSystem
public import VisionTensor

/// The elements of x from `starts` to `ends` (exclusive) in `steps` along `axes`. ONNX Slice, opset 13.
///
/// Inputs: x of any type; starts and ends; optional axes (default: the first axes, in order) and steps
/// (default 1, never 0, negative for backwards), all int32 or int64 and known before the run. Negative
/// positions count from the end; positions out of range are clamped.
public struct Slice: Operator {
  public static let name = "Slice"
  public static let constantInputs: Set = [1, 2, 3, 4]
  public init() {}

  /// The elements to read along one axis.
  private struct Run {
    var start = 0
    var step = 1
    var count: Int
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0)
    return [Fact(x.type, Shape(try runs(inputs, x.shape).map(\.count)))]
  }

  private func runs(_ inputs: [Fact?], _ shape: Shape) throws(ShapeError) -> [Run] {
    for index in 1...2 { _ = try ShapeRule.required(inputs, index, types: .indices) }
    for index in 3...4 { _ = try ShapeRule.optional(inputs, index, types: .indices) }
    let starts = try ShapeRule.constant(inputs, 1, "starts") ?? []
    let ends = try ShapeRule.constant(inputs, 2, "ends") ?? []
    let named = try ShapeRule.constant(inputs, 3, "axes") ?? Array(starts.indices)
    let steps = try ShapeRule.constant(inputs, 4, "steps") ?? starts.map { _ in 1 }
    guard ends.count == starts.count, named.count == starts.count, steps.count == starts.count else {
      throw ShapeError("starts \(starts), ends \(ends), axes \(named), steps \(steps) differ in number")
    }
    var runs = shape.map { Run(count: $0) }
    for (index, axis) in try ShapeRule.axes(named, rank: shape.rank).enumerated() {
      runs[axis] = try Self.run(starts[index], ends[index], steps[index], extent: shape[axis])
    }
    return runs
  }

  private static func run(_ start: Int, _ end: Int, _ step: Int, extent: Int) throws(ShapeError) -> Run {
    guard step != 0 else { throw ShapeError("a step of 0") }
    let low = step > 0 ? 0 : -1
    let high = step > 0 ? extent : extent - 1
    let from = max(max(low, 0), min(high, start < 0 ? start + extent : start))
    let to = max(low, min(high, end < 0 ? end + extent : end))
    let span = step > 0 ? to - from : from - to
    guard extent > 0, span > 0 else { return Run(count: 0) }
    let count = Int((UInt(span) - 1) / step.magnitude) + 1
    // A single element needs no step, and a very large step would overflow when multiplied by the stride.
    return Run(start: from, step: count > 1 ? step : 0, count: count)
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let runs: [Run]
    do {
      runs = try self.runs(inputs.map { $0.map(Fact.init(constant:)) }, x.shape)
    } catch { throw EvaluationError(error.message) }
    let strides = x.shape.strides
    let shape = Shape(runs.map(\.count))
    let start = zip(runs, strides).reduce(0) { $0 + $1.0.start * $1.1 }
    let steps = zip(runs, strides).map { $0.step * $1 }
    return [Reference.gather(x, Reference.indices(shape, steps: steps, start: start), shape: shape)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.movement(self)
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    if node.opset < 10 {
      try node.allowAttributes(["axes", "ends", "starts"])
      try node.allowInputs(atMost: 1)
      var inputs: [Value?] = [try node.input(0)]
      for list in ["starts", "ends", "axes"] {
        inputs.append(try node.ints(list).map { graph.constant(ints: $0, name: "\(node.name).\(list)") })
      }
      return try graph.add(Slice(), inputs, name: node.name)
    }
    try node.allowAttributes([])
    try node.allowInputs(atMost: 5)
    return try graph.add(Slice(), node.inputs, name: node.name)
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}
