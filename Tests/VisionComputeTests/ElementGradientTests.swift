import CVisionKernels
import Foundation
import Testing
import VisionCompute

/// Gradients of functions of one element and of poolings, against double precision.
@Suite struct ElementGradientTests {
  private struct Derivative: Sendable {
    let op: vn_unary_op
    var a: Float = 0
    var b: Float = 0
    /// Of the function's result for ReLU, sigmoid, tanh and exp, else of its argument.
    let exact: @Sendable (Double) -> Double
  }

  private static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  private static let derivatives: [Derivative] = [
    Derivative(op: VN_RELU) { $0 > 0 ? 1 : 0 },
    Derivative(op: VN_LEAKY_RELU, a: 0.25) { $0 < 0 ? 0.25 : 1 },
    Derivative(op: VN_SIGMOID) { $0 * (1 - $0) },
    Derivative(op: VN_TANH) { 1 - $0 * $0 },
    Derivative(op: VN_EXP) { $0 },
    Derivative(op: VN_SILU, a: 1) { sigmoid($0) * (1 + $0 * (1 - sigmoid($0))) },
    Derivative(op: VN_HARD_SWISH) { $0 <= -3 ? 0 : $0 >= 3 ? 1 : $0 / 3 + 0.5 },
    Derivative(op: VN_ELU, a: 1.5) { $0 < 0 ? 1.5 * exp($0) : 1 },
    Derivative(op: VN_ERF) { 2 / Double.pi.squareRoot() * exp(-$0 * $0) },
    Derivative(op: VN_GELU) {
      erfc(-$0 / 2.0.squareRoot()) / 2 + $0 * exp(-$0 * $0 / 2) / (2 * Double.pi).squareRoot()
    },
    Derivative(op: VN_SOFTPLUS) { sigmoid($0) },
  ]

  @Test(arguments: InstructionSet.supported) func functions(_ set: InstructionSet) {
    var numbers = Numbers(seed: 83)
    for derivative in Self.derivatives {
      #expect(vn_has_unary_gradient(derivative.op))
      for count in [1, 7, 16, 37, 5003] {
        let v = numbers.floats(count).map { 6 * $0 }, g = numbers.floats(count)
        let executor = executor(set)
        var y = [Float](repeating: .nan, count: count)
        vn_unary_gradient(
          executor.kernels, derivative.op, derivative.a, derivative.b, count, g, v, &y, executor.pool)
        let exact = zip(g, v).map { Double($0) * derivative.exact(Double($1)) }
        #expect(distance(y, exact) < 2e-6, "\(derivative.op)")
        KernelCases.record(
          "unaryGradient", on: set, .distance(2e-6),
          [.value(derivative.op), .array([derivative.a, derivative.b]), .array(g), .array(v)],
          expected: .array(exact))
      }
    }
  }

  private func exact(_ w: vn_window, _ x: [Float], _ g: [Float], isMaximum: Bool) -> [Double] {
    var gx = [Double](repeating: 0, count: x.count)
    for index in g.indices {
      let (place, channel) = (index / Int(w.c), index % Int(w.c))
      let (oy, ox) = (place / Int(w.ow) % Int(w.oh), place % Int(w.ow))
      let image = place / Int(w.ow * w.oh)
      var inside: [Int] = []
      for tap in 0..<Int(w.kh * w.kw) {
        let iy = oy * Int(w.stride_h) - Int(w.pad_top) + tap / Int(w.kw)
        let ix = ox * Int(w.stride_w) - Int(w.pad_left) + tap % Int(w.kw)
        guard (0..<Int(w.h)).contains(iy), (0..<Int(w.w)).contains(ix) else { continue }
        inside.append(((image * Int(w.h) + iy) * Int(w.w) + ix) * Int(w.c) + channel)
      }
      if isMaximum {
        let most = inside.map { x[$0] }.max()
        if let first = inside.first(where: { x[$0] == most }) { gx[first] += Double(g[index]) }
      } else {
        for at in inside { gx[at] += Double(g[index]) / Double(inside.count) }
      }
    }
    return gx
  }

  @Test(arguments: InstructionSet.supported) func poolings(_ set: InstructionSet) {
    var numbers = Numbers(seed: 89)
    for channels in [1, 5, 16, 35] {
      for (kernel, stride, pad) in [(2, 2, 0), (3, 2, 1), (3, 1, 1), (5, 3, 2)] {
        var window = PoolingTests().window(
          h: 11, w: 9, c: channels, kernel: (kernel, kernel), stride: (stride, stride),
          pads: (pad, pad, pad, pad))
        // Whole numbers, many of which are equal.
        let x = numbers.floats(2 * 99 * channels).map { (4 * $0).rounded() }
        let g = numbers.floats(2 * Int(window.oh * window.ow) * channels)
        func run(_ threads: Int, isMaximum: Bool) -> [Float] {
          let executor = executor(set, threads: threads)
          var gx = [Float](repeating: .nan, count: x.count)
          let floats = vn_pool_backward_scratch_floats(&window, Int32(threads))
          var scratch = [Float](repeating: .nan, count: floats)
          if isMaximum {
            vn_max_pool_backward(executor.kernels, &window, g, x, &gx, &scratch, executor.pool)
          } else {
            vn_average_pool_backward(executor.kernels, &window, g, &gx, &scratch, executor.pool)
          }
          return gx
        }
        for isMaximum in [true, false] {
          let reference = exact(window, x, g, isMaximum: isMaximum), result = run(1, isMaximum: isMaximum)
          #expect(distance(result, reference) < 2e-6, "\(window)")
          #expect(result == run(3, isMaximum: isMaximum))
          KernelCases.record(
            isMaximum ? "pool.maximumGradient" : "pool.averageGradient", on: set, .distance(2e-6),
            [.value(window), .array(g), .array(x)], expected: .array(reference))
        }
      }
    }
  }
}
