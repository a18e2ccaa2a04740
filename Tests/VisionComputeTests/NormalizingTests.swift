import CVisionKernels
import Testing
import VisionCompute

/// Convolutions that do parts of the normalisations beside them, against the normalisations and the convolution one by one:
/// what is normalised has the same bits, sums are the same within rounding.
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

/// What a pass forwards and backwards gives.
private struct NormalizingResults {
  var (y, z): ([Float], [Float]) = ([], [])
  var (gz, gy): ([Float], [Float]) = ([], [])
  var weights: [Float] = []
  /// Mean and variance of z; the gradients of the first scale and bias.
  var sums: [[Float]] = []
}

/// x → normalisation → y → convolution → z → normalisation, with the gradient of the last result.
private struct NormalizingCase {
  let conv: vn_conv
  let (before, after): (vn_batch_norm, vn_batch_norm)
  let weights: [Float]
  let (x, g): ([Float], [Float])
  let scales: [[Float]]
  let biases: [[Float]]

  init(_ conv: vn_conv, isClamped: Bool, numbers: inout Numbers) {
    self.conv = conv
    let (pixels, results) = (Int(conv.n * conv.h * conv.w), Int(conv.n * conv.oh * conv.ow))
    weights = numbers.floats(Int(conv.o) * Int(conv.c / conv.groups) * Int(conv.kh * conv.kw))
    x = numbers.floats(pixels * Int(conv.c)).map { 3 * $0 + 1 }
    g = numbers.floats(results * Int(conv.o))
    scales = [numbers.floats(Int(conv.c)), numbers.floats(Int(conv.o))]
    biases = [numbers.floats(Int(conv.c)), numbers.floats(Int(conv.o))]
    func norm(_ rows: Int, _ channels: Int32) -> vn_batch_norm {
      vn_batch_norm(
        rows: rows, channels: Int(channels), epsilon: 1e-3, low: isClamped ? 0 : -.infinity,
        high: isClamped ? 1 : .infinity, of_batch: true)
    }
    (before, after) = (norm(pixels, conv.c), norm(results, conv.o))
  }

  private func packed(_ k: OpaquePointer) -> [Float] {
    var c = conv
    var packed = [Float](repeating: 0, count: vn_conv_packed_floats(k, &c))
    vn_conv_pack(k, &c, weights, &packed)
    return packed
  }

  private func forward(
    _ norm: vn_batch_norm, _ index: Int, _ x: Memory, _ y: Memory, _ sharing: vn_batch_norm_sharing,
    _ executor: Executor
  ) -> (mean: [Float], variance: [Float]) {
    let memory = Memories()
    defer { withExtendedLifetime(memory) {} }
    var (norm, sharing) = (norm, sharing)
    var mean = [Float](repeating: .nan, count: norm.channels), variance = mean
    let scratch = memory(count: vn_batch_norm_scratch_floats(&norm))
    vn_batch_norm_forward(
      executor.kernels, &norm, x.floats, scales[index], biases[index], nil, &mean, &variance, y.floats,
      &sharing,
      scratch.floats, executor.pool)
    return (mean, variance)
  }

  /// Writes the gradient of x over `g` unless somebody else computes it.
  private func backward(
    _ norm: vn_batch_norm, _ index: Int, _ g: Memory, _ x: Memory, _ statistics: [[Float]],
    _ sharing: vn_batch_norm_sharing, _ executor: Executor
  ) -> (scale: [Float], bias: [Float]) {
    let memory = Memories()
    defer { withExtendedLifetime(memory) {} }
    var (norm, sharing) = (norm, sharing)
    var scale = [Float](repeating: .nan, count: norm.channels), bias = scale
    let scratch = memory(count: vn_batch_norm_scratch_floats(&norm))
    vn_batch_norm_backward(
      executor.kernels, &norm, g.floats, x.floats, nil, scales[index], biases[index], statistics[0],
      statistics[1],
      g.floats, &scale, &bias, nil, &sharing, scratch.floats, executor.pool)
    return (scale, bias)
  }

  /// The sums in double precision, each with that of the magnitudes of what is added up.
  func exactSums(_ results: NormalizingResults) -> [[(sum: Double, magnitude: Double)]] {
    // Terms with the magnitude of what they are made of.
    func columns(
      _ channels: Int, _ count: Int, _ term: (_ at: Int, _ channel: Int) -> (Double, Double)
    ) -> [(sum: Double, magnitude: Double)] {
      var sums = [(sum: Double, magnitude: Double)](repeating: (0, 1e-30), count: channels)
      for at in 0..<count {
        let (value, magnitude) = term(at, at % channels)
        sums[at % channels].sum += value
        sums[at % channels].magnitude += magnitude
      }
      return sums
    }
    func moments(_ x: [Float], _ channels: Int) -> [[(sum: Double, magnitude: Double)]] {
      let rows = Double(x.count / channels)
      let means = columns(channels, x.count) { at, _ in (Double(x[at]) / rows, abs(Double(x[at])) / rows) }
      // Squares are those of distances from some of the elements.
      var ranges = [(smallest: Double, largest: Double)](repeating: (.infinity, -.infinity), count: channels)
      for (at, x) in x.enumerated() {
        let range = ranges[at % channels]
        ranges[at % channels] = (min(range.smallest, Double(x)), max(range.largest, Double(x)))
      }
      let variances = columns(channels, x.count) { at, channel in
        let distance = Double(x[at]) - means[channel].sum
        let spread = ranges[channel].largest - ranges[channel].smallest
        return (distance * distance / rows, abs(distance) * spread / rows)
      }
      return [means, variances]
    }
    let (c, o) = (Int(conv.c), Int(conv.o))
    let statistics = moments(x, c)
    func passing(_ at: Int) -> Double {
      // The clamped result shows where its argument was inside.
      let y = results.y[at]
      return y > before.low && y < before.high ? Double(results.gy[at]) : 0
    }
    let scale = columns(c, x.count) { at, channel in
      let (mean, g) = (statistics[0][channel].sum, passing(at))
      let deviation = (statistics[1][channel].sum + Double(before.epsilon)).squareRoot()
      return (g * (Double(x[at]) - mean) / deviation, abs(g) * (abs(Double(x[at])) + abs(mean)) / deviation)
    }
    let bias = columns(c, x.count) { at, _ in (passing(at), abs(passing(at))) }
    return moments(results.z, o) + [scale, bias]
  }

  func apart(_ executor: Executor) -> NormalizingResults {
    let memory = Memories()
    defer { withExtendedLifetime(memory) {} }
    let k = executor.kernels, pool = executor.pool, threads = Int32(executor.threads)
    var c = conv
    let (x, y, z) = (memory(self.x), memory(count: self.x.count), memory(count: g.count))
    let nothing = vn_batch_norm_sharing()
    let first = forward(before, 0, x, y, nothing, executor)
    let weights = packed(k)
    vn_conv_run(
      k, &c, y.floats, weights, nil, nil, z.floats,
      memory(count: vn_conv_scratch_floats(k, &c, threads)).floats,
      pool)
    let second = forward(after, 1, z, memory(count: g.count), nothing, executor)

    let (gz, gy) = (memory(g), memory(count: self.x.count))
    _ = backward(after, 1, gz, z, [second.mean, second.variance], nothing, executor)
    let own = memory(count: vn_conv_backward_data_scratch_floats(k, &c, false, threads))
    vn_conv_backward_data(k, &c, gz.floats, weights, nil, gy.floats, false, own.floats, pool)
    let gradient = memory(count: weights.count)
    let sums = memory(count: vn_conv_backward_weights_scratch_floats(k, &c, threads))
    vn_conv_backward_weights(k, &c, y.floats, gz.floats, gradient.floats, sums.floats, pool)
    let gradients = backward(
      before, 0, memory(gy.values), x, [first.mean, first.variance], nothing, executor)
    return NormalizingResults(
      y: y.values, z: z.values, gz: gz.values, gy: gy.values, weights: gradient.values,
      sums: [second.mean, second.variance, gradients.scale, gradients.bias])
  }

  /// - Parameters:
  ///   - apart: whose statistics are taken on the way back, so that bits can be compared.
  ///   - keepsOperand: whether y is in memory.
  func together(_ executor: Executor, _ apart: NormalizingResults, keepsOperand: Bool) -> NormalizingResults {
    let memory = Memories()
    defer { withExtendedLifetime(memory) {} }
    let k = executor.kernels, pool = executor.pool, threads = Int32(executor.threads)
    var c = conv
    let x = memory(self.x)
    let (y, z) = (memory(count: keepsOperand ? self.x.count : 0), memory(count: g.count))
    let weights = packed(k)
    let factors = memory(count: vn_batch_norm_factor_floats(Int(c.c)))
    var left = vn_batch_norm_sharing(partials: nil, chunks: 0, factors: factors.floats)
    let first = forward(before, 0, x, y, left, executor)

    let chunks = vn_conv_normalization_chunks(k, &c, true)
    let partials = memory(count: vn_normalization_partial_floats(chunks, Int(c.o)))
    var n = vn_conv_normalization()
    (n.source, n.source_factors) = (UnsafePointer(x.floats), UnsafePointer(factors.floats))
    (n.source_low, n.source_high) = (before.low, before.high)
    n.operand = keepsOperand ? y.floats : nil
    n.partials = partials.floats
    let own = memory(count: vn_conv_run_normalizing_scratch_floats(k, &c, threads))
    vn_conv_run_normalizing(k, &c, &n, y.floats, weights, z.floats, own.floats, pool)
    let given = vn_batch_norm_sharing(partials: partials.floats, chunks: chunks, factors: nil)
    let second = forward(after, 1, z, memory(count: g.count), given, executor)

    let (gz, gy) = (memory(g), memory(count: self.x.count))
    let slopes = memory(count: vn_batch_norm_factor_floats(Int(c.o)))
    left.factors = slopes.floats
    _ = backward(after, 1, gz, z, apart.sums, left, executor)
    let backwardChunks = vn_conv_backward_data_normalization_chunks(k, &c, true)
    let products = memory(count: vn_normalization_partial_floats(backwardChunks, Int(c.c)))
    var b = vn_conv_normalization()
    (b.source, b.source_x) = (UnsafePointer(gz.floats), UnsafePointer(z.floats))
    (b.source_factors, b.operand) = (UnsafePointer(slopes.floats), gz.floats)
    (b.source_clamped, b.source_low, b.source_high) = (after.low == 0, after.low, after.high)
    (b.partials, b.result_x) = (products.floats, UnsafePointer(x.floats))
    b.result_factors = UnsafePointer(factors.floats)
    (b.result_clamped, b.result_low, b.result_high) = (before.low == 0, before.low, before.high)
    let scratch = memory(count: vn_conv_backward_data_scratch_floats(k, &c, false, threads))
    vn_conv_backward_data_normalizing(k, &c, &b, gz.floats, weights, gy.floats, scratch.floats, pool)
    let gradient = memory(count: weights.count)
    let sums = memory(count: vn_conv_backward_weights_normalizing_scratch_floats(k, &c, threads))
    vn_conv_backward_weights_normalizing(k, &c, &n, gz.floats, gradient.floats, sums.floats, pool)
    let backwardGiven = vn_batch_norm_sharing(
      partials: products.floats, chunks: backwardChunks, factors: nil)
    let gradients = backward(
      before, 0, memory(gy.values), x, [first.mean, first.variance], backwardGiven, executor)
    return NormalizingResults(
      y: y.values, z: z.values, gz: gz.values, gy: gy.values, weights: gradient.values,
      sums: [second.mean, second.variance, gradients.scale, gradients.bias])
  }
}

/// Floats at a cache line, as those of a plan; not numbers to begin with.
private struct Memory {
  let floats: UnsafeMutablePointer<Float>
  fileprivate let count: Int

  var values: [Float] { Array(UnsafeBufferPointer(start: floats, count: count)) }
}

/// Memory until the end of a computation.
private final class Memories {
  private var all: [Memory] = []

  func callAsFunction(count: Int) -> Memory {
    let floats = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * 4, alignment: 64)
      .bindMemory(to: Float.self, capacity: max(count, 1))
    floats.initialize(repeating: .nan, count: count)
    all.append(Memory(floats: floats, count: count))
    return all[all.count - 1]
  }

  func callAsFunction(_ values: [Float]) -> Memory {
    let memory = self(count: values.count)
    memory.floats.update(from: values, count: values.count)
    return memory
  }

  deinit { for memory in all { memory.floats.deallocate() } }
}
