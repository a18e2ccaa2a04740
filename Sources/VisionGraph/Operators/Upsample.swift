public import VisionTensor

/// Enlarging by constant scales. Opset 10 replaced it by Resize, and it is imported as one. ONNX Upsample,
/// opset 9.
///
/// Inputs: x (any type for `nearest`, else a floating-point type); constant scales, one for each axis, each
/// at least 1.
public struct Upsample: Operator {
  public static let name = "Upsample"
  public static let constantInputs: Set = [1]
  public var mode: ResizeSampling.Mode

  public init(mode: ResizeSampling.Mode = .nearest) { self.mode = mode }

  /// The equivalent Resize.
  package var resize: Resize {
    Resize(ResizeSampling(mode: mode, coordinates: .asymmetric, rounding: .floor))
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let scales = try ShapeRule.required(inputs, 1, types: .floats)
    if let low = scales.value?.doubles.first(where: { !($0 >= 1) }) {
      throw ShapeError("scale \(low) is below 1")
    }
    return try resize.outputs([inputs[0], nil, scales])
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let scales = try Reference.required(inputs, 1)
    _ = try resolved(inputs)
    return try resize.evaluate([inputs[0], nil, scales])
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    if node.isWanted(1) { throw node.notDifferentiable("scales") }
    return [
      try node.add(
        ResizeGradient(resize), node.gradient, node.shape(of: node.input(0)), nil, node.input(1))
    ]
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(node.opset < 9 ? ["mode", "scales"] : ["mode"])
    let name = try node.string("mode") ?? "nearest"
    guard let mode = ResizeSampling.Mode(rawValue: name), mode != .cubic else {
      throw node.unsupported("mode '\(name)'")
    }
    let x = try node.input(0)
    let scales: Value
    if node.opset < 9 {
      guard let given = try node.floats("scales") else {
        throw GraphError(.structure, "Upsample lacks scales", place: node.name)
      }
      scales = graph.constant(Tensor(given), name: "\(node.name).scales")
    } else {
      scales = try node.input(1)
    }
    let upsample = Upsample(mode: mode)
    do {
      _ = try upsample.outputs([x.fact, scales.fact])
    } catch { throw GraphError(error.graphKind, "Upsample: \(error.message)", place: node.name) }
    return [try graph.add(upsample.resize, x, nil, scales, name: node.name)]
  }

  public var attributes: Attributes { ["mode": .string(mode.rawValue)] }
}
