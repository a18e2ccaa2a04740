import CVisionKernels

/// What steps are chosen for: the kernels of an instruction set, and how these compute convolutions.
struct Machine {
  let kernels: OpaquePointer
  let convolutions: ConvolutionAlgorithm

  /// Whether Winograd's algorithm is to compute a convolution or a gradient of it.
  ///
  /// - Parameters:
  ///   - pays: whether it is faster, as far as was measured.
  ///   - applies: whether it can.
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
}
