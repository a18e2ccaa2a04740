import CVisionKernels
import Testing
import VisionCompute

/// A convolution, maxima over windows, and a 1 × 1 or nothing: against the same one after the other, not a bit may differ.
@Suite struct ChainPoolTests {
  private struct Case {
    var order = VN_CHAIN_BY_ROWS
    var front: ConvolutionCase
    /// The extents of the maxima as those of a depthwise convolution.
    var pool: vn_conv
    var back: ConvolutionCase?

    var chain: vn_chain {
      var chain = vn_chain()
      chain.count = back == nil ? 2 : 3
      chain.conv.0 = front.conv
      chain.conv.1 = pool
      if let back { chain.conv.2 = back.conv }
      chain.pools.1 = true
      return chain
    }

    func apart(_ executor: Executor) -> [Float] {
      var window = vn_window()
      (window.n, window.h, window.w, window.c) = (pool.n, pool.h, pool.w, pool.c)
      (window.oh, window.ow, window.kh, window.kw) = (pool.oh, pool.ow, pool.kh, pool.kw)
      (window.stride_h, window.stride_w) = (pool.stride_h, pool.stride_w)
      (window.dilation_h, window.dilation_w) = (1, 1)
      (window.pad_top, window.pad_left) = (pool.pad_top, pool.pad_left)
      (window.x_pixel, window.x_row, window.x_image) = (pool.x_pixel, pool.x_row, pool.x_image)
      (window.y_pixel, window.y_row, window.y_image) = (pool.y_pixel, pool.y_row, pool.y_image)
      var y = [Float](repeating: ConvolutionCase.gap, count: Int(pool.y_image) * Int(pool.n))
      let first = order == VN_CHAIN_BY_TILES ? front.runWinograd(executor) : front.run(executor)
      vn_max_pool(executor.kernels, &window, first, &y, executor.pool)
      guard var back else { return y }
      back.x = y
      return back.run(executor)
    }

    func together(_ executor: Executor) -> [Float] {
      let k = executor.kernels
      var chain = chain
      func packed(_ item: ConvolutionCase) -> [Float] {
        if order == VN_CHAIN_BY_TILES { return item.packedWinograd(k) }
        var conv = item.conv
        var packed = [Float](repeating: 0, count: vn_conv_packed_floats(k, &conv))
        vn_conv_pack(k, &conv, item.weights, &packed)
        return packed
      }
      let weights = (packed(front), back.map(packed) ?? [])
      var scratch = [Float](
        repeating: .nan,
        count: vn_chain_scratch_floats(k, &chain, order, Int32(executor.threads)))
      let last = back?.conv ?? pool
      var y = [Float](repeating: ConvolutionCase.gap, count: Int(last.y_image) * Int(last.n))
      weights.0.withUnsafeBufferPointer { first in
        weights.1.withUnsafeBufferPointer { second in
          (front.bias ?? []).withUnsafeBufferPointer { firstBias in
            (back?.bias ?? []).withUnsafeBufferPointer { secondBias in
              let weights = [first.baseAddress, nil, second.baseAddress]
              let biases = [
                front.bias == nil ? nil : firstBias.baseAddress, nil,
                back?.bias == nil ? nil : secondBias.baseAddress,
              ]
              vn_chain_run(
                k, &chain, order, front.x, weights, biases, back?.residual, &y, &scratch,
                executor.pool)
            }
          }
        }
      }
      return y
    }
  }

  private func check(
    n: Int = 1, h: Int, w: Int, c: Int = 3, middle: Int, o: Int? = nil, front: Int = 3, frontStride: Int = 1,
    kernel: Int = 3, stride: Int = 2, pads: (Int, Int, Int, Int) = (1, 1, 1, 1), gap: Int = 0,
    activation: vn_unary_op = VN_RELU, seed: Int = 1, order: vn_chain_order = VN_CHAIN_BY_ROWS,
    change: (inout ConvolutionCase) -> Void = { _ in }, on set: InstructionSet,
    _ location: SourceLocation = #_sourceLocation
  ) {
    var numbers = Numbers(seed: seed)
    let first = vn_conv(
      n: n, h: h, w: w, c: c, o: middle, kernel: (front, front), stride: (frontStride, frontStride),
      activation: activation, alpha: 0.1, beta: 1)
    var pool = vn_conv(
      n: n, h: Int(first.oh), w: Int(first.ow), c: middle, o: middle, kernel: (kernel, kernel),
      stride: (stride, stride), pads: pads, groups: middle, gap: gap, rowGap: gap)
    (pool.x_pixel, pool.x_row, pool.x_image) = (first.y_pixel, first.y_row, first.y_image)
    let back = o.map { vn_conv(n: n, h: Int(pool.oh), w: Int(pool.ow), c: middle, o: $0, kernel: (1, 1)) }
    var item = Case(
      order: order, front: ConvolutionCase(first, bias: seed % 2 == 0, residual: false, numbers: &numbers),
      pool: pool,
      back: back.map { ConvolutionCase($0, bias: seed % 3 == 0, residual: seed % 5 == 0, numbers: &numbers) })
    change(&item.front)
    var chain = item.chain
    #expect(vn_chain_applies(&chain, order), sourceLocation: location)
    let expected = item.apart(executor(set, threads: 1))
    for threads in [1, 2, 5] {
      #expect(
        item.together(executor(set, threads: threads)).map(\.bitPattern) == expected.map(\.bitPattern),
        "\(threads) threads: \(first) \(pool)", sourceLocation: location)
    }
  }

  /// The first layers of ResNet and SqueezeNet.
  @Test(arguments: InstructionSet.supported) func firstLayers(_ set: InstructionSet) {
    check(h: 96, w: 80, middle: 64, front: 7, frontStride: 2, on: set)
    check(h: 95, w: 83, middle: 64, front: 3, frontStride: 2, pads: (0, 0, 0, 0), on: set)
    check(n: 3, h: 40, w: 33, middle: 64, o: 16, frontStride: 2, pads: (0, 0, 1, 1), seed: 30, on: set)
  }

  @Test(arguments: InstructionSet.supported) func everyRemainderOfChannels(_ set: InstructionSet) {
    for middle in 2...(4 * set.lanes + 1) {
      check(
        h: 9, w: 12, c: middle % 4 + 1, middle: middle, o: middle % 3 == 0 ? 7 : nil, seed: middle, on: set)
    }
  }

  @Test(arguments: InstructionSet.supported) func everyWidthAndHeight(_ set: InstructionSet) {
    for side in 1...31 { check(h: 32 - side, w: side, middle: 20, seed: side, on: set) }
  }

  @Test(arguments: InstructionSet.supported) func windowsOfEveryKind(_ set: InstructionSet) {
    for (kernel, stride) in [(1, 1), (2, 2), (3, 1), (3, 3), (2, 4), (5, 2), (5, 1)] {
      for pads in [(0, 0, 0, 0), (1, 1, 1, 1), (0, 2, 1, 0)] {
        check(h: 17, w: 15, middle: 37, kernel: kernel, stride: stride, pads: pads, seed: kernel, on: set)
      }
    }
    // Windows outside the image altogether.
    check(h: 6, w: 7, middle: 5, kernel: 2, stride: 1, pads: (3, 4, 3, 4), on: set)
  }

  @Test(arguments: InstructionSet.supported) func otherConvolutionsInFront(_ set: InstructionSet) {
    for (c, front, stride) in [(1, 5, 1), (12, 3, 1), (40, 3, 2), (24, 1, 1)] {
      for activation in [VN_IDENTITY, VN_CLIP, VN_HARD_SWISH] {
        check(
          n: 2, h: 21, w: 26, c: c, middle: 70, front: front, frontStride: stride, activation: activation,
          on: set)
      }
    }
  }

  /// Convolutions of Winograd's algorithm, whose tiles have their maxima taken.
  @Test(arguments: InstructionSet.supported) func byTiles(_ set: InstructionSet) {
    func check(
      n: Int = 1, h: Int, w: Int, c: Int = 32, o: Int = 20, gap: Int = 0, activation: vn_unary_op = VN_RELU,
      seed: Int = 1, change: (inout ConvolutionCase) -> Void = { _ in },
      _ location: SourceLocation = #_sourceLocation
    ) {
      self.check(
        n: n, h: h, w: w, c: c, middle: o, kernel: 2, pads: (0, 0, 0, 0), gap: gap, activation: activation,
        seed: seed, order: VN_CHAIN_BY_TILES, change: change, on: set, location)
    }
    // Every remainder of both sides, few tiles and many.
    for side in 2...14 { check(h: side, w: 16 - side, seed: side) }
    for side in 20...33 { check(n: 2, h: side, w: 53 - side, seed: side) }
    for outputs in 1...(4 * set.lanes + 1) { check(h: 9, w: 7, o: outputs, seed: outputs) }
    for outputs in 1...(2 * set.lanes + 1) { check(n: 4, h: 14, w: 13, o: outputs, seed: outputs) }
    check(n: 4, h: 26, w: 27, c: 70, o: 33, gap: 3)
    check(h: 9, w: 10, c: 40, o: 33, gap: 5)
    for activation in [VN_IDENTITY, VN_CLIP] { check(n: 4, h: 13, w: 14, activation: activation) }
    check(n: 4, h: 15, w: 14, activation: VN_IDENTITY) { $0.x[1000] = .nan }
    check(h: 9, w: 9) { $0.x[500] = -.infinity }
  }

  @Test func whatTilesCannotTake() {
    func applies(_ change: (inout vn_chain) -> Void) -> Bool {
      var chain = vn_chain()
      chain.count = 2
      chain.conv.0 = vn_conv(h: 20, w: 21, c: 16, o: 12, activation: VN_RELU)
      chain.conv.1 = vn_conv(
        h: 20, w: 21, c: 12, o: 12, kernel: (2, 2), stride: (2, 2), pads: (0, 0, 0, 0), groups: 12)
      chain.pools.1 = true
      change(&chain)
      return vn_chain_applies(&chain, VN_CHAIN_BY_TILES)
    }
    #expect(applies { _ in })
    #expect(!applies { $0.conv.0.activation = VN_HARD_SWISH })
    #expect(!applies { $0.conv.0.dilation_h = 2 })
    #expect(!applies { $0.conv.0.stride_h = 2 })
    #expect(!applies { $0.conv.1.stride_w = 1 })
    #expect(!applies { $0.conv.1.kh = 3 })
    #expect(!applies { $0.conv.1.pad_left = 1 })
    // Windows that reach over the edge.
    #expect(!applies { $0.conv.1.ow += 1 })
    #expect(!applies { $0.pools.1 = false })
    #expect(!applies { $0.pairs.0 = true })
    #expect(!applies { $0.y_is_bf16 = true })
    // Tiles of 2 × 2.
    #expect(
      !applies {
        $0.conv.0 = vn_conv(h: 6, w: 6, c: 200, o: 200)
        $0.conv.1 = vn_conv(
          h: 6, w: 6, c: 200, o: 200, kernel: (2, 2), stride: (2, 2), pads: (0, 0, 0, 0), groups: 200)
      })
  }

  @Test func whatCannotBeChained() {
    func applies(_ change: (inout vn_chain) -> Void, _ order: vn_chain_order = VN_CHAIN_BY_ROWS) -> Bool {
      var chain = vn_chain()
      chain.count = 2
      chain.conv.0 = vn_conv(h: 9, w: 9, c: 4, o: 12)
      chain.conv.1 = vn_conv(h: 9, w: 9, c: 12, o: 12, groups: 12)
      chain.pools.1 = true
      change(&chain)
      return vn_chain_applies(&chain, order)
    }
    #expect(applies { _ in })
    #expect(!applies({ $0.conv.0 = vn_conv(h: 9, w: 9, c: 4, o: 12, kernel: (1, 1)) }, VN_CHAIN_BY_CHANNELS))
    #expect(!applies { $0.pools = (true, false, false) })
    #expect(!applies { $0.conv.1 = vn_conv(h: 9, w: 9, c: 12, o: 12, dilation: (2, 2), groups: 12) })
    #expect(!applies { $0.conv.1 = vn_conv(h: 9, w: 9, c: 12, o: 12, kernel: (6, 5), groups: 12) })
    #expect(!applies { $0.conv.1.activation = VN_RELU })
    #expect(!applies { $0.pairs.0 = true })
    #expect(!applies { $0.y_is_bf16 = true })
  }
}
