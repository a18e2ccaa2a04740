import CVisionKernels
import Testing
import VisionCompute

/// Winograd's convolution on every instruction set against the reference in double precision.
@Suite struct WinogradTests {
  /// The largest error relative to the largest sum of magnitudes, √depth standing for its growth with the sums' length.
  static let tolerance = 6e-7

  func check(
    _ conv: vn_conv, on set: InstructionSet, bias: Bool = true, residual: Bool = false, seed: Int = 1,
    _ location: SourceLocation = #_sourceLocation
  ) {
    var numbers = Numbers(seed: seed)
    let item = ConvolutionCase(conv, bias: bias, residual: residual, numbers: &numbers)
    let (y, reference) = (item.runWinograd(executor(set, threads: 1)), item.reference())
    let depth = Double(conv.c * conv.kh * conv.kw)
    // A tile's outputs share their rounding errors, so a small one may have a large one's.
    let worst = zip(y, reference).map { abs(Double($0) - $1) }.max() ?? 0
    #expect(
      worst.isFinite && worst < Self.tolerance * (depth + 3), "\(worst), \(conv)", sourceLocation: location)
    for (index, value) in reference.enumerated() where value == Double(ConvolutionCase.gap) {
      #expect(y[index] == ConvolutionCase.gap, "written to the gap at \(index)", sourceLocation: location)
    }
    for threads in [2, 3] {
      #expect(
        y == item.runWinograd(executor(set, threads: threads)), "\(threads) threads differ: \(conv)",
        sourceLocation: location)
    }
    item.record("winograd", on: set, .absolute(Self.tolerance * (depth + 3)))
  }

  @Test(arguments: InstructionSet.supported)
  func everyExtentOfTheOutput(_ set: InstructionSet) {
    for height in 1...9 { check(vn_conv(h: height, w: 10 - height, c: 5, o: 7), on: set, residual: true) }
    for width in 1...13 { check(vn_conv(n: 2, h: 5, w: width, c: 16, o: 16), on: set) }
  }

  @Test(arguments: InstructionSet.supported)
  func everyRemainderOfChannels(_ set: InstructionSet) {
    for outputs in 1...(4 * set.lanes + 1) {
      check(vn_conv(h: 6, w: 7, c: 9, o: outputs), on: set, residual: outputs % 2 == 0)
    }
    for inputs in 1...(2 * set.lanes + 1) { check(vn_conv(h: 6, w: 7, c: inputs, o: 20), on: set) }
  }

  @Test(arguments: InstructionSet.supported)
  func unevenPaddingAndGaps(_ set: InstructionSet) {
    check(vn_conv(h: 9, w: 8, c: 4, o: 33, pads: (0, 1, 2, 0)), on: set)
    check(vn_conv(h: 9, w: 8, c: 4, o: 33, pads: (2, 0, 0, 3)), on: set)
    check(vn_conv(h: 4, w: 4, c: 6, o: 8, pads: (5, 5, 5, 5)), on: set)
    check(vn_conv(h: 3, w: 3, c: 6, o: 8, pads: (0, 0, 0, 0)), on: set)
    check(vn_conv(n: 3, h: 7, w: 5, c: 12, o: 40, gap: 5, rowGap: 3), on: set, residual: true)
  }

  @Test(arguments: InstructionSet.supported)
  func activations(_ set: InstructionSet) {
    for activation in [VN_RELU, VN_CLIP, VN_HARD_SWISH, VN_LEAKY_RELU] {
      for residual in [false, true] {
        check(
          vn_conv(h: 5, w: 6, c: 20, o: 36, gap: 2, activation: activation, alpha: 0.1, beta: 2), on: set,
          residual: residual)
      }
    }
  }

  /// Tiles in several blocks, panels in several items, and sums in several parts.
  @Test(arguments: InstructionSet.supported)
  func whatIsCutIntoItems(_ set: InstructionSet) {
    check(vn_conv(h: 33, w: 37, c: 17, o: 19), on: set)
    check(vn_conv(n: 2, h: 14, w: 14, c: 160, o: 150), on: set, residual: true)
    check(vn_conv(n: 5, h: 7, w: 7, c: 260, o: 200), on: set)
    check(vn_conv(h: 4, w: 5, c: 1300, o: 20), on: set)
  }

  /// Few tiles and many weights: tiles of 2 × 2.
  @Test(arguments: InstructionSet.supported)
  func smallTiles(_ set: InstructionSet) {
    func checkSmall(_ conv: vn_conv, bias: Bool = true, residual: Bool = false) {
      var conv = conv
      #expect(vn_winograd_side_of(&conv) == 2)
      check(conv, on: set, bias: bias, residual: residual)
    }
    for height in 1...9 { checkSmall(vn_conv(h: height, w: 8, c: 100, o: 80), residual: height % 2 == 0) }
    for width in 1...7 { checkSmall(vn_conv(n: 3, h: 4, w: width, c: 90, o: 90), bias: false) }
    for outputs in 0...(2 * set.lanes) { checkSmall(vn_conv(h: 5, w: 3, c: 470, o: 17 + outputs)) }
    for inputs in 1...set.lanes { checkSmall(vn_conv(h: 7, w: 7, c: 250 + inputs, o: 33), residual: true) }
    checkSmall(vn_conv(h: 7, w: 7, c: 200, o: 300), residual: true)
    checkSmall(vn_conv(h: 7, w: 7, c: 1300, o: 70))
    checkSmall(vn_conv(h: 6, w: 5, c: 120, o: 80, pads: (0, 3, 2, 0)))
    checkSmall(vn_conv(h: 3, w: 3, c: 120, o: 80, pads: (0, 0, 0, 0)))
    checkSmall(vn_conv(n: 2, h: 5, w: 4, c: 120, o: 80, gap: 5, rowGap: 3), residual: true)
    for activation in [VN_RELU, VN_CLIP, VN_HARD_SWISH] {
      checkSmall(
        vn_conv(h: 7, w: 6, c: 120, o: 72, gap: 2, activation: activation, alpha: 0.1, beta: 2),
        residual: activation == VN_CLIP)
    }
  }

  @Test func smallTilesAreForFewTilesAndManyWeights() {
    func side(_ n: Int, _ side: Int, _ c: Int, _ o: Int) -> Int32 {
      var conv = vn_conv(n: n, h: side, w: side, c: c, o: o)
      return vn_winograd_side_of(&conv)
    }
    #expect(side(1, 7, 512, 512) == 2)
    #expect(side(2, 7, 512, 512) == 4)
    #expect(side(1, 7, 64, 64) == 4)
    #expect(side(1, 14, 512, 512) == 4)
    for set in InstructionSet.supported {
      var (large, small) = (vn_conv(h: 7, w: 7, c: 512, o: 512), vn_conv(h: 4, w: 4, c: 512, o: 512))
      #expect(vn_winograd_pays(executor(set).kernels, &large))
      #expect(!vn_winograd_pays(executor(set).kernels, &small))
    }
  }

  @Test(arguments: InstructionSet.supported)
  func randomShapes(_ set: InstructionSet) {
    var numbers = Numbers(seed: 9)
    for seed in 1...40 {
      let pads = (
        numbers.integer(0...3), numbers.integer(0...3), numbers.integer(0...3), numbers.integer(0...3)
      )
      check(
        vn_conv(
          n: numbers.integer(1...3), h: numbers.integer(3...20), w: numbers.integer(3...20),
          c: numbers.integer(1...70), o: numbers.integer(1...70), pads: pads, gap: numbers.integer(0...1) * 3,
          rowGap: numbers.integer(0...1) * 5, activation: VN_RELU), on: set, bias: seed % 2 == 0,
        residual: seed % 3 == 0, seed: seed)
    }
  }

  /// Each sample of a batch has the bits that it has alone.
  func checkSamples(of conv: vn_conv, on set: InstructionSet, _ location: SourceLocation = #_sourceLocation) {
    var numbers = Numbers(seed: 3)
    let batch = ConvolutionCase(conv, bias: true, residual: false, numbers: &numbers)
    let together = batch.runWinograd(executor(set))
    for n in 0..<Int(conv.n) {
      var alone = batch
      alone.conv.n = 1
      alone.x = Array(batch.x[(n * Int(conv.x_image))..<((n + 1) * Int(conv.x_image))])
      let outputs = Int(conv.y_image)
      #expect(
        alone.runWinograd(executor(set)) == Array(together[(n * outputs)..<((n + 1) * outputs)]),
        sourceLocation: location)
    }
  }

  /// On numbers of a network's kind its error is at most so many times the direct kernel's.
  func checkError(
    of conv: vn_conv, atMost times: Double, on set: InstructionSet,
    _ location: SourceLocation = #_sourceLocation
  ) {
    var numbers = Numbers(seed: Int(conv.c))
    let item = ConvolutionCase(conv, bias: false, residual: false, numbers: &numbers)
    let reference = item.reference()
    func error(_ y: [Float]) -> Double {
      let squares = zip(y, reference).map { (Double($0) - $1) * (Double($0) - $1) }
      return (squares.reduce(0, +) / Double(squares.count)).squareRoot()
    }
    let (direct, winograd) = (error(item.run(executor(set))), error(item.runWinograd(executor(set))))
    #expect(
      winograd < times * direct, "\(winograd) against \(direct) of \(conv)", sourceLocation: location)
  }

  @Test(arguments: InstructionSet.supported)
  func aSampleDoesNotDependOnItsBatch(_ set: InstructionSet) {
    checkSamples(of: vn_conv(n: 3, h: 7, w: 9, c: 40, o: 50), on: set)
  }

  @Test(arguments: InstructionSet.supported)
  func theErrorIsAFewTimesTheDirectOne(_ set: InstructionSet) {
    for (channels, side) in [(16, 14), (64, 14), (256, 14), (512, 7)] {
      checkError(of: vn_conv(h: side, w: side, c: channels, o: 32), atMost: 5, on: set)
    }
  }

  /// Outputs as far apart as the taps are one of several convolutions without gaps.
  @Test(arguments: InstructionSet.supported)
  func gapsBetweenTaps(_ set: InstructionSet) {
    for dilation in [(2, 2), (2, 1), (1, 3), (4, 3), (7, 9), (20, 20)] {
      check(
        vn_conv(n: 2, h: 13, w: 12, c: 9, o: 2 * set.lanes + 3, dilation: dilation), on: set, residual: true)
      check(
        vn_conv(h: 29, w: 30, c: 32, o: 17, dilation: dilation, gap: 3, rowGap: 5, activation: VN_RELU),
        on: set)
    }
    check(vn_conv(h: 13, w: 17, c: 16, o: 20, dilation: (2, 3), pads: (0, 1, 3, 0)), on: set)
    check(vn_conv(h: 6, w: 7, c: 16, o: 20, dilation: (3, 2), pads: (10, 0, 1, 9)), on: set)
    check(
      vn_conv(h: 9, w: 8, c: 16, o: 20, dilation: (2, 2), pads: (0, 0, 0, 0), activation: VN_HARD_SWISH),
      on: set)
  }

  /// Where tiles of 6 × 6 would need very large weights, they are of 4 × 4 in every part.
  @Test func gapsAndLargeWeights() {
    var conv = vn_conv(h: 24, w: 24, c: 2600, o: 64, dilation: (4, 4))
    #expect(vn_winograd_side_of(&conv) == 4)
    var numbers = Numbers(seed: 3)
    let item = ConvolutionCase(conv, bias: true, residual: false, numbers: &numbers)
    let alone = executor(InstructionSet.best, threads: 1)
    let worst = zip(item.runWinograd(alone), item.run(alone)).map { abs($0 - $1) }.max() ?? .infinity
    #expect(Double(worst) < Self.tolerance * 2600 * 9)
  }

  @Test func gapsPayUnlessMostTapsReadPadding() {
    let kernels = executor(.portable).kernels
    func pays(_ side: Int, _ gap: Int, channels: Int = 64) -> Bool {
      var conv = vn_conv(h: side, w: side, c: channels, o: channels, dilation: (gap, gap))
      return vn_winograd_pays(kernels, &conv)
    }
    #expect(pays(28, 2) && pays(32, 4) && pays(65, 12))
    #expect(!pays(20, 12) && !pays(33, 24))
    // Weights for tiles would take 64 MiB.
    #expect(!pays(32, 2, channels: 680))
    var conv = vn_conv(h: 28, w: 28, c: 64, o: 64, dilation: (2, 2))
    #expect(!vn_winograd_applies_in_training(&conv) && !vn_winograd_pays_in_training(kernels, &conv))
  }

  @Test func doesNotApplyToOtherWindows() {
    for conv in [
      vn_conv(h: 8, w: 8, c: 16, o: 16, kernel: (5, 5)), vn_conv(h: 8, w: 8, c: 16, o: 16, kernel: (3, 1)),
      vn_conv(h: 8, w: 8, c: 16, o: 16, stride: (1, 2)),
      vn_conv(h: 8, w: 8, c: 16, o: 16, stride: (2, 2), dilation: (2, 1)),
      vn_conv(h: 8, w: 8, c: 16, o: 16, groups: 2),
    ] {
      var conv = conv
      #expect(!vn_winograd_applies(&conv))
      for set in InstructionSet.supported { #expect(!vn_winograd_pays(executor(set).kernels, &conv)) }
    }
  }
}

extension ConvolutionCase {
  func packedWinograd(_ k: OpaquePointer) -> [Float] {
    var c = conv
    var packed = [Float](repeating: .nan, count: vn_winograd_packed_floats(k, &c))
    // Some outputs after the other, the last first.
    let row = Int(c.c * c.kh * c.kw), outputs = Int(c.o)
    for first in stride(from: 0, to: outputs, by: 64).reversed() {
      let count = min(64, outputs - first)
      weights.withUnsafeBufferPointer {
        guard let start = $0.baseAddress else { return }
        vn_winograd_pack(k, &c, first, count, start + first * row, &packed)
      }
    }
    return packed
  }

  func runWinograd(_ executor: Executor) -> [Float] {
    let k = executor.kernels
    var c = conv
    var scratch = [Float](
      repeating: .nan, count: vn_winograd_scratch_floats(k, &c, Int32(executor.threads)))
    var y = [Float](repeating: Self.gap, count: outputFloats)
    vn_winograd_run(k, &c, x, packedWinograd(k), bias, residual, &y, &scratch, executor.pool)
    return y
  }
}
