import VisionTensor

/// Which nodes of a network compute on bytes, and which values therefore have to be bytes.
struct QuantizationRoles {
  /// What a node is to quantisation.
  enum Role {
    /// Convolutions and matrix products with fixed weights.
    case weighted
    /// Sums and means: the result has a scale of its own.
    case rescaled
    /// What only chooses or moves elements: the result has the scale of its inputs.
    case moving
    /// All others compute in floating point.
    case float
  }

  /// Of each node, `float` also for those that could compute on bytes and gain nothing.
  private(set) var roles: [Role]
  /// Whether a value is rounded to bytes, by value.
  private(set) var isQuantized: [Bool]
  /// For every value, the value whose scale it shares; itself for the first of a set.
  private var parents: [Int]

  /// - Parameter isFixed: whether a value is a weight or a constant.
  init(_ graph: Graph, isFixed: (ValueID) -> Bool) {
    isQuantized = [Bool](repeating: false, count: graph.values.count)
    parents = Array(0..<graph.values.count)
    let uses = graph.useCounts
    // Values that come from weighted nodes through others that can compute on bytes.
    var isReached = isQuantized
    // The clamp that is all that reads a value gives its result.
    var clamped: [Int: ValueID] = [:]
    roles = []
    for node in graph.nodes {
      let role = Self.role(node, graph, isFixed)
      let activations = Self.activations(node, role)
      let reaches = role == .weighted || activations.allSatisfy { isReached[$0.index] }
      roles.append(reaches ? role : .float)
      if let x = node.inputs.first ?? nil, node.outputs.count == 1,
        Clamp(node.operation, node.inputs.map { $0.map { graph.fact($0) } }) != nil
      {
        isReached[node.outputs[0].index] = isReached[x.index]
        if uses[x.index] == 1 { clamped[x.index] = node.outputs[0] }
      } else if role != .float, reaches {
        isReached[node.outputs[0].index] = true
      }
    }
    for (index, node) in graph.nodes.enumerated().reversed() where roles[index] != .float {
      let result = clamped[node.outputs[0].index] ?? node.outputs[0]
      if roles[index] != .weighted, !isQuantized[result.index] {
        roles[index] = .float
        continue
      }
      let activations = Self.activations(node, roles[index])
      for value in activations { isQuantized[value.index] = true }
      guard roles[index] == .moving else { continue }
      for value in activations { join(value.index, node.outputs[0].index) }
    }
    // What moves elements gives bytes as they are; a clamp after it has a scale of its own.
    for (index, node) in graph.nodes.enumerated() where roles[index] == .moving {
      isQuantized[node.outputs[0].index] = true
    }
  }

  /// The value that stands for all that share the scale of `value`.
  func representative(of value: ValueID) -> ValueID { ValueID(root(value.index)) }

  /// The inputs of a node that change from run to run.
  static func activations(_ node: Graph.Node, _ role: Role) -> [ValueID] {
    switch role {
    case .weighted: node.inputs.prefix(1).compactMap { $0 }
    case .rescaled: node.inputs.compactMap { $0 }
    case .moving:
      node.operation is Concat ? node.inputs.compactMap { $0 } : node.inputs.prefix(1).compactMap { $0 }
    case .float: []
    }
  }

  private static func role(_ node: Graph.Node, _ graph: Graph, _ isFixed: (ValueID) -> Bool) -> Role {
    guard let x = node.inputs.first ?? nil, !isFixed(x), graph.fact(x).type == .float32,
      node.outputs.count == 1
    else { return .float }
    func isWeight(_ position: Int, ranks: ClosedRange<Int>) -> Bool {
      guard position < node.inputs.count, let id = node.inputs[position] else { return false }
      return isFixed(id) && ranks.contains(graph.fact(id).shape.rank) && graph.fact(id).shape.elementCount > 0
    }
    let hasBias = node.inputs.count > 2 && node.inputs[2] != nil
    switch node.operation {
    case is Conv:
      return isWeight(1, ranks: 3...5) && (!hasBias || isWeight(2, ranks: 1...1)) ? .weighted : .float
    case let gemm as Gemm:
      guard !gemm.transposesA, gemm.alpha == 1, gemm.beta == 1, isWeight(1, ranks: 2...2) else {
        return .float
      }
      guard hasBias else { return .weighted }
      let columns = graph.fact(node.outputs[0]).shape[1]
      guard isWeight(2, ranks: 1...1), let bias = node.inputs[2] else { return .float }
      return graph.fact(bias).shape[0] == columns ? .weighted : .float
    case is MatMul: return isWeight(1, ranks: 2...2) && graph.fact(x).shape.rank >= 2 ? .weighted : .float
    case is Add:
      guard node.inputs.count == 2, let other = node.inputs[1], !isFixed(other), other != x else {
        return .float
      }
      return graph.fact(x) == graph.fact(other) ? .rescaled : .float
    case is GlobalAveragePool, is AveragePool: return .rescaled
    case is MaxPool, is Flatten, is Reshape, is Squeeze, is Unsqueeze, is Transpose: return .moving
    case is Concat:
      return node.inputs.allSatisfy { $0.map { !isFixed($0) && graph.fact($0).type == .float32 } ?? false }
        ? .moving : .float
    default: return .float
    }
  }

  private func root(_ index: Int) -> Int {
    var index = index
    while parents[index] != index { index = parents[index] }
    return index
  }

  private mutating func join(_ a: Int, _ b: Int) {
    let (a, b) = (root(a), root(b))
    parents[max(a, b)] = min(a, b)
  }
}
