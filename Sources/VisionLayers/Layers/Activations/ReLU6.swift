public import VisionGraph
import VisionTensor

/// y = min(max(x, 0), 6). Howard et al., "MobileNets", 2017.
public struct ReLU6: Layer {
  public init() {}

  public func callAsFunction(_ x: Value) throws(GraphError) -> Value {
    let low = x.graph.constant(Tensor(scalar: Float(0)).converted(to: x.fact.type), name: "min")
    let high = x.graph.constant(Tensor(scalar: Float(6)).converted(to: x.fact.type), name: "max")
    return try x.graph.add(Clip(), x, low, high)
  }
}
