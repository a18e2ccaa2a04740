import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct AffineGridTests {
  @Test func placesPoints() throws {
    try checkOperator(
      AffineGrid(alignsCorners: false), [pattern([2, 2, 3], seed: 1), Tensor([2, 1, 3, 4] as [Int64])],
      constants: [1],
      expected: [
        golden(
          [2, 3, 4, 2],
          """
          -0.19791663 -1.7083335 -0.7604166 -0.45833325 -1.3229166 0.79166657 -1.8854166 2.0416665
          -1.28125 -0.375 -1.84375 0.87500006 -2.40625 2.125 -2.96875 3.375 -2.3645835 0.9583334
          -2.9270835 2.2083335 -3.4895835 3.4583333 -4.0520835 4.7083335 -1.0833334 -0.45833325
          -0.5833333 -0.7083333 -0.08333336 -0.9583333 0.41666666 -1.2083333 -0.75 -1.125 -0.24999999
          -1.375 0.24999999 -1.625 0.75 -1.875 -0.41666666 -1.7916667 0.08333336 -2.0416667 0.5833333
          -2.2916667 1.0833334 -2.5416667
          """)
      ], tolerance: 1e-6)
    try checkOperator(
      AffineGrid(alignsCorners: false), [pattern([1, 3, 4], seed: 2), Tensor([1, 5, 2, 1, 3] as [Int64])],
      constants: [1],
      expected: [
        golden(
          [1, 2, 1, 3, 3],
          """
          -1.0416666 1.8541667 -1.2291667 -0.875 0.6875 -0.3125 -0.7083333 -0.47916675 0.6041667
          -1.7916667 4.229167 -0.8541667 -1.625 3.0625 0.0625 -1.4583334 1.8958333 0.97916675
          """)
      ], tolerance: 1e-6)
    try checkOperator(
      AffineGrid(alignsCorners: true), [pattern([2, 2, 3], seed: 1), Tensor([2, 1, 3, 4] as [Int64])],
      constants: [1],
      expected: [
        golden(
          [2, 3, 4, 2],
          """
          0.625 -3 -0.125 -1.3333333 -0.875 0.33333325 -1.625 2 -1 -1 -1.75 0.66666675 -2.5 2.3333333
          -3.25 4 -2.625 1 -3.375 2.6666667 -4.125 4.333333 -4.875 6 -1.5 0 -0.8333333 -0.33333337
          -0.16666669 -0.6666666 0.5 -1 -1 -1 -0.3333333 -1.3333334 0.3333333 -1.6666666 1 -2 -0.5 -2
          0.16666669 -2.3333335 0.8333333 -2.6666665 1.5 -3
          """)
      ], tolerance: 1e-6)
    try checkOperator(
      AffineGrid(alignsCorners: true), [pattern([1, 3, 4], seed: 2), Tensor([1, 5, 2, 1, 3] as [Int64])],
      constants: [1],
      expected: [
        golden(
          [1, 2, 1, 3, 3],
          """
          -0.75 1.25 -1.875 -0.5 -0.5 -0.5 -0.25 -2.25 0.875 -2.25 6 -1.125 -2 4.25 0.25 -1.75 2.5
          1.625
          """)
      ], tolerance: 1e-6)
  }

  @Test func refusesWhatDoesNotFit() {
    func size(_ extents: [Int64]) -> Fact { Fact(constant: Tensor(extents)) }
    let theta = Fact(.float32, [1, 2, 3])
    #expect(throws: ShapeError.self) { try AffineGrid().outputs([theta, size([2, 1, 3, 3])]) }
    #expect(throws: ShapeError.self) { try AffineGrid().outputs([theta, size([1, 1, 3, 3, 3])]) }
    #expect(throws: ShapeError.self) { try AffineGrid().outputs([theta, size([1, 1, 3])]) }
    #expect(throws: ShapeError.self) { try AffineGrid().outputs([theta, size([1, 1, -3, 3])]) }
    #expect(throws: ShapeError.self) { try AffineGrid().outputs([theta, size([1, 1, 1 << 40, 1 << 40])]) }
    #expect(throws: ShapeError.self) { try AffineGrid().outputs([theta, Fact(.int64, [4])]) }
  }
}
