import CVisionKernels
import Testing
import VisionCompute

/// A convolution over any number of axes, and the slow and obvious way to compute it.
private struct SpatialCase {
  var n = 1
  var c: Int
  var o: Int
  var groups = 1
  let input: [Int]
  let kernel: [Int]
  var stride: [Int]
  var dilation: [Int]
  /// Zeros before and behind the input.
  var before: [Int]
  var behind: [Int]
  var activation = VN_IDENTITY

  init(
    n: Int = 1, c: Int, o: Int, groups: Int = 1, input: [Int], kernel: [Int], stride: [Int]? = nil,
    dilation: [Int]? = nil, before: [Int]? = nil, behind: [Int]? = nil, activation: vn_unary_op = VN_IDENTITY
  ) {
    (self.n, self.c, self.o, self.groups, self.input, self.kernel) = (n, c, o, groups, input, kernel)
    self.stride = stride ?? input.map { _ in 1 }
    self.dilation = dilation ?? input.map { _ in 1 }
    self.before = before ?? input.map { _ in 0 }
    self.behind = behind ?? before ?? input.map { _ in 0 }
    self.activation = activation
  }

  var output: [Int] {
    input.indices.map { axis in
      (input[axis] + before[axis] + behind[axis] - (kernel[axis] - 1) * dilation[axis] - 1) / stride[axis] + 1
    }
  }

  var depth: Int { c / groups * kernel.reduce(1, *) }

  var conv: vn_im2col {
    var conv = vn_im2col()
    conv.axes = Int32(input.count)
    (conv.n, conv.c, conv.o, conv.groups, conv.activation) = (n, c, o, groups, activation)
    func set<Elements>(_ target: inout Elements, _ values: [Int]) {
      withUnsafeMutableBytes(of: &target) { bytes in
        for (index, value) in values.enumerated() {
          bytes.storeBytes(of: Int64(value), toByteOffset: index * 8, as: Int64.self)
        }
      }
    }
    set(&conv.in, input)
    set(&conv.out, output)
    set(&conv.kernel, kernel)
    set(&conv.stride, stride)
    set(&conv.dilation, dilation)
    set(&conv.pad, before)
    return conv
  }

  func run(
    _ executor: Executor, _ x: [Float], _ w: [Float], _ bias: [Float]?, _ residual: [Float]?
  ) -> [Float] {
    var conv = conv
    let floats = vn_im2col_scratch_floats(executor.kernels, &conv, Int32(executor.threads))
    var scratch = [Float](repeating: .nan, count: floats)
    var y = [Float](repeating: .nan, count: n * o * output.reduce(1, *))
    vn_im2col_run(executor.kernels, &conv, x, w, bias, residual, &y, &scratch, executor.pool)
    return y
  }

  /// The coordinates of an index, the last axis running fastest.
  private static func coordinates(_ index: Int, _ extents: [Int]) -> [Int] {
    var (rest, result) = (index, extents)
    for axis in extents.indices.reversed() {
      result[axis] = rest % extents[axis]
      rest /= extents[axis]
    }
    return result
  }

  func reference(_ x: [Float], _ w: [Float], _ bias: [Float]?, _ residual: [Float]?) -> [Double] {
    let (plane, positions, taps) = (input.reduce(1, *), output.reduce(1, *), kernel.reduce(1, *))
    let (inputs, outputs) = (c / groups, o / groups)
    var y = [Double](repeating: 0, count: n * o * positions)
    for position in 0..<positions {
      let place = Self.coordinates(position, output)
      for tap in 0..<taps {
        let offset = Self.coordinates(tap, kernel)
        var (at, isInside) = (0, true)
        for axis in input.indices {
          let i = place[axis] * stride[axis] + offset[axis] * dilation[axis] - before[axis]
          isInside = isInside && i >= 0 && i < input[axis]
          at = at * input[axis] + i
        }
        guard isInside else { continue }
        for image in 0..<n {
          for channel in 0..<o {
            for i in 0..<inputs {
              y[(image * o + channel) * positions + position] +=
                Double(x[(image * c + channel / outputs * inputs + i) * plane + at])
                * Double(w[(channel * inputs + i) * taps + tap])
            }
          }
        }
      }
    }
    for index in y.indices {
      if let bias { y[index] += Double(bias[index / positions % o]) }
      if let residual { y[index] += Double(residual[index]) }
      if activation == VN_RELU { y[index] = max(y[index], 0) }
    }
    return y
  }
}

/// The plain algorithm on every instruction set against the reference in double precision.
@Suite struct Im2colTests {
  private func check(
    _ item: SpatialCase, on set: InstructionSet, bias: Bool = true, residual: Bool = false,
    _ location: SourceLocation = #_sourceLocation
  ) {
    var numbers = Numbers(seed: item.depth + item.o)
    let x = numbers.floats(item.n * item.c * item.input.reduce(1, *))
    let w = numbers.floats(item.o * item.depth)
    let b = bias ? numbers.floats(item.o) : nil
    let r = residual ? numbers.floats(item.n * item.o * item.output.reduce(1, *)) : nil
    let y = item.run(executor(set, threads: 1), x, w, b, r)
    #expect(
      distance(y, item.reference(x, w, b, r))
        < ConvolutionTests.tolerance * Double(item.depth).squareRoot().rounded(.up),
      "\(item)", sourceLocation: location)
    #expect(
      y == item.run(executor(set), x, w, b, r), "two threads differ: \(item)", sourceLocation: location)
    KernelCases.record(
      "im2col", on: set, .distance(ConvolutionTests.tolerance * Double(item.depth).squareRoot().rounded(.up)),
      [.value(item.conv), .array(x), .array(w), .array(b), .array(r)],
      expected: .array(item.reference(x, w, b, r)))
  }

  @Test(arguments: InstructionSet.supported)
  func oneAxis(_ set: InstructionSet) {
    for length in [1, 2, 7, 31, 32, 33, 129, 300] {
      check(SpatialCase(c: 3, o: 5, input: [length], kernel: [3], before: [1]), on: set, residual: true)
      check(SpatialCase(n: 2, c: 4, o: 17, input: [length], kernel: [1]), on: set, bias: false)
    }
    for (stride, dilation) in [(2, 1), (3, 2), (1, 4), (5, 3)] {
      let item = SpatialCase(
        n: 2, c: 6, o: 35, groups: 1, input: [101], kernel: [5], stride: [stride], dilation: [dilation],
        before: [7], behind: [2], activation: VN_RELU)
      check(item, on: set)
    }
    // Windows that lie beyond the edge as a whole.
    check(SpatialCase(c: 2, o: 3, input: [4], kernel: [3], before: [9], behind: [11]), on: set)
    check(SpatialCase(c: 2, o: 3, input: [4], kernel: [2], stride: [6], before: [9], behind: [11]), on: set)
  }

  @Test(arguments: InstructionSet.supported)
  func twoAxes(_ set: InstructionSet) {
    for kernel in [[1, 1], [3, 3], [1, 3], [4, 2], [7, 7]] {
      for stride in [[1, 1], [2, 2], [1, 3]] {
        let item = SpatialCase(
          c: 5, o: 19, input: [13, 11], kernel: kernel, stride: stride, before: [kernel[0] / 2, 0],
          behind: [0, kernel[1] / 2])
        check(item, on: set)
      }
    }
    check(
      SpatialCase(
        n: 3, c: 9, o: 33, input: [14, 12], kernel: [3, 3], dilation: [2, 3], before: [1, 4], behind: [3, 0]),
      on: set, residual: true)
  }

  @Test(arguments: InstructionSet.supported)
  func threeAndMoreAxes(_ set: InstructionSet) {
    check(SpatialCase(c: 3, o: 16, input: [5, 7, 9], kernel: [3, 3, 3], before: [1, 1, 1]), on: set)
    check(
      SpatialCase(
        n: 2, c: 4, o: 6, groups: 2, input: [6, 5, 8], kernel: [2, 3, 1], stride: [2, 1, 3],
        dilation: [1, 2, 1], before: [0, 2, 1], behind: [1, 0, 2], activation: VN_RELU),
      on: set, residual: true)
    check(
      SpatialCase(c: 2, o: 3, input: [3, 4, 3, 5], kernel: [2, 2, 2, 2], before: [1, 0, 1, 0]), on: set)
    check(SpatialCase(c: 1, o: 2, input: [2, 3, 1, 2, 2, 3], kernel: [1, 2, 1, 2, 1, 2]), on: set)
  }

  @Test(arguments: InstructionSet.supported)
  func groups(_ set: InstructionSet) {
    for (channels, outputs, groups) in [(6, 6, 6), (6, 12, 6), (8, 36, 2), (9, 3, 3)] {
      check(
        SpatialCase(
          n: 2, c: channels, o: outputs, groups: groups, input: [10, 9], kernel: [3, 3], before: [1, 1]),
        on: set, residual: true)
      check(SpatialCase(c: channels, o: outputs, groups: groups, input: [65], kernel: [4]), on: set)
    }
  }

  /// Sums longer than a block of rows, and more positions than a block of columns, each with a remainder.
  @Test(arguments: InstructionSet.supported)
  func severalBlocks(_ set: InstructionSet) {
    let item = SpatialCase(c: 150, o: 20, input: [25, 27], kernel: [3, 3], before: [1, 1])
    var conv = item.conv
    let blocks = vn_im2col_explain(&conv)
    #expect(blocks.depth == 1350 && blocks.columns == 675)
    #expect(blocks.kc < blocks.depth && blocks.depth % blocks.kc != 0)
    #expect(blocks.nc < blocks.columns && blocks.columns % blocks.nc != 0 && blocks.items > 1)
    check(item, on: set, residual: true)
    check(SpatialCase(c: 600, o: 40, input: [40], kernel: [2]), on: set)
  }

  /// The implicit im2col against the explicit one.
  @Test(arguments: InstructionSet.supported)
  func directConvolutionsAgree(_ set: InstructionSet) {
    for (channels, outputs, kernel, stride, dilation) in [
      (3, 20, 7, 2, 1), (16, 33, 3, 1, 1), (24, 16, 1, 1, 1), (5, 7, 3, 1, 3), (160, 8, 3, 2, 1),
    ] {
      let side = 17, pad = kernel / 2 * dilation
      let spatial = SpatialCase(
        n: 2, c: channels, o: outputs, input: [side, side], kernel: [kernel, kernel],
        stride: [stride, stride], dilation: [dilation, dilation], before: [pad, pad])
      let conv = vn_conv(
        n: 2, h: side, w: side, c: channels, o: outputs, kernel: (kernel, kernel), stride: (stride, stride),
        dilation: (dilation, dilation), pads: (pad, pad, pad, pad))
      var numbers = Numbers(seed: channels)
      let item = ConvolutionCase(conv, bias: true, residual: false, numbers: &numbers)
      let area = side * side
      var x = item.x
      for image in 0..<2 {
        for pixel in 0..<area {
          for channel in 0..<channels {
            x[(image * channels + channel) * area + pixel] =
              item.x[(image * area + pixel) * channels + channel]
          }
        }
      }
      let plain = spatial.run(executor(set), x, item.weights, item.bias, nil)
      let direct = item.run(executor(set))
      let positions = spatial.output.reduce(1, *)
      #expect(direct.count == plain.count)
      var worst: Float = 0
      for image in 0..<2 {
        for pixel in 0..<positions {
          for o in 0..<outputs {
            let a = direct[(image * positions + pixel) * outputs + o]
            let b = plain[(image * outputs + o) * positions + pixel]
            worst = max(worst, abs(a - b) / (1 + abs(b)))
          }
        }
      }
      #expect(worst < Float(ConvolutionTests.tolerance * Double(spatial.depth).squareRoot()))
    }
  }
}
