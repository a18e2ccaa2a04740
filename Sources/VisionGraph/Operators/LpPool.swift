import VisionTensor

/// y = (Σ |x|ᵖ)^(1/p) of the elements under the window. ONNX LpPool, opset 18 (opset 11 has no `ceil_mode` and no
/// `dilations`).
///
/// Input: x N×C×spatial, a floating-point type.
public struct LpPool: Pooling {
  public static let name = "LpPool"
  public var window: Window
  public var ceiling: Bool
  /// The norm, at least 1.
  public var p: Int

  public init(window: Window, ceiling: Bool = false, p: Int = 2) {
    self.window = window
    self.ceiling = ceiling
    self.p = p
  }

  public func pool(_ elements: UnsafeBufferPointer<Double>, area: Int) -> Double {
    Reference.norm(elements, p)
  }

  public func derivatives(_ elements: [Double], area: Int) -> [Double] {
    Reference.normDerivatives(elements, p)
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["auto_pad", "ceil_mode", "dilations", "kernel_shape", "p", "pads", "strides"])
    let p = try node.int("p") ?? 2
    guard p >= 1 else { throw node.unsupported("p \(p)") }
    let pool = LpPool(window: try Window(node, kernel: nil), ceiling: try node.flag("ceil_mode"), p: p)
    return [try graph.add(pool, node.input(0), name: node.name)]
  }

  public func minimumOpset(_ inputs: [Fact?]) -> Int {
    ceiling || !window.dilations.allSatisfy { $0 == 1 } ? 18 : 0
  }

  public var attributes: Attributes {
    var attributes = window.attributes
    // Neither exists before opset 18, so they are written only when they differ from the default.
    if window.dilations.allSatisfy({ $0 == 1 }) { attributes["dilations"] = nil }
    if ceiling { attributes["ceil_mode"] = .int(1) }
    attributes["p"] = .int(p)
    return attributes
  }
}
