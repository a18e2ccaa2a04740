import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// Stores results of convolutions, and their maxima, as bfloat16 where only bfloat16 convolutions read them.
///
/// Such convolutions round what they read. Storing the rounded numbers gives the same results in half the
/// memory.
struct BFloat16Storage: FusionPass {
  /// Which images of a convolution are stored as bfloat16.
  struct Of {
    var x = false
    var residual = false
    var y = false
  }

  func run(_ draft: inout StepDraft, _ machine: Machine) {
    // Backwards, because whether a pooling's operand can be bfloat16 depends on its result.
    for index in draft.graph.nodes.indices.reversed() {
      let value = draft.result(of: index)
      guard let image = draft.graph.fact(value).image, !draft.isOutput[value.index],
        !draft.isConstant[value.index], !draft.readers[value.index].isEmpty, Self.canWrite(index, draft),
        draft.readers[value.index].allSatisfy({ Self.canRead($0.node, $0.position, draft) })
      else { continue }
      draft[value].isHalf = true
      draft[value].pitch = Int(vn_bconv_pitch(Int32(image.c)))
    }
    for node in draft.graph.nodes where PoolKernel.canRound(node, in: draft.graph) {
      guard let x = node.inputs[0], !draft[x].isHalf, draft[node.outputs[0]].isHalf else { continue }
      draft[node.outputs[0]] = Storage()
    }
  }

  /// Whether the step that ends with a node can round its result.
  private static func canWrite(_ index: Int, _ draft: StepDraft) -> Bool {
    guard let group = draft.groups[index], draft.isApart(index) else { return false }
    let node = draft.graph.nodes[index]
    return BFloat16ConvKernel.canWrite(node, in: draft.graph)
      || (group.nodes.count == 1 ? PoolKernel.canRound : ChainKernel.canRound)(node, draft.graph)
  }

  private static func canRead(_ index: Int, _ position: Int, _ draft: StepDraft) -> Bool {
    let node = draft.graph.nodes[index]
    return BFloat16ConvKernel.canRead(node, position: position, in: draft.graph)
      || (draft[node.outputs[0]].isHalf && PoolKernel.canRound(node, in: draft.graph))
  }
}
