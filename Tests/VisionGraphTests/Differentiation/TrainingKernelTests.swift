import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// The kernels of what only training graphs have, against the references: odd sizes, tails, strides, groups.
@Suite struct TrainingKernelTests {
  /// One convolution x → y.
  struct Convolution: Sendable, CustomTestStringConvertible {
    var x: Shape
    var outputs: Int
    var kernel: [Int]
    var strides = [1, 1]
    var dilations = [1, 1]
    var pads = [0, 0, 0, 0]
    var groups = 1

    var window: Window {
      Window(kernel: kernel, strides: strides, dilations: dilations, padding: .explicit(pads))
    }
    var weights: Shape { Shape([outputs, x[1] / groups] + kernel) }
    var testDescription: String {
      "\(x) \(weights) strides \(strides) dilations \(dilations) pads \(pads) groups \(groups)"
    }
  }

  static let convolutions: [Convolution] = [
    Convolution(x: [2, 3, 9, 11], outputs: 5, kernel: [3, 3], pads: [1, 1, 1, 1]),
    Convolution(x: [1, 3, 19, 17], outputs: 33, kernel: [7, 7], strides: [2, 2], pads: [3, 3, 3, 3]),
    Convolution(x: [2, 16, 7, 7], outputs: 40, kernel: [3, 3], pads: [1, 1, 1, 1]),
    Convolution(x: [3, 20, 8, 8], outputs: 17, kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1]),
    Convolution(x: [2, 33, 9, 7], outputs: 35, kernel: [1, 1]),
    Convolution(x: [2, 70, 9, 7], outputs: 35, kernel: [1, 1]),
    Convolution(x: [3, 100, 23, 21], outputs: 19, kernel: [1, 1]),
    Convolution(x: [2, 18, 9, 8], outputs: 50, kernel: [1, 1], strides: [2, 2]),
    Convolution(x: [1, 12, 11, 10], outputs: 7, kernel: [2, 4], strides: [3, 1], pads: [0, 2, 1, 1]),
    Convolution(x: [1, 9, 13, 12], outputs: 6, kernel: [3, 3], dilations: [2, 3], pads: [2, 3, 2, 3]),
    Convolution(
      x: [1, 9, 14, 13], outputs: 6, kernel: [3, 2], strides: [2, 3], dilations: [2, 2], pads: [1, 1, 1, 1]),
    Convolution(x: [2, 12, 6, 6], outputs: 18, kernel: [3, 3], pads: [1, 1, 1, 1], groups: 3),
    Convolution(
      x: [2, 8, 6, 7], outputs: 16, kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], groups: 8),
    Convolution(x: [2, 24, 9, 10], outputs: 24, kernel: [3, 3], pads: [1, 1, 1, 1], groups: 24),
    Convolution(
      x: [2, 70, 9, 8], outputs: 70, kernel: [3, 3], strides: [2, 2], pads: [0, 0, 1, 1], groups: 70),
    Convolution(
      x: [1, 19, 10, 9], outputs: 19, kernel: [5, 5], strides: [2, 2], pads: [2, 2, 2, 2], groups: 19),
    Convolution(x: [1, 7, 9, 9], outputs: 7, kernel: [5, 5], pads: [2, 2, 2, 2], groups: 7),
    Convolution(
      x: [1, 6, 9, 9], outputs: 6, kernel: [3, 4], dilations: [1, 2], pads: [1, 1, 1, 1], groups: 6),
    // Images enough for all residues of the stride at once.
    Convolution(
      x: [8, 19, 9, 10], outputs: 19, kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], groups: 19),
    Convolution(
      x: [9, 33, 8, 7], outputs: 33, kernel: [5, 5], strides: [2, 2], pads: [2, 2, 2, 2], groups: 33),
    Convolution(
      x: [8, 6, 10, 9], outputs: 6, kernel: [3, 4], strides: [3, 2], pads: [0, 1, 1, 2], groups: 6),
    Convolution(x: [8, 70, 7, 7], outputs: 70, kernel: [2, 2], strides: [2, 2], groups: 70),
    Convolution(x: [5, 30, 1, 1], outputs: 11, kernel: [1, 1]),
    // Several chunks of pixels, and sums that are blocked.
    Convolution(x: [1, 5, 40, 37], outputs: 6, kernel: [3, 3], pads: [1, 1, 1, 1]),
    Convolution(x: [1, 200, 5, 5], outputs: 70, kernel: [3, 3], pads: [1, 1, 1, 1]),
  ]

  @Test(arguments: convolutions) func convolutionInput(_ convolution: Convolution) throws {
    let w = random(convolution.weights, 1)
    let conv = Conv(window: convolution.window, groups: convolution.groups)
    let y = try conv.outputs([Fact(.float32, convolution.x), Fact(.float32, w.shape)])[0].shape
    let shape = Tensor(convolution.x.map { Int64($0) })
    try checkOperator(
      ConvInputGradient(window: convolution.window, groups: convolution.groups), [random(y, 2), w, shape],
      constants: [2], kernelTolerance: 1e-6, roundTrips: false)
  }

  @Test(arguments: convolutions) func convolutionWeights(_ convolution: Convolution) throws {
    let conv = Conv(window: convolution.window, groups: convolution.groups)
    let y = try conv.outputs([Fact(.float32, convolution.x), Fact(.float32, convolution.weights)])[0].shape
    try checkOperator(
      ConvWeightGradient(window: convolution.window, groups: convolution.groups),
      [random(convolution.x, 1), random(y, 2)], kernelTolerance: 1e-6, roundTrips: false)
  }

  /// Those that kernels compute in one walk, and those that only the reference does.
  @Test(
    arguments: convolutions + [
      Convolution(x: [2, 35, 9, 7], outputs: 48, kernel: [1, 1]),
      Convolution(x: [3, 64, 23, 21], outputs: 19, kernel: [1, 1]),
      Convolution(x: [1, 1, 3, 2], outputs: 16, kernel: [1, 1]),
    ])
  func convolutionGradients(_ convolution: Convolution) throws {
    let w = random(convolution.weights, 1)
    let conv = Conv(window: convolution.window, groups: convolution.groups)
    let y = try conv.outputs([Fact(.float32, convolution.x), Fact(.float32, w.shape)])[0].shape
    try checkOperator(
      ConvGradients(window: convolution.window, groups: convolution.groups),
      [random(y, 2), w, random(convolution.x, 3)], kernelTolerance: 1e-6, roundTrips: false)
  }

  @Test(arguments: convolutions) func convolutionWithChangingWeights(_ convolution: Convolution) throws {
    try checkOperator(
      Conv(window: convolution.window, groups: convolution.groups),
      [random(convolution.x, 1), random(convolution.weights, 2), random([convolution.outputs], 3)],
      kernelTolerance: 1e-6)
  }

  @Test(
    arguments: [[3, 5, 4, 3], [2, 16, 7, 5], [1, 33, 40, 31], [9, 130, 1, 1], [37, 20], [2, 3, 4]] as [Shape],
    [nil, Clamp(low: 0, high: .infinity), Clamp(low: 0, high: 1)])
  func batchNormalization(_ shape: Shape, _ clamp: Clamp?) throws {
    let c = shape[1]
    let (x, scale, bias) = (shifted(random(shape, 1)), random([c], 2), random([c], 3))
    for hasResidual in [false, true] {
      let residual = hasResidual ? [random(shape, 4)] : []
      let op = BatchNormalizationTraining(epsilon: 1e-3, clamp: clamp, hasResidual: hasResidual)
      try checkOperator(op, [x, scale, bias] + residual, kernelTolerance: 2e-6, roundTrips: false)
      let results = try op.evaluate([x, scale, bias] + residual)
      let fixed = BatchNormalizationFixed(epsilon: 1e-3, clamp: clamp, hasResidual: hasResidual)
      try checkOperator(
        fixed, [x, scale, bias, results[1], results[2]] + residual, kernelTolerance: 2e-6, roundTrips: false)
      for ofBatch in [false, true] {
        let gradient = BatchNormalizationGradient(
          epsilon: 1e-3, ofBatch: ofBatch, clamp: clamp, hasResidual: hasResidual)
        let rest = clamp == nil ? [] : [bias, results[0]]
        try checkOperator(
          gradient, [random(shape, 5), x, scale, results[1], results[2]] + rest, kernelTolerance: 3e-6,
          roundTrips: false)
      }
    }
  }

  @Test func runningStatistics() throws {
    let vectors = (0..<4).map { random([19], $0) }
    try checkOperator(
      RunningStatistics(momentum: 0.9), vectors + [Tensor([3, 19, 2, 2] as [Int64])], constants: [4],
      roundTrips: false)
  }

  @Test func dropout() throws {
    let keys = Tensor([7, 1, 3, 7, 1, 900, 8, -2, 5] as [Int64], shape: [3, 3])
    // The last two have more elements in a sample than are decided about at once, with a rest, and just as many.
    for shape in [[3, 5, 3, 2], [6, 7], [3, 1], [6, 301], [3, 64]] as [Shape] {
      for ratio in [0, 0.3, 0.999_999_9, 1] as [Float] {
        try checkOperator(
          DropoutTraining(site: 5), [random(shape, 1), Tensor(scalar: ratio), keys], constants: [1],
          roundTrips: false)
      }
    }
  }

  @Test func elementwise() throws {
    for shape in [[3, 5, 4, 3], [129], [2, 17]] as [Shape] {
      let (g, v) = (random(shape, 1), random(shape, 2))
      try checkOperator(UnaryGradient(Relu()), [g, v], roundTrips: false)
      try checkOperator(UnaryGradient(Sigmoid()), [g, v], roundTrips: false)
      try checkOperator(UnaryGradient(Tanh()), [g, v], roundTrips: false)
      try checkOperator(UnaryGradient(HardSwish()), [g, scaled(v, 4)], roundTrips: false)
      try checkOperator(UnaryGradient(HardSigmoid()), [g, scaled(v, 4)], roundTrips: false)
      try checkOperator(UnaryGradient(LeakyRelu(alpha: 0.1)), [g, v], roundTrips: false)
      try checkOperator(UnaryGradient(Swish(alpha: 1.5)), [g, scaled(v, 4)], roundTrips: false)
      try checkOperator(
        UnaryGradient(ActivationOperator(ElementFunction(.silu, 1))), [g, scaled(v, 4)], roundTrips: false)
      try checkOperator(
        ClipGradient(), [g, v, Tensor(scalar: Float(-0.5)), Tensor(scalar: Float(1))], constants: [2, 3],
        roundTrips: false)
    }
  }

  @Test func pooling() throws {
    for (x, kernel, strides, pads) in [
      ([2, 5, 9, 8], [3, 3], [2, 2], [1, 1, 1, 1]), ([1, 70, 8, 6], [2, 2], [2, 2], [0, 0, 0, 0]),
      ([2, 17, 7, 7], [3, 2], [1, 3], [1, 0, 0, 1]),
    ] as [(Shape, [Int], [Int], [Int])] {
      let window = Window(kernel: kernel, strides: strides, dilations: [1, 1], padding: .explicit(pads))
      let shape = Tensor(x.map { Int64($0) })
      let (max, average) = (MaxPool(window: window), AveragePool(window: window))
      let padded = AveragePool(window: window, countsPadding: true)
      let y = try max.outputs([Fact(.float32, x)])[0].shape
      // Equal elements, so that the first of them takes it all.
      let ties = Tensor(random(x, 2).floats.map { ($0 * 2).rounded() }, shape: x)
      try checkOperator(PoolingGradient(max), [random(y, 1), shape, ties], constants: [1], roundTrips: false)
      try checkOperator(PoolingGradient(average), [random(y, 1), shape], constants: [1], roundTrips: false)
      try checkOperator(PoolingGradient(padded), [random(y, 1), shape], constants: [1], roundTrips: false)
      let g = random([x[0], x[1], 1, 1], 3)
      try checkOperator(MeanGradient(), [g, shape], constants: [1], roundTrips: false)
      try checkOperator(GlobalPoolingGradient(GlobalMaxPool()), [g, ties], roundTrips: false)
    }
  }

  @Test func crossEntropy() throws {
    for (rows, classes) in [(3, 10), (1, 2), (17, 100)] {
      let logits = scaled(random([rows, classes], 1), 3)
      let labels = Tensor((0..<rows).map { Int64($0 * 7 % classes) })
      let weights = Tensor(random([classes], 2).floats.map { $0.magnitude + 0.1 })
      let raw = random([rows, classes], 3).floats.map(\.magnitude)
      let targets = Tensor(raw, shape: [rows, classes])
      let g = Tensor(scalar: Float(0.7))
      for smoothing in [0, 0.1] as [Float] {
        for reduction in [.mean, .sum] as [LossReduction] {
          for ignored in [nil, 0] {
            let loss = SoftmaxCrossEntropy(
              labelSmoothing: smoothing, ignoredClass: ignored, reduction: reduction)
            if ignored != nil && rows == 1 { continue }
            for target in [labels, targets] {
              for weights in [nil, weights] {
                try checkOperator(loss, [logits, target, weights], constants: [1], roundTrips: false)
                try checkOperator(
                  LossGradient(loss), [g, logits, target, weights], constants: [2], roundTrips: false)
              }
            }
          }
        }
      }
    }
  }

  @Test func resizesBack() throws {
    for mode in [ResizeSampling.Mode.nearest, .linear, .cubic] {
      for (from, to) in [([3, 5], [6, 10]), ([5, 4], [9, 3]), ([7, 6], [2, 13])] as [([Int], [Int])] {
        let resize = Resize(ResizeSampling(mode: mode, coordinates: .asymmetric, rounding: .floor))
        let shape = Tensor(([2, 20] + from).map { Int64($0) })
        let sizes = Tensor(([2, 20] + to).map { Int64($0) })
        try checkOperator(
          ResizeGradient(resize), [random(Shape([2, 20] + to), 1), shape, nil, nil, sizes],
          constants: [1, 4], roundTrips: false)
      }
    }
  }

  @Test func sums() throws {
    for shape in [[3, 20, 5, 4], [300, 17], [1, 64, 40, 30]] as [Shape] {
      let axes = Tensor(([0] + (2..<shape.rank)).map { Int64($0) })
      try checkOperator(
        ReduceSum(keepsDimensions: false), [random(shape, 1), axes], constants: [1])
    }
    try checkOperator(
      SumToShape(), [random([40, 19], 1), Tensor([19] as [Int64])], constants: [1], roundTrips: false)
  }

  private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
    Tensor(Philox(seed: seed).normal(count: shape.elementCount), shape: shape)
  }

  private func scaled(_ tensor: Tensor, _ factor: Float) -> Tensor {
    Tensor(tensor.floats.map { $0 * factor }, shape: tensor.shape)
  }

  /// Far from zero, where careless sums of squares go wrong.
  private func shifted(_ tensor: Tensor) -> Tensor {
    Tensor(tensor.floats.map { $0 + 3 }, shape: tensor.shape)
  }
}
