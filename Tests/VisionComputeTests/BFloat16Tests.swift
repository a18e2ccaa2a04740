import CVisionKernels
import Testing
import VisionCompute

/// Convolutions of bfloat16 on every instruction set against the reference in double precision on rounded operands.
@Suite struct BFloat16Tests {
  private static func run(
    _ item: ConvolutionCase, _ storage: BFloat16Case.Storage, _ executor: Executor,
    avoidsInstructions: Bool = false, modelsTiles: Bool = false
  ) -> [Float] {
    let stored = BFloat16Case(item, storage)
    return stored.run(executor, avoidsInstructions: avoidsInstructions, modelsTiles: modelsTiles)
  }

  private func check(
    _ conv: vn_conv, bias: Bool = true, residual: Bool = false, seed: Int = 1,
    _ location: SourceLocation = #_sourceLocation
  ) {
    var numbers = Numbers(seed: seed)
    let item = ConvolutionCase(conv, bias: bias, residual: residual, numbers: &numbers)
    let reference = BFloat16Case(item).roundedOperands.reference()
    let depth = Double(conv.c / conv.groups * conv.kh * conv.kw)
    KernelCases.record(
      "bfloat16", .distance(ConvolutionTests.tolerance * depth.squareRoot().rounded(.up)),
      [.value(conv), .array(item.x), .array(item.weights), .array(item.bias), .array(item.residual)],
      expected: .array(reference))
    var first: [Float]?
    for set in InstructionSet.supported {
      let y = Self.run(item, BFloat16Case.Storage(), executor(set, threads: 1))
      let tolerance = ConvolutionTests.tolerance * depth.squareRoot().rounded(.up)
      #expect(distance(y, reference) < tolerance, "\(set) \(conv)", sourceLocation: location)
      // Bits do not depend on instructions, threads or how the operands are stored; only where an activation is computed with
      // fused products, they may depend on the instruction set. A processor's tiles have an order of their own.
      let plain = Self.run(item, BFloat16Case.Storage(), executor(set), avoidsInstructions: true)
      let byTiles = vn_bfloat16_by_tiles(executor(set).kernels)
      let isExact = conv.activation != VN_HARD_SWISH
      #expect(first == nil || first == plain || !isExact, "\(set) differs: \(conv)", sourceLocation: location)
      first = plain
      #expect(y == plain || byTiles, "\(set) without its instructions: \(conv)", sourceLocation: location)
      let modeled = Self.run(item, BFloat16Case.Storage(), executor(set), modelsTiles: true)
      #expect(distance(modeled, reference) < tolerance, "\(set) modeled: \(conv)", sourceLocation: location)
      #expect(
        y == modeled || !byTiles, "\(set) differs from its model: \(conv)", sourceLocation: location)
      #expect(
        modeled
          == Self.run(item, BFloat16Case.Storage(x: true), executor(set, threads: 3), modelsTiles: true),
        "\(set) modeled: \(conv)", sourceLocation: location)
      for threads in 2...3 {
        #expect(
          y == Self.run(item, BFloat16Case.Storage(), executor(set, threads: threads)),
          sourceLocation: location)
      }
      #expect(
        y == Self.run(item, BFloat16Case.Storage(x: true), executor(set)), "\(set) \(conv)",
        sourceLocation: location)
      guard conv.o / conv.groups % 2 == 0 else { continue }
      let other = Self.run(item, BFloat16Case.Storage(residual: residual), executor(set))
      #expect(y == other, "\(set) residual: \(conv)", sourceLocation: location)
      guard [VN_IDENTITY, VN_RELU, VN_CLIP].contains(conv.activation) else { continue }
      for avoids in [false, true] {
        let stored = Self.run(
          item, BFloat16Case.Storage(x: true, residual: residual, y: true), executor(set),
          avoidsInstructions: avoids)
        #expect(
          (avoids ? plain : y).map { $0 == ConvolutionCase.gap ? $0 : BFloat16Case.rounded($0) } == stored,
          "\(set) stored: \(conv)",
          sourceLocation: location)
      }
    }
  }

  @Test func everyRemainderOfPixelsAndOutputs() {
    for pixels in 1...29 { check(vn_conv(h: 1, w: pixels, c: 6, o: 32, kernel: (1, 1)), residual: true) }
    for outputs in 1...67 {
      check(vn_conv(h: 2, w: 9, c: 7, o: outputs, kernel: (1, 1)), residual: outputs % 2 == 0)
    }
    for channels in 1...19 { check(vn_conv(h: 3, w: 5, c: channels, o: 18, kernel: (1, 1))) }
  }

  @Test func kernelsStridesDilationsAndUnevenPadding() {
    for kernel in [(1, 1), (3, 3), (1, 3), (3, 1), (2, 2), (5, 5), (7, 7)] {
      for stride in [(1, 1), (2, 2), (1, 2), (3, 1)] {
        check(vn_conv(h: 13, w: 11, c: 9, o: 18, kernel: kernel, stride: stride))
      }
    }
    check(vn_conv(h: 13, w: 12, c: 9, o: 17, dilation: (2, 3)))
    check(vn_conv(h: 9, w: 8, c: 4, o: 33, pads: (0, 1, 2, 0)))
    check(vn_conv(h: 9, w: 8, c: 4, o: 34, pads: (2, 0, 0, 3)))
    check(vn_conv(h: 4, w: 4, c: 6, o: 8, pads: (5, 5, 5, 5)))
    // A 1 × 1 of a larger stride whose windows leave the image.
    check(vn_conv(h: 5, w: 6, c: 20, o: 8, kernel: (1, 1), stride: (2, 2), pads: (1, 0, 2, 3)))
  }

  @Test func stemsWithFewChannels() {
    for channels in 1...17 {
      check(vn_conv(n: 2, h: 17, w: 19, c: channels, o: 32, kernel: (3, 3), stride: (2, 2)))
    }
    check(vn_conv(h: 30, w: 29, c: 3, o: 64, kernel: (7, 7), stride: (2, 2)))
    check(vn_conv(h: 15, w: 15, c: 3, o: 20, kernel: (3, 3), gap: 1))
  }

  @Test func channelSlicesBatchesAndLongSums() {
    check(vn_conv(n: 3, h: 7, w: 5, c: 12, o: 40, gap: 5, rowGap: 3), residual: true)
    check(vn_conv(n: 3, h: 7, w: 5, c: 12, o: 40, kernel: (1, 1), gap: 5), residual: true)
    check(vn_conv(n: 2, h: 7, w: 5, c: 13, o: 40, kernel: (1, 1), stride: (2, 2), gap: 1, rowGap: 4))
    check(vn_conv(n: 5, h: 1, w: 1, c: 300, o: 50, kernel: (1, 1)))
    check(vn_conv(h: 3, w: 3, c: 600, o: 35), bias: false)
    check(vn_conv(h: 2, w: 3, c: 6001, o: 18, kernel: (1, 1)), residual: true)
    // Pixels that would lie a multiple of a cache's way apart.
    check(vn_conv(h: 5, w: 7, c: 2048, o: 48, kernel: (1, 1)))
    check(vn_conv(h: 3, w: 7, c: 24, o: 2048, kernel: (1, 1)), residual: true)
  }

  @Test func groupsAndActivations() {
    check(vn_conv(h: 6, w: 7, c: 12, o: 24, groups: 3), residual: true)
    check(vn_conv(n: 2, h: 6, w: 7, c: 24, o: 8, kernel: (1, 1), groups: 2, gap: 3))
    check(vn_conv(h: 6, w: 5, c: 16, o: 18, activation: VN_RELU), residual: true)
    check(vn_conv(h: 6, w: 5, c: 16, o: 33, activation: VN_CLIP, alpha: -0.5, beta: 0.75))
    check(vn_conv(h: 6, w: 5, c: 16, o: 34, activation: VN_HARD_SWISH), residual: true)
    check(vn_conv(h: 6, w: 5, c: 16, o: 34, activation: VN_LEAKY_RELU, alpha: 0.1))
  }

  @Test func whatDoesNotApplyIsRefused() {
    var depthwise = vn_bconv()
    depthwise.conv = vn_conv(h: 5, w: 5, c: 8, o: 8, groups: 8)
    #expect(!vn_bconv_applies(&depthwise))
    var pairs = vn_bconv()
    pairs.conv = vn_conv(h: 5, w: 5, c: 8, o: 8, groups: 4)
    #expect(!vn_bconv_applies(&pairs))
    var odd = vn_bconv()
    odd.conv = vn_conv(h: 5, w: 5, c: 8, o: 7)
    #expect(vn_bconv_applies(&odd))
    odd.y_is_bf16 = true
    #expect(!vn_bconv_applies(&odd))
    var smooth = vn_bconv()
    smooth.conv = vn_conv(h: 5, w: 5, c: 8, o: 8, activation: VN_HARD_SWISH)
    smooth.y_is_bf16 = true
    #expect(!vn_bconv_applies(&smooth))
  }

  /// Ties, infinities and NaN, as a 1 × 1 with a weight of 1 lets them through.
  @Test(arguments: InstructionSet.supported)
  func specialNumbers(_ set: InstructionSet) {
    let numbers: [Float] = [
      0, -0.0, 1, 1.00390625, 1.01171875, -1.00390625, 3.4028235e38, .infinity, -.infinity, .nan, 1e-30,
      65535, 0.1,
    ]
    var numbersCase = Numbers(seed: 3)
    var item = ConvolutionCase(
      vn_conv(h: 1, w: numbers.count, c: 1, o: 2, kernel: (1, 1)), bias: false, residual: false,
      numbers: &numbersCase)
    item.x = numbers
    item.weights = [1, -1]
    for avoids in [false, true] {
      for storesY in [false, true] {
        let y = Self.run(item, BFloat16Case.Storage(y: storesY), executor(set), avoidsInstructions: avoids)
        for (index, number) in numbers.enumerated() {
          // The largest float is nearer to 2¹²⁸ than to the largest bfloat16.
          let expected = number == 3.4028235e38 ? .infinity : BFloat16Case.rounded(number)
          #expect(y[2 * index] == expected || y[2 * index].isNaN && expected.isNaN)
          #expect(y[2 * index + 1] == -expected || y[2 * index + 1].isNaN && expected.isNaN)
        }
      }
    }
  }

  /// Maxima of every number of channels that there can be in a vector, of negative numbers, infinities and NaN, and of no element.
  @Test(arguments: InstructionSet.supported)
  func maxima(_ set: InstructionSet) {
    var numbers = Numbers(seed: 8)
    let executor = executor(set)
    for channels in stride(from: 2, through: 70, by: 4) {
      var w = vn_window()
      (w.n, w.h, w.w, w.c, w.oh, w.ow) = (2, 5, 6, Int32(channels), 4, 4)
      (w.kh, w.kw, w.stride_h, w.stride_w, w.dilation_h, w.dilation_w) = (3, 2, 2, 2, 1, 1)
      (w.pad_top, w.pad_left) = (1, 1)
      let pitch = Int(vn_bconv_pitch(w.c))
      (w.x_pixel, w.x_row, w.x_image) = (Int64(pitch), Int64(pitch * 6), Int64(pitch * 30))
      (w.y_pixel, w.y_row, w.y_image) = (Int64(pitch), Int64(pitch * 4), Int64(pitch * 16))
      var halves = (0..<(2 * 30 * pitch * 2)).map { _ in UInt16((numbers.float() - 1).bitPattern >> 16) }
      halves[3] = 0x7fc0
      halves[2 * pitch + 1] = 0x7f80
      let x = halves.withUnsafeBytes { Array($0.bindMemory(to: UInt32.self)) }
      var y = [UInt32](repeating: 0x1234_1234, count: 2 * 16 * pitch)
      vn_bmax_pool(executor.kernels, &w, x, &y, executor.pool)
      func element(_ words: [UInt32], _ index: Int) -> Float {
        words.withUnsafeBytes { Float(bitPattern: UInt32($0.bindMemory(to: UInt16.self)[index]) << 16) }
      }
      for (n, oy, ox, c) in (0..<(2 * 4 * 4 * channels)).map({ i in
        (i / channels / 16, i / channels / 4 % 4, i / channels % 4, i % channels)
      }) {
        var expected = -Float.infinity
        for (ky, kx) in [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)] {
          let (iy, ix) = (2 * oy - 1 + ky, 2 * ox - 1 + kx)
          guard (0..<5).contains(iy), (0..<6).contains(ix) else { continue }
          let value = element(x, ((n * 5 + iy) * 6 + ix) * 2 * pitch + c)
          expected = value.isNaN || expected.isNaN ? .nan : max(expected, value)
        }
        let found = element(y, ((n * 4 + oy) * 4 + ox) * 2 * pitch + c)
        #expect(found == expected || found.isNaN && expected.isNaN, "\(channels) channels")
      }
      KernelCases.record("bfloat16.maximum", on: set, .bits, [.value(w), .array(x)], expected: .array(y))
    }
  }
}
