import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// The kernels of gradients beyond those of convolutions and normalizations of batches, against the references: odd sizes, tails,
/// axes in the middle, sums in several parts.
@Suite struct GradientKernelTests {
  private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
    Tensor(Philox(seed: seed).normal(count: shape.elementCount), shape: shape)
  }

  private func scaled(_ tensor: Tensor, _ factor: Float) -> Tensor {
    Tensor(tensor.floats.map { $0 * factor }, shape: tensor.shape)
  }

  private func ints(_ numbers: [Int]) -> Tensor { Tensor(numbers.map { Int64($0) }) }

  /// Checks that there is a kernel, and what it computes.
  private func check<Op: Operator>(
    _ op: Op, _ inputs: [Tensor?], constants: Set<Int> = [], tolerance: Double = 1e-6,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try expectKernel(op, inputs, constants: constants, sourceLocation: sourceLocation)
    try checkOperator(
      op, inputs, constants: constants, kernelTolerance: tolerance, roundTrips: false,
      sourceLocation: sourceLocation)
  }

  @Test(
    arguments: [
      ([5, 7], -1), ([3, 130], 1), ([2, 33, 5], 1), ([2, 3, 4, 70], -1), ([130, 3], 0), ([2, 5, 3, 67], 1),
      ([1, 1], 0),
    ] as [(Shape, Int)])
  func softmax(_ shape: Shape, _ axis: Int) throws {
    let (g, x) = (random(shape, 1), scaled(random(shape, 2), 3))
    let y = try Softmax(axis: axis).evaluate([x])[0]
    try check(SoftmaxGradient(Softmax(axis: axis)), [g, y])
    let logarithm = try LogSoftmax(axis: axis).evaluate([x])[0]
    try check(SoftmaxGradient(LogSoftmax(axis: axis)), [g, logarithm], tolerance: 2e-6)
  }

  @Test(
    arguments: [
      ([7, 5], -1), ([2, 3, 19], -1), ([2, 3, 5, 7], 1), ([3, 1, 16], 2), ([700, 100], 1),
      ([2, 9, 3, 33], 3),
    ] as [(Shape, Int)])
  func layerNormalization(_ shape: Shape, _ axis: Int) throws {
    let extents = Shape(Array(shape.dimensions[(axis < 0 ? axis + shape.rank : axis)...]))
    let x = Tensor(random(shape, 1).floats.map { $0 + 3 }, shape: shape)
    let (scale, bias) = (random(extents, 2), random(extents, 3))
    try check(LayerNormalization(axis: axis), [x, scale, bias], tolerance: 2e-6)
    try check(LayerNormalization(axis: axis), [x, scale], tolerance: 2e-6)
    try check(
      LayerNormalization.Gradient(axis: axis, epsilon: 1e-3), [random(shape, 4), x, scale], tolerance: 3e-6)
  }

  @Test func aRepeatedScaleIsLeftToTheReference() throws {
    let x = random([2, 3, 4], 1)
    try checkOperator(
      LayerNormalization(axis: 1), [x, random([4], 2), random([3, 1], 3)], roundTrips: false)
    try checkOperator(
      LayerNormalization.Gradient(axis: 1), [random([2, 3, 4], 4), x, random([4], 2)], roundTrips: false)
  }

  @Test(
    arguments: [
      (
        [3, 20, 5, 4],
        [
          [20, 1, 1], [3, 20, 1, 1], [1, 20, 1, 1], [5, 4], [4], [1], [], [3, 1, 5, 1],
          [1, 1, 5, 1], [3, 20, 5, 4], [1, 20, 1, 4], [3, 1, 5, 4],
        ]
      ),
      ([40, 19], [[19], [40, 1], [1, 19], [1, 1]]), ([2, 70, 33], [[2, 70, 1], [70, 33], [33], [70, 1]]),
      ([1, 64, 40, 30], [[1, 64, 1, 1], [64, 1, 1]]),
    ] as [(Shape, [Shape])])
  func sums(_ shape: Shape, _ targets: [Shape]) throws {
    // Mostly of one sign: what cancels has no digits to compare.
    let x = Tensor(random(shape, 1).floats.map { $0 + 2 }, shape: shape)
    for target in targets {
      try check(SumToShape(), [x, ints(target.dimensions)], constants: [1])
    }
  }

  @Test func slices() throws {
    let shape: Shape = [2, 5, 6, 7]
    for (starts, ends, axes, steps) in [
      ([1, 0], [4, 6], [1, 2], [1, 2]), ([-1], [-9], [3], [-2]), ([2], [3], [1], [5]), ([0], [1], [0], [1]),
      ([4, 5, 6], [-9, -9, -9], [1, 2, 3], [-3, -1, -2]),
    ] as [([Int], [Int], [Int], [Int])] {
      let places = [ints(starts), ints(ends), ints(axes), ints(steps)]
      let y = try Slice().evaluate([random(shape, 1)] + places)[0].shape
      try check(
        MovementGradient(Slice()), [random(y, 2), ints(shape.dimensions)] + places,
        constants: [1, 2, 3, 4, 5])
    }
  }

  @Test func gathering() throws {
    let shape: Shape = [3, 5, 4]
    for (axis, indices) in [
      (1, Tensor([2, 0, 2, -1] as [Int64], shape: [2, 2])), (0, Tensor(scalar: Int64(-2))),
      (2, Tensor([3, 3] as [Int32])), (1, Tensor([4] as [Int64])),
    ] {
      let y = try Gather(axis: axis).evaluate([random(shape, 1), indices])[0].shape
      for constants in [[1], [1, 2]] as [Set<Int>] {
        try check(
          MovementGradient(Gather(axis: axis)), [random(y, 2), ints(shape.dimensions), indices],
          constants: constants)
      }
    }
  }

  @Test func functionsOfOneElement() throws {
    for shape in [[3, 5, 4, 3], [129]] as [Shape] {
      let (g, v) = (random(shape, 1), scaled(random(shape, 2), 3))
      try check(UnaryGradient(Gelu()), [g, v])
      try check(UnaryGradient(Gelu(approximation: .tanh)), [g, v])
      try check(UnaryGradient(Erf()), [g, v])
      try check(UnaryGradient(Softplus()), [g, v])
      try check(UnaryGradient(Elu(alpha: 0.7)), [g, v])
    }
    // Where everything has saturated.
    let far = Tensor([-.infinity, -200, -31, -12, 0, 12, 31, 200, .infinity] as [Float])
    let ones = Tensor(repeating: Float(1), shape: [9])
    try check(UnaryGradient(Gelu()), [ones, far])
    try check(UnaryGradient(Gelu(approximation: .tanh)), [ones, far])
    try check(UnaryGradient(Erf()), [ones, far])
  }

  @Test(arguments: [[3, 5, 4, 3], [9000], [7, 10]] as [Shape], [LossReduction.mean, .sum])
  func losses(_ shape: Shape, _ reduction: LossReduction) throws {
    let (p, t, g) = (scaled(random(shape, 1), 2), random(shape, 2), Tensor(scalar: Float(0.7)))
    let shares = Tensor(t.floats.map { min($0.magnitude, 1) }, shape: shape)
    // Of the last axis, and none.
    let weights: [Tensor?] = [
      nil, Tensor(random([shape[shape.rank - 1]], 3).floats.map { $0.magnitude + 0.1 }),
    ]
    for weights in weights {
      func both<Loss: LossOperator>(_ loss: Loss, _ target: Tensor) throws {
        try check(loss, [p, target, weights], constants: [])
        try check(LossGradient(loss), [g, p, target, weights])
      }
      try both(MeanSquaredError(reduction: reduction), t)
      try both(MeanAbsoluteError(reduction: reduction), t)
      try both(HuberLoss(delta: 0.8, reduction: reduction), t)
      try both(BinaryCrossEntropy(reduction: reduction), shares)
      try both(BinaryCrossEntropy(labelSmoothing: 0.1, reduction: reduction), shares)
    }
  }

  /// An LSTM, and which of its inputs and gradients there are.
  struct Recurrence: Sendable, CustomTestStringConvertible {
    var hidden: Int
    var steps: Int
    var batch: Int
    var features: Int
    var direction = RecurrentForm.Direction.forward
    var clip: Float?
    var isBatchFirst = false
    var lengths: [Int32]?
    var isBare = false
    var gradients = [true, true, true]
    var testDescription: String { "\(hidden) × \(steps) × \(batch) × \(features), \(direction)" }
  }

  @Test(
    arguments: [
      Recurrence(hidden: 5, steps: 3, batch: 2, features: 4, direction: .bidirectional),
      Recurrence(hidden: 19, steps: 4, batch: 3, features: 7, direction: .reverse, lengths: [4, 1, 0]),
      Recurrence(hidden: 16, steps: 3, batch: 1, features: 33, clip: 0.4, isBatchFirst: true),
      Recurrence(
        hidden: 8, steps: 2, batch: 3, features: 3, direction: .bidirectional, isBatchFirst: true,
        lengths: [2, 1, 2],
        gradients: [true, false, true]),
      Recurrence(
        hidden: 33, steps: 5, batch: 2, features: 20, isBare: true, gradients: [true, false, false]),
      Recurrence(hidden: 3, steps: 1, batch: 1, features: 1, isBare: true, gradients: [false, true, true]),
      Recurrence(hidden: 130, steps: 2, batch: 70, features: 9),
    ])
  func lstm(_ shape: Recurrence) throws {
    let op = LSTM(
      recurrentForm(
        LSTM.self, hidden: shape.hidden, direction: shape.direction, clip: shape.clip,
        isBatchFirst: shape.isBatchFirst))
    let inputs = recurrentInputs(
      op, steps: shape.steps, batch: shape.batch, features: shape.features, biases: !shape.isBare,
      lengths: shape.lengths, states: !shape.isBare, cells: !shape.isBare)
    let outputs = try op.evaluate(inputs)
    let gradients = outputs.enumerated().map { index, y in
      shape.gradients[index] ? random(y.shape, UInt64(index + 30)) : nil
    }
    try check(RecurrentGradient(op), gradients + inputs, tolerance: 5e-6)
  }
}
