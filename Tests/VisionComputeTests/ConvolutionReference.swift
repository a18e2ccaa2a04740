import CVisionKernels
import VisionCompute

/// A convolution with its operands, and the slow and obvious way to compute it.
struct ConvolutionCase {
  var conv: vn_conv
  var x: [Float]
  var weights: [Float]
  var bias: [Float]?
  var residual: [Float]?

  /// What fills the gaps of y, so that a stray write shows.
  static let gap: Float = 77

  init(_ conv: vn_conv, bias: Bool, residual: Bool, numbers: inout Numbers) {
    self.conv = conv
    let perGroup = Int(conv.c / conv.groups)
    x = numbers.floats(Int(conv.x_image) * Int(conv.n))
    weights = numbers.floats(Int(conv.o) * perGroup * Int(conv.kh * conv.kw))
    self.bias = bias ? numbers.floats(Int(conv.o)) : nil
    self.residual = residual ? numbers.floats(Int(conv.r_image) * Int(conv.n)) : nil
  }

  var outputFloats: Int { Int(conv.y_image) * Int(conv.n) }

  func run(_ executor: Executor) -> [Float] {
    let k = executor.kernels
    var c = conv
    var packed = [Float](repeating: 0, count: vn_conv_packed_floats(k, &c))
    vn_conv_pack(k, &c, weights, &packed)
    var scratch = [Float](
      repeating: .nan, count: vn_conv_scratch_floats(k, &c, Int32(executor.threads)))
    var y = [Float](repeating: Self.gap, count: outputFloats)
    vn_conv_run(k, &c, x, packed, bias, residual, &y, &scratch, executor.pool)
    return y
  }

  /// Writes this case for the kernels of other processors.
  func record(_ function: String, on set: InstructionSet, _ rule: KernelCases.Rule) {
    KernelCases.record(
      function, on: set, rule, [.value(conv), .array(x), .array(weights), .array(bias), .array(residual)],
      expected: .array(reference()))
  }

  func reference() -> [Double] {
    let c = conv
    let inputs = Int(c.c / c.groups), outputs = Int(c.o / c.groups)
    let kh = Int(c.kh), kw = Int(c.kw)
    var y = [Double](repeating: Double(Self.gap), count: outputFloats)
    for n in 0..<Int(c.n) {
      for oy in 0..<Int(c.oh) {
        for ox in 0..<Int(c.ow) {
          for o in 0..<Int(c.o) {
            var sum = 0.0
            for ky in 0..<kh {
              let iy = oy * Int(c.stride_h) - Int(c.pad_top) + ky * Int(c.dilation_h)
              guard iy >= 0, iy < Int(c.h) else { continue }
              for kx in 0..<kw {
                let ix = ox * Int(c.stride_w) - Int(c.pad_left) + kx * Int(c.dilation_w)
                guard ix >= 0, ix < Int(c.w) else { continue }
                let pixel = n * Int(c.x_image) + iy * Int(c.x_row) + ix * Int(c.x_pixel)
                for i in 0..<inputs {
                  sum +=
                    Double(x[pixel + o / outputs * inputs + i])
                    * Double(weights[((o * inputs + i) * kh + ky) * kw + kx])
                }
              }
            }
            if let bias { sum += Double(bias[o]) }
            if let residual {
              sum += Double(
                residual[n * Int(c.r_image) + oy * Int(c.r_row) + ox * Int(c.r_pixel) + o])
            }
            y[n * Int(c.y_image) + oy * Int(c.y_row) + ox * Int(c.y_pixel) + o] = activated(sum)
          }
        }
      }
    }
    return y
  }

  private func activated(_ x: Double) -> Double {
    switch conv.activation {
    case VN_RELU: max(x, 0)
    case VN_CLIP: min(max(x, Double(conv.alpha)), Double(conv.beta))
    case VN_HARD_SWISH: x * min(max(x / 6 + 0.5, 0), 1)
    case VN_LEAKY_RELU: x < 0 ? Double(conv.alpha) * x : x
    default: x
    }
  }
}

extension vn_conv {
  /// Dense strides; same padding unless told otherwise. `gap` floats lie between pixels, `rowGap` between rows.
  init(
    n: Int = 1, h: Int, w: Int, c: Int, o: Int, kernel: (Int, Int) = (3, 3), stride: (Int, Int) = (1, 1),
    dilation: (Int, Int) = (1, 1), pads: (top: Int, left: Int, bottom: Int, right: Int)? = nil,
    groups: Int = 1, gap: Int = 0, rowGap: Int = 0, activation: vn_unary_op = VN_IDENTITY,
    alpha: Float = 0, beta: Float = 0
  ) {
    self.init()
    let reach = (dilation.0 * (kernel.0 - 1), dilation.1 * (kernel.1 - 1))
    let pads = pads ?? (reach.0 / 2, reach.1 / 2, reach.0 - reach.0 / 2, reach.1 - reach.1 / 2)
    let oh = (h + pads.top + pads.bottom - reach.0 - 1) / stride.0 + 1
    let ow = (w + pads.left + pads.right - reach.1 - 1) / stride.1 + 1
    (self.n, self.h, self.w, self.c) = (Int32(n), Int32(h), Int32(w), Int32(c))
    (self.oh, self.ow, self.o) = (Int32(oh), Int32(ow), Int32(o))
    (kh, kw) = (Int32(kernel.0), Int32(kernel.1))
    (stride_h, stride_w) = (Int32(stride.0), Int32(stride.1))
    (dilation_h, dilation_w) = (Int32(dilation.0), Int32(dilation.1))
    (pad_top, pad_left) = (Int32(pads.top), Int32(pads.left))
    self.groups = Int32(groups)
    (self.activation, self.alpha, self.beta) = (activation, alpha, beta)
    x_pixel = Int64(c + gap)
    x_row = x_pixel * Int64(w) + Int64(rowGap)
    x_image = x_row * Int64(h)
    y_pixel = Int64(o + gap)
    y_row = y_pixel * Int64(ow) + Int64(rowGap)
    y_image = y_row * Int64(oh)
    r_pixel = Int64(o + 2 * gap)
    r_row = r_pixel * Int64(ow)
    r_image = r_row * Int64(oh)
  }
}
