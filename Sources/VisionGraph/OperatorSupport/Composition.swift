import VisionTensor

/// One node of a file while it becomes nodes of other operators, which are named after it.
///
/// What it appends must hold for every binding of the graph: extents that may change come from `extents(of:)`.
struct Composition {
  let node: ImportedNode
  let graph: GraphBuilder

  init(_ node: ImportedNode, in graph: GraphBuilder) {
    self.node = node
    self.graph = graph
  }

  /// Appends a node with one output.
  func add(_ op: some Operator, _ inputs: Value?...) throws(GraphError) -> Value {
    try graph.add(op, inputs, name: node.name)[0]
  }

  /// Appends a node with several outputs.
  func outputs(_ op: some Operator, _ inputs: [Value?]) throws(GraphError) -> [Value] {
    try graph.add(op, inputs, name: node.name)
  }

  /// A scalar constant.
  func scalar(_ number: Double, _ type: ElementType) -> Value {
    graph.constant(Tensor(doubles: [number], shape: [], elementType: type), name: "\(node.name).constant")
  }

  /// A list of integers, the form in which operators take axes, shapes and positions.
  func integers(_ numbers: [Int]) -> Value {
    graph.constant(ints: numbers, name: "\(node.name).integers")
  }

  /// The extents of a value from axis `start` to `end` (exclusive), int64; they follow the binding of the graph.
  func extents(of value: Value, from start: Int = 0, to end: Int? = nil) throws(GraphError) -> Value {
    try add(ShapeOf(start: start, end: end), value)
  }

  /// The value in a type; the value itself if it has it.
  func cast(_ value: Value, to type: ElementType) throws(GraphError) -> Value {
    value.fact.type == type ? value : try add(Cast(to: type), value)
  }

  /// The elements in the shape of these extents, where 0 keeps an extent and −1 follows from the others.
  func reshaped(_ value: Value, _ extents: [Int]) throws(GraphError) -> Value {
    try add(Reshape(), value, integers(extents))
  }

  /// The value with axes of extent 1 inserted.
  func unsqueezed(_ value: Value, _ axes: [Int]) throws(GraphError) -> Value {
    try add(Unsqueeze(), value, integers(axes))
  }

  /// The elements from `start` to `end` (exclusive) of one axis.
  func sliced(_ value: Value, axis: Int, from start: Int, to end: Int = .max, step: Int = 1)
    throws(GraphError) -> Value
  {
    try add(Slice(), value, integers([start]), integers([end]), integers([axis]), integers([step]))
  }

  /// The error for a node whose inputs do not fit each other.
  func mismatch(_ what: String) -> GraphError {
    GraphError(.shape, "\(node.operatorName): \(what)", place: node.name)
  }
}
