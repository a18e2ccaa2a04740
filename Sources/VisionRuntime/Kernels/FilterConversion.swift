import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// Packs weights O×C/G×KH×KW for convolution kernels, or unpacks them to the plain order.
struct FilterConversion: Kernel {
  private let shape: Shape
  private let groups: Int
  private let packs: Bool

  init(_ shape: Shape, groups: Int, packs: Bool) {
    self.shape = shape
    self.groups = groups
    self.packs = packs
  }

  func explanation(kernels: OpaquePointer) -> KernelExplanation {
    KernelExplanation(
      algorithm: packs ? "packing" : "unpacking",
      reason: packs
        ? "a convolution reads these weights, which change from run to run"
        : "what comes next reads the weights in the order of their shape")
  }

  func run(_ context: borrowing KernelContext) {
    let (source, target) = (context.floats(0), context.floats(1))
    if packs {
      Self.pack(shape, groups: groups, context.kernels, source, target)
    } else {
      Self.unpack(shape, groups: groups, context.kernels, source, target)
    }
  }

  /// The extents on which packing depends: neither batch nor strides.
  static func convolution(_ shape: Shape, groups: Int) -> vn_conv {
    var conv = vn_conv()
    (conv.o, conv.c) = (Int32(shape[0]), Int32(shape[1] * groups))
    (conv.kh, conv.kw) = (Int32(shape[2]), Int32(shape[3]))
    (conv.stride_h, conv.stride_w, conv.dilation_h, conv.dilation_w) = (1, 1, 1, 1)
    conv.groups = Int32(groups)
    return conv
  }

  /// The number of floats in the packed weights.
  static func floats(_ shape: Shape, groups: Int, _ kernels: OpaquePointer) -> Int {
    var conv = convolution(shape, groups: groups)
    return vn_conv_packed_floats(kernels, &conv)
  }

  static func pack(
    _ shape: Shape, groups: Int, _ kernels: OpaquePointer, _ source: UnsafePointer<Float>,
    _ target: UnsafeMutablePointer<Float>
  ) {
    var conv = convolution(shape, groups: groups)
    vn_conv_pack(kernels, &conv, source, target)
  }

  static func unpack(
    _ shape: Shape, groups: Int, _ kernels: OpaquePointer, _ source: UnsafePointer<Float>,
    _ target: UnsafeMutablePointer<Float>
  ) {
    var conv = convolution(shape, groups: groups)
    vn_conv_unpack(kernels, &conv, source, target)
  }

  /// A tensor of the packed floats.
  static func packed(_ tensor: Tensor, groups: Int, _ kernels: OpaquePointer) -> Tensor {
    let count = floats(tensor.shape, groups: groups, kernels)
    return Tensor(elementType: .float32, shape: [count]) { bytes in
      guard let target = bytes.bindMemory(to: Float.self).baseAddress else { return }
      tensor.withAlignedFloats { pack(tensor.shape, groups: groups, kernels, $0, target) }
    }
  }
}
