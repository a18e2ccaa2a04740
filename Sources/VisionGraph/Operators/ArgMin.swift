/// The position of the smallest element along an axis; the first NaN counts as the smallest. ONNX ArgMin, opset 13.
///
/// Input: x, any numbers; output int64.
public struct ArgMin: Selection {
  public static let name = "ArgMin"
  public var axis: Int
  public var keepsDimensions: Bool
  public var selectsLast: Bool

  public init(axis: Int = 0, keepsDimensions: Bool = true, selectsLast: Bool = false) {
    self.axis = axis
    self.keepsDimensions = keepsDimensions
    self.selectsLast = selectsLast
  }

  public func prefers<Number: Comparable>(_ a: Number, to b: Number) -> Bool { a < b }
}
