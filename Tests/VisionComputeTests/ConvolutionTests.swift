import CVisionKernels
import Testing
import VisionCompute

/// Every convolution path on every instruction set against the reference in double precision.
@Suite struct ConvolutionTests {
  /// Sums of products of numbers in [−1, 1) have a relative error of a few roundings.
  static let tolerance = 4e-6

  func check(
    _ conv: vn_conv, on set: InstructionSet, bias: Bool = true, residual: Bool = false, seed: Int = 1,
    _ location: SourceLocation = #_sourceLocation
  ) {
    var numbers = Numbers(seed: seed)
    let item = ConvolutionCase(conv, bias: bias, residual: residual, numbers: &numbers)
    let y = item.run(executor(set, threads: 1))
    let depth = Double(conv.c / conv.groups * conv.kh * conv.kw)
    #expect(
      distance(y, item.reference()) < Self.tolerance * depth.squareRoot().rounded(.up),
      "\(conv)", sourceLocation: location)
    #expect(y == item.run(executor(set)), "two threads differ: \(conv)", sourceLocation: location)
    item.record("convolution", on: set, .distance(Self.tolerance * depth.squareRoot().rounded(.up)))
  }

  @Test(arguments: InstructionSet.supported)
  func everyRemainderOfPixelsAndOutputs(_ set: InstructionSet) {
    for pixels in 1...29 {
      check(vn_conv(h: 1, w: pixels, c: 5, o: 2 * set.lanes, kernel: (1, 1)), on: set, residual: true)
    }
    for outputs in 1...(4 * set.lanes + 1) {
      check(vn_conv(h: 2, w: 9, c: 7, o: outputs, kernel: (1, 1)), on: set, residual: outputs % 2 == 0)
    }
  }

  @Test(arguments: InstructionSet.supported)
  func kernelsStridesDilationsAndUnevenPadding(_ set: InstructionSet) {
    for kernel in [(1, 1), (3, 3), (1, 3), (3, 1), (2, 2), (5, 5), (7, 7)] {
      for stride in [(1, 1), (2, 2), (1, 2), (3, 1)] {
        check(vn_conv(h: 13, w: 11, c: 9, o: 19, kernel: kernel, stride: stride), on: set)
      }
    }
    check(vn_conv(h: 13, w: 12, c: 9, o: 17, dilation: (2, 3)), on: set)
    check(vn_conv(h: 9, w: 8, c: 4, o: 33, pads: (0, 1, 2, 0)), on: set)
    check(vn_conv(h: 9, w: 8, c: 4, o: 33, pads: (2, 0, 0, 3)), on: set)
    check(vn_conv(h: 4, w: 4, c: 6, o: 8, pads: (5, 5, 5, 5)), on: set)
  }

  @Test(arguments: InstructionSet.supported)
  func stemsWithFewChannels(_ set: InstructionSet) {
    for channels in 1...8 {
      check(vn_conv(n: 2, h: 17, w: 19, c: channels, o: 32, kernel: (3, 3), stride: (2, 2)), on: set)
    }
    check(vn_conv(h: 30, w: 29, c: 3, o: 64, kernel: (7, 7), stride: (2, 2)), on: set)
    check(vn_conv(h: 15, w: 15, c: 3, o: 20, kernel: (3, 3), gap: 1), on: set)
    check(vn_conv(h: 5, w: 2, c: 3, o: 20, kernel: (5, 5)), on: set)
  }

  @Test(arguments: InstructionSet.supported)
  func channelSlicesAndBatches(_ set: InstructionSet) {
    check(vn_conv(n: 3, h: 7, w: 5, c: 12, o: 40, gap: 5, rowGap: 3), on: set, residual: true)
    check(vn_conv(n: 3, h: 7, w: 5, c: 12, o: 40, kernel: (1, 1), gap: 5), on: set, residual: true)
    check(vn_conv(n: 2, h: 7, w: 5, c: 12, o: 40, kernel: (1, 1), rowGap: 4), on: set, residual: true)
    check(vn_conv(n: 5, h: 1, w: 1, c: 300, o: 50, kernel: (1, 1)), on: set)
  }

  @Test(arguments: InstructionSet.supported)
  func longSums(_ set: InstructionSet) {
    check(vn_conv(h: 3, w: 3, c: 300, o: 35), on: set)
    check(vn_conv(h: 2, w: 3, c: 3000, o: 17, kernel: (1, 1)), on: set, residual: true)
    check(vn_conv(h: 3, w: 2, c: 1100, o: 20, kernel: (1, 3)), on: set, bias: false)
  }

  /// A panel of weights that is larger than the second-level cache goes through the tiles in blocks.
  @Test(arguments: InstructionSet.supported)
  func panelsInBlocks(_ set: InstructionSet) {
    let depth = 96 * 1024 / (2 * set.lanes) + 5
    check(vn_conv(h: 5, w: 7, c: depth, o: 3 * set.lanes + 1, kernel: (1, 1)), on: set, residual: true)
    check(vn_conv(h: 5, w: 6, c: depth / 8, o: 2 * set.lanes, kernel: (3, 3), activation: VN_RELU), on: set)
    check(vn_conv(h: 3, w: 4, c: depth / 2, o: 2 * set.lanes, kernel: (1, 3), gap: 3), on: set)
    check(vn_conv(h: 9, w: 9, c: depth / 8, o: set.lanes, dilation: (5, 6)), on: set)
  }

  /// Tiles leave out taps that read only padding.
  @Test(arguments: InstructionSet.supported)
  func tapsOfPadding(_ set: InstructionSet) {
    for dilation in [(2, 2), (6, 6), (7, 3), (1, 9), (12, 12), (30, 30)] {
      for stride in [(1, 1), (2, 1)] {
        check(
          vn_conv(n: 2, h: 13, w: 12, c: 9, o: 2 * set.lanes + 3, stride: stride, dilation: dilation),
          on: set,
          residual: stride.0 == 2)
      }
      check(vn_conv(h: 13, w: 12, c: 8, o: 20, dilation: dilation, groups: 4), on: set)
      // Rows of few channels are read as one.
      check(
        vn_conv(
          h: 13, w: 15, c: 2, o: 21, dilation: (dilation.0, 1),
          pads: (dilation.0, 1, max(0, dilation.0 - 12), 1)), on: set)
      check(vn_conv(h: 13, w: 12, c: 20, o: 20, kernel: (5, 5), dilation: dilation, groups: 20), on: set)
    }
  }

  @Test(arguments: InstructionSet.supported)
  func groups(_ set: InstructionSet) {
    check(vn_conv(h: 6, w: 7, c: 12, o: 24, groups: 3), on: set, residual: true)
    check(vn_conv(h: 6, w: 7, c: 4, o: 12, groups: 4), on: set)
    check(vn_conv(n: 2, h: 6, w: 7, c: 24, o: 8, kernel: (1, 1), groups: 2, gap: 3), on: set)
  }

  @Test(arguments: InstructionSet.supported)
  func depthwise(_ set: InstructionSet) {
    for channels in [2, set.lanes - 1, set.lanes, 2 * set.lanes + 3, 65] {
      for kernel in [1, 2, 3, 5, 7] {
        for stride in 1...3 {
          for width in [1, 4, 7, 8, 15, 16] {
            check(
              vn_conv(
                h: 6, w: width, c: channels, o: channels, kernel: (kernel, kernel), stride: (stride, stride),
                groups: channels), on: set, bias: width != 4, residual: width == 7)
          }
        }
      }
    }
    check(vn_conv(n: 2, h: 9, w: 9, c: 20, o: 20, dilation: (2, 2), groups: 20, gap: 3), on: set)
    check(vn_conv(n: 2, h: 9, w: 9, c: 20, o: 20, dilation: (2, 1), groups: 20, rowGap: 3), on: set)
    check(vn_conv(h: 3, w: 3, c: 200, o: 200, kernel: (5, 5), pads: (4, 0, 3, 2), groups: 200), on: set)
  }

  @Test(arguments: InstructionSet.supported)
  func activations(_ set: InstructionSet) {
    for activation in [VN_RELU, VN_CLIP, VN_HARD_SWISH, VN_LEAKY_RELU] {
      for residual in [false, true] {
        for groups in [1, 36] {
          check(
            vn_conv(
              h: 5, w: 6, c: 36, o: 36, groups: groups, gap: 2, activation: activation, alpha: 0.1, beta: 2),
            on: set, residual: residual)
        }
      }
    }
  }

  @Test(arguments: InstructionSet.supported)
  func randomShapes(_ set: InstructionSet) {
    var numbers = Numbers(seed: 7)
    for seed in 1...60 {
      let groups = numbers.integer(0...3) == 0 ? numbers.integer(2...4) : 1
      let kernel = (numbers.integer(1...4), numbers.integer(1...4))
      check(
        vn_conv(
          n: numbers.integer(1...2), h: numbers.integer(4...16), w: numbers.integer(4...16),
          c: groups * numbers.integer(1...40), o: groups * numbers.integer(1...70), kernel: kernel,
          stride: (numbers.integer(1...2), numbers.integer(1...2)),
          pads: (
            numbers.integer(0...2), numbers.integer(0...2), numbers.integer(0...2), numbers.integer(0...2)
          ), groups: groups, gap: numbers.integer(0...1) * 3, rowGap: numbers.integer(0...1) * 5,
          activation: VN_RELU), on: set, bias: seed % 2 == 0, residual: seed % 3 == 0, seed: seed)
    }
  }

  @Test(arguments: InstructionSet.supported)
  func aSampleDoesNotDependOnItsBatch(_ set: InstructionSet) {
    for conv in [
      vn_conv(n: 3, h: 7, w: 7, c: 40, o: 50), vn_conv(n: 3, h: 1, w: 1, c: 700, o: 33, kernel: (1, 1)),
      vn_conv(n: 3, h: 9, w: 9, c: 3, o: 33, stride: (2, 2)),
      vn_conv(n: 3, h: 9, w: 9, c: 20, o: 20, groups: 20),
    ] {
      var numbers = Numbers(seed: 3)
      let batch = ConvolutionCase(conv, bias: true, residual: false, numbers: &numbers)
      let together = batch.run(executor(set))
      for n in 0..<3 {
        var alone = batch
        alone.conv.n = 1
        let image = Int(conv.x_image)
        alone.x = Array(batch.x[(n * image)..<((n + 1) * image)])
        let outputs = Int(conv.y_image)
        #expect(alone.run(executor(set)) == Array(together[(n * outputs)..<((n + 1) * outputs)]))
      }
    }
  }

  /// A single row is multiplied by several panels of weights at once, two rows are not.
  @Test(arguments: InstructionSet.supported)
  func aRowHasTheBitsOfATile(_ set: InstructionSet) {
    for panels in 1...11 {
      for (extra, depth) in [(0, 37), (3, 130), (set.lanes, 5), (set.lanes + 1, 1290)] {
        let outputs = 2 * set.lanes * panels + extra
        let conv = vn_conv(
          n: 2, h: 1, w: 1, c: depth, o: outputs, kernel: (1, 1),
          activation: panels % 2 == 0 ? VN_RELU : VN_HARD_SWISH)
        var numbers = Numbers(seed: panels)
        let both = ConvolutionCase(conv, bias: panels % 3 > 0, residual: extra != 3, numbers: &numbers)
        var alone = both
        (alone.conv.n, alone.x) = (1, Array(both.x[..<depth]))
        alone.residual = both.residual.map { Array($0[..<outputs]) }
        #expect(
          alone.run(executor(set)) == Array(both.run(executor(set))[..<outputs]), "\(outputs), \(depth)")
        check(alone.conv, on: set, bias: panels % 3 > 0, residual: extra != 3)
      }
    }
  }

  @Test(arguments: InstructionSet.supported)
  func nothingButZeroesIsReadOutsideTheImage(_ set: InstructionSet) {
    // Weights of one: each output is the number of pixels its window has inside the image.
    let conv = vn_conv(h: 3, w: 3, c: 1, o: 1, pads: (1, 1, 1, 1))
    var numbers = Numbers(seed: 1)
    var item = ConvolutionCase(conv, bias: false, residual: false, numbers: &numbers)
    item.x = [Float](repeating: 1, count: 9)
    item.weights = item.x
    #expect(item.run(executor(set)) == [4, 6, 4, 6, 9, 6, 4, 6, 4])
  }
}
