import VisionTensor

/// Which nodes of a network compute with bytes, and which values must therefore be bytes.
struct QuantizationRoles {
  /// The role of each node; also `float` for nodes that could compute with bytes without a benefit.
  private(set) var roles: [ByteRole]
  /// For every value, whether it is rounded to bytes.
  private(set) var isQuantized: [Bool]
  /// For every value, another value with the same scale, or itself: a union-find forest.
  private var parents: [Int]

  /// - Parameter isFixed: whether a value is a weight or a constant.
  init(_ graph: Graph, isFixed: (ValueID) -> Bool) {
    isQuantized = [Bool](repeating: false, count: graph.values.count)
    parents = Array(0..<graph.values.count)
    let uses = graph.useCounts
    // Values computed from the results of weighted nodes through nodes that can compute with bytes.
    var isReached = isQuantized
    // By value: the result of the clamp that is its only reader.
    var clamped: [Int: ValueID] = [:]
    roles = []
    for node in graph.nodes {
      let role = Self.role(node, graph, isFixed)
      let activations = Self.activations(node, role, graph)
      let reaches = role.isWeighted || activations.allSatisfy { isReached[$0.index] }
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
      if !roles[index].isWeighted, !isQuantized[result.index] {
        roles[index] = .float
        continue
      }
      let activations = Self.activations(node, roles[index], graph)
      for value in activations { isQuantized[value.index] = true }
      guard roles[index] == .moving else { continue }
      for value in activations { join(value.index, node.outputs[0].index) }
    }
    // A moving operator outputs its input bytes; a clamp after it has its own scale.
    for (index, node) in graph.nodes.enumerated() where roles[index] == .moving {
      isQuantized[node.outputs[0].index] = true
    }
  }

  /// The value that represents all values with the same scale as `value`.
  func representative(of value: ValueID) -> ValueID { ValueID(root(value.index)) }

  /// The inputs of a node that vary from run to run.
  private static func activations(_ node: Graph.Node, _ role: ByteRole, _ graph: Graph) -> [ValueID] {
    switch role {
    case .weighted: node.inputs.prefix(1).compactMap { $0 }
    case .rescaled: node.inputs.compactMap { $0 }
    case .moving: node.inputs.compactMap { $0 }.filter { graph.fact($0).type == .float32 }
    case .float: []
    }
  }

  private static func role(_ node: Graph.Node, _ graph: Graph, _ isFixed: (ValueID) -> Bool) -> ByteRole {
    guard let x = node.inputs.first ?? nil, !isFixed(x), graph.fact(x).type == .float32,
      node.outputs.count == 1
    else { return .float }
    let role = node.operation.byteRole(node.inputs.map { $0.map { graph.fact($0) } }) { position in
      node.inputs[position].map(isFixed) ?? false
    }
    // The sum of a value with itself stays in floating point.
    return role == .rescaled && Set(node.inputs).count < node.inputs.count ? .float : role
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
