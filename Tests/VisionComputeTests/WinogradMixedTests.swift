import CVisionKernels
import Testing
import VisionCompute

/// Tiles of 6 × 6, and tiles whose sides differ, against the reference in double precision.
@Suite struct WinogradMixedTests {
  private func side(_ conv: vn_conv) -> Int32 {
    var conv = conv
    return vn_winograd_side_of(&conv)
  }

  private func check(
    _ conv: vn_conv, side: Int32, on set: InstructionSet, bias: Bool = true, residual: Bool = false,
    seed: Int = 1, _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(self.side(conv) == side, "\(conv)", sourceLocation: location)
    WinogradTests().check(conv, on: set, bias: bias, residual: residual, seed: seed, location)
  }

  /// Rows and columns that end with tiles of 6, of 4, and of 4 of which some lies beyond the edge.
  @Test(arguments: InstructionSet.supported) func everyExtent(_ set: InstructionSet) {
    for height in 19...30 {
      check(vn_conv(h: height, w: 49 - height, c: 32, o: 17), side: 6, on: set, residual: height % 2 == 0)
    }
    for width in 13...24 where width % 6 != 3 {
      check(vn_conv(n: 5, h: 10, w: width, c: 33, o: 16), side: 6, on: set, bias: width % 2 == 0)
    }
    for height in 1...14 { check(vn_conv(h: height, w: 15 - height, c: 16, o: 9), side: 4, on: set) }
  }

  @Test(arguments: InstructionSet.supported) func everyRemainderOfChannels(_ set: InstructionSet) {
    for outputs in 1...(4 * set.lanes + 1) {
      check(vn_conv(n: 2, h: 16, w: 17, c: 32, o: outputs), side: 6, on: set, residual: outputs % 2 == 0)
    }
    for inputs in 32...(32 + 2 * set.lanes + 1) {
      check(vn_conv(n: 2, h: 17, w: 16, c: inputs, o: 20), side: 6, on: set)
    }
  }

  @Test(arguments: InstructionSet.supported) func paddingAndGaps(_ set: InstructionSet) {
    check(vn_conv(h: 28, w: 26, c: 32, o: 33, pads: (0, 1, 2, 0)), side: 6, on: set)
    check(vn_conv(h: 23, w: 27, c: 36, o: 33, pads: (2, 0, 0, 3)), side: 6, on: set)
    check(vn_conv(h: 14, w: 14, c: 32, o: 8, pads: (5, 5, 5, 5)), side: 6, on: set)
    check(vn_conv(h: 26, w: 26, c: 32, o: 8, pads: (0, 0, 0, 0)), side: 6, on: set)
    check(vn_conv(n: 3, h: 17, w: 15, c: 42, o: 40, gap: 5, rowGap: 3), side: 6, on: set, residual: true)
  }

  @Test(arguments: InstructionSet.supported) func activations(_ set: InstructionSet) {
    for activation in [VN_RELU, VN_CLIP, VN_HARD_SWISH, VN_LEAKY_RELU] {
      for residual in [false, true] {
        check(
          vn_conv(n: 2, h: 16, w: 18, c: 36, o: 36, gap: 2, activation: activation, alpha: 0.1, beta: 2),
          side: 6, on: set, residual: residual)
      }
    }
  }

  /// Tiles in several blocks of which some hold shorter tiles only, panels in several items, sums in several parts.
  @Test(arguments: InstructionSet.supported) func whatIsCutIntoItems(_ set: InstructionSet) {
    check(vn_conv(h: 70, w: 75, c: 37, o: 19), side: 6, on: set)
    check(vn_conv(n: 16, h: 14, w: 14, c: 40, o: 50), side: 6, on: set, residual: true)
    check(vn_conv(n: 2, h: 28, w: 28, c: 160, o: 150), side: 6, on: set, residual: true)
    check(vn_conv(h: 20, w: 20, c: 520, o: 70), side: 6, on: set)
  }

  @Test(arguments: InstructionSet.supported) func randomShapes(_ set: InstructionSet) {
    var numbers = Numbers(seed: 12)
    var large = 0
    for seed in 1...40 {
      let pads = (
        numbers.integer(0...3), numbers.integer(0...3), numbers.integer(0...3), numbers.integer(0...3)
      )
      let conv = vn_conv(
        n: numbers.integer(1...4), h: numbers.integer(8...40), w: numbers.integer(8...40),
        c: numbers.integer(32...90), o: numbers.integer(1...70), pads: pads, gap: numbers.integer(0...1) * 3,
        rowGap: numbers.integer(0...1) * 5, activation: VN_RELU)
      large += side(conv) == 6 ? 1 : 0
      check(conv, side: side(conv), on: set, bias: seed % 2 == 0, residual: seed % 3 == 0, seed: seed)
    }
    #expect(large >= 20)
  }

  @Test(arguments: InstructionSet.supported) func aSampleDoesNotDependOnItsBatch(_ set: InstructionSet) {
    WinogradTests().checkSamples(of: vn_conv(n: 3, h: 28, w: 29, c: 40, o: 50), on: set)
  }

  /// Of F(6×6, 3×3): the fewer channels, the smaller are both.
  @Test(arguments: InstructionSet.supported) func errorsBesideTheDirectOne(_ set: InstructionSet) {
    for (channels, times) in [(32, 8.0), (64, 8), (256, 6), (512, 5)] {
      let conv = vn_conv(h: 28, w: 28, c: channels, o: 32)
      #expect(side(conv) == 6)
      WinogradTests().checkError(of: conv, atMost: times, on: set)
    }
  }

  @Test func largeTilesAreForManyOfThem() {
    func sideOf(_ n: Int, _ extent: Int, _ c: Int = 64, _ o: Int = 64) -> Int32 {
      side(vn_conv(n: n, h: extent, w: extent, c: c, o: o))
    }
    #expect(sideOf(1, 224) == 6)
    #expect(sideOf(1, 28, 512, 512) == 6)
    // Nine tiles would wait for their weights.
    #expect(sideOf(1, 14, 256, 256) == 4)
    #expect(sideOf(16, 14, 256, 256) == 6)
    // Seven outputs are four and four, not six and four.
    #expect(sideOf(16, 7, 512, 512) == 4)
    // Sums of few products would be less accurate than those of other kernels.
    #expect(sideOf(1, 56, 31) == 4)
  }

  /// 5 × 5 outputs are one tile of 6 × 6, but in training four of 4 × 4, most of which would lie beyond the edge.
  @Test func trainingHasOtherTiles() {
    for set in InstructionSet.supported {
      let kernels = executor(set).kernels
      var (small, large) = (
        vn_conv(n: 32, h: 5, w: 5, c: 64, o: 64), vn_conv(n: 8, h: 12, w: 12, c: 64, o: 64)
      )
      #expect(side(small) == 6 && vn_winograd_pays(kernels, &small))
      #expect(!vn_winograd_pays_in_training(kernels, &small))
      #expect(vn_winograd_pays_in_training(kernels, &large))
    }
  }

  @Test func account() {
    func account(_ extent: Int, n: Int = 1, training: Bool = false) -> vn_winograd_account {
      var conv = vn_conv(n: n, h: extent, w: extent, c: 64, o: 64)
      return vn_winograd_explain(&conv, training)
    }
    // 6, 6, 6, 6 and 4.
    let large = account(28)
    #expect((large.side, large.tiles, large.products) == (6, 25, 38 * 38))
    #expect(large.mixed)
    // 4, 4, 4 and 2.
    let small = account(14)
    #expect((small.side, small.tiles, small.products) == (4, 16, 22 * 22))
    #expect(small.mixed)
    // 6, 4 and 4, of 16 images.
    let batch = account(14, n: 16)
    #expect((batch.side, batch.tiles, batch.products) == (6, 144, 16 * 20 * 20))
    let whole = account(48)
    #expect((whole.side, whole.tiles, whole.products) == (6, 64, 64 * 64))
    #expect(!whole.mixed)
    let training = account(14, training: true)
    #expect((training.side, training.tiles, training.products) == (4, 16, 24 * 24))
    #expect(!training.mixed)
  }
}
