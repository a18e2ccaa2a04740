public import VisionTensor
import VisionSystem

/// The largest element over some axes; NaN if one is NaN; −∞ or the type's minimum without elements. ONNX
/// ReduceMax, opset 13.
///
/// Input: x of any shape, any numbers or bool.
public struct ReduceMax: AttributeReduction, IntegerReduction {
  public static let name = "ReduceMax"
  public static var types: Set<ElementType> { .numbers.union([.bool]) }
  public var axes: [Int]?
  public var keepsDimensions: Bool

  public init(axes: [Int]? = nil, keepsDimensions: Bool = true) {
    self.axes = axes
    self.keepsDimensions = keepsDimensions
  }

  public func reduce(_ elements: [Double]) -> Double {
    elements.reduce(-.infinity) { $0.isNaN || $0 > $1 ? $0 : $1 }
  }

  public func reduce(_ elements: [Int], as type: ElementType) -> Int {
    if type == .uint64 {
      let result = elements.lazy.map { UInt64(truncatingIfNeeded: $0) }.max() ?? UInt64.min
      return Int(truncatingIfNeeded: result)
    }
    return elements.max() ?? type.integerRange.lowerBound
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.extremum(self)
  }
}
