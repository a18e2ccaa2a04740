import VisionGraph

/// Lets convolutions write directly to their channels of a concatenation, so that nothing is copied.
///
/// All parts of the concatenation must be results of convolutions that no other node reads.
struct ConcatenatedConvolutions: FusionPass {
  func run(_ draft: inout StepDraft, _ machine: Machine) {
    // im2col writes channels first.
    guard machine.convolutions != .im2col else { return }
    for (index, node) in draft.graph.nodes.enumerated() {
      let whole = node.outputs[0]
      guard let concat = node.operation as? Concat, let image = draft.graph.fact(whole).image,
        image.n * image.h * image.w > 0, concat.axis == 1 || concat.axis == -3, node.inputs.count > 1,
        node.inputs.allSatisfy({ $0.map { Self.canBeWritten($0, draft) } ?? false })
      else { continue }
      var channel = 0
      for case let input? in node.inputs {
        draft[input] = Storage(home: .slice(of: whole, channel: channel), pitch: image.c)
        channel += draft.graph.fact(input).image?.c ?? 0
      }
      draft.groups[index]?.isAlias = true
    }
  }

  /// Whether a value can be written among the channels of another: it is a convolution's result that only one
  /// node reads.
  private static func canBeWritten(_ value: ValueID, _ draft: StepDraft) -> Bool {
    guard draft.onlyReader(of: value) != nil, !draft.isConstant[value.index], !draft[value].isSlice,
      let producer = draft.producer(of: value)
    else { return false }
    return ConvKernel.convolution(of: draft.graph.nodes[producer], in: draft.graph) != nil
  }
}
