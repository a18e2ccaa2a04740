import CVisionKernels
import Testing
import VisionCompute

/// Convolutions of narrow groups against the reference, and bit for bit against the implicit im2col.
@Suite struct GroupedTests {
  private func run(_ item: ConvolutionCase, _ executor: Executor) -> [Float] {
    let k = executor.kernels
    var c = item.conv
    var packed = [Float](repeating: .nan, count: vn_grouped_packed_floats(k, &c))
    vn_grouped_pack(k, &c, item.weights, &packed)
    var scratch = [Float](
      repeating: .nan, count: vn_grouped_scratch_floats(k, &c, Int32(executor.threads)))
    var y = [Float](repeating: ConvolutionCase.gap, count: item.outputFloats)
    vn_grouped_run(k, &c, item.x, packed, item.bias, item.residual, &y, &scratch, executor.pool)
    return y
  }

  private func check(
    _ conv: vn_conv, on set: InstructionSet, bias: Bool = true, residual: Bool = false,
    _ location: SourceLocation = #_sourceLocation
  ) {
    var numbers = Numbers(seed: 5)
    let item = ConvolutionCase(conv, bias: bias, residual: residual, numbers: &numbers)
    let alone = executor(set, threads: 1), y = run(item, alone)
    let depth = Double(conv.c / conv.groups * conv.kh * conv.kw)
    #expect(
      distance(y, item.reference()) < ConvolutionTests.tolerance * depth.squareRoot().rounded(.up),
      "\(conv)", sourceLocation: location)
    #expect(y == item.run(alone), "the implicit im2col differs: \(conv)", sourceLocation: location)
    #expect(y == run(item, executor(set)), "two threads differ: \(conv)", sourceLocation: location)
    item.record("grouped", on: set, .distance(ConvolutionTests.tolerance * depth.squareRoot().rounded(.up)))
  }

  private static func widths(_ set: InstructionSet) -> [Int] { [2, 4, 8, 16].filter { $0 <= set.lanes } }

  @Test(arguments: InstructionSet.supported)
  func everyRemainderOfPixelsAndChannels(_ set: InstructionSet) {
    for width in Self.widths(set) {
      for columns in 1...30 {
        check(vn_conv(h: 2, w: columns, c: 3 * width, o: 3 * width, groups: 3), on: set)
      }
      for groups in 2...(2 * set.lanes / width + 1) {
        check(
          vn_conv(h: 3, w: 9, c: groups * width, o: groups * width, groups: groups), on: set,
          bias: groups != 3,
          residual: groups % 2 == 0)
      }
    }
  }

  @Test(arguments: InstructionSet.supported)
  func kernelsStridesDilationsAndGaps(_ set: InstructionSet) {
    for width in Self.widths(set) {
      let channels = 5 * width
      for kernel in [(1, 1), (3, 3), (5, 2), (1, 7)] {
        for stride in [(1, 1), (2, 2), (3, 1)] {
          check(
            vn_conv(
              n: 2, h: 11, w: 13, c: channels, o: channels, kernel: kernel, stride: stride, groups: 5, gap: 3,
              rowGap: 7, activation: VN_RELU), on: set, residual: stride.0 == 2)
        }
      }
      check(vn_conv(h: 9, w: 8, c: channels, o: channels, dilation: (2, 3), groups: 5), on: set)
      check(vn_conv(h: 4, w: 5, c: channels, o: channels, pads: (3, 0, 1, 4), groups: 5), on: set)
      check(
        vn_conv(h: 5, w: 6, c: channels, o: channels, groups: 5, gap: 2, activation: VN_HARD_SWISH), on: set,
        residual: true)
    }
  }

  @Test(arguments: InstructionSet.supported)
  func groupsOfFewerInputs(_ set: InstructionSet) {
    for outputs in Self.widths(set) {
      for inputs in [1, outputs / 2, outputs - 1] where inputs > 0 {
        for groups in 2...(2 * set.lanes / outputs + 1) {
          check(
            vn_conv(
              n: 2, h: 5, w: 2 * groups + 1, c: groups * inputs, o: groups * outputs, groups: groups,
              gap: groups % 3, activation: VN_RELU), on: set, residual: groups % 2 == 0)
        }
        check(
          vn_conv(
            h: 9, w: 12, c: 67 * inputs, o: 67 * outputs, kernel: (7, 5), stride: (2, 2), groups: 67), on: set
        )
      }
    }
  }

  /// Few rows of many channels, which threads share by channels.
  @Test(arguments: InstructionSet.supported)
  func manyChannels(_ set: InstructionSet) {
    for width in Self.widths(set) {
      check(vn_conv(h: 5, w: 5, c: 67 * width, o: 67 * width, groups: 67), on: set)
    }
  }

  @Test(arguments: InstructionSet.supported)
  func otherGroupsAreNotForIt(_ set: InstructionSet) {
    let k = executor(set, threads: 1).kernels
    func applies(_ c: Int, _ o: Int, _ groups: Int) -> Bool {
      var conv = vn_conv(h: 4, w: 4, c: c, o: o, groups: groups)
      return vn_grouped_applies(k, &conv)
    }
    #expect(applies(8, 8, 4) && applies(8, 16, 4) && applies(8, 16, 8))
    #expect(!applies(8, 8, 1) && !applies(8, 8, 8) && !applies(16, 8, 4) && !applies(12, 12, 4))
    #expect(!applies(4 * set.lanes, 4 * set.lanes, 2))
  }
}
