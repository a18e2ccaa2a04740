public import VisionGraph
import VisionTensor

/// y = x · weightᵀ + bias: N×F → N×units.
///
/// Parameters: `weight` units×F, `bias` units.
public struct Dense: Layer {
  /// The number of outputs, at least 1.
  public let units: Int
  /// Whether a bias is added to each output.
  public let bias: Bool
  /// How `weight` is initialized.
  public let initializer: Initializer
  /// How `bias` is initialized; nil means PyTorch's uniform distribution in ±1/√F.
  public let biasInitializer: Initializer?

  public init(
    _ units: Int, bias: Bool = true, initializer: Initializer = .kaimingUniform,
    biasInitializer: Initializer? = nil
  ) {
    self.units = units
    self.bias = bias
    self.initializer = initializer
    self.biasInitializer = biasInitializer
  }

  public func callAsFunction(_ x: Value) throws(GraphError) -> Value {
    let features = try x.features(for: self)
    let shape: Shape = [units, features]
    guard units > 0, features > 0, shape.checkedElementCount != nil else {
      throw GraphError(.shape, "weights \(shape) are no shape", place: x.graph.path)
    }
    let type = x.fact.type
    let weight = try x.graph.parameter("weight", shape: shape, type: type, initializer: initializer)
    var offset: Value?
    if bias {
      offset = try x.graph.parameter(
        "bias", shape: [units], type: type,
        initializer: biasInitializer ?? .uniform(1 / Float(features).squareRoot()))
    }
    return try x.graph.add(Gemm(transposesB: true), x, weight, offset)
  }
}
