public import VisionGraph
import VisionTensor

/// y = x at inference; training sets a fraction of the elements to zero and multiplies the others by 1/(1 −
/// rate).
///
/// Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", 2014.
public struct Dropout: Layer {
  /// The fraction of elements set to zero, in 0..<1.
  public let rate: Float

  public init(_ rate: Float) { self.rate = rate }

  public func callAsFunction(_ x: Value) throws(GraphError) -> Value {
    guard rate >= 0, rate < 1 else {
      throw GraphError(.structure, "dropout rate \(rate) is not in 0..<1", place: x.graph.path)
    }
    let ratio = x.graph.constant(Tensor(scalar: rate), name: "ratio")
    return try x.graph.add(DropoutOperator(), x, ratio)
  }
}
