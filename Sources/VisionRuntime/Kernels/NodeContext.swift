import VisionGraph
import VisionTensor

/// What a kernel maker knows of its node.
package struct NodeContext {
  let node: Graph.Node
  /// Facts of the inputs and outputs with every shape bound.
  let inputs: [Fact?]
  let outputs: [Fact]
  /// The layouts that the inputs are in now; absent inputs and packed weights count as row-major.
  let layouts: [Layout]
  /// The inputs that do not change between runs.
  let frozen: FrozenInputs
  let machine: Machine
  /// The nodes that are computed together, and what they do of the normalizations beside them.
  let group: StepGroup
  /// Where fusion passes put the inputs and the first output.
  let storage: NodeStorage

  /// The kernel table of the instruction set.
  var kernels: OpaquePointer { machine.kernels }

  func isAbsent(_ input: Int) -> Bool { input >= inputs.count || inputs[input] == nil }

  /// Every input, all in row-major order.
  func allRowMajor() -> [(input: Int, layout: Layout)] {
    inputs.indices.filter { inputs[$0] != nil }.map { ($0, .rowMajor) }
  }
}
