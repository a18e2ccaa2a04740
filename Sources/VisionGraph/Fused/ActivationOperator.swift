import VisionTensor

/// y = activation(x), for activations that ONNX writes as several nodes.
public struct ActivationOperator: InternalOperator, DifferentiableUnary {
  public static let name = "Activation"
  public let activation: ElementFunction
  public init(_ activation: ElementFunction) { self.activation = activation }
  public var function: ElementFunction? { activation }
  public var parts: [String] { [activation.operatorName] }
  public func apply(_ x: Double) -> Double { activation.apply(x) }
  public func derivative(_ x: Double) -> Double { activation.derivative(x) }
}
