import VisionSystem
public import VisionTensor

/// y = x with elements added at its borders, or removed where a pad is negative. ONNX Pad, opset 13 (`wrap`:
/// 19).
///
/// Inputs: x of any type; constant pads, 2 × rank numbers: those before every axis, then those after;
/// optional scalar fill of the type of x.
public struct Pad: Operator {
  /// The values of the added elements.
  public enum Mode: String, Sendable {
    /// The fill, or zero.
    case constant
    /// The elements mirrored at the border, without repeating the border.
    case reflect
    /// The border repeated.
    case edge
    /// The elements from the other end.
    case wrap
  }

  public static let name = "Pad"
  public static let constantInputs: Set = [1, 2, 3]
  public var mode: Mode

  public init(mode: Mode = .constant) { self.mode = mode }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0)
    _ = try ShapeRule.required(inputs, 1, types: [.int64])
    let fill = try ShapeRule.optional(inputs, 2, types: [x.type])
    if let fill, fill.shape.checkedElementCount != 1 {
      throw ShapeError("the fill \(fill.shape) must be a scalar")
    }
    let pads = try ShapeRule.constant(inputs, 1, "pads") ?? []
    let rank = x.shape.rank
    let limit = 1 << 40
    guard pads.count == 2 * rank, pads.allSatisfy({ $0 > -limit && $0 < limit }) else {
      throw ShapeError("pads \(pads) must be \(2 * rank) numbers for input \(x.shape)")
    }
    let extents = (0..<rank).map { x.shape[$0] &+ pads[$0] &+ pads[$0 + rank] }
    guard extents.allSatisfy({ $0 >= 0 }) else {
      throw ShapeError("pads \(pads) take more than input \(x.shape) has")
    }
    if mode != .constant, (0..<rank).contains(where: { x.shape[$0] == 0 && extents[$0] > 0 }) {
      throw ShapeError("input \(x.shape) has nothing to pad with by \(mode.rawValue)")
    }
    return [Fact(x.type, Shape(extents))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let shape = try resolved(inputs)[0].shape
    let pads = try Reference.required(inputs, 1).integers
    let strides = x.shape.strides
    var positions: [Int?] = []
    positions.reserveCapacity(shape.elementCount)
    Reference.forEachCoordinate(shape) { at in
      var position: Int? = 0
      for axis in at.indices {
        let from = source(at[axis] - pads[axis], extent: x.shape[axis])
        if let so = position, let from { position = so + from * strides[axis] } else { position = nil }
      }
      positions.append(position)
    }
    let fill = Reference.optional(inputs, 2)
    let size = x.elementType.byteCount
    let result = Tensor(elementType: x.elementType, shape: shape) { target in
      for (to, from) in positions.enumerated() {
        let to = UnsafeMutableRawBufferPointer(rebasing: target[(to * size)..<((to + 1) * size)])
        if let from {
          x.withUnsafeBytes {
            to.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[(from * size)..<((from + 1) * size)]))
          }
        } else {
          fill?.withUnsafeBytes { to.copyMemory(from: $0) }
        }
      }
    }
    return [result]
  }

  /// The input element at `index`, which may lie outside 0..<extent; nil for the fill.
  package func source(_ index: Int, extent: Int) -> Int? {
    if index >= 0, index < extent { return index }
    switch mode {
    case .constant: return nil
    case .edge: return index < 0 ? 0 : extent - 1
    case .wrap: return (index % extent + extent) % extent
    case .reflect:
      let period = max(2 * (extent - 1), 1)
      let phase = (index % period + period) % period
      return min(phase, period - phase) % extent
    }
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    if node.isWanted(2) { throw node.notDifferentiable("fill") }
    return try node.wanted { (_, x) throws(GraphError) in
      let pads = try node.input(1)
      // Added elements are removed, and removed elements get gradient 0.
      if mode == .constant { return try node.add(Pad(), node.gradient, node.add(Neg(), pads)) }
      return try node.add(MovementGradient(self), node.gradient, node.shape(of: x), pads)
    }
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(node.opset < 11 ? ["mode", "pads", "value"] : ["mode"])
    let x = try node.input(0)
    let name = try node.string("mode") ?? Mode.constant.rawValue
    guard let mode = Mode(rawValue: name) else { throw node.unsupported("mode '\(name)'") }
    var (pads, fill): (Value, Value?)
    if node.opset < 11 {
      guard let given = try node.ints("pads") else {
        throw GraphError(.structure, "Pad lacks pads", place: node.name)
      }
      pads = graph.constant(Tensor(given.map { Int64($0) }), name: "\(node.name).pads")
      fill = try node.float("value").map {
        graph.constant(
          Tensor(doubles: [Double($0)], shape: [], elementType: x.fact.type), name: "\(node.name).value")
      }
    } else {
      pads = try node.input(1)
      fill = node.optionalInput(2)
    }
    if let axes = node.optionalInput(3) {
      pads = try spread(pads, over: axes, of: x, node)
    }
    return [try graph.add(Pad(mode: mode), x, pads, fill, name: node.name)]
  }

  /// Pads for all axes from pads for some axes, which opset 18 allows.
  private static func spread(_ pads: Value, over axes: Value, of x: Value, _ node: ImportedNode)
    throws(GraphError) -> Value
  {
    guard let given = pads.fact.value?.integers, let named = axes.fact.value?.integers else {
      throw node.lacksValue("pads and axes")
    }
    let rank = x.shape.rank
    var full = [Int64](repeating: 0, count: 2 * rank)
    guard given.count == 2 * named.count else {
      throw GraphError(
        .shape, "Pad: pads \(given) do not fit axes \(named)", place: node.name)
    }
    for (index, axis) in named.enumerated() {
      guard axis >= -rank, axis < rank else {
        throw GraphError(.shape, "Pad: axis \(axis) is outside rank \(rank)", place: node.name)
      }
      let axis = axis < 0 ? axis + rank : axis
      full[axis] = Int64(given[index])
      full[axis + rank] = Int64(given[index + named.count])
    }
    return pads.graph.constant(Tensor(full), name: "\(node.name).pads")
  }

  public func minimumOpset(_ inputs: [Fact?]) -> Int { mode == .wrap ? 19 : 0 }

  public var attributes: Attributes { ["mode": .string(mode.rawValue)] }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}
