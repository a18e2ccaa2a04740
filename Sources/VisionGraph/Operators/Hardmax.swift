import VisionTensor

/// 1 at the first of the largest elements along one axis, else 0. ONNX Hardmax, opset 13.
///
/// Input: x of any shape with at least one axis, a floating-point type. NaN counts as the largest.
public struct Hardmax: SoftmaxLike {
  public static let name = "Hardmax"
  public var axis: Int

  public init(axis: Int = -1) { self.axis = axis }

  public func transform(_ line: inout [Double]) {
    var best = 0
    for index in line.indices where line[index] > line[best] || line[index].isNaN && !line[best].isNaN {
      best = index
    }
    for index in line.indices { line[index] = index == best ? 1 : 0 }
  }

  public func derivative(_ g: [Double], _ y: [Double]) -> [Double] { g.map { _ in 0 } }
}
