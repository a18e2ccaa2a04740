/// The position of the largest element along an axis; the first NaN counts as the largest. ONNX ArgMax, opset 13.
///
/// Input: x, any numbers; output int64.
public struct ArgMax: Selection {
  public static let name = "ArgMax"
  public var axis: Int
  public var keepsDimensions: Bool
  public var selectsLast: Bool

  public init(axis: Int = 0, keepsDimensions: Bool = true, selectsLast: Bool = false) {
    self.axis = axis
    self.keepsDimensions = keepsDimensions
    self.selectsLast = selectsLast
  }

  public func prefers<Number: Comparable>(_ a: Number, to b: Number) -> Bool { a > b }
}
