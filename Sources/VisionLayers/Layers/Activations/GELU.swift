public import VisionGraph
import VisionTensor

/// y = x · (1 + erf(x / √2)) / 2. Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016.
public struct GELU: Layer {
  public init() {}

  public func callAsFunction(_ x: Value) throws(GraphError) -> Value {
    let graph = x.graph
    func constant(_ value: Double, _ name: String) -> Value {
      graph.constant(Tensor(scalar: value).converted(to: x.fact.type), name: name)
    }
    let scaled = try graph.add(
      Mul(), x, constant(0.5.squareRoot(), "scale"), name: graph.path(to: "scaled"))
    let erf = try graph.add(Erf(), scaled, name: graph.path(to: "erf"))
    let shifted = try graph.add(Add(), erf, constant(1, "one"), name: graph.path(to: "shifted"))
    let half = try graph.add(Mul(), x, constant(0.5, "half"), name: graph.path(to: "halved"))
    return try graph.add(Mul(), half, shifted)
  }
}
