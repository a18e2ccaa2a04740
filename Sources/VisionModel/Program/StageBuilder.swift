import VisionGraph
import VisionTensor

/// Builds the graph of a stage node by node.
struct StageBuilder {
  /// Which values become constants of the graph instead of inputs.
  enum Entering {
    case none
    /// Integers and Booleans of no more elements than may be extents.
    case smallIntegers
    /// Any tensors of no more elements than that.
    case smallTensors
    case all

    func takes(_ tensor: Tensor) -> Bool {
      switch self {
      case .none: false
      case .smallIntegers:
        !tensor.elementType.isFloatingPoint && tensor.elementCount <= GraphLimits.stageElements
      case .smallTensors: tensor.elementCount <= GraphLimits.stageElements
      case .all: true
      }
    }
  }

  /// The values of a body: the stage's, or a branch that became a part of it.
  private struct Scope {
    let body: ProgramBody
    var values: [String: Value] = [:]
  }

  let graph = GraphBuilder()
  private(set) var parameters = Parameters()
  private(set) var inputs: [String] = []
  private(set) var constants: [(name: String, tensor: Tensor)] = []
  private let source: (String) -> StageDraft.Source?
  private let entering: Entering
  /// The stage's own scope, then those of the branches around the node that is added.
  private var scopes: [Scope]
  /// The values from before the stage.
  private var outer: [String: Value] = [:]

  var body: ProgramBody { scopes[0].body }

  init(_ body: ProgramBody, _ source: @escaping (String) -> StageDraft.Source?, entering: Entering) {
    self.source = source
    self.entering = entering
    scopes = [Scope(body: body)]
  }

  /// The value that a node of the stage computes, or nil.
  func value(made name: String) -> Value? { scopes[0].values[name] }

  /// Adds nodes until one needs what is known only after a run; returns its position.
  mutating func addNodes(from start: Int) throws(GraphError) -> Int {
    for index in start..<body.nodes.count {
      let node = body.nodes[index]
      if node.control != nil {
        guard try inline(node) else { return index }
        continue
      }
      guard try addIfKnown(node) else { return index }
    }
    return body.nodes.count
  }

  /// Adds a node of a graph unless it needs what is known only after a run.
  private mutating func addIfKnown(_ node: ProgramNode) throws(GraphError) -> Bool {
    guard node.inputs.allSatisfy({ isTensor($0) }) else { return false }
    do {
      try add(node)
      return true
    } catch {
      guard error.kind == .dataDependent else { throw error }
      return false
    }
  }

  /// Adds a node of a graph.
  mutating func add(_ node: ProgramNode) throws(GraphError) {
    guard let type = node.operatorType else {
      throw GraphError(
        .unsupportedOperator, "operator \(node.operatorName) is not supported", place: node.name)
    }
    var inputs: [Value?] = []
    for name in node.inputs { inputs.append(name.isEmpty ? nil : try value(name, for: node)) }
    let results: [Value]
    do {
      results = try type.build(node.imported(inputs), in: graph)
    } catch { throw error.at(node.name) }
    guard results.count >= node.outputCount else {
      throw GraphError(
        .unsupportedFeature, "\(node.operatorName): output \(results.count) is not supported",
        place: node.name)
    }
    for (name, value) in zip(node.outputs, results) { scopes[scopes.count - 1].values[name] = value }
  }

  /// Adds the nodes of the branch that an If takes, where that follows from shapes and they are nodes of a graph.
  /// If not, what was added has no readers.
  private mutating func inline(_ node: ProgramNode) throws(GraphError) -> Bool {
    guard node.control == .condition, node.inputs.count == 1, isMade(node.inputs[0]),
      let condition = try value(node.inputs[0], for: node).fact.value, condition.elementCount == 1,
      let branch = node.bodies[condition.integers[0] != 0 ? "then_branch" : "else_branch"],
      branch.inputs.isEmpty, branch.outputs.count >= node.outputs.count
    else { return false }
    scopes.append(Scope(body: branch))
    defer { scopes.removeLast() }
    for inner in branch.nodes {
      if inner.control != nil {
        guard try inline(inner) else { return false }
        continue
      }
      guard try addIfKnown(inner) else { return false }
    }
    guard branch.outputs.allSatisfy({ isTensor($0.name) }) else { return false }
    for (name, output) in zip(node.outputs, branch.outputs) {
      scopes[scopes.count - 2].values[name] = try value(output.name, for: node)
    }
    return true
  }

  /// Whether a value is one of a graph, or absent.
  private func isTensor(_ name: String) -> Bool {
    if name.isEmpty || isMade(name) { return true }
    if case .other? = source(name) { return false }
    return true
  }

  private func isMade(_ name: String) -> Bool {
    scopes.contains { $0.values[name] != nil || $0.body !== body && $0.body.initializers[name] != nil }
  }

  /// The value of a name: of a node of the stage, of a branch, or from before the stage.
  private mutating func value(_ name: String, for node: ProgramNode) throws(GraphError) -> Value {
    for index in scopes.indices.reversed() {
      if let value = scopes[index].values[name] { return value }
      if index > 0, let tensor = scopes[index].body.initializers[name] {
        let value = try weight(name, tensor)
        scopes[index].values[name] = value
        return value
      }
    }
    if let value = outer[name] { return value }
    let value: Value
    switch source(name) {
    case .weight(let tensor): value = try weight(name, tensor)
    case .tensor(let tensor) where entering.takes(tensor):
      value = graph.constant(tensor, name: name)
      constants.append((name, tensor))
    case .tensor(let tensor):
      value = try graph.input(
        name, type: tensor.elementType, dimensions: tensor.shape.map { .fixed($0) })
      inputs.append(name)
    case .other:
      throw GraphError(
        .unsupportedFeature, "\(node.operatorName) of '\(name)', which is no tensor, is not supported",
        place: node.name)
    case nil:
      throw GraphError(.structure, "nothing computes the input '\(name)'", place: node.name)
    }
    outer[name] = value
    return value
  }

  /// A tensor of the file: a parameter or a constant, as in a file that is one graph.
  private mutating func weight(_ name: String, _ tensor: Tensor) throws(GraphError) -> Value {
    let isConstant = scopes.contains { $0.body.constants.contains(name) }
    guard tensor.elementType.isFloatingPoint, tensor.shape.rank > 0, !isConstant, !entering.takes(tensor)
    else {
      return graph.constant(tensor, name: name)
    }
    // A node may have taken the name.
    var unique = name
    while true {
      do {
        let value = try graph.parameter(
          unique, shape: tensor.shape, type: tensor.elementType, initializer: .zeros)
        parameters[unique] = tensor
        return value
      } catch  where error.kind == .name { unique += "'" }
    }
  }
}
