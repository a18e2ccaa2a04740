import VisionSystem
public import VisionTensor

/// y = 2/√π · ∫₀ˣ e^(−t²) dt, the error function. ONNX Erf, opset 13.
///
/// Input: x, any numbers; the results of integers are truncated.
public struct Erf: DifferentiableUnary, PlainOperator {
  public static let name = "Erf"
  public static let types = Set<ElementType>.numbers
  public init() {}

  public var function: ElementFunction? { ElementFunction(.erf) }

  public func apply(_ x: Double) -> Double { Libm.erf(x) }

  public func derivative(_ x: Double) -> Double { 2 / Double.pi.squareRoot() * Libm.exp(-x * x) }
}
