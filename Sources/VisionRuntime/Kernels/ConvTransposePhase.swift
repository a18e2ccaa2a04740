import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// The outputs of a transposed convolution that are a stride apart, as one convolution of stride 1 over its input.
///
/// With y the output's place along an axis, s the stride and p the padding, the taps k that reach y = r + s·j are those with
/// k ≡ r + p modulo s. They read neighboring elements of the input, so that each remainder r has a kernel of its own.
struct ConvTransposePhase {
  /// From the input, or where the first output reads behind its start a part of it, to the outputs.
  let conv: vn_conv
  /// Floats before the first element that is read, and before the first output.
  let inputOffset: Int
  let outputOffset: Int
  private let rows: Axis
  private let columns: Axis
  /// The outputs of how many columns are channels of one: all of a stride, where kernel and stride are equal.
  private let joined: Int

  /// One axis of a phase.
  private struct Axis {
    /// The taps in the order in which they read the input.
    let taps: [Int]
    let outputs: Int
    /// The padding before the input; where it is negative, elements are left out.
    let padding: Int

    init?(remainder: Int, kernel: Int, stride: Int, padding: Int, output: Int) {
      let first = (remainder + padding) % stride
      let all = Array(Swift.stride(from: first, to: kernel, by: stride))
      guard !all.isEmpty, remainder < output else { return nil }
      taps = all.reversed()
      outputs = (output - remainder + stride - 1) / stride
      self.padding = all.count - 1 - (remainder + padding - first) / stride
    }
  }

  /// All phases; nil where an output has no tap, or taps have gaps.
  static func all(
    _ op: ConvTranspose, from x: (n: Int, c: Int, h: Int, w: Int), to y: (n: Int, c: Int, h: Int, w: Int)
  ) -> [ConvTransposePhase]? {
    let window = op.window
    guard window.kernel.count == 2, window.dilations == [1, 1],
      let before = try? op.resolved([x.h, x.w]).before
    else { return nil }
    let (high, wide) = (window.strides[0], window.strides[1])
    let joins = op.groups == 1 && window.kernel[1] == wide && before[1] == 0 && y.w == x.w * wide
    var phases: [ConvTransposePhase] = []
    for row in 0..<min(high, y.h) {
      for column in 0..<(joins ? 1 : min(wide, y.w)) {
        guard
          let rows = Axis(
            remainder: row, kernel: window.kernel[0], stride: high, padding: before[0], output: y.h),
          let columns = Axis(
            remainder: column, kernel: window.kernel[1], stride: wide, padding: before[1], output: y.w)
        else { return nil }
        phases.append(
          ConvTransposePhase(
            op, x, y, rows: rows, columns: columns, joined: joins ? wide : 1, first: (row, column)))
      }
    }
    return phases
  }

  private init(
    _ op: ConvTranspose, _ x: (n: Int, c: Int, h: Int, w: Int), _ y: (n: Int, c: Int, h: Int, w: Int),
    rows: Axis, columns: Axis, joined: Int, first: (row: Int, column: Int)
  ) {
    (self.rows, self.columns, self.joined) = (rows, columns, joined)
    let (above, left) = (max(-rows.padding, 0), max(-columns.padding, 0))
    let pixel = y.c * op.window.strides[1]
    var conv = vn_conv()
    (conv.n, conv.h, conv.w, conv.c) = (Int32(x.n), Int32(x.h - above), Int32(x.w - left), Int32(x.c))
    (conv.oh, conv.ow, conv.o) = (Int32(rows.outputs), Int32(columns.outputs), Int32(y.c * joined))
    (conv.kh, conv.kw) = (Int32(rows.taps.count), Int32(columns.taps.count))
    (conv.stride_h, conv.stride_w, conv.dilation_h, conv.dilation_w) = (1, 1, 1, 1)
    (conv.pad_top, conv.pad_left) = (Int32(max(rows.padding, 0)), Int32(max(columns.padding, 0)))
    conv.groups = Int32(op.groups)
    (conv.x_pixel, conv.x_row, conv.x_image) = ConvKernel.strides(x.c, x.h, x.w)
    conv.y_pixel = Int64(pixel)
    (conv.y_row, conv.y_image) = (Int64(y.c * y.w * op.window.strides[0]), Int64(y.c * y.w * y.h))
    (conv.r_pixel, conv.r_row, conv.r_image) = (conv.y_pixel, conv.y_row, conv.y_image)
    conv.activation = VN_IDENTITY
    self.conv = conv
    inputOffset = (above * x.w + left) * x.c
    outputOffset = (first.row * y.w + first.column) * y.c
  }

  /// Whether the kernels can run it: something of the input is left.
  var isRunnable: Bool { conv.h > 0 && conv.w > 0 }

  /// The weights O×C/G×taps of the phase, out of w C×O/G×kernel.
  func weights(_ w: UnsafePointer<Float>, kernel: [Int]) -> [Float] {
    let groups = Int(conv.groups)
    let (inputs, outputs) = (Int(conv.c) / groups, Int(conv.o) / groups / joined)
    var result: [Float] = []
    result.reserveCapacity(Int(conv.o) * inputs * rows.taps.count * columns.taps.count)
    for group in 0..<groups {
      for part in 0..<joined {
        for output in 0..<outputs {
          for input in 0..<inputs {
            let plane = w + ((group * inputs + input) * outputs + output) * kernel[0] * kernel[1]
            for row in rows.taps {
              // Where phases are joined, each has the one tap of its remainder.
              for column in columns.taps { result.append(plane[row * kernel[1] + column + part]) }
            }
          }
        }
      }
    }
    return result
  }
}
