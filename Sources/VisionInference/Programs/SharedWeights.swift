import VisionGraph
import VisionTensor

/// What decides the weights of a stage as kernels read them: two stages that are equal in it may share them.
///
/// Weights are kept by the names of nodes. A stage for other shapes has the same nodes and parameters, but numbers that
/// follow from shapes may differ, and what is computed from such numbers alone is kept, too.
struct SharedWeights: Equatable {
  private let nodes: [Graph.Node]
  /// The constants that end up in what is kept, by value: all but integers that nodes only read beside data.
  private let constants: [(value: ValueID, tensor: Tensor)]

  init(_ graph: Graph) {
    nodes = graph.nodes
    var isFrozen = graph.values.map { record in
      switch record.source {
      case .parameter, .constant: true
      // What shape inference has computed becomes a constant.
      case .input, .node: record.fact.value != nil
      }
    }
    var found: [Int: Tensor] = [:]
    for node in graph.nodes {
      let inputs = node.inputs.compactMap { $0 }
      let isWhole = !inputs.isEmpty && inputs.allSatisfy { isFrozen[$0.index] }
      for output in node.outputs where isWhole { isFrozen[output.index] = true }
      for input in inputs {
        // A value that is larger than shape inference folds comes from the file and is the same in every stage.
        guard let tensor = graph.fact(input).value, tensor.elementCount <= GraphLimits.foldedElements,
          isWhole || ![.int64, .int32, .bool].contains(tensor.elementType)
        else { continue }
        found[input.index] = tensor
      }
    }
    constants = found.sorted { $0.key < $1.key }.map { (ValueID($0.key), $0.value) }
  }

  static func == (a: SharedWeights, b: SharedWeights) -> Bool {
    a.nodes.count == b.nodes.count
      && zip(a.nodes, b.nodes).allSatisfy {
        $0.name == $1.name && $0.inputs == $1.inputs && $0.operation.isEqual(to: $1.operation)
      } && a.constants.count == b.constants.count
      && zip(a.constants, b.constants).allSatisfy { $0.value == $1.value && $0.tensor == $1.tensor }
  }
}
