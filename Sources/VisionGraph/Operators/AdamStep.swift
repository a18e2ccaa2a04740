import VisionSystem

/// One step of Adam (Kingma and Ba 2015). ONNX Adam, version 1 of `ai.onnx.preview.training`; see `OptimizerStep`. The name differs from that of VisionTraining's optimizer.
///
/// With g′ = g + c·x: v′ = α·v + (1 − α)·g′, h′ = β·h + (1 − β)·g′² and
/// x′ = (1 − c′) · (x − r·√(1 − βᵗ)/(1 − αᵗ) · v′ / (√h′ + ε)), where r is not adjusted for t = 0.
public struct AdamStep: OptimizerStep {
  public static let name = "Adam"
  public static let stateCount = 2
  public static let numbers: [(name: String, value: Float?)] = [
    ("alpha", 0.9), ("beta", 0.999), ("epsilon", 1e-6), ("norm_coefficient", 0), ("norm_coefficient_post", 0),
  ]
  public var alpha: Float
  public var beta: Float
  public var epsilon: Float
  /// The factor c of the penalty c/2 · ‖x‖².
  public var penalty: Float
  /// The part c′ that x loses after the step.
  public var decay: Float

  public init(
    alpha: Float = 0.9, beta: Float = 0.999, epsilon: Float = 1e-6, penalty: Float = 0, decay: Float = 0
  ) {
    (self.alpha, self.beta, self.epsilon) = (alpha, beta, epsilon)
    (self.penalty, self.decay) = (penalty, decay)
  }

  public func step(_ x: Double, _ gradient: Double, _ states: [Double], rate: Double, count: Int) -> (
    x: Double, states: [Double]
  ) {
    let (alpha, beta, g) = (Double(alpha), Double(beta), gradient + Double(penalty) * x)
    let v = alpha * states[0] + (1 - alpha) * g
    let h = beta * states[1] + (1 - beta) * g * g
    var adjusted = rate
    if count > 0 {
      let power = Double(count)
      adjusted *= (1 - Libm.pow(beta, power)).squareRoot() / (1 - Libm.pow(alpha, power))
    }
    let moved = x - adjusted * v / (h.squareRoot() + Double(epsilon))
    return ((1 - Double(decay)) * moved, [v, h])
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    let numbers = try read(node)
    let op = AdamStep(
      alpha: numbers[0], beta: numbers[1], epsilon: numbers[2], penalty: numbers[3], decay: numbers[4])
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes {
    [
      "alpha": .float(alpha), "beta": .float(beta), "epsilon": .float(epsilon),
      "norm_coefficient": .float(penalty), "norm_coefficient_post": .float(decay),
    ]
  }
}
