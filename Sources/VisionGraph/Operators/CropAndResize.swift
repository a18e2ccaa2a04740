public import VisionTensor
import VisionSystem

/// Boxes of images, resized. ONNX Runtime's CropAndResize (com.microsoft), which is TensorFlow's.
///
/// Inputs: x N×C×H×W, float32; boxes R×4 of its type, each y₁, x₁, y₂, x₂ with corners of the image at 0 and 1; for each box the image,
/// int32; the sides of the result, two int32 numbers known before the run. Output: R×C×height×width.
public struct CropAndResize: Operator {
  public static let name = "CropAndResize"
  public static let domain = "com.microsoft"
  public static let constantInputs: Set = [3]
  public enum Mode: String, Sendable, Hashable {
    case bilinear
    case nearest
  }
  public var mode: Mode
  /// The value outside of the image.
  public var outside: Float

  public init(mode: Mode = .bilinear, outside: Float = 0) {
    self.mode = mode
    self.outside = outside
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    let boxes = try ShapeRule.required(inputs, 1, types: [x.type])
    let images = try ShapeRule.required(inputs, 2, types: [.int32])
    let sides = try ShapeRule.required(inputs, 3, types: [.int32])
    guard x.shape.rank == 4, boxes.shape.rank == 2, boxes.shape[1] == 4, images.shape == [boxes.shape[0]],
      sides.shape == [2], x.shape[2] > 0, x.shape[3] > 0
    else {
      throw ShapeError(
        "\(x.shape), boxes \(boxes.shape), images \(images.shape) and sides \(sides.shape) do not fit")
    }
    guard let extents = try ShapeRule.constant(inputs, 3, "the sides"), extents.allSatisfy({ $0 > 0 }) else {
      throw ShapeError("the sides of the result must be positive")
    }
    return [Fact(x.type, try ShapeRule.shape([boxes.shape[0], x.shape[1]] + extents, "the result"))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let x = try Reference.required(inputs, 0)
    let boxes = try Reference.required(inputs, 1).doubles
    let images = try Reference.required(inputs, 2).integers
    guard images.allSatisfy({ (0..<x.shape[0]).contains($0) }) else {
      throw EvaluationError("an image of \(images) is none of \(x.shape[0])")
    }
    let (height, width, values) = (x.shape[2], x.shape[3], x.doubles)
    var result: [Double] = []
    result.reserveCapacity(fact.shape.elementCount)
    Reference.forEachCoordinate(fact.shape) { at in
      let box = Array(boxes[(4 * at[0])..<(4 * at[0] + 4)])
      let y = Self.position(at[2], of: fact.shape[2], from: box[0], to: box[2], extent: height)
      let x1 = Self.position(at[3], of: fact.shape[3], from: box[1], to: box[3], extent: width)
      guard let y, let x1 else { return result.append(Double(outside)) }
      let plane = (images[at[0]] * fact.shape[1] + at[1]) * height * width
      func pixel(_ row: Int, _ column: Int) -> Double { values[plane + row * width + column] }
      if mode == .nearest {
        return result.append(
          pixel(y.low + (y.share >= 0.5 ? 1 : 0), x1.low + (x1.share >= 0.5 ? 1 : 0)))
      }
      let (below, right) = (min(y.low + 1, height - 1), min(x1.low + 1, width - 1))
      let top = pixel(y.low, x1.low) * (1 - x1.share) + pixel(y.low, right) * x1.share
      let bottom = pixel(below, x1.low) * (1 - x1.share) + pixel(below, right) * x1.share
      result.append(top * (1 - y.share) + bottom * y.share)
    }
    return [Tensor(doubles: result, shape: fact.shape, elementType: fact.type)]
  }

  /// Where an element of the result lies in the image: the pixel before it, and its distance from it; nil outside.
  private static func position(_ index: Int, of count: Int, from start: Double, to end: Double, extent: Int)
    -> (
      low: Int, share: Double
    )?
  {
    let last = Double(extent - 1)
    let position =
      count > 1
      ? start * last + Double(index) * (end - start) * last / Double(count - 1) : 0.5 * (start + end) * last
    guard position >= 0, position <= last, let low = Int(exactly: position.rounded(.down)) else { return nil }
    return (low, position - Double(low))
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["extrapolation_value", "mode"])
    try node.allowInputs(atMost: 4)
    let name = try node.string("mode") ?? "bilinear"
    guard let mode = Mode(rawValue: name) else { throw node.unsupported("mode '\(name)'") }
    let op = CropAndResize(mode: mode, outside: try node.float("extrapolation_value") ?? 0)
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes {
    ["mode": .string(mode.rawValue), "extrapolation_value": .float(outside)]
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    GraphLimits.product(8, outputs[0].shape.elementCount)
  }
}
