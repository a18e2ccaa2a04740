import VisionSystem

/// y = x − ln Σ eˣ along one axis. ONNX LogSoftmax, opset 13.
///
/// Input: x of any shape with at least one axis, a floating-point type.
public struct LogSoftmax: SoftmaxLike {
  public static let name = "LogSoftmax"
  public var axis: Int

  public init(axis: Int = -1) { self.axis = axis }

  public func transform(_ line: inout [Double]) {
    let largest = line.max() ?? 0
    let sum = line.reduce(0) { $0 + Libm.exp($1 - largest) }
    for index in line.indices { line[index] = line[index] - largest - Libm.log(sum) }
  }

  public func derivative(_ g: [Double], _ y: [Double]) -> [Double] {
    let sum = g.reduce(0, +)
    return zip(g, y).map { $0 - Libm.exp($1) * sum }
  }
}
