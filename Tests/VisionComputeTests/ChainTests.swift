import CVisionKernels
import Testing
import VisionCompute

/// Chains against the same convolutions one after the other: not a bit may differ.
@Suite struct ChainTests {
  /// Convolutions with weights, each of which reads what the one before wrote.
  struct Case {
    var convolutions: [ConvolutionCase] = []

    init(_ convs: [vn_conv], biases: Bool = true, residual: Bool = false, numbers: inout Numbers) {
      for (index, conv) in convs.enumerated() {
        convolutions.append(
          ConvolutionCase(
            conv, bias: biases, residual: residual && index == convs.count - 1, numbers: &numbers))
      }
    }

    var chain: vn_chain {
      var chain = vn_chain()
      chain.count = Int32(convolutions.count)
      let convs = convolutions.map(\.conv)
      chain.conv.0 = convs[0]
      chain.conv.1 = convs[1]
      if convs.count > 2 { chain.conv.2 = convs[2] }
      return chain
    }

    /// - Parameter pairs: which of them multiply bfloat16.
    func apart(
      _ executor: Executor, pairs: [Bool] = [false, false, false], avoidsInstructions: Bool = false
    ) -> [Float] {
      var x = convolutions[0].x
      for (item, isPairs) in zip(convolutions, pairs) {
        var item = item
        item.x = x
        x =
          isPairs
          ? BFloat16Case(item).run(executor, avoidsInstructions: avoidsInstructions) : item.run(executor)
      }
      return x
    }

    func together(
      _ order: vn_chain_order, _ executor: Executor, pairs: [Bool] = [false, false, false],
      storage: BFloat16Case.Storage = BFloat16Case.Storage(), avoidsInstructions: Bool = false
    ) -> [Float] {
      let k = executor.kernels
      let first = BFloat16Case(convolutions[0], BFloat16Case.Storage(x: storage.x))
      let last = BFloat16Case(
        convolutions[convolutions.count - 1],
        BFloat16Case.Storage(residual: storage.residual, y: storage.y))
      var chain = self.chain
      chain.conv.0 = first.conv
      if chain.count == 2 { chain.conv.1 = last.conv } else { chain.conv.2 = last.conv }
      chain.avoids_dot_products = avoidsInstructions
      chain.pairs = (pairs[0], pairs[1], pairs.count > 2 && pairs[2])
      (chain.x_is_bf16, chain.residual_is_bf16, chain.y_is_bf16) = (storage.x, storage.residual, storage.y)
      #expect(vn_chain_applies(&chain, order))
      let packed = zip(convolutions, pairs).map { item, isPairs -> [Float] in
        if isPairs { return BFloat16Case(item).packed(k, avoidsInstructions: avoidsInstructions) }
        var conv = item.conv
        var packed = [Float](repeating: 0, count: vn_conv_packed_floats(k, &conv))
        vn_conv_pack(k, &conv, item.weights, &packed)
        return packed
      }
      var scratch = [Float](
        repeating: .nan, count: vn_chain_scratch_floats(k, &chain, order, Int32(executor.threads)))
      var y = [Float](repeating: ConvolutionCase.gap, count: last.outputWords)
      func pointers(_ arrays: [[Float]?], _ body: ([UnsafePointer<Float>?]) -> Void) {
        func next(_ index: Int, _ found: [UnsafePointer<Float>?]) {
          if index == arrays.count { return body(found) }
          if let array = arrays[index] {
            array.withUnsafeBufferPointer { next(index + 1, found + [$0.baseAddress]) }
          } else {
            next(index + 1, found + [nil])
          }
        }
        next(0, [])
      }
      pointers(packed) { packed in
        pointers(convolutions.map(\.bias)) { biases in
          vn_chain_run(
            k, &chain, order, first.x, packed, biases, last.residual, &y, &scratch,
            executor.pool)
        }
      }
      return last.floats(y)
    }

    /// Which of the convolutions can multiply bfloat16: depthwise ones cannot, nor can what reads an odd number of channels that
    /// another one wrote.
    var pairs: [Bool] {
      convolutions.enumerated().map { index, item in
        item.conv.groups == 1 && (index == 0 || item.conv.c % 2 == 0)
      }
    }
  }

  private func check(
    _ convs: [vn_conv], on set: InstructionSet, biases: Bool = true, residual: Bool = false, seed: Int = 1,
    orders: [vn_chain_order] = [VN_CHAIN_BY_ROWS], _ location: SourceLocation = #_sourceLocation
  ) {
    var numbers = Numbers(seed: seed)
    let item = Case(convs, biases: biases, residual: residual, numbers: &numbers)
    let expected = item.apart(executor(set, threads: 1))
    for order in orders {
      var chain = item.chain
      #expect(vn_chain_applies(&chain, order), sourceLocation: location)
      for threads in [1, 2, 5] {
        #expect(
          item.together(order, executor(set, threads: threads)) == expected,
          "order \(order.rawValue) with \(threads) threads: \(convs)", sourceLocation: location)
      }
      item.record(order, on: set)
    }
    checkBFloat16(item, on: set, orders: orders, location)
  }

  /// The same with all of the convolutions that can multiplying bfloat16, and what can be stored so.
  private func checkBFloat16(
    _ item: Case, on set: InstructionSet, orders: [vn_chain_order], _ location: SourceLocation
  ) {
    let pairs = item.pairs
    let last = item.convolutions[item.convolutions.count - 1]
    let expected = item.apart(executor(set, threads: 1), pairs: pairs)
    let plain = item.apart(executor(set, threads: 1), pairs: pairs, avoidsInstructions: true)
    let isClamp = [VN_IDENTITY, VN_RELU, VN_CLIP].contains(last.conv.activation)
    let isPairs = pairs[pairs.count - 1]
    let canRound = last.conv.o % 2 == 0 && (isPairs ? isClamp : last.conv.groups > 1)
    for order in orders {
      for threads in [1, 2, 5] {
        #expect(
          item.together(order, executor(set, threads: threads), pairs: pairs) == expected,
          "bfloat16, order \(order.rawValue) with \(threads) threads: \(last.conv)", sourceLocation: location)
        let storage = BFloat16Case.Storage(
          x: pairs[0], residual: isPairs && last.residual != nil && last.conv.o % 2 == 0, y: canRound)
        for avoids in [false, true] {
          let rounded = (avoids ? plain : expected).map {
            $0 == ConvolutionCase.gap || !canRound ? $0 : BFloat16Case.rounded($0)
          }
          let stored = item.together(
            order, executor(set, threads: threads), pairs: pairs, storage: storage, avoidsInstructions: avoids
          )
          #expect(
            stored == rounded,
            "\(storage), order \(order.rawValue) with \(threads) threads: \(last.conv)",
            sourceLocation: location)
        }
      }
    }
  }

  /// Expand, depthwise and project of an inverted residual block.
  private func block(
    n: Int = 1, h: Int, w: Int, c: Int, expanded: Int, o: Int?, kernel: Int = 3, stride: Int = 1,
    dilation: Int = 1, pads: (Int, Int, Int, Int)? = nil, front: Int = 1, frontStride: Int = 1, gap: Int = 0,
    activation: vn_unary_op = VN_CLIP
  ) -> [vn_conv] {
    let first = vn_conv(
      n: n, h: h, w: w, c: c, o: expanded, kernel: (front, front), stride: (frontStride, frontStride),
      gap: gap, activation: activation, alpha: 0, beta: 1)
    let middle = vn_conv(
      n: n, h: Int(first.oh), w: Int(first.ow), c: expanded, o: expanded, kernel: (kernel, kernel),
      stride: (stride, stride), dilation: (dilation, dilation), pads: pads, groups: expanded,
      activation: activation, alpha: 0, beta: 1)
    guard let o else { return dense(first, middle) }
    let last = vn_conv(
      n: n, h: Int(middle.oh), w: Int(middle.ow), c: expanded, o: o, kernel: (1, 1), gap: gap)
    return dense(first, middle, last)
  }

  /// What lies between is dense where the convolutions run one after the other.
  private func dense(_ convs: vn_conv...) -> [vn_conv] {
    var convs = convs
    for i in 1..<convs.count {
      let (pixel, row, image) = (
        Int64(convs[i].c), Int64(convs[i].c * convs[i].w), Int64(convs[i].c * convs[i].w * convs[i].h)
      )
      (convs[i - 1].y_pixel, convs[i - 1].y_row, convs[i - 1].y_image) = (pixel, row, image)
      (convs[i].x_pixel, convs[i].x_row, convs[i].x_image) = (pixel, row, image)
    }
    return convs
  }

  @Test(arguments: InstructionSet.supported)
  func everyRemainderOfChannels(_ set: InstructionSet) {
    for expanded in 2...(4 * set.lanes + 1) {
      check(
        block(h: 6, w: 7, c: 5, expanded: expanded, o: expanded % 9 + 1), on: set,
        residual: expanded % 2 == 0)
      check(
        block(h: 6, w: 7, c: 5, expanded: expanded, o: nil), on: set,
        orders: [VN_CHAIN_BY_ROWS, VN_CHAIN_BY_CHANNELS])
    }
  }

  @Test(arguments: InstructionSet.supported)
  func everyWidthAndHeight(_ set: InstructionSet) {
    for side in 1...31 {
      check(block(h: 32 - side, w: side, c: 3, expanded: 20, o: 6), on: set)
      check(
        block(h: 32 - side, w: side, c: 3, expanded: 2 * set.lanes + 3, o: nil, kernel: 5), on: set,
        orders: [VN_CHAIN_BY_ROWS, VN_CHAIN_BY_CHANNELS])
    }
  }

  @Test(arguments: InstructionSet.supported)
  func stridesDilationsAndPadding(_ set: InstructionSet) {
    let both = [VN_CHAIN_BY_ROWS, VN_CHAIN_BY_CHANNELS]
    for (kernel, stride, dilation) in [
      (3, 2, 1), (5, 2, 1), (3, 1, 2), (3, 2, 3), (5, 3, 1), (2, 4, 1), (1, 2, 1), (7, 1, 1),
    ] {
      for pads in [(0, 0, 0, 0), (1, 1, 1, 1), (2, 0, 1, 3), (0, 2, 3, 1)] {
        let (h, w) = (17, 15)
        check(
          block(
            h: h, w: w, c: 4, expanded: 37, o: 9, kernel: kernel, stride: stride, dilation: dilation,
            pads: pads),
          on: set, residual: true)
        check(
          block(
            h: h, w: w, c: 4, expanded: 37, o: nil, kernel: kernel, stride: stride, dilation: dilation,
            pads: pads),
          on: set, residual: true, orders: both)
      }
    }
  }

  /// The first layers of a network: a 3 × 3 of few channels, whose runs at the border are copied.
  @Test(arguments: InstructionSet.supported)
  func otherConvolutionsInFront(_ set: InstructionSet) {
    for (c, front, stride) in [(3, 3, 2), (1, 5, 1), (3, 7, 2), (12, 3, 1), (40, 3, 2)] {
      check(block(h: 21, w: 26, c: c, expanded: 32, o: 16, front: front, frontStride: stride), on: set)
      check(
        block(h: 20, w: 19, c: c, expanded: 70, o: nil, stride: 2, front: front, frontStride: stride), on: set
      )
    }
  }

  @Test(arguments: InstructionSet.supported)
  func withoutAFront(_ set: InstructionSet) {
    for (c, h, w) in [(8, 9, 11), (33, 30, 14), (100, 14, 14)] {
      let middle = vn_conv(n: 2, h: h, w: w, c: c, o: c, groups: c, gap: 3, activation: VN_RELU)
      let last = vn_conv(n: 2, h: h, w: w, c: c, o: 19, kernel: (1, 1), gap: 2)
      check(dense(middle, last), on: set, residual: true)
    }
  }

  @Test(arguments: InstructionSet.supported)
  func batchesActivationsAndGaps(_ set: InstructionSet) {
    for activation in [VN_RELU, VN_HARD_SWISH, VN_LEAKY_RELU, VN_IDENTITY] {
      for n in [1, 3, 11] {
        check(
          block(n: n, h: 9, w: 8, c: 6, expanded: 50, o: 12, gap: 3, activation: activation), on: set,
          biases: n != 3, residual: n == 11)
        check(
          block(n: n, h: 9, w: 8, c: 6, expanded: 150, o: nil, gap: 1, activation: activation), on: set,
          biases: n != 3, orders: [VN_CHAIN_BY_ROWS, VN_CHAIN_BY_CHANNELS])
      }
    }
  }

  /// Blocks of rows, panels and parts of an image; sums in several parts.
  @Test(arguments: InstructionSet.supported)
  func largerOnes(_ set: InstructionSet) {
    check(block(h: 56, w: 56, c: 24, expanded: 144, o: 24), on: set, residual: true)
    check(block(h: 57, w: 43, c: 24, expanded: 144, o: 40, kernel: 5, stride: 2), on: set)
    check(block(h: 7, w: 7, c: 1400, expanded: 100, o: nil), on: set, orders: [VN_CHAIN_BY_CHANNELS])
    check(block(h: 8, w: 6, c: 10, expanded: 1500, o: 20), on: set)
  }

  @Test(arguments: InstructionSet.supported)
  func randomOnes(_ set: InstructionSet) {
    var numbers = Numbers(seed: 21)
    for seed in 1...60 {
      let stride = numbers.integer(1...3), project = numbers.integer(0...2) > 0
      let kernel = [1, 2, 3, 5][numbers.integer(0...3)]
      let pads = (
        numbers.integer(0...2), numbers.integer(0...2), numbers.integer(0...2), numbers.integer(0...2)
      )
      check(
        block(
          n: numbers.integer(1...3), h: numbers.integer(5...40), w: numbers.integer(5...40),
          c: numbers.integer(1...40), expanded: numbers.integer(2...120),
          o: project ? numbers.integer(1...40) : nil,
          kernel: kernel, stride: stride, pads: pads, gap: numbers.integer(0...2)), on: set,
        biases: seed % 2 == 0, residual: seed % 3 == 0, seed: seed,
        orders: project ? [VN_CHAIN_BY_ROWS] : [VN_CHAIN_BY_ROWS, VN_CHAIN_BY_CHANNELS])
    }
  }

  @Test func whatCannotBeChained() {
    var numbers = Numbers(seed: 1)
    func applies(_ convs: [vn_conv], _ order: vn_chain_order) -> Bool {
      var chain = Case(convs, numbers: &numbers).chain
      return vn_chain_applies(&chain, order)
    }
    let good = block(h: 8, w: 8, c: 4, expanded: 12, o: 6)
    #expect(applies(good, VN_CHAIN_BY_ROWS))
    #expect(!applies(good, VN_CHAIN_BY_CHANNELS))
    #expect(!applies(good, VN_CHAIN_APART))
    // Channels that do not meet, groups that are neither one nor all, no depthwise convolution.
    var other = good
    other[1] = vn_conv(h: 8, w: 8, c: 13, o: 13, groups: 13)
    #expect(!applies(other, VN_CHAIN_BY_ROWS))
    other[1] = vn_conv(h: 8, w: 8, c: 12, o: 12, groups: 3)
    #expect(!applies(other, VN_CHAIN_BY_ROWS))
    other[1] = vn_conv(h: 8, w: 8, c: 12, o: 12)
    #expect(!applies(other, VN_CHAIN_BY_ROWS))
    // What follows the depthwise one must be 1 × 1 and of one group.
    other = good
    other[2] = vn_conv(h: 8, w: 8, c: 12, o: 6, kernel: (3, 3))
    #expect(!applies(other, VN_CHAIN_BY_ROWS))
  }
}
