public import VisionTensor
import VisionSystem

/// The positions of the elements that are not zero, row-major. ONNX NonZero, opset 13.
///
/// Input: x of any type. Output: int64, a row for each axis of x and a column for each element; NaN counts as not
/// zero.
public struct NonZero: DataDependentOperator, PlainOperator {
  public static let name = "NonZero"
  public static let constantInputs: Set = [0]
  public static let inputLimit: Int? = 1
  public init() {}

  public func check(_ inputs: [Fact?]) throws(ShapeError) { _ = try ShapeRule.required(inputs, 0) }

  public func bytesPerElement(_ inputs: [Fact?]) -> Int { 8 * ((inputs[0]?.shape.rank ?? 0) * 2 + 3) }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let flags = x.nonzero
    let places = flags.indices.filter { flags[$0] }
    var positions: [Int64] = []
    positions.reserveCapacity(places.count * x.shape.rank)
    for (stride, extent) in zip(x.shape.strides, x.shape) {
      for place in places { positions.append(Int64(place / max(stride, 1) % max(extent, 1))) }
    }
    return [Tensor(positions, shape: [x.shape.rank, places.count])]
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}
