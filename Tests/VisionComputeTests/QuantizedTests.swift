import CVisionKernels
import Testing
import VisionCompute

/// Convolutions of bytes on every instruction set, with and without dot products of bytes, against sums in 64 bits: bit for
/// bit.
@Suite struct QuantizedTests {
  private struct Case {
    let conv: vn_qconv
    let x: [UInt8]
    let w: [Int8]
    let bias: [Int32]
    let multipliers: [Float]

    init(_ conv: vn_qconv, extreme: Bool = false) {
      var numbers = Numbers(seed: 3)
      self.conv = conv
      let depth = Int(conv.c / conv.groups * conv.kh * conv.kw)
      x = (0..<Int(conv.n * conv.h * conv.w * conv.c)).map { _ in
        extreme ? 255 : UInt8(numbers.integer(0...255))
      }
      w = (0..<(Int(conv.o) * depth)).map { index in
        extreme ? (index % 2 == 0 ? 127 : -127) : Int8(numbers.integer(-127...127))
      }
      bias = (0..<Int(conv.o)).map { _ in Int32(numbers.integer(-50_000...50_000)) }
      multipliers = (0..<Int(conv.o)).map { _ in 1e-4 * (1 + abs(numbers.float())) }
    }

    var isWinograd: Bool {
      var conv = conv
      return vn_qwinograd_applies(&conv) && vn_qwinograd_is_exact(&conv, w)
    }

    func run(
      _ executor: Executor, avoidingDots: Bool, winograd: Bool = false, modelingTiles: Bool = false
    ) -> [UInt8] {
      var conv = conv
      conv.models_tiles = modelingTiles
      conv.avoids_dot_products = avoidingDots
      conv.winograd = winograd
      return conv.run(x, weights: w, bias: bias, multipliers: multipliers, on: executor)
    }

    func reference() -> [UInt8] {
      let (c, o) = (Int(conv.c), Int(conv.o))
      let (inputs, outputs) = (c / Int(conv.groups), o / Int(conv.groups))
      let (kh, kw) = (Int(conv.kh), Int(conv.kw))
      var result: [UInt8] = []
      for place in 0..<Int(conv.n * conv.oh * conv.ow) {
        let image = place / Int(conv.oh * conv.ow)
        let (oy, ox) = (place / Int(conv.ow) % Int(conv.oh), place % Int(conv.ow))
        for channel in 0..<o {
          var sum = Int(bias[channel])
          for tap in 0..<(kh * kw) {
            let iy = oy * Int(conv.stride_h) - Int(conv.pad_top) + tap / kw * Int(conv.dilation_h)
            let ix = ox * Int(conv.stride_w) - Int(conv.pad_left) + tap % kw * Int(conv.dilation_w)
            guard (0..<Int(conv.h)).contains(iy), (0..<Int(conv.w)).contains(ix) else { continue }
            let pixel = ((image * Int(conv.h) + iy) * Int(conv.w) + ix) * c + channel / outputs * inputs
            for i in 0..<inputs {
              sum += (Int(x[pixel + i]) - Int(conv.x_zero)) * Int(w[(channel * inputs + i) * kh * kw + tap])
            }
          }
          let t = min(max(Float(sum) * multipliers[channel], conv.result.low), conv.result.high)
          if conv.result.floats {
            withUnsafeBytes(of: t) { result += $0 }
          } else {
            result.append(UInt8(Int(t.rounded(.toNearestOrEven)) + Int(conv.result.zero)))
          }
        }
      }
      return result
    }
  }

  private func convolution(
    _ n: Int, _ h: Int, _ w: Int, _ c: Int, _ o: Int, kernel: Int, stride: Int = 1, dilation: Int = 1,
    groups: Int = 1
  ) -> vn_qconv {
    var conv = vn_qconv()
    let padding = kernel / 2
    func extent(_ size: Int) -> Int { (size + 2 * padding - (kernel - 1) * dilation - 1) / stride + 1 }
    (conv.n, conv.h, conv.w, conv.c, conv.o) = (Int32(n), Int32(h), Int32(w), Int32(c), Int32(o))
    (conv.oh, conv.ow, conv.kh, conv.kw) = (Int32(extent(h)), Int32(extent(w)), Int32(kernel), Int32(kernel))
    (conv.stride_h, conv.stride_w) = (Int32(stride), Int32(stride))
    (conv.dilation_h, conv.dilation_w) = (Int32(dilation), Int32(dilation))
    (conv.pad_top, conv.pad_left, conv.groups) = (Int32(padding), Int32(padding), Int32(groups))
    (conv.x_zero, conv.result.zero, conv.result.low, conv.result.high) = (113, 100, -100, 155)
    return conv
  }

  private func check(_ conv: vn_qconv, on set: InstructionSet, extreme: Bool = false) {
    let item = Case(conv, extreme: extreme)
    let expected = item.reference()
    for threads in [1, 2] {
      for avoidingDots in [false, true] {
        #expect(item.run(executor(set, threads: threads), avoidingDots: avoidingDots) == expected, "\(conv)")
        guard item.isWinograd else { continue }
        #expect(
          item.run(executor(set, threads: threads), avoidingDots: avoidingDots, winograd: true) == expected,
          "\(conv) by Winograd's algorithm")
      }
      // Where there is AVX-512, what a processor's tiles would give; elsewhere once more the same.
      #expect(
        item.run(executor(set, threads: threads), avoidingDots: false, modelingTiles: true) == expected,
        "\(conv) by tiles")
    }
    for isWinograd in item.isWinograd ? [false, true] : [false] {
      var conv = conv
      conv.winograd = isWinograd
      conv.record(
        item.x, weights: item.w, bias: item.bias, multipliers: item.multipliers, on: set, expected: expected)
    }
  }

  @Test(arguments: InstructionSet.supported) func everyRemainder(_ set: InstructionSet) {
    for pixels in 1...15 { check(convolution(1, 1, pixels, 6, 2 * set.lanes, kernel: 1), on: set) }
    for outputs in 1...(2 * set.lanes + 1) { check(convolution(1, 2, 3, 7, outputs, kernel: 1), on: set) }
    for inputs in 1...9 { check(convolution(1, 5, 4, inputs, 5, kernel: 3), on: set) }
    for channels in 2...70 where channels % 3 != 0 || channels > 60 {
      check(convolution(1, 3, 4, channels, channels, kernel: 3, groups: channels), on: set)
    }
  }

  @Test(arguments: InstructionSet.supported) func kernelsStridesDilationsAndGroups(_ set: InstructionSet) {
    for kernel in [1, 3, 5, 7] {
      for (stride, dilation) in [(1, 1), (2, 1), (3, 1), (1, 2)] {
        check(convolution(2, 17, 15, 3, 9, kernel: kernel, stride: stride, dilation: dilation), on: set)
        check(
          convolution(1, 16, 13, 8, 12, kernel: kernel, stride: stride, dilation: dilation, groups: 2),
          on: set)
        check(
          convolution(1, 15, 14, 20, 20, kernel: kernel, stride: stride, dilation: dilation, groups: 20),
          on: set)
      }
    }
  }

  @Test(arguments: InstructionSet.supported) func depthwiseToFloats(_ set: InstructionSet) {
    for (kernel, stride, dilation) in [
      (3, 1, 1), (3, 2, 1), (5, 1, 1), (5, 2, 1), (7, 1, 1), (3, 3, 2), (1, 1, 1),
    ] {
      for channels in [2, 5, 16, 19, 33, 64, 70, 130] {
        var conv = convolution(
          2, 9, 11, channels, channels, kernel: kernel, stride: stride, dilation: dilation, groups: channels)
        (conv.result.floats, conv.result.zero) = (true, 0)
        check(conv, on: set)
      }
    }
  }

  /// Shapes for a processor's tiles: rows below and above one and two of them, depths that are no multiple of theirs, rows of
  /// pixels that are not equally far apart.
  @Test(arguments: InstructionSet.supported) func rowsAndDepthsOfTiles(_ set: InstructionSet) {
    for pixels in [8, 9, 15, 16, 17, 31, 32, 33, 47, 48, 64, 97] {
      check(convolution(1, 1, pixels, 40, 2 * set.lanes + 3, kernel: 1), on: set)
    }
    for inputs in [37, 44, 63, 64, 65, 68, 127, 129, 200] {
      check(convolution(1, 5, 7, inputs, set.lanes + 2, kernel: 1), on: set)
    }
    for (width, inputs, stride) in [(7, 16, 1), (33, 20, 1), (19, 17, 2), (40, 65, 2)] {
      check(convolution(2, 5, width, inputs, 2 * set.lanes, kernel: 3, stride: stride), on: set)
      check(
        convolution(1, 6, width, 2 * inputs, 10, kernel: 3, stride: stride, dilation: 2, groups: 2), on: set)
    }
    check(convolution(1, 17, 33, 3, 40, kernel: 7, stride: 2), on: set)
    var floats = convolution(1, 5, 9, 72, 37, kernel: 1)
    (floats.result.floats, floats.result.zero) = (true, 0)
    check(floats, on: set)
  }

  /// Products of the largest bytes, of which two exceed 16 bits.
  @Test(arguments: InstructionSet.supported) func nothingSaturatesOnTheWay(_ set: InstructionSet) {
    check(convolution(1, 4, 5, 64, 40, kernel: 3), on: set, extreme: true)
    check(convolution(1, 4, 5, 66, 66, kernel: 5, groups: 66), on: set, extreme: true)
  }
}

extension vn_qconv {
  /// Writes the case for the kernels of other processors, with dot products of bytes and without.
  func record(
    _ x: [UInt8], weights: [Int8], bias: [Int32], multipliers: [Float], residual: [UInt8]? = nil,
    on set: InstructionSet, expected: [UInt8]
  ) {
    for avoidsDotProducts in [false, true] {
      var conv = self
      conv.avoids_dot_products = avoidsDotProducts
      KernelCases.record(
        "quantized", on: set, .bits,
        [.value(conv), .array(x), .array(weights), .array(bias), .array(multipliers), .array(residual)],
        expected: .array(expected))
    }
  }

  /// The bytes of the result, or of its floats.
  func run(
    _ x: [UInt8], weights: [Int8], bias: [Int32], multipliers: [Float], residual: [UInt8]? = nil,
    on executor: Executor
  ) -> [UInt8] {
    var conv = self
    let packed = UnsafeMutableRawPointer.allocate(
      byteCount: vn_qconv_packed_bytes(executor.kernels, &conv), alignment: 64)
    let scratch = UnsafeMutableRawPointer.allocate(
      byteCount: vn_qconv_scratch_bytes(executor.kernels, &conv, Int32(executor.threads)), alignment: 64)
    // In memory of its own that ends with the last byte, so that a sanitizer sees who reads further.
    let input = UnsafeMutablePointer<UInt8>.allocate(capacity: x.count)
    defer {
      packed.deallocate()
      scratch.deallocate()
      input.deallocate()
    }
    input.initialize(from: x, count: x.count)
    vn_qconv_pack(executor.kernels, &conv, weights, bias, multipliers, packed)
    let size = conv.result.floats ? 4 : 1
    var y = [UInt8](repeating: 77, count: Int(conv.n * conv.oh * conv.ow * conv.o) * size)
    vn_qconv_run(executor.kernels, &conv, input, packed, residual, &y, scratch, executor.pool)
    return y
  }
}
