import VisionSystem
public import VisionTensor

/// A symbolic tensor of a graph under construction; layers are functions of such values.
public struct Value: Sendable {
  /// The builder that the value belongs to.
  public let graph: GraphBuilder
  package let id: ValueID

  /// The type, the shape, and the elements if they are constant.
  public var fact: Fact { graph.fact(id) }
  /// The shape for batch size 1, or for the shapes given in the file.
  public var shape: Shape { fact.shape }
}

/// Builds one graph, node by node.
///
/// Layers are called one after the other; the lock only makes it safe to pass a `Value` to another task.
public final class GraphBuilder: Sendable {
  private struct State {
    var graph = Graph()
    var scope: [String] = []
    var names: Set<String> = []
    /// The next suffix to try for names that are taken, so that many equal names do not take quadratic time.
    var counters: [String: Int] = [:]
    var outputs: Set<String> = []
  }

  private let state: Locked<State>

  public init() { state = Locked(State()) }

  /// Continues a finished graph, without its outputs, which must be named again.
  package init(extending graph: Graph) {
    var graph = graph
    graph.outputs = []
    let names = graph.values.map(\.name) + graph.nodes.map(\.name)
    state = Locked(State(graph: graph, names: Set(names)))
  }

  /// A value of the graph that this builder continues.
  ///
  /// Precondition: `id` is a value of that graph.
  package func value(_ id: ValueID) -> Value { Value(graph: self, id: id) }

  /// Adds an input. Until the graph is bound, a symbolic dimension has the extent given in `binding`, or else
  /// 1.
  public func input(
    _ name: String, type: ElementType = .float32, dimensions: [AxisLength], binding: [String: Int] = [:]
  ) throws(GraphError) -> Value {
    var extents: [Int] = []
    for dimension in dimensions {
      switch dimension {
      case .fixed(let extent): extents.append(extent)
      case .symbolic(let symbol): extents.append(binding[symbol] ?? 1)
      }
    }
    let fact = Fact(type, Shape(extents))
    guard fact.shape.checkedElementCount != nil,
      GraphLimits.product(extents + [type.byteCount]) <= GraphLimits.valueBytes
    else {
      throw GraphError(.input, "input '\(name)' has the impossible shape \(fact.shape)", place: name)
    }
    let unique = claim(name)
    return state.withLock { state in
      let id = state.graph.addValue(name: unique, source: .input(dimensions), fact: fact)
      state.graph.inputs.append(id)
      return Value(graph: self, id: id)
    }
  }

  /// A float32 image input N×channels×height×width whose batch size is left open.
  public func image(_ name: String = "input", channels: Int = 3, height: Int, width: Int) throws(GraphError)
    -> Value
  {
    try input(
      name, dimensions: [.symbolic("N"), .fixed(channels), .fixed(height), .fixed(width)])
  }

  /// Adds a constant.
  public func constant(_ tensor: Tensor, name: String = "constant") -> Value {
    let unique = claim(qualified(name))
    return state.withLock { state in
      Value(
        graph: self,
        id: state.graph.addValue(name: unique, source: .constant(tensor), fact: Fact(constant: tensor)))
    }
  }

  /// Adds a parameter whose name is prefixed by the current scope, such as `layer1.0.conv1.weight`.
  ///
  /// - Throws: `GraphError` when the name is taken: sharing weights must be explicit.
  public func parameter(
    _ name: String, shape: Shape, type: ElementType = .float32, initializer: Initializer
  ) throws(GraphError) -> Value {
    let path = qualified(name)
    let isNew = state.withLock { $0.names.insert(path).inserted }
    guard isNew else {
      throw GraphError(.name, "two parameters are called '\(path)'", place: path)
    }
    return state.withLock { state in
      Value(
        graph: self,
        id: state.graph.addValue(name: path, source: .parameter(initializer), fact: Fact(type, shape)))
    }
  }

  /// Appends a node and returns its outputs. The name defaults to the current scope's path.
  ///
  /// - Throws: `GraphError` when the shapes do not fit, or an input belongs to another graph.
  public func add(_ op: some Operator, _ inputs: [Value?], name: String? = nil) throws(GraphError) -> [Value]
  {
    for case let input? in inputs where input.graph !== self {
      throw GraphError(.structure, "an input of \(type(of: op).name) belongs to another graph")
    }
    let path = state.withLock { $0.scope.joined(separator: ".") }
    let unique = claim(name ?? (path.isEmpty ? type(of: op).name.lowercased() : path))
    let ids = try state.withLock { (state) throws(GraphError) in
      try state.graph.addNode(op, inputs: inputs.map { $0?.id }, name: unique)
    }
    return ids.map { Value(graph: self, id: $0) }
  }

  /// Appends a node with one output.
  public func add(_ op: some Operator, _ inputs: Value?..., name: String? = nil) throws(GraphError) -> Value {
    try add(op, inputs, name: name)[0]
  }

  /// Runs `body` with `component` appended to the path that prefixes names.
  public func scope<Result>(_ component: String, _ body: () throws(GraphError) -> Result) throws(GraphError)
    -> Result
  {
    if component.isEmpty { return try body() }
    state.withLock { $0.scope.append(component) }
    defer { _ = state.withLock { $0.scope.removeLast() } }
    return try body()
  }

  /// The path of the current scope, such as `layer1.0.conv1`; empty at the top.
  public var path: String { state.withLock { $0.scope.joined(separator: ".") } }

  /// The path of `component` below the current scope.
  public func path(to component: String) -> String { qualified(component) }

  /// Declares a value an output of the graph, with this name.
  public func output(_ name: String, _ value: Value) throws(GraphError) {
    guard value.graph === self else {
      throw GraphError(.structure, "output '\(name)' belongs to another graph")
    }
    let isNew = state.withLock { state in
      guard state.outputs.insert(name).inserted else { return false }
      state.graph.outputs.append((name, value.id))
      return true
    }
    guard isNew else { throw GraphError(.name, "two outputs are called '\(name)'", place: name) }
  }

  /// The graph as built so far.
  public var graph: Graph { state.withLock { $0.graph } }

  func record(_ id: ValueID) -> Graph.Record { state.withLock { $0.graph[id] } }
  func fact(_ id: ValueID) -> Fact { state.withLock { $0.graph.fact(id) } }

  private func qualified(_ name: String) -> String {
    state.withLock { ($0.scope + [name]).joined(separator: ".") }
  }

  /// `name`, or `name_1`, `name_2`… when it is taken.
  private func claim(_ name: String) -> String {
    state.withLock { state in
      if state.names.insert(name).inserted { return name }
      var counter = state.counters[name] ?? 1
      while !state.names.insert("\(name)_\(counter)").inserted { counter += 1 }
      state.counters[name] = counter + 1
      return "\(name)_\(counter)"
    }
  }
}
