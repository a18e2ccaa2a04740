import VisionGraph
import VisionTensor

/// The values of a group of nodes that only move elements, as views of those that come from outside.
struct MovedValues {
  /// A node that only moves elements.
  private struct Maker {
    let node: Graph.Node
    let inputs: [Fact?]
    let outputs: [Fact]
  }

  private var makers: [ValueID: Maker] = [:]

  /// - Parameter inputs: facts of the node's inputs.
  mutating func add(_ node: Graph.Node, _ inputs: [Fact?], _ outputs: [Fact]) {
    for output in node.outputs { makers[output] = Maker(node: node, inputs: inputs, outputs: outputs) }
  }

  /// The value from outside whose elements a value has.
  func root(of value: ValueID) -> ValueID {
    var value = value
    while let maker = makers[value], let source = maker.node.inputs[0] { value = source }
    return value
  }

  /// A value as a view of its root; nil if it cannot be one.
  ///
  /// - Parameter layout: of the root.
  func view(of value: ValueID, _ fact: Fact?, layout: Layout) -> StridedView? {
    guard let maker = makers[value] else { return fact.map { StridedView($0.shape, layout) } }
    guard let source = maker.node.inputs[0], let index = maker.node.outputs.firstIndex(of: value) else {
      return nil
    }
    return view(of: source, maker.inputs[0], layout: layout)?
      .moved(by: maker.node.operation, maker.inputs, maker.outputs, index: index)
  }
}
