import VisionTensor
import VisionGraph

/// A draft of a plan's steps: which nodes one kernel computes together, and where their results lie. Fusion
/// passes change it, and the compiler turns it into steps.
struct StepDraft {
  /// The graph with the extents of the whole batch.
  let whole: Graph
  /// The graph in which, where the batch is computed in parts, the inputs and the values between the nodes of
  /// a part have the extents of one part. The result of the last of these nodes has the extents of the whole
  /// batch.
  private(set) var graph: Graph
  /// For each value whether it does not change between runs.
  let isConstant: [Bool]
  /// The nodes that read each value, and which of their inputs it is.
  let readers: [[(node: Int, position: Int)]]
  /// For each value whether the graph returns it.
  let isOutput: [Bool]
  /// Each group by the number of its last node; nil for the other nodes of a group, and for nodes with
  /// constant results.
  var groups: [StepGroup?]
  /// How many parts the batch has, one computed after the other.
  private(set) var partCount = 1
  /// The nodes that are computed part by part are 0..<partNodes.
  private(set) var partNodes = 0
  private var storages: [Storage]

  init(_ graph: Graph, isConstant: [Bool]) {
    whole = graph
    self.graph = graph
    self.isConstant = isConstant
    readers = graph.readers
    var isOutput = [Bool](repeating: false, count: graph.values.count)
    for output in graph.outputs { isOutput[output.value.index] = true }
    self.isOutput = isOutput
    groups = graph.nodes.enumerated().map { index, node in
      node.outputs.allSatisfy { isConstant[$0.index] } ? nil : StepGroup(nodes: [index])
    }
    storages = [Storage](repeating: Storage(), count: graph.values.count)
  }

  subscript(value: ValueID) -> Storage {
    get { storages[value.index] }
    set { storages[value.index] = newValue }
  }

  /// Whether a node is a step of its own whose result is not part of another value.
  func isSingle(_ index: Int) -> Bool {
    groups[index]?.nodes.count == 1 && !self[result(of: index)].isSlice
  }

  /// Whether a convolution takes no part in a concatenation or normalization: its result has its own memory.
  func isApart(_ index: Int) -> Bool {
    groups[index]?.normalization == nil && self[result(of: index)].home == .own
  }

  /// The first output of a node.
  func result(of index: Int) -> ValueID { graph.nodes[index].outputs[0] }

  /// The node that makes a value, nil for inputs, parameters and constants.
  func producer(of value: ValueID) -> Int? {
    if case .node(let index, _) = graph[value].source { index } else { nil }
  }

  /// The only node that reads a value; nil if there are other readers or none, or if the graph returns the
  /// value.
  func onlyReader(of value: ValueID) -> (node: Int, position: Int)? {
    let readers = readers[value.index]
    return readers.count == 1 && !isOutput[value.index] ? readers[0] : nil
  }

  /// Computes the nodes 0..<nodes in parts; `images` are the values that they read and make for each image
  /// separately.
  mutating func divide(into parts: Int, nodes: Int, images: [ValueID]) {
    (partCount, partNodes) = (parts, nodes)
    var facts: [ValueID: Fact] = [:]
    for value in images where value != partResult { facts[value] = partFact(of: value) }
    graph = whole.withFacts(facts)
  }

  /// The value that the last node of the parts makes.
  var partResult: ValueID? { partNodes > 0 ? whole.nodes[partNodes - 1].outputs[0] : nil }

  /// A value's fact as the step that makes it sees it.
  func factOfResult(_ value: ValueID) -> Fact {
    value == partResult ? partFact(of: value) : graph.fact(value)
  }

  private func partFact(of value: ValueID) -> Fact {
    let fact = whole.fact(value)
    var shape = fact.shape
    shape[0] /= partCount
    return Fact(fact.type, shape)
  }
}
