import VisionTensor
import CVisionKernels
import VisionGraph
import VisionSystem

/// The memory that a batch normalization and the neighboring convolutions share, see
/// `NormalizedConvolutions`.
struct NormalizationBuffers {
  /// The buffers of partial sums that a convolution computes for a normalization, and of factors that a
  /// normalization computes for a convolution, both by the normalization's node number.
  private var sums: [Int: Int] = [:]
  private var factors: [Int: Int] = [:]
  /// Values that must not be overwritten before the convolution after a normalization has read them, by the
  /// same number.
  private var retained: [Int: [ValueID]] = [:]

  /// The buffers that the step of a group uses besides its operands and results, in the order in which
  /// `ConvNormalization` and `NormalizationSharing` expect them.
  mutating func buffers(for group: StepGroup, in assembly: inout StepAssembly) -> [Int] {
    let index = group.nodes[group.nodes.count - 1]
    var result: [Int] = []
    if let work = group.normalization {
      result += operands(of: work, in: &assembly)
      if let after = work.after { result += self.sums(for: after, chunks: work.chunks, in: &assembly) }
    }
    if let sums = sums[index] { result.append(sums) }
    if group.leaves.isDeferred {
      let node = assembly.draft.graph.nodes[index]
      let channels = assembly.draft.graph.fact(node.outputs[0]).shape[1]
      let buffer = assembly.addBuffer(floats: vn_batch_norm_factor_floats(channels))
      factors[index] = buffer
      result.append(buffer)
      // The convolution reads x again, perhaps after all nodes that read x have been compiled.
      if let x = node.inputs[node.operation is BatchNormalizationGradient ? 1 : 0] {
        assembly.constants.retain(x)
        retained[index] = [x]
      }
    }
    return result
  }

  /// Keeps the gradient that a normalization read in the backward pass, because the convolution reads it
  /// again.
  mutating func retain(_ group: StepGroup, isInPlace: Bool, in assembly: inout StepAssembly) {
    let index = group.nodes[group.nodes.count - 1]
    let node = assembly.draft.graph.nodes[index]
    guard group.leaves.isDeferred, !isInPlace, node.operation is BatchNormalizationGradient,
      let gradient = node.inputs[0]
    else { return }
    assembly.constants.retain(gradient)
    retained[index, default: []].append(gradient)
  }

  /// The operands and factors of the normalizations whose results a convolution computes.
  private mutating func operands(of work: NormalizationWork, in assembly: inout StepAssembly) -> [Int] {
    var result: [Int] = []
    if let before = work.before {
      for position in before.isGradient ? [0, 1] : [0] {
        result.append(place(of: before, position, in: .channelsLast, &assembly))
      }
      result.append(factors(of: before))
      // If the operand is not stored, the backward pass reads the forward normalization's x again.
      if work.keepsOperand || before.isGradient {
        for value in retained.removeValue(forKey: before.node) ?? [] { assembly.constants.release(value) }
      }
    }
    if let norm = work.input {
      result += [place(of: norm, 0, in: .channelsLast, &assembly), factors(of: norm)]
    }
    return result
  }

  /// Memory for the sums that a convolution computes for a normalization, and the values that they are
  /// computed from.
  private mutating func sums(
    for norm: NormalizationWork.Norm, chunks: Int, in assembly: inout StepAssembly
  ) -> [Int] {
    let buffer = assembly.addBuffer(
      floats: vn_normalization_partial_floats(chunks, Int(norm.norm.channels)))
    sums[norm.node] = buffer
    guard norm.isGradient else { return [buffer] }
    var result = [buffer, place(of: norm, 1, in: .channelsLast, &assembly)]
    // Without a clamp the bias is not used; the scale is passed in its place.
    for position in [2, norm.norm.isClamped ? 5 : 2, 3, 4] {
      result.append(place(of: norm, position, in: .rowMajor, &assembly))
    }
    return result
  }

  private func place(
    of norm: NormalizationWork.Norm, _ input: Int, in layout: Layout, _ assembly: inout StepAssembly
  ) -> Int {
    guard let value = assembly.draft.graph.nodes[norm.node].inputs[input] else {
      preconditionFailure("absent operand")
    }
    return assembly.place(of: value, in: layout)
  }

  private func factors(of norm: NormalizationWork.Norm) -> Int {
    guard let factors = factors[norm.node] else { preconditionFailure("a normalization comes first") }
    return factors
  }
}
