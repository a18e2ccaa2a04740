import CVisionKernels
import Testing
import VisionCompute

/// Winograd's convolution of stride 2 on every instruction set against the reference in double precision.
@Suite struct WinogradStridedTests {
  private func check(
    _ conv: vn_conv, side: Int32? = nil, on set: InstructionSet, residual: Bool = false, seed: Int = 1,
    _ location: SourceLocation = #_sourceLocation
  ) {
    var asked = conv
    #expect(vn_winograd_applies(&asked), sourceLocation: location)
    if let side { #expect(vn_winograd_side_of(&asked) == side, sourceLocation: location) }
    WinogradTests().check(conv, on: set, residual: residual, seed: seed, location)
  }

  private func strided(
    n: Int = 1, h: Int, w: Int, c: Int = 16, o: Int,
    pads: (top: Int, left: Int, bottom: Int, right: Int)? = nil, gap: Int = 0, rowGap: Int = 0,
    activation: vn_unary_op = VN_IDENTITY
  ) -> vn_conv {
    vn_conv(
      n: n, h: h, w: w, c: c, o: o, stride: (2, 2), pads: pads, gap: gap, rowGap: rowGap,
      activation: activation, alpha: 0.1, beta: 2)
  }

  @Test(arguments: InstructionSet.supported)
  func everyExtentOfTheOutput(_ set: InstructionSet) {
    for height in 1...18 { check(strided(h: height, w: 19 - height, o: 7), on: set, residual: true) }
    for width in 1...17 { check(strided(n: 2, h: 8, w: width, o: 16), on: set) }
  }

  @Test(arguments: InstructionSet.supported)
  func everyRemainderOfChannels(_ set: InstructionSet) {
    for outputs in 1...(4 * set.lanes + 1) {
      check(strided(h: 15, w: 14, o: outputs), side: 4, on: set, residual: outputs % 2 == 0)
      check(strided(h: 4, w: 3, o: outputs), side: 2, on: set, residual: outputs % 2 == 0)
    }
    for inputs in stride(from: 16, through: 96, by: 16) {
      check(strided(h: 15, w: 14, c: inputs, o: 20), side: 4, on: set)
      check(strided(h: 4, w: 12, c: inputs, o: 20), side: 2, on: set)
    }
  }

  @Test(arguments: InstructionSet.supported)
  func unevenPaddingAndGaps(_ set: InstructionSet) {
    for pads in [(0, 1, 2, 0), (2, 0, 0, 3), (5, 5, 5, 5), (0, 0, 0, 0)] {
      check(strided(h: 15, w: 16, o: 33, pads: pads), on: set)
      check(strided(h: 5, w: 4, o: 33, pads: pads), on: set)
    }
    check(strided(n: 3, h: 13, w: 15, c: 32, o: 40, gap: 5, rowGap: 3), on: set, residual: true)
    check(strided(n: 3, h: 4, w: 5, c: 32, o: 40, gap: 5, rowGap: 3), on: set, residual: true)
  }

  @Test(arguments: InstructionSet.supported)
  func activations(_ set: InstructionSet) {
    for activation in [VN_RELU, VN_CLIP, VN_HARD_SWISH, VN_LEAKY_RELU] {
      for residual in [false, true] {
        check(strided(h: 16, w: 15, o: 36, gap: 2, activation: activation), on: set, residual: residual)
        check(strided(h: 4, w: 4, o: 36, gap: 2, activation: activation), on: set, residual: residual)
      }
    }
  }

  /// Tiles in several blocks, panels in several items, sums in several parts; weights that are few, many and too many for blocks.
  @Test(arguments: InstructionSet.supported)
  func whatIsCutIntoItems(_ set: InstructionSet) {
    check(strided(h: 65, w: 73, o: 19), on: set)
    check(strided(n: 2, h: 31, w: 32, c: 96, o: 110), side: 4, on: set, residual: true)
    check(strided(n: 3, h: 28, w: 28, c: 160, o: 200), side: 2, on: set)
    check(strided(n: 2, h: 7, w: 8, c: 336, o: 24), side: 4, on: set)
    check(strided(h: 16, w: 15, c: 512, o: 136), side: 4, on: set)
  }

  @Test(arguments: InstructionSet.supported)
  func randomShapes(_ set: InstructionSet) {
    var numbers = Numbers(seed: 11)
    for seed in 1...40 {
      let pads = (
        numbers.integer(0...3), numbers.integer(0...3), numbers.integer(0...3), numbers.integer(0...3)
      )
      check(
        strided(
          n: numbers.integer(1...3), h: numbers.integer(3...30), w: numbers.integer(3...30),
          c: 16 * numbers.integer(1...5), o: numbers.integer(1...70), pads: pads,
          gap: numbers.integer(0...1) * 3, rowGap: numbers.integer(0...1) * 5, activation: VN_RELU), on: set,
        residual: seed % 3 == 0, seed: seed)
    }
  }

  @Test(arguments: InstructionSet.supported)
  func aSampleDoesNotDependOnItsBatch(_ set: InstructionSet) {
    for side in [27, 28] {
      WinogradTests().checkSamples(of: strided(n: 3, h: side, w: side, c: 48, o: 50), on: set)
    }
    WinogradTests().checkSamples(of: image(n: 3, h: 27, w: 28, o: 40), on: set)
  }

  @Test(arguments: InstructionSet.supported)
  func theErrorIsAFewTimesTheDirectOne(_ set: InstructionSet) {
    for (channels, side) in [(16, 32), (64, 32), (256, 28), (512, 16)] {
      WinogradTests().checkError(of: strided(h: side, w: side, c: channels, o: 32), atMost: 3, on: set)
    }
    WinogradTests().checkError(of: image(h: 64, w: 64, o: 64), atMost: 5, on: set)
  }

  /// A first layer: 7 × 7 on the three channels of images.
  private func image(
    n: Int = 1, h: Int, w: Int, o: Int, pads: (top: Int, left: Int, bottom: Int, right: Int)? = nil,
    gap: Int = 0, rowGap: Int = 0, activation: vn_unary_op = VN_IDENTITY
  ) -> vn_conv {
    vn_conv(
      n: n, h: h, w: w, c: 3, o: o, kernel: (7, 7), stride: (2, 2), pads: pads, gap: gap, rowGap: rowGap,
      activation: activation, alpha: 0.1, beta: 2)
  }

  @Test(arguments: InstructionSet.supported)
  func sevenBySevenOnImages(_ set: InstructionSet) {
    for height in 1...18 { check(image(h: height, w: 19 - height, o: 7), side: 4, on: set, residual: true) }
    for width in 1...17 { check(image(n: 2, h: 8, w: width, o: 16), on: set) }
    for outputs in 1...(4 * set.lanes + 1) {
      check(image(h: 9, w: 10, o: outputs), on: set, residual: outputs % 2 == 0)
    }
    for pads in [(0, 1, 2, 0), (2, 0, 0, 3), (7, 7, 7, 7), (3, 3, 3, 3), (2, 2, 3, 3)] {
      check(image(h: 25, w: 26, o: 33, pads: pads), on: set)
    }
    check(image(n: 3, h: 33, w: 29, o: 40, gap: 5, rowGap: 3), on: set, residual: true)
    check(image(h: 90, w: 101, o: 64), on: set)
    for activation in [VN_RELU, VN_CLIP, VN_HARD_SWISH] {
      check(
        image(h: 16, w: 15, o: 36, gap: 2, activation: activation), on: set, residual: activation == VN_CLIP
      )
    }
  }

  @Test func whereItIsTakenAndWhereNot() {
    func pays(_ n: Int, _ side: Int, _ c: Int, _ o: Int) -> Bool {
      var conv = strided(n: n, h: side, w: side, c: c, o: o)
      return vn_winograd_pays(executor(InstructionSet.supported[0]).kernels, &conv)
    }
    // The layers of ResNets; the last has weights of 42 MB.
    #expect(pays(1, 56, 64, 128) && pays(1, 56, 128, 128) && pays(1, 28, 128, 256) && pays(1, 28, 256, 256))
    #expect(!pays(1, 14, 256, 512) && !pays(16, 14, 256, 512))
    // Few tiles; edges that take as much as is saved.
    #expect(!pays(1, 8, 64, 64) && !pays(4, 10, 64, 64))
    var (conv, training) = (strided(h: 56, w: 56, c: 24, o: 32), strided(h: 56, w: 56, c: 64, o: 64))
    #expect(!vn_winograd_applies(&conv) && vn_winograd_applies(&training))
    #expect(!vn_winograd_applies_in_training(&training))
    #expect(
      !vn_winograd_pays_in_training(executor(InstructionSet.supported[0]).kernels, &training))
    var (first, gray) = (image(h: 224, w: 224, o: 64), image(h: 224, w: 224, o: 64))
    gray.c = 1
    #expect(vn_winograd_pays(executor(InstructionSet.supported[0]).kernels, &first))
    #expect(!vn_winograd_applies(&gray) && !vn_winograd_applies_in_training(&first))
  }
}
