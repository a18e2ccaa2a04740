import VisionSystem

/// y = eˣ / Σ eˣ along one axis. ONNX Softmax, opset 13.
///
/// Input: x of any shape with at least one axis, a floating-point type.
public struct Softmax: SoftmaxLike {
  public static let name = "Softmax"
  public var axis: Int

  public init(axis: Int = -1) { self.axis = axis }

  public func transform(_ line: inout [Double]) {
    let largest = line.max() ?? 0
    var sum = 0.0
    for index in line.indices {
      line[index] = Libm.exp(line[index] - largest)
      sum += line[index]
    }
    for index in line.indices { line[index] /= sum }
  }

  public func derivative(_ g: [Double], _ y: [Double]) -> [Double] {
    let sum = zip(g, y).reduce(0) { $0 + $1.0 * $1.1 }
    return zip(g, y).map { ($0 - sum) * $1 }
  }
}
