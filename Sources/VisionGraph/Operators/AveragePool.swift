/// y = the mean of the elements under the window. ONNX AveragePool, opset 19 (opset 11 has no `dilations`).
///
/// Input: x N×C×spatial, a floating-point type.
public struct AveragePool: Pooling {
  public static let name = "AveragePool"
  public var window: Window
  public var ceiling: Bool
  /// Whether the zeros of the padding count as elements; positions beyond the padding never count.
  public var countsPadding: Bool

  public init(window: Window, ceiling: Bool = false, countsPadding: Bool = false) {
    self.window = window
    self.ceiling = ceiling
    self.countsPadding = countsPadding
  }

  public func pool(_ elements: UnsafeBufferPointer<Double>, area: Int) -> Double {
    elements.reduce(0, +) / Double(max(countsPadding ? area : elements.count, 1))
  }

  public static var derivesFromElements: Bool { false }
  public func derivatives(_ elements: [Double], area: Int) -> [Double] {
    let count = Double(max(countsPadding ? area : elements.count, 1))
    return elements.map { _ in 1 / count }
  }

  public func byteRole(_ inputs: [Fact?], isFixed: (Int) -> Bool) -> ByteRole { .rescaled }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes([
      "auto_pad", "ceil_mode", "count_include_pad", "dilations", "kernel_shape", "pads", "strides",
    ])
    let pool = AveragePool(
      window: try Window(node, kernel: nil), ceiling: try node.flag("ceil_mode"),
      countsPadding: try node.flag("count_include_pad"))
    return [try graph.add(pool, node.input(0), name: node.name)]
  }

  public func minimumOpset(_ inputs: [Fact?]) -> Int { window.dilations.allSatisfy { $0 == 1 } ? 0 : 19 }

  public var attributes: Attributes {
    var attributes = window.attributes
    // The attribute does not exist before opset 19, so it is written only when it differs from the default.
    if window.dilations.allSatisfy({ $0 == 1 }) { attributes["dilations"] = nil }
    attributes["ceil_mode"] = .int(ceiling ? 1 : 0)
    attributes["count_include_pad"] = .int(countsPadding ? 1 : 0)
    return attributes
  }
}
