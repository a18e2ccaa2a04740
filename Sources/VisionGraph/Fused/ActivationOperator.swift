import VisionTensor

/// y = activation(x), for activations that ONNX writes as several nodes.
package struct ActivationOperator: InternalOperator, DifferentiableUnary {
  package static let name = "Activation"
  package let activation: ElementFunction
  package init(_ activation: ElementFunction) { self.activation = activation }
  package var function: ElementFunction? { activation }
  package var parts: [String] { [activation.operatorName] }
  package func apply(_ x: Double) -> Double { activation.apply(x) }
  package func derivative(_ x: Double) -> Double { activation.derivative(x) }
}
