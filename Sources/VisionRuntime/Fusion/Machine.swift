import CVisionKernels

/// The target of a plan: the kernels of an instruction set, and how they compute convolutions.
struct Machine {
  let kernels: OpaquePointer
  let convolutions: ConvolutionAlgorithm

  /// Whether to compute a convolution or one of its gradients with Winograd's algorithm.
  ///
  /// - Parameters:
  ///   - pays: whether the algorithm was measured to be faster.
  ///   - applies: whether the algorithm can compute it.
  func prefersWinograd(
    _ conv: vn_conv, pays: (OpaquePointer, UnsafePointer<vn_conv>) -> Bool,
    applies: (UnsafePointer<vn_conv>) -> Bool
  ) -> Bool {
    var conv = conv
    switch convolutions {
    case .automatic: return pays(kernels, &conv)
    case .direct, .im2col: return false
    case .winograd: return applies(&conv)
    }
  }

  /// Whether to compute a convolution of narrow groups several groups at a time.
  func prefersGrouped(_ conv: vn_conv) -> Bool {
    var conv = conv
    return convolutions == .automatic && vn_grouped_applies(kernels, &conv)
  }
}
