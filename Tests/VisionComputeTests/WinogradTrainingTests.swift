import CVisionKernels
import Testing
import VisionCompute

/// Winograd's convolution with weights of each step, and its gradients, against double precision.
@Suite struct WinogradTrainingTests {
  private func check(
    _ conv: vn_conv, on set: InstructionSet, seed: Int = 1, _ location: SourceLocation = #_sourceLocation
  ) {
    var numbers = Numbers(seed: seed)
    let item = GradientCase(conv, numbers: &numbers)
    // The largest error relative to the largest sum of magnitudes that there can be, as in `WinogradTests`.
    func compare(_ what: String, _ terms: Int, _ reference: [Double], _ run: (Executor) -> [Float]) {
      let result = run(executor(set, threads: 1))
      let worst = zip(result, reference).map { abs(Double($0) - $1) }.max() ?? 0
      #expect(
        result.count == reference.count && worst.isFinite
          && worst < WinogradTests.tolerance * Double(terms + 3),
        "\(what): \(worst) of \(terms), \(conv)", sourceLocation: location)
      for threads in [2, 3] {
        #expect(
          result == run(executor(set, threads: threads)), "\(what): \(threads) threads differ, \(conv)",
          sourceLocation: location)
      }
      KernelCases.record(
        "training.\(what)", on: set, .absolute(WinogradTests.tolerance * Double(terms + 3)),
        [
          .value(conv), .array(item.forward.x), .array(item.forward.weights), .array(item.forward.bias),
          .array(item.forward.residual), .array(item.g),
        ], expected: .array(reference))
    }
    compare("forward", 9 * Int(conv.c), item.forward.reference(), item.output)
    compare("weights", Int(conv.n * conv.oh * conv.ow), item.weightReference(), item.weightGradient)
    compare("input", 9 * Int(conv.o), item.inputReference(), item.inputGradient)
  }

  @Test(arguments: InstructionSet.supported)
  func everyExtentOfTheOutput(_ set: InstructionSet) {
    for height in 1...9 { check(vn_conv(n: 2, h: height, w: 10 - height, c: 5, o: 7), on: set) }
    for width in 1...13 { check(vn_conv(n: 2, h: 5, w: width, c: 16, o: 16), on: set) }
  }

  @Test(arguments: InstructionSet.supported)
  func everyRemainderOfChannels(_ set: InstructionSet) {
    for outputs in 1...(4 * set.lanes + 1) { check(vn_conv(h: 6, w: 7, c: 9, o: outputs), on: set) }
    for inputs in 1...(4 * set.lanes + 1) { check(vn_conv(h: 6, w: 7, c: inputs, o: 20), on: set) }
  }

  @Test(arguments: InstructionSet.supported)
  func unevenPaddingAndGaps(_ set: InstructionSet) {
    check(vn_conv(h: 9, w: 8, c: 4, o: 33, pads: (0, 1, 2, 0)), on: set)
    check(vn_conv(h: 9, w: 8, c: 4, o: 33, pads: (2, 0, 0, 3)), on: set)
    check(vn_conv(h: 4, w: 4, c: 6, o: 8, pads: (5, 5, 5, 5)), on: set)
    check(vn_conv(h: 3, w: 3, c: 6, o: 8, pads: (0, 0, 0, 0)), on: set)
    check(vn_conv(n: 3, h: 7, w: 5, c: 12, o: 40, gap: 5, rowGap: 3), on: set)
  }

  /// Tiles in several chunks, inputs in several parts, panels in several slices.
  @Test(arguments: InstructionSet.supported)
  func whatIsCutIntoItems(_ set: InstructionSet) {
    check(vn_conv(n: 5, h: 33, w: 37, c: 17, o: 19), on: set)
    check(vn_conv(n: 2, h: 14, w: 14, c: 160, o: 150), on: set)
    check(vn_conv(n: 5, h: 7, w: 7, c: 260, o: 200), on: set)
    check(vn_conv(n: 20, h: 15, w: 14, c: 100, o: 40), on: set)
  }

  @Test(arguments: InstructionSet.supported)
  func randomShapes(_ set: InstructionSet) {
    var numbers = Numbers(seed: 9)
    for seed in 1...30 {
      let pads = (
        numbers.integer(0...2), numbers.integer(0...2), numbers.integer(0...3), numbers.integer(0...3)
      )
      check(
        vn_conv(
          n: numbers.integer(1...4), h: numbers.integer(3...20), w: numbers.integer(3...20),
          c: numbers.integer(1...70), o: numbers.integer(1...70), pads: pads, gap: numbers.integer(0...1) * 3,
          rowGap: numbers.integer(0...1) * 5), on: set, seed: seed)
    }
  }

  /// Gradients of weights are packed as weights are, with zeros where panels are filled up.
  @Test(arguments: InstructionSet.supported)
  func panelsAreFilledUpWithZeros(_ set: InstructionSet) {
    for outputs in [1, set.lanes + 3, 2 * set.lanes + 5] {
      var numbers = Numbers(seed: outputs)
      let item = GradientCase(vn_conv(n: 3, h: 9, w: 9, c: 7, o: outputs), numbers: &numbers)
      var conv = item.forward.conv
      let (k, packed) = (executor(set).kernels, item.packedWeightGradient(executor(set)))
      var again = [Float](repeating: .nan, count: packed.count)
      vn_conv_pack(k, &conv, item.weightGradient(executor(set)), &again)
      #expect(packed == again)
    }
  }

  /// On numbers of a network's kind their errors are at most five times the direct kernels'.
  @Test(arguments: InstructionSet.supported)
  func theErrorIsAFewTimesTheDirectOne(_ set: InstructionSet) {
    func error(_ y: [Float], _ reference: [Double]) -> Double {
      let squares = zip(y, reference).map { (Double($0) - $1) * (Double($0) - $1) }
      return (squares.reduce(0, +) / Double(squares.count)).squareRoot()
    }
    for channels in [16, 64] {
      var numbers = Numbers(seed: channels)
      let item = GradientCase(vn_conv(n: 4, h: 14, w: 14, c: channels, o: 32), numbers: &numbers)
      let run = executor(set)
      let output = item.forward.reference()
      #expect(error(item.output(run), output) < 5 * error(item.forward.run(run), output))
      let weights = item.weightReference()
      #expect(
        error(item.weightGradient(run), weights)
          < 5 * error(item.weightGradient(run, isWinograd: false), weights))
      let input = item.inputReference()
      #expect(
        error(item.inputGradient(run), input) < 5 * error(item.inputGradient(run, isWinograd: false), input))
    }
  }

  @Test func doesNotPayForAFewTiles() {
    for set in InstructionSet.supported {
      let k = executor(set).kernels
      var (few, many, thin) = (
        vn_conv(h: 8, w: 8, c: 64, o: 64), vn_conv(n: 16, h: 56, w: 56, c: 64, o: 64),
        vn_conv(n: 16, h: 56, w: 56, c: 3, o: 64)
      )
      for pays in [
        vn_winograd_pays_in_training, vn_winograd_backward_weights_pays, vn_conv_backward_data_winograd_pays,
      ] {
        #expect(!pays(k, &few))
        #expect(pays(k, &many))
        #expect(!pays(k, &thin))
      }
    }
  }
}

/// A convolution with the gradient of its result.
private struct GradientCase {
  var forward: ConvolutionCase
  let g: [Float]

  init(_ conv: vn_conv, numbers: inout Numbers) {
    forward = ConvolutionCase(conv, bias: true, residual: true, numbers: &numbers)
    g = numbers.floats(Int(conv.y_image) * Int(conv.n))
  }

  private func packedWeights(_ k: OpaquePointer) -> [Float] {
    var c = forward.conv
    var packed = [Float](repeating: .nan, count: vn_conv_packed_floats(k, &c))
    vn_conv_pack(k, &c, forward.weights, &packed)
    return packed
  }

  func output(_ executor: Executor) -> [Float] {
    let k = executor.kernels
    var c = forward.conv
    var scratch = [Float](
      repeating: .nan, count: vn_winograd_training_scratch_floats(k, &c, Int32(executor.threads)))
    var y = [Float](repeating: ConvolutionCase.gap, count: forward.outputFloats)
    vn_winograd_training_run(
      k, &c, forward.x, packedWeights(k), forward.bias, forward.residual, &y, &scratch, executor.pool)
    return y
  }

  func packedWeightGradient(_ executor: Executor, isWinograd: Bool = true) -> [Float] {
    let k = executor.kernels
    var c = forward.conv
    let threads = Int32(executor.threads)
    var packed = [Float](repeating: .nan, count: vn_conv_packed_floats(k, &c))
    if isWinograd {
      var scratch = [Float](
        repeating: .nan, count: vn_winograd_backward_weights_scratch_floats(k, &c, threads))
      vn_winograd_backward_weights(k, &c, forward.x, g, &packed, &scratch, executor.pool)
    } else {
      var scratch = [Float](repeating: .nan, count: vn_conv_backward_weights_scratch_floats(k, &c, threads))
      vn_conv_backward_weights(k, &c, forward.x, g, &packed, &scratch, executor.pool)
    }
    return packed
  }

  func weightGradient(_ executor: Executor) -> [Float] { weightGradient(executor, isWinograd: true) }

  func weightGradient(_ executor: Executor, isWinograd: Bool) -> [Float] {
    var c = forward.conv
    var weights = [Float](repeating: .nan, count: forward.weights.count)
    vn_conv_unpack(
      executor.kernels, &c, packedWeightGradient(executor, isWinograd: isWinograd), &weights)
    return weights
  }

  func inputGradient(_ executor: Executor) -> [Float] { inputGradient(executor, isWinograd: true) }

  func inputGradient(_ executor: Executor, isWinograd: Bool) -> [Float] {
    let k = executor.kernels
    var c = forward.conv
    var scratch = [Float](
      repeating: .nan,
      count: vn_conv_backward_data_scratch_floats(k, &c, isWinograd, Int32(executor.threads)))
    var gx = [Float](repeating: ConvolutionCase.gap, count: forward.x.count)
    vn_conv_backward_data(k, &c, g, packedWeights(k), nil, &gx, isWinograd, &scratch, executor.pool)
    return gx
  }

  /// Calls `body` with the place of every product of an input and a weight: in x, in the weights and in g.
  private func forEachProduct(_ body: (_ x: Int, _ weight: Int, _ g: Int) -> Void) {
    let c = forward.conv
    for n in 0..<Int(c.n) {
      for oy in 0..<Int(c.oh) {
        for ox in 0..<Int(c.ow) {
          for (ky, kx) in (0..<9).map({ ($0 / 3, $0 % 3) }) {
            let (iy, ix) = (oy - Int(c.pad_top) + ky, ox - Int(c.pad_left) + kx)
            guard iy >= 0, iy < Int(c.h), ix >= 0, ix < Int(c.w) else { continue }
            let x = n * Int(c.x_image) + iy * Int(c.x_row) + ix * Int(c.x_pixel)
            let g = n * Int(c.y_image) + oy * Int(c.y_row) + ox * Int(c.y_pixel)
            for o in 0..<Int(c.o) {
              for i in 0..<Int(c.c) { body(x + i, (o * Int(c.c) + i) * 9 + ky * 3 + kx, g + o) }
            }
          }
        }
      }
    }
  }

  func weightReference() -> [Double] {
    var sums = [Double](repeating: 0, count: forward.weights.count)
    sums.withUnsafeMutableBufferPointer { sums in
      forEachProduct { x, weight, gradient in sums[weight] += Double(forward.x[x]) * Double(g[gradient]) }
    }
    return sums
  }

  func inputReference() -> [Double] {
    let c = forward.conv
    var sums = [Double](repeating: Double(ConvolutionCase.gap), count: forward.x.count)
    for n in 0..<Int(c.n) {
      for pixel in 0..<Int(c.h * c.w) {
        let (row, column) = (pixel / Int(c.w), pixel % Int(c.w))
        for channel in 0..<Int(c.c) {
          sums[n * Int(c.x_image) + row * Int(c.x_row) + column * Int(c.x_pixel) + channel] = 0
        }
      }
    }
    sums.withUnsafeMutableBufferPointer { sums in
      forEachProduct { x, weight, gradient in
        sums[x] += Double(forward.weights[weight]) * Double(g[gradient])
      }
    }
    return sums
  }
}
