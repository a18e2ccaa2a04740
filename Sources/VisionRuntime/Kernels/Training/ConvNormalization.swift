import CVisionKernels

/// The parts of the neighboring normalizations that a kernel of a convolution, or of its gradient, computes.
/// Their data follow operands and outputs among the step's pointers.
struct ConvNormalization {
  private let part: NormalizationWork
  /// The first pointer behind the outputs.
  private let first: Int
  private let channels: Int

  /// - Parameters:
  ///   - operands: how many operands and outputs the step has.
  ///   - channels: of the result.
  init?(_ part: NormalizationWork?, behind operands: Int, channels: Int) {
    guard let part, part.before != nil || part.after != nil || part.input != nil else { return nil }
    (self.part, self.first, self.channels) = (part, operands, channels)
  }

  /// The floats of scratch that `withNormalization` needs.
  var scratchFloats: Int { part.after?.isGradient == true ? (3 * channels + 15) / 16 * 16 : 0 }

  /// A description for reports.
  var details: String {
    let after = part.after.map { $0.isGradient ? "sums gradients up" : "sums moments up" }
    let before = part.before.map { _ in
      part.keepsOperand ? "normalizes its operand" : "normalizes its operand, which is not kept"
    }
    let input = part.input.map { _ in "normalizes its input, which is not kept" }
    return [before, input, after].compactMap { $0 }.joined(separator: ", ")
  }

  /// Calls `body` with the description for the C kernels.
  ///
  /// - Parameters:
  ///   - operand: the operand that the convolution reads.
  ///   - scratch: `scratchFloats` floats.
  func withNormalization(
    _ context: borrowing KernelContext, operand: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>,
    _ body: (UnsafePointer<vn_conv_normalization>) -> Void
  ) {
    var next = first
    var normalization = operandSource(context, &next)
    if part.before != nil, part.keepsOperand { normalization.operand = operand }
    addResult(to: &normalization, context, next, scratch)
    body(&normalization)
  }

  /// The same for both gradients of a convolution: a description for the gradient that they read, and one, or
  /// nil, for the convolution's input.
  func withNormalizations(
    _ context: borrowing KernelContext, scratch: UnsafeMutablePointer<Float>,
    _ body: (UnsafePointer<vn_conv_normalization>, UnsafePointer<vn_conv_normalization>?) -> Void
  ) {
    var next = first
    var normalization = operandSource(context, &next)
    guard let norm = part.input else {
      addResult(to: &normalization, context, next, scratch)
      return body(&normalization, nil)
    }
    var input = source(of: norm, context, &next)
    addResult(to: &normalization, context, next, scratch)
    withUnsafePointer(to: &input) { body(&normalization, $0) }
  }

  private func operandSource(_ context: borrowing KernelContext, _ next: inout Int) -> vn_conv_normalization {
    guard let before = part.before else { return vn_conv_normalization() }
    return source(of: before, context, &next)
  }

  /// Describes how to compute the result of a normalization.
  private func source(
    of norm: NormalizationWork.Norm, _ context: borrowing KernelContext, _ next: inout Int
  ) -> vn_conv_normalization {
    var normalization = vn_conv_normalization()
    normalization.source = UnsafePointer(context.floats(next))
    if norm.isGradient { normalization.source_x = UnsafePointer(context.floats(next + 1)) }
    next += norm.isGradient ? 3 : 2
    normalization.source_factors = UnsafePointer(context.floats(next - 1))
    (normalization.source_low, normalization.source_high) = (norm.norm.low, norm.norm.high)
    normalization.source_clamped = norm.norm.isClamped
    return normalization
  }

  /// Adds where the sums of the result are written, and what they are computed from.
  private func addResult(
    to normalization: inout vn_conv_normalization, _ context: borrowing KernelContext, _ next: Int,
    _ scratch: UnsafeMutablePointer<Float>
  ) {
    guard let after = part.after else { return }
    normalization.partials = context.floats(next)
    guard after.isGradient else { return }
    var norm = after.norm
    vn_batch_norm_factors(
      &norm, context.floats(next + 2), context.floats(next + 3), context.floats(next + 4),
      context.floats(next + 5), scratch)
    normalization.result_x = UnsafePointer(context.floats(next + 1))
    normalization.result_factors = UnsafePointer(scratch)
    (normalization.result_low, normalization.result_high) = (norm.low, norm.high)
    normalization.result_clamped = norm.isClamped
  }
}

extension vn_batch_norm {
  var isClamped: Bool { low > -.infinity || high < .infinity }
}
