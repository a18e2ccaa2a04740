import VisionSystem

/// y = x·Φ(x), or its approximation with tanh (Hendrycks and Gimpel 2016). ONNX Gelu, opset 20.
public struct Gelu: DifferentiableUnary {
  public static let name = "Gelu"
  public static let introduction = 20
  public static let keepsNumbersOpen = true
  /// How Φ, the distribution function of the standard normal distribution, is computed.
  public enum Approximation: String, Sendable, Hashable {
    /// ½·(1 + erf(x/√2)).
    case none
    /// ½·(1 + tanh(√(2/π)·(x + 0.044715·x³))).
    case tanh
  }
  public var approximation: Approximation

  public init(approximation: Approximation = .none) { self.approximation = approximation }

  public var function: ElementFunction? { ElementFunction(approximation == .none ? .gelu : .geluTanh) }

  public func apply(_ x: Double) -> Double {
    if x == -.infinity { return -0.0 }
    switch approximation {
    case .none: return 0.5 * x * Libm.erfc(-x * 0.5.squareRoot())
    case .tanh:
      let inner = (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)
      return 0.5 * x * (1 + Libm.tanh(inner))
    }
  }

  public func derivative(_ x: Double) -> Double {
    if x.isInfinite { return x > 0 ? 1 : 0 }
    switch approximation {
    case .none:
      let density = Libm.exp(-0.5 * x * x) / (2 * Double.pi).squareRoot()
      return 0.5 * Libm.erfc(-x * 0.5.squareRoot()) + x * density
    case .tanh:
      let factor = (2 / Double.pi).squareRoot()
      let inner = Libm.tanh(factor * (x + 0.044715 * x * x * x))
      let slope = factor * (1 + 3 * 0.044715 * x * x)
      return 0.5 * (1 + inner) + (inner * inner == 1 ? 0 : 0.5 * x * (1 - inner * inner) * slope)
    }
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["approximate"])
    try node.allowInputs(atMost: 1)
    let name = try node.string("approximate") ?? "none"
    guard let approximation = Approximation(rawValue: name) else {
      throw node.unsupported("approximate '\(name)'")
    }
    return try graph.add(Gelu(approximation: approximation), node.inputs, name: node.name)
  }

  public var attributes: Attributes { ["approximate": .string(approximation.rawValue)] }
}
