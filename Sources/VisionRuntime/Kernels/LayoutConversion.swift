import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// Copies a value N×C×H×W from one layout to the other.
struct LayoutConversion: Kernel {
  private let n: Int
  private let c: Int
  private let pixels: Int
  private let toChannelsLast: Bool
  private let elementBytes: Int
  private let dimensions: [Int64]
  private let sourceStrides: [Int64]
  private let targetStrides: [Int64]

  init(_ shape: Shape, from layout: Layout, type: ElementType) {
    n = shape[0]
    c = shape[1]
    pixels = shape[2] * shape[3]
    toChannelsLast = layout == .rowMajor
    self.elementBytes = type.byteCount
    let (outer, inner) = toChannelsLast ? (pixels, c) : (c, pixels)
    dimensions = [Int64(n), Int64(outer), Int64(inner)]
    sourceStrides = [Int64(c * pixels), 1, Int64(outer)]
    targetStrides = [Int64(c * pixels), Int64(inner), 1]
  }

  /// Whether both layouts have the same bytes.
  static func isFree(_ shape: Shape) -> Bool { shape.rank != 4 || shape[1] == 1 || shape[2] * shape[3] == 1 }

  /// A tensor N×C×H×W with its bytes in the order N×H×W×C and an unchanged shape.
  static func channelsLast(_ tensor: Tensor) -> Tensor {
    if isFree(tensor.shape) { return tensor }
    let (c, pixels) = (tensor.shape[1], tensor.shape[2] * tensor.shape[3])
    let size = tensor.elementType.byteCount
    return Tensor(elementType: tensor.elementType, shape: tensor.shape) { target in
      tensor.withUnsafeBytes { source in
        for index in 0..<tensor.elementCount {
          let (image, rest) = index.quotientAndRemainder(dividingBy: c * pixels)
          let (channel, pixel) = rest.quotientAndRemainder(dividingBy: pixels)
          let to = (image * c * pixels + pixel * c + channel) * size
          for byte in 0..<size { target[to + byte] = source[index * size + byte] }
        }
      }
    }
  }

  func explanation(kernels: OpaquePointer) -> KernelExplanation {
    KernelExplanation(
      algorithm: "transposition",
      reason: toChannelsLast
        ? "what comes next reads channels last" : "what comes next, or the caller, reads row-major")
  }

  func run(_ context: borrowing KernelContext) {
    if elementBytes == 4 {
      let (x, y) = (context.floats(0), context.floats(1))
      if toChannelsLast {
        vn_nchw_to_nhwc(context.kernels, n, c, pixels, x, y, Int64(c), Int64(c * pixels), context.pool)
      } else {
        vn_nhwc_to_nchw(context.kernels, n, c, pixels, x, Int64(c), Int64(c * pixels), y, context.pool)
      }
      return
    }
    vn_copy_strided(
      3, dimensions, context.pointers[0], sourceStrides, context.pointers[1], targetStrides, elementBytes,
      context.pool)
  }
}
