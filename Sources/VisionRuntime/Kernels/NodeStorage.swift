import VisionGraph

/// Where fusion passes put what a node reads, and its first output.
struct NodeStorage {
  /// By input; nil for one that is absent.
  let inputs: [Storage?]
  let result: Storage

  init(of node: Graph.Node, in draft: StepDraft) {
    inputs = node.inputs.map { $0.map { draft[$0] } }
    result = draft[node.outputs[0]]
  }

  /// Floats from pixel to pixel of an input, if there is one and they are not its channels.
  func pitch(ofInput index: Int) -> Int? { index < inputs.count ? inputs[index]?.floatPitch : nil }

  /// Which of a convolution's images are stored as bfloat16.
  var halves: BFloat16Storage.Of {
    func isHalf(_ index: Int) -> Bool { index < inputs.count && inputs[index]?.isHalf == true }
    return BFloat16Storage.Of(x: isHalf(0), residual: isHalf(3), y: result.isHalf)
  }
}
