import CVisionKernels
import VisionGraph
import VisionTensor

/// Lets a 1 × 1 convolution apply the factors of its input's channels, as in squeeze and excitation, to its weights.
///
/// Multiplying an image by one factor per channel takes a pass over the image. The weights that the channels meet are fewer numbers
/// wherever there are more pixels than outputs.
struct ScaledConvolutions: FusionPass {
  func run(_ draft: inout StepDraft, _ machine: Machine) {
    // im2col reads channels first.
    guard machine.convolutions != .im2col else { return }
    for index in draft.graph.nodes.indices {
      guard draft.isSingle(index), Self.imageInput(of: draft.graph.nodes[index], in: draft) != nil,
        let reader = draft.onlyReader(of: draft.result(of: index)), reader.position == 0,
        Self.canScale(reader.node, draft)
      else { continue }
      draft.groups[reader.node]?.nodes = [index, reader.node]
      draft.groups[index] = nil
    }
  }

  /// Whether a node is a convolution of few weights that do not change, and a step of its own.
  private static func canScale(_ index: Int, _ draft: StepDraft) -> Bool {
    let node = draft.graph.nodes[index]
    guard let group = draft.groups[index], group.nodes.count == 1, !group.isAlias, group.normalization == nil,
      let fused = node.operation as? FusedConv, fused.operands == .float32, let filters = node.inputs[1],
      draft.isConstant[filters.index], let conv = ConvKernel.convolution(of: node, in: draft.graph)
    else { return false }
    return conv.groups == 1 && conv.kh == 1 && conv.kw == 1 && conv.o <= conv.h * conv.w
  }

  /// The position of the image among the inputs of a product of an image and factors of its channels; nil for other nodes.
  private static func imageInput(of node: Graph.Node, in draft: StepDraft) -> Int? {
    guard let position = imageInput(of: node, draft.graph.inputFacts(of: node)),
      let image = node.inputs[position],
      let factors = node.inputs[1 - position], !draft.isConstant[factors.index], !draft[image].isHalf
    else { return nil }
    return draft[image].pitch == nil ? position : nil
  }

  static func imageInput(of node: Graph.Node, _ facts: [Fact?]) -> Int? {
    guard node.operation is Mul, facts.count == 2, let a = facts[0], let b = facts[1] else { return nil }
    return [(a, b), (b, a)].firstIndex { image, factors in
      guard image.type == .float32, factors.type == .float32, let extents = image.image else { return false }
      return factors.shape == [extents.c, 1, 1]
        || [1, extents.n].contains { factors.shape == [$0, extents.c, 1, 1] }
    }
  }
}
