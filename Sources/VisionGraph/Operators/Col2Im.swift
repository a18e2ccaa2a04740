public import VisionTensor
import VisionSystem

/// y = an image into which blocks are laid, where they overlap with the sum. ONNX Col2Im, opset 18.
///
/// Inputs: x N×(C · block)×blocks, any numbers; the extents of the image and those of a block, int64, known before the run.
/// Output: N×C×image.
public struct Col2Im: Operator {
  public static let name = "Col2Im"
  public static let introduction = 18
  public static let constantInputs: Set = [1, 2]
  /// Elements from block to block; nil for 1.
  public var strides: [Int]?
  /// Elements of the image from element to element of a block; nil for 1.
  public var dilations: [Int]?
  /// What the blocks cover before and after each axis; nil for nothing.
  public var pads: [Int]?

  public init(strides: [Int]? = nil, dilations: [Int]? = nil, pads: [Int]? = nil) {
    self.strides = strides
    self.dilations = dilations
    self.pads = pads
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .numbers)
    return [Fact(x.type, try geometry(inputs, x.shape).output)]
  }

  /// The window that would cut the image into blocks, for an image, and the shape of the output.
  package func geometry(_ inputs: [Fact?], _ x: Shape) throws(ShapeError) -> (
    window: Window, resolved: Window.Resolved, output: Shape
  ) {
    let (image, block) = (try ShapeRule.constantShape(inputs, 1), try ShapeRule.constantShape(inputs, 2))
    guard x.rank == 3, image.rank >= 1, block.rank == image.rank else {
      throw ShapeError("input \(x), image \(image) and block \(block) do not fit: N×(C · block)×blocks")
    }
    let window = Window(
      kernel: block.dimensions, strides: strides, dilations: dilations, padding: pads.map { .explicit($0) })
    let resolved = try window.resolved(image.dimensions)
    let blocks = try ShapeRule.shape(resolved.output, "the blocks").elementCount
    let size = block.elementCount
    guard x[1] % size == 0, x[2] == blocks else {
      throw ShapeError("input \(x) does not hold \(blocks) blocks of \(block)")
    }
    return (window, resolved, try ShapeRule.shape([x[0], x[1] / size] + image.dimensions, "the output"))
  }

  /// For every element of x, the element of the output that it is added to; nil outside of the image.
  package func places(_ inputs: [Tensor?], _ x: Shape) throws(EvaluationError) -> [Int?] {
    let (window, resolved, output): (Window, Window.Resolved, Shape)
    do {
      (window, resolved, output) = try geometry(inputs.map { $0.map(Fact.init(constant:)) }, x)
    } catch { throw EvaluationError(error.message) }
    let image = Array(output.dimensions.dropFirst(2))
    let (size, plane) = (window.kernel.reduce(1, *), image.reduce(1, *))
    var inside = [Int?](repeating: nil, count: size * x[2])
    for (block, taps) in Conv.taps(of: window, resolved, input: image).enumerated() {
      for tap in taps { inside[tap.tap * x[2] + block] = tap.position }
    }
    return (0..<(output[0] * output[1])).flatMap { channel in
      inside.map { position in position.map { channel * plane + $0 } }
    }
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let fact = try resolved(inputs)[0]
    let places = try places(inputs, x.shape)
    let kept = places.indices.filter { places[$0] != nil }
    let zeros = Tensor(elementType: fact.type, shape: fact.shape) { _ in }
    let updates = Reference.gather(x, kept, shape: [kept.count])
    return [ScatterReduction.add.scatter(updates, into: zeros, at: places.compactMap { $0 })]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.wanted { (index, x) throws(GraphError) in
      guard index == 0 else { return nil }
      return try node.add(
        Col2ImGradient(self), node.gradient, node.shape(of: x), node.input(1), node.input(2))
    }
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["dilations", "pads", "strides"])
    try node.allowInputs(atMost: 3)
    let op = Col2Im(
      strides: try node.ints("strides"), dilations: try node.ints("dilations"), pads: try node.ints("pads"))
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes {
    var attributes: Attributes = [:]
    if let strides { attributes["strides"] = .ints(strides) }
    if let dilations { attributes["dilations"] = .ints(dilations) }
    if let pads { attributes["pads"] = .ints(pads) }
    return attributes
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { inputs[0]?.shape.elementCount ?? 0 }
}
