import VisionGraph
import VisionTensor
import VisionTestSupport

/// A network of fixed weights, drawn so that values keep their size.
struct DrawnNetwork {
  let builder = GraphBuilder()
  var parameters = Parameters()

  mutating func weights(_ name: String, _ shape: Shape, around center: Float = 0) throws -> Value {
    let depth = Float(max(shape.elementCount / max(shape[0], 1), 1)).squareRoot()
    let numbers = Philox(seed: UInt64(shape.elementCount + name.utf8.count))
      .normal(count: shape.elementCount)
    parameters[name] = Tensor(numbers.map { center + (center == 0 ? $0 / depth : $0 / 10) }, shape: shape)
    return try builder.parameter(name, shape: shape, initializer: .zeros)
  }

  mutating func conv(
    _ x: Value, _ name: String, to outputs: Int, _ window: Window, groups: Int = 1
  ) throws -> Value {
    try builder.add(
      Conv(window: window, groups: groups), x,
      weights(name, Shape([outputs, x.shape[1] / groups] + window.kernel)),
      weights("\(name).bias", [outputs]), name: name)
  }

  mutating func normalized(_ x: Value, _ name: String) throws -> Value {
    let channels = x.shape[1]
    return try builder.add(
      BatchNormalization(), x, weights("\(name).scale", [channels], around: 1),
      weights("\(name).shift", [channels]), weights("\(name).mean", [channels]),
      weights("\(name).variance", [channels], around: 1))
  }
}
