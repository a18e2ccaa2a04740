import CVisionKernels
import Testing
import VisionCompute

/// Gradients of convolutions of every form by the direct kernels, against sums in double precision.
@Suite struct GradientKernelTests {
  private struct Case {
    let item: ConvolutionCase
    let g: [Float]

    init(_ conv: vn_conv) {
      var numbers = Numbers(seed: Int(conv.c + conv.o))
      item = ConvolutionCase(conv, bias: false, residual: false, numbers: &numbers)
      g = numbers.floats(item.outputFloats)
    }

    private func packed(_ k: OpaquePointer) -> [Float] {
      var c = item.conv
      var packed = [Float](repeating: .nan, count: vn_conv_packed_floats(k, &c))
      vn_conv_pack(k, &c, item.weights, &packed)
      return packed
    }

    func weights(_ executor: Executor) -> [Float] {
      let k = executor.kernels
      var c = item.conv
      var sums = [Float](repeating: .nan, count: vn_conv_packed_floats(k, &c))
      let floats = vn_conv_backward_weights_scratch_floats(k, &c, Int32(executor.threads))
      var scratch = [Float](repeating: .nan, count: floats)
      vn_conv_backward_weights(k, &c, item.x, g, &sums, &scratch, executor.pool)
      var weights = [Float](repeating: .nan, count: item.weights.count)
      vn_conv_unpack(k, &c, sums, &weights)
      return weights
    }

    func input(_ executor: Executor) -> [Float] {
      let k = executor.kernels
      var c = item.conv
      let floats = vn_conv_backward_data_scratch_floats(k, &c, false, Int32(executor.threads))
      var scratch = [Float](repeating: .nan, count: floats)
      var gx = [Float](repeating: ConvolutionCase.gap, count: item.x.count)
      vn_conv_backward_data(k, &c, g, packed(k), nil, &gx, false, &scratch, executor.pool)
      return gx
    }

    /// The gradients of the weights and of the input.
    func reference() -> (weights: [Double], input: [Double]) {
      let c = item.conv
      let (inputs, outputs) = (Int(c.c / c.groups), Int(c.o / c.groups))
      let (kh, kw) = (Int(c.kh), Int(c.kw))
      var weights = [Double](repeating: 0, count: item.weights.count)
      var input = [Double](repeating: Double(ConvolutionCase.gap), count: item.x.count)
      for (n, y, x) in places(c.n, c.h, c.w) {
        let at = n * Int(c.x_image) + y * Int(c.x_row) + x * Int(c.x_pixel)
        for channel in 0..<Int(c.c) { input[at + channel] = 0 }
      }
      for (n, oy, ox) in places(c.n, c.oh, c.ow) {
        let from = n * Int(c.y_image) + oy * Int(c.y_row) + ox * Int(c.y_pixel)
        for tap in 0..<(kh * kw) {
          let iy = oy * Int(c.stride_h) - Int(c.pad_top) + tap / kw * Int(c.dilation_h)
          let ix = ox * Int(c.stride_w) - Int(c.pad_left) + tap % kw * Int(c.dilation_w)
          guard iy >= 0, iy < Int(c.h), ix >= 0, ix < Int(c.w) else { continue }
          let pixel = n * Int(c.x_image) + iy * Int(c.x_row) + ix * Int(c.x_pixel)
          for o in 0..<Int(c.o) {
            let gradient = Double(g[from + o])
            for i in 0..<inputs {
              let (weight, x) = ((o * inputs + i) * kh * kw + tap, pixel + o / outputs * inputs + i)
              weights[weight] += gradient * Double(item.x[x])
              input[x] += gradient * Double(item.weights[weight])
            }
          }
        }
      }
      return (weights, input)
    }

    private func places(_ n: Int32, _ h: Int32, _ w: Int32) -> [(Int, Int, Int)] {
      (0..<Int(n * h * w)).map { ($0 / Int(h * w), $0 / Int(w) % Int(h), $0 % Int(w)) }
    }
  }

  private func check(_ conv: vn_conv, on set: InstructionSet, _ location: SourceLocation = #_sourceLocation) {
    let item = Case(conv)
    let exact = item.reference()
    let (outputs, perGroup) = (Int(conv.n * conv.oh * conv.ow), Int(conv.o / conv.groups))
    func compare(_ what: String, _ terms: Int, _ reference: [Double], _ run: (Executor) -> [Float]) {
      let result = run(executor(set, threads: 1))
      let bound = ConvolutionTests.tolerance * Double(terms).squareRoot().rounded(.up)
      #expect(distance(result, reference) < bound, "\(what) of \(conv)", sourceLocation: location)
      for threads in [2, 3] {
        #expect(
          result == run(executor(set, threads: threads)), "\(what): \(threads) threads differ, \(conv)",
          sourceLocation: location)
      }
      KernelCases.record(
        "direct.\(what)", on: set, .distance(bound),
        [
          .value(conv), .array(item.item.x), .array(item.item.weights), .missing, .missing, .array(item.g),
        ], expected: .array(reference))
    }
    compare("weights", outputs, exact.weights, item.weights)
    compare("input", perGroup * Int(conv.kh * conv.kw), exact.input, item.input)
  }

  @Test(arguments: InstructionSet.supported) func kernelsAndStrides(_ set: InstructionSet) {
    for kernel in [(1, 1), (3, 3), (2, 2), (5, 5), (1, 3), (7, 7)] {
      for stride in [(1, 1), (2, 2), (1, 2), (3, 1)] {
        check(vn_conv(n: 2, h: 11, w: 9, c: 5, o: 11, kernel: kernel, stride: stride), on: set)
      }
    }
    check(vn_conv(h: 9, w: 10, c: 9, o: 17, dilation: (2, 3)), on: set)
    check(vn_conv(h: 7, w: 8, c: 4, o: 19, pads: (0, 1, 2, 0)), on: set)
    check(vn_conv(n: 3, h: 17, w: 15, c: 3, o: 16, kernel: (7, 7), stride: (2, 2)), on: set)
  }

  @Test(arguments: InstructionSet.supported) func everyRemainderOfChannels(_ set: InstructionSet) {
    for outputs in 1...(2 * set.lanes + 1) { check(vn_conv(h: 4, w: 5, c: 7, o: outputs), on: set) }
    for inputs in 1...(2 * set.lanes + 1) {
      check(vn_conv(n: 2, h: 5, w: 4, c: inputs, o: 9, kernel: (1, 1)), on: set)
    }
  }

  @Test(arguments: InstructionSet.supported) func groupsAndDepthwise(_ set: InstructionSet) {
    for groups in [2, 3, 6] {
      check(vn_conv(n: 2, h: 6, w: 5, c: 12, o: 18, groups: groups), on: set)
    }
    for channels in [2, set.lanes, 2 * set.lanes + 3, 65] {
      for (kernel, stride) in [(3, 1), (3, 2), (5, 1), (5, 2), (7, 1)] {
        check(
          vn_conv(
            n: 2, h: 9, w: 8, c: channels, o: channels, kernel: (kernel, kernel), stride: (stride, stride),
            groups: channels), on: set)
      }
    }
  }

  @Test(arguments: InstructionSet.supported) func manyPixels(_ set: InstructionSet) {
    check(vn_conv(n: 4, h: 28, w: 27, c: 10, o: 12), on: set)
    check(vn_conv(n: 9, h: 14, w: 14, c: 40, o: 24, kernel: (1, 1)), on: set)
  }
}
