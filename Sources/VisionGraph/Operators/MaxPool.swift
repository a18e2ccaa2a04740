public import VisionTensor

/// y = the largest element under the window, without the padding; NaN if one is NaN. ONNX MaxPool, opset 12.
///
/// Input: x N×C×spatial, a floating-point type, int8 or uint8. A node whose output `Indices` is read becomes a
/// `MaxPoolWithIndices`.
public struct MaxPool: Pooling {
  public static let name = "MaxPool"
  public static var types: Set<ElementType> { Set<ElementType>.floats.union([.int8, .uint8]) }
  public var window: Window
  public var ceiling: Bool

  public init(window: Window, ceiling: Bool = false) {
    self.window = window
    self.ceiling = ceiling
  }

  public func pool(_ elements: UnsafeBufferPointer<Double>, area: Int) -> Double {
    elements.reduce(-.infinity) { $0.isNaN || $0 > $1 ? $0 : $1 }
  }

  /// The whole derivative goes to the first of the largest elements, as in PyTorch.
  public func derivatives(_ elements: [Double], area: Int) -> [Double] {
    Reference.firstLargest(elements)
  }

  public func byteRole(_ inputs: [Fact?], isFixed: (Int) -> Bool) -> ByteRole { .moving }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes([
      "auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "storage_order", "strides",
    ])
    let pool = MaxPool(window: try Window(node, kernel: nil), ceiling: try node.flag("ceil_mode"))
    guard node.outputCount > 1 else { return [try graph.add(pool, node.input(0), name: node.name)] }
    let both = MaxPoolWithIndices(pool, countsColumns: try node.flag("storage_order"))
    return try graph.add(both, [node.input(0)], name: node.name)
  }

  public var attributes: Attributes {
    var attributes = window.attributes
    attributes["ceil_mode"] = .int(ceiling ? 1 : 0)
    return attributes
  }
}
