import CVisionKernels
import Testing
import VisionCompute

/// Normalizations over rows, groups and batches, and what is added up over rows, against double precision.
@Suite struct NormKernelTests {
  private func moments(_ x: some Collection<Double>) -> (mean: Double, variance: Double) {
    let mean = x.reduce(0, +) / Double(x.count)
    return (mean, x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count))
  }

  @Test(arguments: InstructionSet.supported) func groups(_ set: InstructionSet) {
    var numbers = Numbers(seed: 41)
    for (samples, groups, channels, plane) in [(1, 1, 1, 1), (2, 3, 4, 35), (3, 8, 1, 64), (1, 2, 5, 700)] {
      let x = numbers.floats(samples * groups * channels * plane).map { 2 * $0 + 5 }
      let (scale, bias) = (numbers.floats(groups * channels), numbers.floats(groups * channels))
      func run(_ threads: Int) -> [Float] {
        let executor = executor(set, threads: threads)
        var y = [Float](repeating: .nan, count: x.count)
        vn_group_norm(
          executor.kernels, samples, groups, channels, plane, 1e-5, x, scale, bias, &y, executor.pool)
        return y
      }
      let size = channels * plane
      let exact = (0..<(samples * groups)).flatMap { group -> [Double] in
        let run = x[(group * size)..<((group + 1) * size)].map(Double.init)
        let (mean, variance) = moments(run)
        return run.indices.map {
          let channel = group % groups * channels + $0 / plane
          return (run[$0] - mean) / (variance + 1e-5).squareRoot() * Double(scale[channel])
            + Double(bias[channel])
        }
      }
      #expect(distance(run(1), exact) < 4e-6)
      #expect(run(1) == run(2))
      KernelCases.record(
        "groupNorm", on: set, .distance(4e-6),
        [.array([samples, groups, channels, plane]), .array(x), .array(scale), .array(bias)],
        expected: .array(exact))
    }
  }

  @Test(arguments: InstructionSet.supported) func rootMeanSquares(_ set: InstructionSet) {
    var numbers = Numbers(seed: 43)
    for (rows, columns) in [(1, 1), (3, 10), (4, 40), (5, 64), (2, 769), (1, 5001)] {
      let (x, scale) = (numbers.floats(rows * columns).map { 3 * $0 }, numbers.floats(columns))
      let executor = executor(set)
      var y = [Float](repeating: .nan, count: x.count)
      vn_rms_norm(executor.kernels, rows, columns, 1e-5, x, scale, &y, executor.pool)
      let exact = (0..<rows).flatMap { row -> [Double] in
        let run = x[(row * columns)..<((row + 1) * columns)].map(Double.init)
        let square = run.reduce(0) { $0 + $1 * $1 } / Double(columns)
        return run.indices.map { run[$0] / (square + 1e-5).squareRoot() * Double(scale[$0]) }
      }
      #expect(distance(y, exact) < 2e-6)
      KernelCases.record(
        "rmsNorm", on: set, .distance(2e-6), [.array([rows, columns]), .array(x), .array(scale)],
        expected: .array(exact))
    }
  }

  @Test(arguments: InstructionSet.supported) func sumsOfColumns(_ set: InstructionSet) {
    var numbers = Numbers(seed: 47)
    for (rows, channels) in [(1, 1), (7, 5), (100, 33), (3000, 16), (2100, 70)] {
      let x = numbers.floats(rows * channels)
      func run(_ threads: Int) -> [Float] {
        let executor = executor(set, threads: threads)
        var y = [Float](repeating: .nan, count: channels)
        var scratch = [Float](repeating: .nan, count: vn_column_sums_scratch_floats(rows, channels))
        vn_column_sums(executor.kernels, rows, channels, x, &y, &scratch, executor.pool)
        return y
      }
      let exact = (0..<channels).map { channel in
        (0..<rows).reduce(0.0) { $0 + Double(x[$1 * channels + channel]) }
      }
      // Partial sums are small where signs alternate: a rounding of a number below 1 for each row.
      let bound = Double(rows) * 0x1p-24
      #expect(zip(run(1), exact).allSatisfy { abs(Double($0) - $1) < bound })
      #expect(run(1) == run(3))
      KernelCases.record(
        "columnSums", on: set, .absolute(bound), [.array([rows, channels]), .array(x)],
        expected: .array(exact))
    }
  }

  /// Forward: mean, variance and result; backward: the gradients of the input, of scale and of bias.
  @Test(arguments: InstructionSet.supported) func batches(_ set: InstructionSet) {
    var numbers = Numbers(seed: 53)
    for (rows, channels) in [(2, 1), (9, 5), (50, 32), (1500, 18), (700, 67)] {
      for isClamped in [false, true] {
        var norm = vn_batch_norm(
          rows: rows, channels: channels, epsilon: 1e-3, low: isClamped ? 0 : -.infinity,
          high: isClamped ? 1 : .infinity, of_batch: true)
        let x = numbers.floats(rows * channels).map { 3 * $0 + 1 }, g = numbers.floats(x.count)
        let (scale, bias) = (numbers.floats(channels), numbers.floats(channels))
        func forward(_ threads: Int) -> [Float] {
          let executor = executor(set, threads: threads)
          var mean = [Float](repeating: .nan, count: channels), variance = mean
          var y = [Float](repeating: .nan, count: x.count)
          var scratch = [Float](repeating: .nan, count: vn_batch_norm_scratch_floats(&norm))
          var sharing = vn_batch_norm_sharing()
          vn_batch_norm_forward(
            executor.kernels, &norm, x, scale, bias, nil, &mean, &variance, &y, &sharing, &scratch,
            executor.pool)
          return mean + variance + y
        }
        let exact = Batch(x, g, scale, bias, channels, isClamped: isClamped)
        #expect(distance(forward(1), exact.forward) < 4e-6, "\(rows) × \(channels)")
        #expect(forward(1) == forward(3))
        let operands: [KernelCases.Operand] = [.value(norm), .array(x), .array(scale), .array(bias)]
        KernelCases.record(
          "batchNorm.forward", on: set, .distance(4e-6), operands, expected: .array(exact.forward))

        let (mean, variance, y) = (
          exact.mean.map(Float.init), exact.variance.map(Float.init), exact.y.map(Float.init)
        )
        func backward(_ threads: Int) -> [Float] {
          let executor = executor(set, threads: threads)
          var gx = [Float](repeating: .nan, count: x.count)
          var gscale = [Float](repeating: .nan, count: channels), gbias = gscale
          var scratch = [Float](repeating: .nan, count: vn_batch_norm_scratch_floats(&norm))
          var sharing = vn_batch_norm_sharing()
          vn_batch_norm_backward(
            executor.kernels, &norm, g, x, y, scale, bias, mean, variance, &gx, &gscale, &gbias, nil,
            &sharing,
            &scratch, executor.pool)
          return gx + gscale + gbias
        }
        let bound = 4e-6 * max(1, Double(rows).squareRoot() / 10)
        #expect(distance(backward(1), exact.backward) < bound, "\(rows) × \(channels)")
        #expect(backward(1) == backward(3))
        KernelCases.record(
          "batchNorm.backward", on: set, .distance(bound),
          operands + [.array(g), .array(y), .array(mean), .array(variance)], expected: .array(exact.backward))
      }
    }
  }

  /// A normalization over a batch and its gradient, in double precision.
  private struct Batch {
    var mean: [Double] = []
    var variance: [Double] = []
    var y: [Double]
    var backward: [Double] = []

    var forward: [Double] { mean + variance + y }

    init(_ x: [Float], _ g: [Float], _ scale: [Float], _ bias: [Float], _ channels: Int, isClamped: Bool) {
      let rows = x.count / channels
      y = x.map(Double.init)
      var (gx, gscale, gbias) = (y, [Double](), [Double]())
      for channel in 0..<channels {
        let at = (0..<rows).map { $0 * channels + channel }
        let column = at.map { Double(x[$0]) }
        let middle = column.reduce(0, +) / Double(rows)
        let spread = column.reduce(0) { $0 + ($1 - middle) * ($1 - middle) } / Double(rows)
        mean.append(middle)
        variance.append(spread)
        let deviation = (spread + Double(Float(1e-3))).squareRoot()
        let normal = column.map { ($0 - middle) / deviation }
        var passing: [Double] = []
        for (index, place) in at.enumerated() {
          let value = normal[index] * Double(scale[channel]) + Double(bias[channel])
          y[place] = isClamped ? min(max(value, 0), 1) : value
          passing.append(isClamped && !(value > 0 && value < 1) ? 0 : Double(g[place]))
        }
        let (sum, product) = (passing.reduce(0, +), zip(passing, normal).reduce(0) { $0 + $1.0 * $1.1 })
        gbias.append(sum)
        gscale.append(product)
        for (index, place) in at.enumerated() {
          gx[place] =
            Double(scale[channel]) / deviation
            * (passing[index] - sum / Double(rows) - normal[index] * product / Double(rows))
        }
      }
      backward = gx + gscale + gbias
    }
  }
}
