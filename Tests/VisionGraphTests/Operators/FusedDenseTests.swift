import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct FusedDenseTests {
  /// 1·3 + 2·4 + 10 + 100, and so on, by hand.
  @Test func addsBiasAndResidualBeforeItsActivation() throws {
    let x = Tensor([1, 2, -1, 0] as [Float], shape: [2, 2])
    let w = Tensor([3, 1, 4, -1] as [Float], shape: [2, 2])
    let b = Tensor([10, -20] as [Float])
    let residual = Tensor([100, 1, 0, 2] as [Float], shape: [2, 2])
    try checkOperator(
      FusedDense(activation: ElementFunction(.relu), hasResidual: true), [x, w, b, residual],
      expected: [Tensor([121, 0, 7, 0] as [Float], shape: [2, 2])], roundTrips: false)
  }

  @Test(arguments: [ElementFunction(.gelu), ElementFunction(.silu, 1), ElementFunction(.clip, -1, 2), nil])
  func agreesWithItsKernels(_ activation: ElementFunction?) throws {
    for (rows, k, n) in [([1], 1, 1), ([3, 5], 7, 9), ([2, 29], 33, 49), ([31], 130, 97)] {
      let (x, w) = (pattern(Shape(rows + [k])), pattern([k, n], seed: 1))
      let (b, residual) = (pattern([n], seed: 2), pattern(Shape(rows + [n]), seed: 3))
      for hasResidual in [false, true] {
        let op = FusedDense(activation: activation, hasResidual: hasResidual)
        try checkOperator(
          op, [x, w, b] + (hasResidual ? [residual] : []), kernelTolerance: 3e-6, roundTrips: false)
        try checkOperator(
          op, [x, w, nil] + (hasResidual ? [residual] : []), kernelTolerance: 3e-6, roundTrips: false)
      }
      guard rows.count == 1 else { continue }
      var transposed = FusedDense(activation: activation)
      transposed.transposesWeights = true
      try checkOperator(
        transposed, [x, pattern([n, k], seed: 1), pattern([1, n], seed: 2)], kernelTolerance: 3e-6,
        roundTrips: false)
    }
  }

  @Test func refusesWhatDoesNotFit() {
    func fact(_ shape: Shape) -> Fact { Fact(.float32, shape) }
    let op = FusedDense(hasResidual: true)
    for inputs: [Fact?] in [
      [fact([2, 3]), fact([4, 5]), nil, fact([2, 5])],
      [fact([2, 3]), fact([3, 5]), fact([4]), fact([2, 5])],
      [fact([2, 3]), fact([3, 5]), fact([2, 5]), fact([2, 5])],
      [fact([2, 3]), fact([3, 5]), nil, fact([1, 5])],
      [fact([3]), fact([3, 5]), nil, fact([5])], [fact([2, 3]), fact([3, 5]), nil],
      [fact([2, 3]), fact([7, 3, 5]), nil, fact([7, 2, 5])],
    ] {
      #expect(throws: ShapeError.self) { try op.outputs(inputs) }
    }
  }
}
