import CVisionKernels
import Testing
import VisionCompute

/// Convolutions that do parts of the normalizations beside them, against the normalizations and the convolution one by one:
/// what is normalized has the same bits, sums are the same within rounding.
@Suite struct NormalizingTests {
  /// Operands of 1 × 1, a panel or several, pixels in one item or many; outputs that are more and fewer than inputs.
  static let pointwise = [
    vn_conv(n: 8, h: 45, w: 41, c: 20, o: 33, kernel: (1, 1)),
    vn_conv(n: 9, h: 45, w: 40, c: 33, o: 20, kernel: (1, 1)),
    vn_conv(n: 1, h: 1, w: 5, c: 7, o: 3, kernel: (1, 1)),
    vn_conv(n: 4, h: 64, w: 61, c: 16, o: 100, kernel: (1, 1)),
    vn_conv(n: 9, h: 41, w: 42, c: 70, o: 18, kernel: (1, 1)),
    // Large enough for operands that go past the caches.
    vn_conv(n: 4, h: 129, w: 128, c: 16, o: 5, kernel: (1, 1)),
    // And results.
    vn_conv(n: 9, h: 129, w: 115, c: 5, o: 32, kernel: (1, 1)),
    vn_conv(n: 3, h: 129, w: 116, c: 9, o: 96, kernel: (1, 1)),
  ]

  static let depthwise = [
    vn_conv(n: 8, h: 9, w: 8, c: 19, o: 19, groups: 19),
    vn_conv(n: 8, h: 10, w: 9, c: 70, o: 70, stride: (2, 2), groups: 70),
    vn_conv(n: 9, h: 12, w: 11, c: 33, o: 33, kernel: (5, 5), stride: (2, 2), groups: 33),
    vn_conv(n: 10, h: 7, w: 6, c: 24, o: 24, kernel: (5, 5), groups: 24),
    vn_conv(n: 3, h: 6, w: 7, c: 400, o: 400, groups: 400),
    vn_conv(n: 8, h: 9, w: 9, c: 16, o: 16, stride: (2, 1), pads: (0, 1, 1, 0), groups: 16),
    // Rows and columns at the end that no output reads.
    vn_conv(n: 8, h: 11, w: 11, c: 8, o: 8, kernel: (2, 2), stride: (2, 2), pads: (0, 0, 0, 0), groups: 8),
    vn_conv(n: 8, h: 65, w: 64, c: 32, o: 32, groups: 32),
    vn_conv(n: 8, h: 64, w: 64, c: 32, o: 32, stride: (2, 2), groups: 32),
  ]

  @Test(arguments: InstructionSet.supported) func pointwiseConvolutions(_ set: InstructionSet) {
    // What has few pixels is cut along its panels, whose width the instruction set decides.
    var checked = 0
    for (seed, conv) in Self.pointwise.enumerated() where applies(conv, set) {
      check(conv, seed: seed, on: set)
      checked += 1
    }
    #expect(checked >= 5)
  }

  @Test(arguments: InstructionSet.supported) func depthwiseConvolutions(_ set: InstructionSet) {
    for (seed, conv) in Self.depthwise.enumerated() {
      #expect(applies(conv, set), "\(conv)")
      check(conv, seed: seed, on: set)
    }
  }

  /// Of which both gradients are computed together: vectors of inputs and of outputs, one block of pixels and many, rows
  /// of few channels and several pieces of many.
  static let merged =
    [
      vn_conv(n: 8, h: 45, w: 41, c: 20, o: 48, kernel: (1, 1)),
      vn_conv(n: 9, h: 45, w: 40, c: 80, o: 20, kernel: (1, 1)),
      vn_conv(n: 1, h: 1, w: 5, c: 7, o: 16, kernel: (1, 1)),
      vn_conv(n: 2, h: 13, w: 7, c: 16, o: 1, kernel: (1, 1)),
      vn_conv(n: 3, h: 20, w: 21, c: 33, o: 64, kernel: (1, 1)),
      vn_conv(n: 2, h: 9, w: 9, c: 9, o: 1360, kernel: (1, 1)),
      // Large enough for results that go past the caches.
      vn_conv(n: 9, h: 129, w: 230, c: 16, o: 5, kernel: (1, 1)),
      vn_conv(n: 9, h: 129, w: 123, c: 32, o: 32, groups: 32),
      vn_conv(n: 9, h: 128, w: 124, c: 32, o: 32, stride: (2, 2), groups: 32),
      vn_conv(n: 1, h: 9, w: 8, c: 19, o: 19, groups: 19),
      vn_conv(n: 2, h: 6, w: 9, c: 130, o: 130, stride: (1, 2), groups: 130),
      vn_conv(n: 70, h: 5, w: 6, c: 24, o: 24, groups: 24),
    ] + depthwise

  @Test(arguments: InstructionSet.supported) func bothGradientsTogether(_ set: InstructionSet) {
    let k = executor(set, threads: 1).kernels
    for (seed, conv) in Self.merged.enumerated() {
      var c = conv
      #expect(vn_conv_gradients_merge(k, &c), "\(conv)")
      for isClamped in [true, false] {
        var numbers = Numbers(seed: seed + 1)
        let item = NormalizingCase(conv, isClamped: isClamped, numbers: &numbers)
        let apart = item.apart(executor(set))
        let exact = [item.exactWeights(apart)] + item.exactSums(apart)[2...]
        var first: NormalizingResults?
        for (threads, computes, computesInput) in [
          (1, true, true), (2, true, true), (3, false, true), (2, true, false),
        ] {
          let results = item.merged(
            executor(set, threads: threads), apart, computes: computes, computesInput: computesInput)
          #expect(results.gy == apart.gy, "gradient of the operand, \(conv)")
          for (sums, exact) in zip([results.weights] + results.sums, exact) {
            #expect(sums.count == exact.count)
            for (sum, exact) in zip(sums, exact) {
              let error = abs(Double(sum) - exact.sum)
              #expect(error <= 1e-6 * exact.magnitude, "\(error) of \(exact), \(conv)")
            }
          }
          #expect(first == nil || first?.sums == results.sums, "\(threads) threads differ, \(conv)")
          #expect(first == nil || first?.weights == results.weights, "\(threads) threads differ, \(conv)")
          first = first ?? results
        }
      }
    }
  }

  @Test func whatIsNotComputedTogether() {
    let k = executor(.preferred).kernels
    func merges(_ conv: vn_conv) -> Bool {
      var conv = conv
      return vn_conv_gradients_merge(k, &conv)
    }
    #expect(!merges(vn_conv(n: 8, h: 9, w: 9, c: 16, o: 16)))
    #expect(!merges(vn_conv(n: 8, h: 9, w: 9, c: 17, o: 35, kernel: (1, 1))))
    #expect(!merges(vn_conv(n: 8, h: 9, w: 9, c: 16, o: 32, kernel: (1, 1), stride: (2, 2))))
    #expect(!merges(vn_conv(n: 8, h: 9, w: 9, c: 16, o: 32, kernel: (1, 1), gap: 3)))
    // Pixels that no tap meets, strides of more residues than there is room for, and neighbors that are not.
    #expect(!merges(vn_conv(n: 8, h: 9, w: 9, c: 16, o: 16, kernel: (1, 1), stride: (2, 2), groups: 16)))
    #expect(!merges(vn_conv(n: 8, h: 9, w: 9, c: 16, o: 16, stride: (3, 3), groups: 16)))
    #expect(!merges(vn_conv(n: 8, h: 9, w: 9, c: 16, o: 16, dilation: (2, 2), groups: 16)))
    #expect(!merges(vn_conv(n: 8, h: 9, w: 9, c: 16, o: 32, groups: 16)))
  }

  @Test func whatIsNotComputedAlongTheWay() {
    let k = executor(.preferred).kernels
    func answers(_ conv: vn_conv) -> [Bool] {
      var conv = conv
      return [
        vn_conv_normalizes_operand(k, &conv), vn_conv_sums_result(&conv),
        vn_conv_backward_data_normalizes_operand(k, &conv), vn_conv_backward_data_sums_result(&conv),
        vn_conv_backward_weights_normalizes_operand(k, &conv),
      ]
    }
    // Pixels that several pieces of work read.
    #expect(answers(vn_conv(n: 8, h: 9, w: 9, c: 20, o: 20)) == [false, true, false, true, false])
    // Pixels that no tap meets on the way back.
    #expect(
      answers(vn_conv(n: 8, h: 9, w: 9, c: 20, o: 20, kernel: (1, 1), stride: (2, 2)))
        == [false, true, true, false, false])
    // What does not lie in one piece.
    #expect(
      answers(vn_conv(n: 8, h: 9, w: 9, c: 20, o: 24, kernel: (1, 1), gap: 3))
        == [false, false, false, false, false])
    // Few images: the rows of one would be shared.
    #expect(
      answers(vn_conv(n: 1, h: 9, w: 9, c: 20, o: 20, groups: 20)) == [false, true, false, true, false])
    #expect(
      answers(vn_conv(h: 9, w: 9, c: 20, o: 20, kernel: (1, 1), activation: VN_RELU))
        == [true, false, true, true, true])
  }

  private func applies(_ conv: vn_conv, _ set: InstructionSet) -> Bool {
    let k = executor(set, threads: 1).kernels
    var conv = conv
    return vn_conv_normalizes_operand(k, &conv) && vn_conv_sums_result(&conv)
      && vn_conv_backward_data_normalizes_operand(k, &conv) && vn_conv_backward_data_sums_result(&conv)
      && vn_conv_backward_weights_normalizes_operand(k, &conv)
  }

  private func check(_ conv: vn_conv, seed: Int, on set: InstructionSet) {
    let one = executor(set, threads: 1)
    for isClamped in [true, false] {
      var numbers = Numbers(seed: seed + 1)
      let item = NormalizingCase(conv, isClamped: isClamped, numbers: &numbers)
      let apart = item.apart(one)
      var first: NormalizingResults?
      for (threads, keepsOperand) in [(1, true), (2, true), (3, false)] {
        let results = item.together(executor(set, threads: threads), apart, keepsOperand: keepsOperand)
        if keepsOperand { #expect(results.y == apart.y, "operand, \(conv)") }
        #expect(results.z == apart.z, "result, \(conv)")
        #expect(results.gz == apart.gz, "gradient of the result, \(conv)")
        #expect(results.gy == apart.gy, "gradient of the operand, \(conv)")
        #expect(results.weights == apart.weights, "gradient of the weights, \(conv)")
        for (sums, exact) in zip(results.sums, item.exactSums(apart)) {
          for (sum, exact) in zip(sums, exact) {
            let error = abs(Double(sum) - exact.sum)
            #expect(error <= 1e-6 * exact.magnitude, "\(error) of \(exact), \(conv)")
          }
        }
        #expect(first == nil || first?.sums == results.sums, "\(threads) threads differ, \(conv)")
        first = first ?? results
      }
    }
  }
}
