import Testing
import VisionGraph
import VisionSystem
import VisionTensor
import VisionTestSupport

@Suite struct QuantizedElementwiseTests {
  private func bytes(_ shape: Shape, seed: UInt64) -> Tensor {
    Tensor(
      Philox(seed: seed).uniform(count: shape.elementCount).map { UInt8(saturating: $0 * 255.99) },
      shape: shape)
  }

  /// (10 − 8) · 0.5 + (4 − 5) · 2 = −1 → −0.5 → 0 (to even); (30 − 8) · 0.5 + (9 − 5) · 2 = 19 → 9.5 → 10; far out.
  @Test func addsAndRounds() throws {
    let scales: [Tensor?] = [Tensor(scalar: Float(0.5)), Tensor(scalar: UInt8(8))]
    let others: [Tensor?] = [Tensor(scalar: Float(2)), Tensor(scalar: UInt8(5))]
    try checkOperator(
      QuantizedAdd(),
      [Tensor([10, 30, 255] as [UInt8])] + scales + [Tensor([4, 9, 255] as [UInt8])] + others + [
        Tensor(scalar: Float(2)), Tensor(scalar: UInt8(3)),
      ], constants: [1, 2, 4, 5, 6, 7], expected: [Tensor([3, 13, 255] as [UInt8])], roundTrips: false)
  }

  @Test(arguments: [Shape([67]), Shape([2, 5, 7, 3])]) func additionAgreesWithTheReference(shape: Shape)
    throws
  {
    try checkOperator(
      QuantizedAdd(clamp: Clamp(low: 0, high: 9)),
      [
        bytes(shape, seed: 1), Tensor(scalar: Float(0.031)), Tensor(scalar: UInt8(120)),
        bytes(shape, seed: 2),
        Tensor(scalar: Float(0.017)), Tensor(scalar: UInt8(0)), Tensor(scalar: Float(0.04)),
        Tensor(scalar: UInt8(13)),
      ], constants: [1, 2, 4, 5, 6, 7], roundTrips: false)
  }

  @Test func meansAgreeWithTheReference() throws {
    // (0 + 4 + 8 + 20) / 4 − 2 = 6 → 3 steps of 2.
    let scales: [Tensor?] = [
      Tensor(scalar: Float(1)), Tensor(scalar: UInt8(2)), Tensor(scalar: Float(2)), Tensor(scalar: UInt8(9)),
    ]
    try checkOperator(
      QuantizedGlobalAveragePool(), [Tensor([0, 4, 8, 20] as [UInt8], shape: [1, 1, 2, 2])] + scales,
      constants: [1, 2, 3, 4], expected: [Tensor([12] as [UInt8], shape: [1, 1, 1, 1])], roundTrips: false)
    for shape in [Shape([2, 300, 7, 7]), Shape([1, 5, 3, 1])] {
      try checkOperator(
        QuantizedGlobalAveragePool(),
        [
          bytes(shape, seed: 3), Tensor(scalar: Float(0.02)), Tensor(scalar: UInt8(100)),
          Tensor(scalar: Float(0.004)),
          Tensor(scalar: UInt8(127)),
        ], constants: [1, 2, 3, 4], roundTrips: false)
    }
  }

  /// Bytes of one scale take the fast ways of QuantizeLinear, DequantizeLinear and MaxPool.
  @Test func bytesOfOneScaleAgreeWithTheReference() throws {
    // Images of few channels become channels last: fewer pixels than are taken at once, and more, with a rest.
    let images = [[2, 3, 5, 13], [1, 3, 17, 40], [1, 3, 70, 61], [2, 2, 9, 31], [1, 4, 5, 7]] as [Shape]
    let halves = Tensor((-40..<40).map { Float($0) / 4 })
    let tensors = images.map { Tensor(Philox(seed: 6).normal(count: $0.elementCount), shape: $0) }
    for tensor in tensors + [halves] {
      try checkOperator(
        QuantizeLinear(), [tensor, Tensor(scalar: Float(0.5)), Tensor(scalar: UInt8(3))], constants: [1, 2])
    }
    try checkOperator(
      DequantizeLinear(),
      [bytes([1, 4, 3, 9], seed: 7), Tensor(scalar: Float(0.0371)), Tensor(scalar: UInt8(55))],
      constants: [1, 2], kernelTolerance: 0)
  }

  /// Whole rows at a time, or one window after the other where a row is long, a kernel is dilated, or wider than the image.
  @Test(
    arguments: [
      ([2, 37, 6, 5], [3, 2], [2, 1], [1, 1], [1, 1, 0, 0]),
      ([1, 64, 9, 8], [3, 3], [2, 2], [1, 1], [1, 1, 1, 1]),
      ([3, 130, 7, 7], [2, 2], [2, 2], [1, 1], [0, 0, 0, 0]),
      ([1, 65, 5, 9], [3, 3], [1, 1], [2, 2], [2, 2, 2, 2]),
      ([1, 16, 4, 2], [3, 3], [1, 1], [1, 1], [1, 1, 1, 1]),
      ([1, 200, 3, 90], [3, 3], [2, 2], [1, 1], [1, 1, 1, 1]),
      ([1, 1, 5, 5], [5, 5], [5, 5], [1, 1], [2, 2, 2, 2]),
    ] as [(Shape, [Int], [Int], [Int], [Int])])
  func maximaOfBytes(_ x: Shape, _ kernel: [Int], _ strides: [Int], _ dilations: [Int], _ pads: [Int]) throws
  {
    let window = Window(kernel: kernel, strides: strides, dilations: dilations, padding: .explicit(pads))
    try checkOperator(MaxPool(window: window), [bytes(x, seed: 8)])
  }
}
