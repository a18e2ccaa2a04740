import CVisionKernels
import Testing
import VisionCompute

/// Elementwise operations and poolings of bytes, to the bit.
@Suite struct QuantizedElementwiseTests {
  private func bytes(_ count: Int, _ numbers: inout Numbers) -> [UInt8] {
    (0..<count).map { _ in UInt8(numbers.integer(0...255)) }
  }

  private func rounded(_ x: Float, _ low: Float, _ high: Float, _ zero: Int32) -> UInt8 {
    // NaN is the lower bound.
    let bounded = x > low ? min(x, high) : low
    return UInt8(Int32(bounded.rounded(.toNearestOrEven)) + zero)
  }

  @Test(arguments: InstructionSet.supported) func conversions(_ set: InstructionSet) {
    var numbers = Numbers(seed: 61)
    for count in Array(1...67) + [4099] {
      let executor = executor(set)
      var x = numbers.floats(count).map { 20 * $0 }
      for (index, special) in [Float.nan, .infinity, -.infinity, 1e30, 0.05, 0.15].enumerated()
      where index < count {
        x[index] = special
      }
      let (scale, zero): (Float, Int32) = (0.1, Int32(count % 200))
      var y = [UInt8](repeating: 77, count: count), floats = [Float](repeating: .nan, count: count)
      vn_quantize(executor.kernels, count, x, scale, zero, &y, executor.pool)
      let expected = x.map { rounded($0 / scale, Float(-zero), Float(255 - zero), zero) }
      #expect(y == expected)
      vn_dequantize(executor.kernels, count, y, scale, zero, &floats, executor.pool)
      let back = expected.map { (Float($0) - Float(zero)) * scale }
      #expect(floats == back)
      let parameters = KernelCases.Operand.array([Double(scale), Double(zero)])
      KernelCases.record("quantize", on: set, .bits, [parameters, .array(x)], expected: .array(expected))
      KernelCases.record(
        "dequantize", on: set, .bits, [parameters, .array(expected)], expected: .array(back))
    }
  }

  @Test(arguments: InstructionSet.supported) func planesBecomePixels(_ set: InstructionSet) {
    var numbers = Numbers(seed: 67)
    for channels in [1, 2, 3, 4, 7] {
      for pixels in [1, 15, 16, 17, 100, 5003] {
        let x = numbers.floats(2 * channels * pixels).map { 300 * $0 }
        let executor = executor(set)
        var y = [UInt8](repeating: 77, count: x.count)
        vn_quantize_nchw(executor.kernels, 2, channels, pixels, x, 2, 128, &y, executor.pool)
        let expected = y.indices.map { index in
          let (image, pixel, channel) = (
            index / channels / pixels, index / channels % pixels, index % channels
          )
          return rounded(x[(image * channels + channel) * pixels + pixel] / 2, -128, 127, 128)
        }
        #expect(y == expected)
        KernelCases.record(
          "quantizePlanes", on: set, .bits, [.array([2, channels, pixels]), .array(x)],
          expected: .array(expected))
      }
    }
  }

  @Test(arguments: InstructionSet.supported) func sums(_ set: InstructionSet) {
    var numbers = Numbers(seed: 71)
    for count in Array(1...67) + [5000] {
      let (a, b) = (bytes(count, &numbers), bytes(count, &numbers))
      var add = vn_qadd(
        a_zero: 100, b_zero: 7, zero: 30, a_scale: 0.37, b_scale: 1.25, low: -30,
        high: count % 2 == 0 ? 225 : 90)
      let executor = executor(set)
      var y = [UInt8](repeating: 77, count: count)
      vn_qadd_run(executor.kernels, &add, count, a, b, &y, executor.pool)
      let expected = zip(a, b).map { a, b in
        let (s, t) = ((Float(a) - 100) * add.a_scale, (Float(b) - 7) * add.b_scale)
        return rounded(s + t, add.low, add.high, add.zero)
      }
      #expect(y == expected)
      KernelCases.record(
        "quantizedSum", on: set, .bits, [.value(add), .array(a), .array(b)], expected: .array(expected))
    }
  }

  @Test(arguments: InstructionSet.supported) func poolings(_ set: InstructionSet) {
    var numbers = Numbers(seed: 73)
    for channels in [1, 3, 15, 16, 17, 64, 70] {
      var window = PoolingTests().window(
        h: 9, w: 8, c: channels, kernel: (3, 3), stride: (2, 2), pads: (1, 1, 0, 1))
      let x = bytes(2 * 72 * channels, &numbers)
      let executor = executor(set)
      let outputs = 2 * Int(window.oh * window.ow) * channels
      var y = [UInt8](repeating: 77, count: outputs), mean = [UInt8](repeating: 77, count: 2 * channels)
      vn_qmax_pool(executor.kernels, &window, x, &y, executor.pool)
      let expected = (0..<outputs).map { index -> UInt8 in
        let (place, channel) = (index / channels, index % channels)
        let (oy, ox) = (place / Int(window.ow) % Int(window.oh), place % Int(window.ow))
        let image = place / Int(window.ow * window.oh)
        var most: UInt8 = 0
        for tap in 0..<9 {
          let (iy, ix) = (2 * oy - 1 + tap / 3, 2 * ox - 1 + tap % 3)
          guard (0..<9).contains(iy), (0..<8).contains(ix) else { continue }
          most = max(most, x[((image * 9 + iy) * 8 + ix) * channels + channel])
        }
        return most
      }
      #expect(y == expected)
      vn_qglobal_average(
        executor.kernels, 2, 72, channels, x, 50, 0.02, -40, 215, 40, &mean, executor.pool)
      let means = (0..<(2 * channels)).map { index -> UInt8 in
        let sum = (0..<72).reduce(0) {
          $0 + Int(x[(index / channels * 72 + $1) * channels + index % channels])
        }
        return rounded(Float(sum - 72 * 50) * 0.02, -40, 215, 40)
      }
      #expect(mean == means)
      KernelCases.record(
        "quantizedMaximum", on: set, .bits, [.value(window), .array(x)], expected: .array(expected))
      KernelCases.record(
        "quantizedAverage", on: set, .bits, [.array([2, 72, channels]), .array(x)], expected: .array(means))
    }
  }
}
