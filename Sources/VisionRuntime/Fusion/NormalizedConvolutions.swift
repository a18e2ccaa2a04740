import VisionGraph

/// Lets convolutions, and the gradients with respect to their inputs, compute parts of the batch
/// normalizations next to them, so that large tensors pass through the cores' caches less often.
///
/// A convolution after a normalization computes the normalized pixels just before it reads them. A
/// convolution before a normalization sums its result for the statistics, or for their gradients, while the
/// result is in the cache. A normalized tensor that only a convolution and its weight gradient read is never
/// stored as a whole: both compute it.
struct NormalizedConvolutions: FusionPass {
  private typealias Norm = NormalizationWork.Norm

  func run(_ draft: inout StepDraft, _ machine: Machine) {
    let norms = draft.graph.nodes.indices.filter { draft.groups[$0] != nil }
      .compactMap { Norm($0, in: draft.graph) }
    for norm in norms {
      letProducerSum(norm, &draft, machine)
      letReaderCompute(norm, &draft, machine)
    }
    for index in draft.groups.indices {
      guard let work = draft.groups[index]?.normalization, let after = work.after,
        let conv = NormalizingConvolution(index, in: draft.graph, machine)
      else { continue }
      let chunks = conv.chunks(machine.kernels, normalizes: work.before != nil)
      draft.groups[index]?.normalization?.chunks = chunks
      draft.groups[after.node]?.leaves.chunks = chunks
    }
  }

  /// Lets the convolution before a normalization compute the normalization's sums.
  private func letProducerSum(_ norm: Norm, _ draft: inout StepDraft, _ machine: Machine) {
    guard let read = draft.graph.nodes[norm.node].inputs[0], let producer = draft.producer(of: read),
      draft.isSingle(producer), draft.result(of: producer) == read,
      let conv = NormalizingConvolution(producer, in: draft.graph, machine), norm.hasSums(in: draft.graph),
      conv.isGradient == norm.isGradient, conv.sumsResult
    else { return }
    change(producer, &draft) { $0.after = norm }
  }

  /// Lets the convolution that reads a normalization's result compute that result. The result is not stored
  /// where all other readers can compute it too.
  private func letReaderCompute(_ norm: Norm, _ draft: inout StepDraft, _ machine: Machine) {
    let result = draft.result(of: norm.node)
    guard !draft.isOutput[result.index], let (reader, position) = draft.readers[result.index].first,
      !norm.adds(in: draft.graph), position == 0, draft.isSingle(reader),
      let conv = NormalizingConvolution(reader, in: draft.graph, machine),
      conv.isGradient == norm.isGradient, conv.normalizesOperand(machine.kernels)
    else { return }
    let others = draft.readers[result.index].dropFirst().map(\.node)
    let isForgotten: Bool
    if conv.kind == .gradients {
      // A step that computes both gradients of a convolution does not store its operand, so it must be the
      // only reader.
      guard others.isEmpty else { return }
      isForgotten = true
    } else {
      isForgotten =
        !norm.isGradient
        && others.allSatisfy { draft.isSingle($0) && recomputes(result, $0, draft.graph, machine) }
    }
    change(reader, &draft) { $0.before = norm }
    draft.groups[norm.node]?.leaves.isDeferred = true
    guard isForgotten else { return }
    draft[result].home = .nowhere
    change(reader, &draft) { $0.keepsOperand = false }
    for index in others {
      if draft.graph.nodes[index].operation is ConvWeightGradient {
        draft.groups[index]?.normalization = NormalizationWork(before: norm, keepsOperand: false)
      } else if draft.graph.nodes[index].operation is ConvGradients {
        change(index, &draft) { $0.input = norm }
      }
    }
  }

  /// Whether a node can compute a normalization's result again instead of reading it.
  private func recomputes(_ value: ValueID, _ index: Int, _ graph: Graph, _ machine: Machine) -> Bool {
    let node = graph.nodes[index]
    if let op = node.operation as? BatchNormalizationGradient {
      return !op.hasResidual && node.inputs.indices.allSatisfy { node.inputs[$0] != value || $0 == 6 }
    }
    if node.operation is ConvGradients {
      return node.inputs.indices.allSatisfy { (node.inputs[$0] == value) == ($0 == 2) }
    }
    return node.inputs[0] == value && node.inputs.dropFirst().allSatisfy { $0 != value }
      && NormalizingConvolution.weightGradientNormalizes(node, in: graph, machine)
  }

  private func change(_ index: Int, _ draft: inout StepDraft, _ body: (inout NormalizationWork) -> Void) {
    var work = draft.groups[index]?.normalization ?? NormalizationWork()
    body(&work)
    draft.groups[index]?.normalization = work
  }
}
