/// One step of Adagrad (Duchi et al. 2011). ONNX Adagrad, version 1 of `ai.onnx.preview.training`; see `OptimizerStep`.
///
/// With g′ = g + c·x: h′ = h + g′² and x′ = x − r / (1 + t·decay) · g′ / (√h′ + ε).
public struct AdagradStep: OptimizerStep {
  public static let name = "Adagrad"
  public static let stateCount = 1
  public static let numbers: [(name: String, value: Float?)] = [
    ("decay_factor", 0), ("epsilon", 1e-6), ("norm_coefficient", 0),
  ]
  public var decay: Float
  public var epsilon: Float
  /// The factor c of the penalty c/2 · ‖x‖².
  public var penalty: Float

  public init(decay: Float = 0, epsilon: Float = 1e-6, penalty: Float = 0) {
    self.decay = decay
    self.epsilon = epsilon
    self.penalty = penalty
  }

  public func step(_ x: Double, _ gradient: Double, _ states: [Double], rate: Double, count: Int) -> (
    x: Double, states: [Double]
  ) {
    let g = gradient + Double(penalty) * x
    let h = states[0] + g * g
    let adjusted = rate / (1 + Double(count) * Double(decay))
    return (x - adjusted * g / (h.squareRoot() + Double(epsilon)), [h])
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    let numbers = try read(node)
    let op = AdagradStep(decay: numbers[0], epsilon: numbers[1], penalty: numbers[2])
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes {
    ["decay_factor": .float(decay), "epsilon": .float(epsilon), "norm_coefficient": .float(penalty)]
  }
}
