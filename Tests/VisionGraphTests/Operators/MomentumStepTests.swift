import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct MomentumStepTests {
  private let x = Tensor([1, 2, -3] as [Float])
  private let g = Tensor([-0.5, 0.25, 1] as [Float])
  private let h = Tensor([0.5, 1, 2] as [Float])
  private let v = Tensor([0.25, -0.5, 0.75] as [Float])
  private let rate = Tensor(scalar: Float(0.25))

  @Test func takesAStep() throws {
    try checkOperator(
      MomentumStep(alpha: 0.75, beta: 0.5, isNesterov: true), [rate, Tensor(scalar: Int64(0)), x, g, v],
      expected: [
        Tensor([1.18359375, 1.9609375, -3.54296875] as [Float]),
        Tensor([-0.3125, -0.125, 1.5625] as [Float]),
      ])
    try checkOperator(
      MomentumStep(alpha: 0.75, beta: 0.5, penalty: 0.25), [rate, Tensor(scalar: Int64(3)), x, g, v],
      expected: [Tensor([0.984375, 2, -3.171875] as [Float]), Tensor([0.0625, 0, 0.6875] as [Float])])
  }

  @Test func stepsSeveralTensorsAlike() throws {
    let (one, two) = (Tensor(scalar: Float(2)), Tensor([1, -1] as [Double], shape: [1, 2]))
    let count = Tensor(scalar: Int64(2))
    let op = MomentumStep(alpha: 0.75, beta: 0.5, penalty: 0.25)
    func inputs(_ tensor: Tensor) -> [Tensor] {
      (0..<3).map { index in
        Tensor(
          doubles: tensor.doubles.map { abs($0) + Double(index) }, shape: tensor.shape,
          elementType: tensor.elementType)
      }
    }
    let both = try op.evaluate(
      [rate, count] + zip(inputs(one), inputs(two)).flatMap { [$0, $1] })
    let apart = try (op.evaluate([rate, count] + inputs(one)), op.evaluate([rate, count] + inputs(two)))
    #expect(both == zip(apart.0, apart.1).flatMap { [$0, $1] })
  }

  @Test func refusesWhatDoesNotFit() {
    let (rate, count, x) = (Fact(.float32, []), Fact(.int64, []), Fact(.float32, [3]))
    let op = MomentumStep(alpha: 0.75, beta: 0.5, penalty: 0.25)
    let states = [Fact?](repeating: x, count: 2)
    #expect(throws: ShapeError.self) { try op.outputs([rate, count, x]) }
    #expect(throws: ShapeError.self) { try op.outputs([rate, count]) }
    #expect(throws: ShapeError.self) { try op.outputs([rate, rate, x] + states) }
    #expect(throws: ShapeError.self) { try op.outputs([x, count, x] + states) }
    #expect(throws: ShapeError.self) { try op.outputs([rate, count, Fact(.float64, [3])] + states) }
    #expect(
      graphErrorKind {
        try importNode(
          MomentumStep.self, opset: 1, [self.rate, Tensor(scalar: Int64(0)), self.x, g, v],
          ["alpha": .float(1), "beta": .float(1), "norm_coefficient": .float(0), "mode": .string("odd")])
      } == .unsupportedFeature)
    #expect(
      graphErrorKind {
        try importNode(MomentumStep.self, opset: 1, [self.rate, Tensor(scalar: Int64(0)), self.x, g, v])
      } == .structure)
  }
}
