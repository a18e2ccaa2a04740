import Testing
import VisionGraph
import VisionSystem
import VisionTensor
import VisionTestSupport

@Suite struct QuantizedDenseTests {
  private let constants: Set<Int> = [1, 2, 3, 4, 5, 6, 7]

  private func inputs(rows: Int, depth: Int, columns: Int, transposed: Bool, floats: Bool) -> [Tensor?] {
    let x = Philox(seed: 4).uniform(count: rows * depth).map { UInt8(saturating: $0 * 255.99) }
    let w = Philox(seed: 5).uniform(count: columns * depth).map { Int8(saturating: $0 * 254.99 - 127) }
    return [
      Tensor(x, shape: [rows, depth]), Tensor(scalar: Float(0.03)), Tensor(scalar: UInt8(7)),
      Tensor(w, shape: transposed ? [columns, depth] : [depth, columns]), Tensor(scalar: Float(0.01)),
      Tensor((0..<columns).map { Int32($0 * 97 - 300) }),
    ] + (floats ? [] : [Tensor(scalar: Float(1.5)), Tensor(scalar: UInt8(128))])
  }

  @Test(arguments: [false, true], [false, true]) func agreesWithTheReference(transposed: Bool, floats: Bool)
    throws
  {
    for (rows, depth, columns) in [(1, 37, 10), (5, 64, 33), (16, 3, 1)] {
      try checkOperator(
        QuantizedDense(transposesWeights: transposed, givesFloats: floats),
        inputs(rows: rows, depth: depth, columns: columns, transposed: transposed, floats: floats),
        constants: constants, kernelTolerance: 0, roundTrips: false)
    }
  }

  /// 2 · (3 − 1) · 0.5 · 0.25 + 8 units of 0.125.
  @Test func multiplies() throws {
    try checkOperator(
      QuantizedDense(transposesWeights: true, givesFloats: true),
      [
        Tensor([3] as [UInt8], shape: [1, 1]), Tensor(scalar: Float(0.5)), Tensor(scalar: UInt8(1)),
        Tensor([2] as [Int8], shape: [1, 1]), Tensor(scalar: Float(0.25)), Tensor([8] as [Int32]),
      ], constants: constants, expected: [Tensor([1.5] as [Float], shape: [1, 1])], roundTrips: false)
  }

  @Test func refusesWhatDoesNotFit() {
    let facts = inputs(rows: 2, depth: 3, columns: 4, transposed: false, floats: false).map {
      $0.map { Fact(constant: $0) }
    }
    #expect(throws: Never.self) { try QuantizedDense(transposesWeights: false).outputs(facts) }
    #expect(throws: ShapeError.self) { try QuantizedDense(transposesWeights: true).outputs(facts) }
  }
}
