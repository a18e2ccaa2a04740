import VisionGraph
import VisionTensor

/// The values that do not change between the runs of a plan: parameters, constants, and values that depend on
/// them alone.
///
/// A value that depends on others is computed when it is first needed and released after its last use, so
/// that weights are not held a second time besides their packed form.
struct PlanConstants {
  private let graph: Graph
  private let store: WeightStore
  /// Whether a value does not change between runs.
  let isConstant: [Bool]
  /// Bytes of the values that are computed from parameters and constants alone.
  let byteCount: Int
  /// The tensors that are known so far.
  private var tensors: [Tensor?]
  /// What values that are kept depend on.
  private var origins = ConstantOrigins()
  /// The hash of the constants that the weights of a node depend on, by its first output.
  private var nodeOrigins: [ValueID: UInt64] = [:]
  /// The number of reads of each value, constant or not, by nodes that are not compiled yet.
  private(set) var remainingUses: [Int]
  /// The number of reads of each value, and how many of these are as weights of convolutions.
  private let totalUses: [Int]
  private let packedUses: [Int]

  /// - Parameter variables: names of parameters that change between runs.
  init(
    _ graph: Graph, _ parameters: Parameters, variables: Set<String>, weights: WeightStore, memoryLimit: Int
  ) throws(GraphError) {
    self.graph = graph
    store = weights
    remainingUses = graph.useCounts
    totalUses = remainingUses
    var packedUses = [Int](repeating: 0, count: graph.values.count)
    for node in graph.nodes where node.operation is FusedConv && node.inputs.count > 1 {
      if let weights = node.inputs[1] { packedUses[weights.index] += 1 }
    }
    self.packedUses = packedUses
    (tensors, isConstant, byteCount) = try Self.find(graph, parameters, variables, memoryLimit)
  }

  /// The tensor of a constant value; nil if it is not known yet.
  subscript(_ value: ValueID) -> Tensor? { tensors[value.index] }

  /// Finds the values that depend on parameters and constants alone, except those that take long to compute.
  private static func find(
    _ graph: Graph, _ parameters: Parameters, _ variables: Set<String>, _ memoryLimit: Int
  ) throws(GraphError) -> (tensors: [Tensor?], isConstant: [Bool], byteCount: Int) {
    var byteCount = 0
    var frozen = [Tensor?](repeating: nil, count: graph.values.count)
    for (index, record) in graph.values.enumerated() {
      switch record.source {
      case .parameter: frozen[index] = variables.contains(record.name) ? nil : parameters[record.name]
      case .constant(let tensor): frozen[index] = tensor
      case .input, .node: break
      }
    }
    var isConstant = frozen.map { $0 != nil }
    for node in graph.nodes {
      let inputs = node.inputs.compactMap { $0 }
      guard !inputs.isEmpty, inputs.allSatisfy({ isConstant[$0.index] }),
        graph.flops(of: node) <= GraphLimits.frozenFlops
      else { continue }
      let facts = node.outputs.map { graph.fact($0) }
      let needed = GraphLimits.sum(
        byteCount, GraphLimits.referenceBytes(node.inputs.map { $0.map { graph.fact($0) } }, facts))
      guard needed <= memoryLimit else { throw .memory(needed, limit: memoryLimit, place: node.name) }
      byteCount += facts.reduce(0) { $0 + $1.shape.elementCount * $1.type.byteCount }
      for output in node.outputs { isConstant[output.index] = true }
    }
    return (frozen, isConstant, byteCount)
  }

  /// Makes sure that a constant value is known.
  mutating func evaluate(_ value: ValueID) throws(GraphError) {
    guard isConstant[value.index], tensors[value.index] == nil, let node = graph.producer(of: value) else {
      return
    }
    for case let input? in node.inputs { try evaluate(input) }
    let inputs = node.inputs.map { $0.flatMap { tensors[$0.index] } }
    do {
      if node.outputs.count == 1, !isForPacking(value) {
        let key = NodeWeights.key(
          "frozen \(node.name) \(graph.fact(value))", origins.origin(of: value, in: graph))
        tensors[value.index] = try store.tensor(key) { () throws(EvaluationError) in
          try node.operation.evaluate(inputs)[0]
        }
      } else {
        let results = try node.operation.evaluate(inputs)
        for (output, tensor) in zip(node.outputs, results) { tensors[output.index] = tensor }
      }
    } catch {
      throw GraphError(.evaluation, error.message, place: node.name)
    }
    for case let input? in node.inputs { release(input) }
  }

  /// Whether a value is read only as weights of convolutions, which keep it packed.
  private func isForPacking(_ value: ValueID) -> Bool { packedUses[value.index] == totalUses[value.index] }

  /// Adds a use of a value that a step reads after all nodes that read it have been compiled.
  mutating func retain(_ value: ValueID) { remainingUses[value.index] += 1 }

  /// Removes a use of a value.
  mutating func release(_ value: ValueID) {
    remainingUses[value.index] -= 1
    guard remainingUses[value.index] == 0, isConstant[value.index] else { return }
    guard let producer = graph.producer(of: value) else {
      tensors[value.index]?.storage.giveBack()
      return
    }
    // Weights that were folded while they were packed were never evaluated, so their operands are not
    // released yet.
    if tensors[value.index] == nil, isFoldedWhilePacked(value) {
      for case let input? in producer.inputs { release(input) }
    }
    tensors[value.index] = nil
  }

  /// Whether a value is weights with a BatchNormalization folded in, and nothing needs them as a whole.
  private func isFoldedWhilePacked(_ value: ValueID) -> Bool {
    isConstant[value.index] && isForPacking(value)
      && graph.producer(of: value)?.operation is BatchNormalizedWeights && graph.fact(value).type == .float32
  }

  /// Where the weights of a node are kept whose inputs were evaluated.
  func weights(of node: Graph.Node) -> NodeWeights {
    NodeWeights(store: store, origin: node.outputs.first.flatMap { nodeOrigins[$0] })
  }

  /// Finds the constants that a node's weights depend on. Whole numbers that a node reads beside its data, such as shapes, are no
  /// weights; they may differ between plans of one network for several batch sizes.
  private mutating func findOrigin(of node: Graph.Node) {
    let weights = node.inputs.compactMap { $0 }.filter {
      isConstant[$0.index] && ![.int64, .int32, .bool].contains(graph.fact($0).type)
    }
    guard let output = node.outputs.first else { return }
    nodeOrigins[output] = origins.origin(of: weights, in: graph)
  }

  /// Makes sure that a node's constant inputs are known; of weights that are folded while they are packed,
  /// only the operands.
  mutating func evaluateInputs(of node: Graph.Node) throws(GraphError) {
    findOrigin(of: node)
    for case let input? in node.inputs {
      guard isFoldedWhilePacked(input), tensors[input.index] == nil else {
        try evaluate(input)
        continue
      }
      for case let part? in graph.producer(of: input)?.inputs ?? [] { try evaluate(part) }
    }
  }

  /// The weights of a convolution that are folded while they are packed.
  func foldedFilters(of node: Graph.Node) -> FrozenFilters? {
    guard node.operation is FusedConv, node.inputs.count > 1, let value = node.inputs[1],
      tensors[value.index] == nil, isFoldedWhilePacked(value), let producer = graph.producer(of: value),
      let folding = producer.operation as? BatchNormalizedWeights
    else { return nil }
    let parts = producer.inputs.map { $0.flatMap { tensors[$0.index] } }
    guard let weights = parts[0], let scale = parts[1], let variance = parts[2] else { return nil }
    return FrozenFilters(weights: weights, factors: folding.factors(scale: scale, variance: variance))
  }
}
