import CVisionKernels
import VisionSystem
import VisionTensor

/// Explanations of how convolutions are computed.
enum ConvolutionExplanation {
  static func of(_ conv: vn_conv, packed: PackedWeights?, bias: Tensor?, kernels: OpaquePointer)
    -> KernelExplanation
  {
    var conv = conv
    let account = vn_conv_explain(kernels, &conv)
    let weights = packed == nil ? 0 : vn_conv_packed_floats(kernels, &conv) * 4
    return KernelExplanation(
      algorithm: name(account.algorithm), details: details(account), reason: reason(conv, account),
      heldBytes: weights + bytes(bias))
  }

  /// The explanation of a convolution by `vn_bconv_run`.
  static func bfloat16(_ conv: vn_bconv, bias: Tensor?, kernels: OpaquePointer) -> KernelExplanation {
    var conv = conv
    let account = vn_bconv_explain(kernels, &conv)
    let stored = [(conv.x_is_bf16, "input"), (conv.residual_is_bf16, "residual"), (conv.y_is_bf16, "output")]
      .filter(\.0).map(\.1)
    return KernelExplanation(
      algorithm: name(account.algorithm),
      details: details(account)
        + (stored.isEmpty ? "" : ", \(stored.joined(separator: " and ")) stored as bf16"),
      reason: vn_bfloat16_by_tiles(kernels)
        ? "bfloat16 was asked for: the processor's tiles (AMX) multiply 32 of 14 rows by 16 columns at a time"
        : vn_has_bfloat16(kernels)
          ? "bfloat16 was asked for: two products in one instruction"
          : "bfloat16 was asked for; no instructions for it here are faster than those for float32, which multiply what was rounded",
      heldBytes: vn_bconv_packed_floats(kernels, &conv) * 4 + bytes(bias))
  }

  /// The explanation of a convolution by `vn_grouped_run`.
  static func grouped(_ conv: vn_conv, bias: Tensor?, kernels: OpaquePointer) -> KernelExplanation {
    var conv = conv
    let (inputs, width) = (Int(conv.c / conv.groups), Int(conv.o / conv.groups))
    let lanes = Int(vn_kernels_lanes(kernels))
    return KernelExplanation(
      algorithm: "direct (rows of groups)",
      details:
        "vectors of \(lanes / width) group\(lanes == width ? "" : "s"), sums of \(inputs * Int(conv.kh * conv.kw))",
      reason: "groups of \(width) outputs would fill a part of a tile of a matrix product",
      heldBytes: vn_grouped_packed_floats(kernels, &conv) * 4 + bytes(bias))
  }

  /// The explanation of a convolution by `vn_winograd_run`.
  static func winograd(_ conv: vn_conv, isFrozen: Bool, bias: Tensor?, kernels: OpaquePointer)
    -> KernelExplanation
  {
    var conv = conv
    let account = vn_winograd_explain(&conv, !isFrozen)
    let (side, tiles) = (Int(account.side), account.tiles)
    let held = (isFrozen ? vn_winograd_packed_floats(kernels, &conv) * 4 : 0) + bytes(bias)
    let direct = Int64(conv.kh * conv.kw) * Int64(conv.n) * Int64(conv.oh) * Int64(conv.ow)
    let share = "\((100 * account.products + direct / 2) / direct) % of the products"
    let count = "\(tiles) tile\(tiles == 1 ? "" : "s")"
    if conv.stride_h == 2 {
      // A filter's taps for pixels in even rows and columns; those in odd rows and columns have one tap less.
      let taps = (Int(conv.kh) + 1) / 2, points = side + taps - 1
      return KernelExplanation(
        algorithm: "Winograd F(\(side)×\(side), \(taps)×\(taps))",
        details: "\(count), \(points * points) products of \(tiles) × up to \(4 * conv.c) × \(conv.o)",
        reason: "\(conv.kh)×\(conv.kw) with stride 2 is \(taps)×\(taps) on even and odd pixels: \(share)",
        heldBytes: held)
    }
    return KernelExplanation(
      algorithm: "Winograd F(\(side)×\(side), 3×3)",
      details:
        "\(count)\(account.mixed ? ", the last ones shorter" : ""), \((side + 2) * (side + 2)) products of \(account.mixed ? "up to " : "")\(tiles) × \(conv.c) × \(conv.o)",
      reason:
        "3×3 with stride 1\(gaps(conv))\(isFrozen ? " and weights that do not change" : ""): \(share)"
        + (side == 2 ? ", and weights that only double" : ""),
      heldBytes: held)
  }

  /// The explanation of a gradient by Winograd's algorithm.
  static func winogradGradient(_ details: String) -> KernelExplanation {
    KernelExplanation(
      algorithm: "Winograd F(4×4, 3×3)", details: details,
      reason: "3×3 with stride 1: a quarter of the products")
  }

  static func bytes(_ bias: Tensor?) -> Int {
    bias.map { $0.elementCount * $0.elementType.byteCount } ?? 0
  }

  private static func name(_ algorithm: vn_conv_algorithm) -> String {
    switch algorithm {
    case VN_CONV_POINTWISE: "direct (matrix product)"
    case VN_CONV_MERGED_ROWS: "direct (implicit im2col, merged rows)"
    case VN_CONV_DEPTHWISE: "direct (rows of channels)"
    default: "direct (implicit im2col)"
    }
  }

  private static func details(_ account: vn_conv_account) -> String {
    let items = "\(account.items) item\(account.items == 1 ? "" : "s")"
    if account.algorithm == VN_CONV_DEPTHWISE { return "\(items) of \(account.tile_columns) channels" }
    let parts = account.partial_sums > 1 ? " in \(account.partial_sums) parts" : ""
    return
      "tiles of \(account.tile_rows) × \(account.tile_columns), sums of \(account.depth)\(parts), \(items)"
  }

  private static func reason(_ conv: vn_conv, _ account: vn_conv_account) -> String {
    switch account.algorithm {
    case VN_CONV_POINTWISE: "1×1 with stride 1: pixels lie as the rows of a matrix do"
    case VN_CONV_MERGED_ROWS:
      "\(conv.c) channels fill no vector, but a kernel row of \(conv.kw * conv.c) neighboring floats does"
    case VN_CONV_DEPTHWISE: "each channel has a group of its own, so there is no matrix product"
    default:
      "\(conv.kh)×\(conv.kw)\(stride(conv)): the columns of im2col are found through pointers, "
        + "so nothing is copied"
    }
  }

  private static func gaps(_ conv: vn_conv) -> String {
    let (rows, columns) = (conv.dilation_h, conv.dilation_w)
    return rows == 1 && columns == 1 ? "" : " on every \(rows)×\(columns)th pixel"
  }

  private static func stride(_ conv: vn_conv) -> String {
    if conv.stride_h == 1 && conv.stride_w == 1 { return "" }
    return
      " with stride \(conv.stride_h == conv.stride_w ? "\(conv.stride_h)" : "\(conv.stride_h)×\(conv.stride_w)")"
  }
}
