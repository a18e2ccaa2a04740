/// One step of gradient descent with momentum. ONNX Momentum, version 1 of `ai.onnx.preview.training`; see `OptimizerStep`.
///
/// With g′ = g + c·x: v′ = α·v + β·g′, where β is 1 for the first step, t = 0, and x′ = x − r·v′, or x − r·(g′ + α·v′) with
/// Nesterov's momentum.
public struct MomentumStep: OptimizerStep {
  public static let name = "Momentum"
  public static let stateCount = 1
  public static let numbers: [(name: String, value: Float?)] = [
    ("alpha", nil), ("beta", nil), ("norm_coefficient", nil),
  ]
  public var alpha: Float
  public var beta: Float
  /// The factor c of the penalty c/2 · ‖x‖².
  public var penalty: Float
  public var isNesterov: Bool

  public init(alpha: Float, beta: Float = 1, penalty: Float = 0, isNesterov: Bool = false) {
    self.alpha = alpha
    self.beta = beta
    self.penalty = penalty
    self.isNesterov = isNesterov
  }

  public func step(_ x: Double, _ gradient: Double, _ states: [Double], rate: Double, count: Int) -> (
    x: Double, states: [Double]
  ) {
    let g = gradient + Double(penalty) * x
    let v = Double(alpha) * states[0] + (count > 0 ? Double(beta) : 1) * g
    return (x - rate * (isNesterov ? g + Double(alpha) * v : v), [v])
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    let numbers = try read(node, others: ["mode"])
    guard let mode = try node.string("mode") else {
      throw GraphError(.structure, "Momentum lacks its mode", place: node.name)
    }
    guard mode == "standard" || mode == "nesterov" else { throw node.unsupported("mode '\(mode)'") }
    let op = MomentumStep(
      alpha: numbers[0], beta: numbers[1], penalty: numbers[2], isNesterov: mode == "nesterov")
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes {
    [
      "alpha": .float(alpha), "beta": .float(beta), "norm_coefficient": .float(penalty),
      "mode": .string(isNesterov ? "nesterov" : "standard"),
    ]
  }
}
