import CVisionKernels

/// What the kernel of a convolution, or of its gradient, does of the normalisations beside it, and where it finds what it
/// needs for that among the step's pointers: behind operands and outputs.
struct ConvNormalization {
  private let part: NormalizedConvolutions.Part
  /// The first pointer behind the outputs.
  private let first: Int
  private let channels: Int

  /// - Parameters:
  ///   - operands: how many operands and outputs the step has.
  ///   - channels: of the result.
  init?(_ part: NormalizedConvolutions.Part?, behind operands: Int, channels: Int) {
    guard let part, part.before != nil || part.after != nil else { return nil }
    (self.part, self.first, self.channels) = (part, operands, channels)
  }

  /// Floats that `withNormalization` needs.
  var scratchFloats: Int { part.after?.isGradient == true ? (3 * channels + 15) / 16 * 16 : 0 }

  /// What a report says of it.
  var details: String {
    let after = part.after.map { $0.isGradient ? "sums gradients up" : "sums moments up" }
    let before = part.before.map { _ in
      part.keepsOperand ? "normalises its operand" : "normalises its operand, which is not kept"
    }
    return [before, after].compactMap { $0 }.joined(separator: ", ")
  }

  /// Calls `body` with what the C kernels want to know.
  ///
  /// - Parameters:
  ///   - operand: what the convolution reads.
  ///   - scratch: `scratchFloats` floats.
  func withNormalization(
    _ context: borrowing KernelContext, operand: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>,
    _ body: (UnsafePointer<vn_conv_normalization>) -> Void
  ) {
    var normalization = vn_conv_normalization()
    var next = first
    if let before = part.before {
      normalization.source = UnsafePointer(context.floats(next))
      if before.isGradient { normalization.source_x = UnsafePointer(context.floats(next + 1)) }
      next += before.isGradient ? 3 : 2
      normalization.source_factors = UnsafePointer(context.floats(next - 1))
      normalization.operand = part.keepsOperand ? operand : nil
      (normalization.source_low, normalization.source_high) = (before.norm.low, before.norm.high)
      normalization.source_clamped = before.norm.isClamped
    }
    if let after = part.after {
      normalization.partials = context.floats(next)
      if after.isGradient {
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
    body(&normalization)
  }
}

extension vn_batch_norm {
  var isClamped: Bool { low > -.infinity || high < .infinity }
}
