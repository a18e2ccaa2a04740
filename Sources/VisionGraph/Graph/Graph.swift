import VisionSystem
public import VisionTensor

/// The number of a value in its graph.
public struct ValueID: Sendable, Hashable, Comparable {
  package let index: Int
  package init(_ index: Int) { self.index = index }
  public static func < (a: ValueID, b: ValueID) -> Bool { a.index < b.index }
}

/// A network: operators in topological order, connected by values. Weights live outside, in `Parameters`.
public struct Graph: Sendable {
  /// Where a value comes from.
  public enum Source: Sendable {
    /// Given at every run; the dimensions as declared, before binding.
    case input([AxisLength])
    /// Looked up by name in `Parameters`.
    case parameter(Initializer)
    /// Fixed in the graph.
    case constant(Tensor)
    /// Output `output` of node `node`.
    case node(Int, output: Int)
  }

  /// One value.
  public struct Record: Sendable {
    public var name: String
    public var source: Source
    public var fact: Fact
  }

  /// One application of an operator.
  public struct Node: Sendable {
    /// The layer path, such as `layer1.0.conv1`; unique in the graph.
    public var name: String
    public var operation: any Operator
    public var inputs: [ValueID?]
    public var outputs: [ValueID]
  }

  /// Every value, in order of creation.
  public internal(set) var values: [Record] = []
  /// The nodes; each comes after those whose outputs it reads.
  public internal(set) var nodes: [Node] = []
  /// The values that are given to a run.
  public internal(set) var inputs: [ValueID] = []
  /// The values that a run returns, with their names.
  public internal(set) var outputs: [(name: String, value: ValueID)] = []

  /// The values by the names that a file gives them, where it was read from one: those of its nodes' outputs, too.
  package var fileNames: [String: ValueID] = [:]

  /// How often passes recognized an operator that was written as several nodes, by its name.
  package var recognized: [String: Int] = [:]

  package init() {}

  public subscript(id: ValueID) -> Record { values[id.index] }

  /// The fact of a value.
  public func fact(_ id: ValueID) -> Fact { values[id.index].fact }

  /// The first value with that name, or nil.
  public func value(named name: String) -> ValueID? {
    values.firstIndex { $0.name == name }.map(ValueID.init)
  }

  /// The node that computes a value, or nil for inputs, parameters and constants.
  public func producer(of id: ValueID) -> Node? {
    guard case .node(let node, _) = values[id.index].source else { return nil }
    return nodes[node]
  }

  /// The names, shapes and initializers of the parameters, in order of creation.
  public var parameters: [(id: ValueID, name: String, fact: Fact, initializer: Initializer)] {
    values.indices.compactMap { index in
      guard case .parameter(let initializer) = values[index].source else { return nil }
      return (ValueID(index), values[index].name, values[index].fact, initializer)
    }
  }

  /// How often each value is read: one for every node input and every graph output.
  package var useCounts: [Int] {
    var counts = [Int](repeating: 0, count: values.count)
    for node in nodes { for case let input? in node.inputs { counts[input.index] += 1 } }
    for output in outputs { counts[output.value.index] += 1 }
    return counts
  }

  /// Floating-point operations of one run with the bound shapes.
  public var flops: Int { nodes.reduce(0) { GraphLimits.sum($0, flops(of: $1)) } }

  /// Floating-point operations of one node with the bound shapes.
  public func flops(of node: Node) -> Int {
    node.operation.flops(node.inputs.map { $0.map { fact($0) } }, node.outputs.map { fact($0) })
  }

  // MARK: Building

  mutating func addValue(name: String, source: Source, fact: Fact) -> ValueID {
    values.append(Record(name: name, source: source, fact: fact))
    return ValueID(values.count - 1)
  }

  /// Appends a node and infers the facts of its outputs.
  mutating func addNode(_ op: any Operator, inputs: [ValueID?], name: String) throws(GraphError)
    -> [ValueID]
  {
    let facts = try Self.infer(op, inputs.map { $0.map { fact($0) } }, name: name)
    let index = nodes.count
    var outputs: [ValueID] = []
    for (output, fact) in facts.enumerated() {
      let valueName = output == 0 ? name : "\(name):\(output)"
      outputs.append(addValue(name: valueName, source: .node(index, output: output), fact: fact))
    }
    nodes.append(Node(name: name, operation: op, inputs: inputs, outputs: outputs))
    return outputs
  }

  /// The facts of a node's outputs, with their values when these can be computed from small constants.
  static func infer(_ op: any Operator, _ inputs: [Fact?], name: String) throws(GraphError) -> [Fact] {
    var facts: [Fact]
    do {
      facts = try op.outputs(inputs)
    } catch {
      throw GraphError(
        error.graphKind, "\(type(of: op).name): \(error.message)", place: name)
    }
    for fact in facts {
      guard fact.shape.allSatisfy({ $0 >= 0 }),
        GraphLimits.product(fact.shape.dimensions + [fact.type.byteCount]) <= GraphLimits.valueBytes
      else {
        throw GraphError(
          .tooLarge, "\(type(of: op).name): output shape \(fact.shape) is too large", place: name)
      }
    }
    let known = inputs.allSatisfy { $0 == nil || $0?.value != nil }
    let small = facts.allSatisfy {
      $0.value != nil || GraphLimits.product($0.shape) <= GraphLimits.foldedElements
    }
    if known, small, op.flops(inputs, facts) <= GraphLimits.foldedFlops,
      facts.contains(where: { $0.value == nil })
    {
      do {
        let results = try op.evaluate(inputs.map { $0?.value })
        facts = results.map { Fact(constant: $0) }
      } catch {
        throw GraphError(.evaluation, error.message, place: name)
      }
    }
    return facts
  }
}
