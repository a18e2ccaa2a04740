import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct AdamStepTests {
  private let x = Tensor([1, 2, -3] as [Float])
  private let g = Tensor([-0.5, 0.25, 1] as [Float])
  private let h = Tensor([0.5, 1, 2] as [Float])
  private let v = Tensor([0.25, -0.5, 0.75] as [Float])
  private let rate = Tensor(scalar: Float(0.25))

  @Test func takesAStep() throws {
    try checkOperator(
      AdamStep(), [rate, Tensor(scalar: Int64(0)), x, g, v, h],
      expected: [
        Tensor([0.938112777, 2.10629973, -3.13703611] as [Float]),
        Tensor([0.174999982, -0.424999982, 0.775000006] as [Float]),
        Tensor([0.499750003, 0.999062512, 1.99900001] as [Float]),
      ])
    try checkOperator(
      AdamStep(alpha: 0.75, beta: 0.5, epsilon: 0.125, penalty: 0.25, decay: 0.0625),
      [rate, Tensor(scalar: Int64(3)), x, g, v, h],
      expected: [
        Tensor([0.865165836, 1.94547804, -3.02031479] as [Float]),
        Tensor([0.125, -0.1875, 0.625] as [Float]), Tensor([0.28125, 0.78125, 1.03125] as [Float]),
      ])
  }

  @Test func stepsSeveralTensorsAlike() throws {
    let (one, two) = (Tensor(scalar: Float(2)), Tensor([1, -1] as [Double], shape: [1, 2]))
    let count = Tensor(scalar: Int64(2))
    let op = AdamStep(alpha: 0.75, beta: 0.5, epsilon: 0.125, penalty: 0.25, decay: 0.0625)
    func inputs(_ tensor: Tensor) -> [Tensor] {
      (0..<4).map { index in
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
    let op = AdamStep(alpha: 0.75, beta: 0.5, epsilon: 0.125, penalty: 0.25, decay: 0.0625)
    let states = [Fact?](repeating: x, count: 3)
    #expect(throws: ShapeError.self) { try op.outputs([rate, count, x]) }
    #expect(throws: ShapeError.self) { try op.outputs([rate, count]) }
    #expect(throws: ShapeError.self) { try op.outputs([rate, rate, x] + states) }
    #expect(throws: ShapeError.self) { try op.outputs([x, count, x] + states) }
    #expect(throws: ShapeError.self) { try op.outputs([rate, count, Fact(.float64, [3])] + states) }
  }
}
