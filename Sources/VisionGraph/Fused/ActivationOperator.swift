import VisionTensor

/// y = activation(x), for activations that ONNX writes as several nodes.
public struct ActivationOperator: InternalOperator, UnaryElementwise {
  public static let name = "Activation"
  public static let types: Set<ElementType> = [.float32]
  public let activation: Activation
  public init(_ activation: Activation) { self.activation = activation }
  public func apply(_ x: Double) -> Double { activation.apply(x) }
}
