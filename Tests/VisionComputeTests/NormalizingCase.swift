import CVisionKernels
import VisionCompute

/// What a pass forwards and backwards gives.
struct NormalizingResults {
  var y: [Float] = []
  var z: [Float] = []
  var gz: [Float] = []
  var gy: [Float] = []
  var weights: [Float] = []
  /// Mean and variance of z; the gradients of the first scale and bias.
  var sums: [[Float]] = []
}

/// x → normalization → y → convolution → z → normalization, with the gradient of the last result.
struct NormalizingCase {
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

  /// The gradient of the weights in double precision, as they are before they are packed.
  func exactWeights(_ results: NormalizingResults) -> [(sum: Double, magnitude: Double)] {
    let (c, o) = (Int(conv.c), Int(conv.o))
    let group = c / Int(conv.groups), taps = Int(conv.kh * conv.kw), outputs = o / Int(conv.groups)
    var sums = [(sum: Double, magnitude: Double)](repeating: (0, 1e-30), count: o * group * taps)
    for n in 0..<Int(conv.n) {
      for oy in 0..<Int(conv.oh) {
        for ox in 0..<Int(conv.ow) {
          let from = ((n * Int(conv.oh) + oy) * Int(conv.ow) + ox) * o
          for tap in 0..<taps {
            let y = oy * Int(conv.stride_h) - Int(conv.pad_top) + tap / Int(conv.kw)
            let x = ox * Int(conv.stride_w) - Int(conv.pad_left) + tap % Int(conv.kw)
            guard y >= 0, y < conv.h, x >= 0, x < conv.w else { continue }
            let at = ((n * Int(conv.h) + y) * Int(conv.w) + x) * c
            for channel in 0..<o {
              let g = Double(results.gz[from + channel])
              for i in 0..<group {
                let product = g * Double(results.y[at + channel / outputs * group + i])
                let place = (channel * group + i) * taps + tap
                sums[place].sum += product
                sums[place].magnitude += abs(product)
              }
            }
          }
        }
      }
    }
    return sums
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

extension NormalizingCase {
  /// What is computed where both gradients of the convolution are: results without what is in no memory.
  ///
  /// - Parameters:
  ///   - computes: whether the gradient that the convolution reads is computed on the way.
  ///   - computesInput: whether its input is.
  func merged(
    _ executor: Executor, _ apart: NormalizingResults, computes: Bool, computesInput: Bool
  ) -> NormalizingResults {
    let memory = Memories()
    defer { withExtendedLifetime(memory) {} }
    let k = executor.kernels, pool = executor.pool, threads = Int32(executor.threads)
    var c = conv
    let x = memory(self.x)
    let factors = memory(count: vn_batch_norm_factor_floats(Int(c.c)))
    var left = vn_batch_norm_sharing(partials: nil, chunks: 0, factors: factors.floats)
    let first = forward(before, 0, x, memory(count: 0), left, executor)
    let (g, z) = (memory(self.g), memory(apart.z))
    let slopes = memory(count: vn_batch_norm_factor_floats(Int(c.o)))
    left.factors = slopes.floats
    _ = backward(after, 1, g, z, apart.sums, left, executor)

    let chunks = vn_conv_gradients_chunks(k, &c)
    let partials = memory(count: vn_normalization_partial_floats(chunks, Int(c.c)))
    var n = vn_conv_normalization()
    if computes {
      (n.source, n.source_x) = (UnsafePointer(g.floats), UnsafePointer(z.floats))
      n.source_factors = UnsafePointer(slopes.floats)
      (n.source_clamped, n.source_low, n.source_high) = (after.low == 0, after.low, after.high)
    }
    (n.partials, n.result_x) = (partials.floats, UnsafePointer(x.floats))
    n.result_factors = UnsafePointer(factors.floats)
    (n.result_clamped, n.result_low, n.result_high) = (before.low == 0, before.low, before.high)
    var input = vn_conv_normalization()
    (input.source, input.source_factors) = (UnsafePointer(x.floats), UnsafePointer(factors.floats))
    (input.source_low, input.source_high) = (before.low, before.high)

    let weights = packed(k)
    let (gx, gradient) = (memory(count: self.x.count), memory(count: weights.count))
    let own = memory(count: vn_conv_gradients_scratch_floats(k, &c, threads))
    let y = computesInput ? nil : memory(apart.y).floats
    let gz = computes ? nil : memory(apart.gz).floats
    withUnsafePointer(to: &input) { input in
      vn_conv_gradients(
        k, &c, &n, computesInput ? input : nil, y, gz, weights, gx.floats, gradient.floats, own.floats, pool)
    }
    var plain = [Float](repeating: .nan, count: Int(c.o) * Int(c.c / c.groups) * Int(c.kh * c.kw))
    vn_conv_unpack(k, &c, gradient.floats, &plain)
    // What the panels are filled up with is no gradient.
    var refilled = [Float](repeating: .nan, count: weights.count)
    vn_conv_pack(k, &c, plain, &refilled)
    let given = vn_batch_norm_sharing(partials: partials.floats, chunks: chunks, factors: nil)
    let sums = backward(before, 0, memory(gx.values), x, [first.mean, first.variance], given, executor)
    return NormalizingResults(
      gy: gx.values, weights: refilled == gradient.values ? plain : [], sums: [sums.scale, sums.bias])
  }
}

/// Floats at a cache line, as those of a plan; not numbers to begin with.
struct Memory {
  let floats: UnsafeMutablePointer<Float>
  fileprivate let count: Int

  var values: [Float] { Array(UnsafeBufferPointer(start: floats, count: count)) }
}

/// Memory until the end of a computation.
final class Memories {
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
