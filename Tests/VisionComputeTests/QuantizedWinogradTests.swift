import CVisionKernels
import Testing
import VisionCompute

/// Winograd's algorithm on bytes against the direct kernel, whose results it must have to the bit. `QuantizedTests` has both
/// against sums in 64 bits.
@Suite struct QuantizedWinogradTests {
  private struct Case {
    var conv: vn_qconv
    var x: [UInt8]
    var w: [Int8]
    var bias: [Int32]
    let multipliers: [Float]
    var residual: [UInt8]?

    init(_ conv: vn_qconv, hasResidual: Bool = false) {
      var numbers = Numbers(seed: 5)
      self.conv = conv
      x = (0..<Int(conv.n * conv.h * conv.w * conv.c)).map { _ in UInt8(numbers.integer(0...255)) }
      w = (0..<Int(conv.o * conv.c * 9)).map { _ in Int8(numbers.integer(-60...60)) }
      bias = (0..<Int(conv.o)).map { _ in Int32(numbers.integer(-50_000...50_000)) }
      multipliers = (0..<Int(conv.o)).map { _ in 1e-4 * (1 + abs(numbers.float())) }
      guard hasResidual else { return }
      residual = (0..<Int(conv.n * conv.oh * conv.ow * conv.o)).map { _ in UInt8(numbers.integer(0...255)) }
    }

    var isExact: Bool {
      var conv = conv
      return vn_qwinograd_is_exact(&conv, w)
    }

    func run(
      _ executor: Executor, winograd: Bool, avoidingDots: Bool = false, modelingTiles: Bool = false
    ) -> [UInt8] {
      var conv = conv
      conv.models_tiles = modelingTiles
      conv.winograd = winograd
      conv.avoids_dot_products = avoidingDots
      return conv.run(
        x, weights: w, bias: bias, multipliers: multipliers, residual: residual, on: executor)
    }
  }

  private func convolution(
    _ n: Int, _ h: Int, _ w: Int, _ c: Int, _ o: Int, top: Int = 1, left: Int = 1, bottom: Int = 1,
    right: Int = 1
  ) -> vn_qconv {
    var conv = vn_qconv()
    (conv.n, conv.h, conv.w, conv.c, conv.o) = (Int32(n), Int32(h), Int32(w), Int32(c), Int32(o))
    (conv.oh, conv.ow) = (Int32(h + top + bottom - 2), Int32(w + left + right - 2))
    (conv.kh, conv.kw, conv.stride_h, conv.stride_w) = (3, 3, 1, 1)
    (conv.dilation_h, conv.dilation_w, conv.groups) = (1, 1, 1)
    (conv.pad_top, conv.pad_left) = (Int32(top), Int32(left))
    (conv.x_zero, conv.result.zero, conv.result.low, conv.result.high) = (113, 100, -100, 155)
    return conv
  }

  private func check(_ item: Case, on set: InstructionSet) {
    #expect(item.isExact)
    let expected = item.run(executor(set, threads: 1), winograd: false, avoidingDots: true)
    for threads in [1, 2, 3] {
      for modelingTiles in [false, true] {
        #expect(
          item.run(executor(set, threads: threads), winograd: false, modelingTiles: modelingTiles)
            == expected,
          "\(item.conv), \(threads) threads, \(modelingTiles ? "modeled tiles" : "direct")")
      }
      for avoidingDots in [false, true] {
        #expect(
          item.run(executor(set, threads: threads), winograd: true, avoidingDots: avoidingDots) == expected,
          "\(item.conv), \(threads) threads")
      }
    }
    for isWinograd in [false, true] {
      var conv = item.conv
      conv.winograd = isWinograd
      conv.record(
        item.x, weights: item.w, bias: item.bias, multipliers: item.multipliers, residual: item.residual,
        on: set,
        expected: expected)
    }
  }

  @Test(arguments: InstructionSet.supported) func everyRemainder(_ set: InstructionSet) {
    for size in 1...13 { check(Case(convolution(1, size, 14 - size, 5, 7)), on: set) }
    for inputs in 1...(4 * set.lanes + 1) { check(Case(convolution(1, 3, 5, inputs, 3)), on: set) }
    for outputs in 1...(4 * set.lanes + 1) { check(Case(convolution(2, 4, 2, 3, outputs)), on: set) }
    for tiles in 1...31 { check(Case(convolution(1, 4, 4 * tiles, 4, 40)), on: set) }
  }

  @Test(arguments: InstructionSet.supported) func paddingOfEachSide(_ set: InstructionSet) {
    for (top, left, bottom, right) in [(0, 0, 0, 0), (2, 0, 1, 2), (0, 2, 2, 0), (5, 3, 4, 6)] {
      check(
        Case(convolution(2, 6, 9, 10, 12, top: top, left: left, bottom: bottom, right: right)), on: set)
    }
  }

  /// Many blocks of tiles; weights from the second- and third-level cache and from memory, with few tiles and with many.
  @Test(arguments: InstructionSet.supported) func everyCut(_ set: InstructionSet) {
    for (n, size, c, o) in [(2, 40, 32, 40), (3, 13, 160, 144), (1, 13, 352, 340), (2, 8, 352, 340)] {
      check(Case(convolution(n, size, size, c, o)), on: set)
    }
  }

  @Test(arguments: InstructionSet.supported) func everyResult(_ set: InstructionSet) {
    for outputs in [1, set.lanes / 2, set.lanes - 1, 2 * set.lanes, 3 * set.lanes + 1] {
      for bounded in [false, true] {
        var conv = convolution(1, 6, 7, 9, outputs)
        conv.result.bounded = bounded
        check(Case(conv), on: set)
        // As after a ReLU.
        (conv.result.zero, conv.result.low, conv.result.high) = (0, 0, 255)
        check(Case(conv), on: set)
        (conv.result.sum_scale, conv.result.residual_scale) = (0.7, 0.4)
        (conv.result.sum_low, conv.result.sum_high) = (0, 255)
        check(Case(conv, hasResidual: true), on: set)
        (conv.result.residual_zero, conv.result.sum_zero, conv.result.sum_low) = (9, 20, -20)
        conv.result.sum_high = 235
        check(Case(conv, hasResidual: true), on: set)
        conv.result.floats = true
        (conv.result.low, conv.result.high) = (-3, 30)
        check(Case(conv), on: set)
      }
    }
  }

  /// The largest sums of which 26 bits hold all, above and below zero; one input more, and the algorithm is refused.
  @Test(arguments: InstructionSet.supported) func sumsUpToTheBound(_ set: InstructionSet) {
    for weight in [Int8(127), -127] {
      var conv = convolution(1, 8, 7, 115, 3)
      (conv.x_zero, conv.result.floats) = (0, true)
      (conv.result.low, conv.result.high) = (-.infinity, .infinity)
      var item = Case(conv)
      item.x = item.x.map { _ in 255 }
      item.w = item.w.map { _ in weight }
      check(item, on: set)
      let sums = item.run(executor(set, threads: 1), winograd: true).withUnsafeBytes {
        Array($0.bindMemory(to: Float.self))
      }
      let inside = (Int(conv.ow) + 2) * 3
      #expect(sums[inside] == Float(255 * 9 * 115 * Int(weight) + Int(item.bias[0])) * item.multipliers[0])
      conv.c = 116
      var more = Case(conv)
      more.w = more.w.map { _ in weight }
      #expect(!more.isExact)
    }
  }

  @Test func otherConvolutionsAreNotItsBusiness() {
    var conv = convolution(1, 8, 8, 32, 32)
    #expect(vn_qwinograd_applies(&conv))
    for change: (inout vn_qconv) -> Void in [
      { $0.kh = 1 }, { $0.kw = 5 }, { $0.stride_h = 2 }, { $0.stride_w = 2 }, { $0.dilation_h = 2 },
      { $0.dilation_w = 3 }, { $0.groups = 2 }, { $0.oh = 0 },
    ] {
      var other = conv
      change(&other)
      #expect(!vn_qwinograd_applies(&other))
      #expect(!vn_qwinograd_pays(executor(InstructionSet.supported[0], threads: 1).kernels, &other))
    }
  }
}
