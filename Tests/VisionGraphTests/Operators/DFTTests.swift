import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Golden values are NumPy's.
@Suite struct DFTTests {
  private func number(_ value: Int64) -> Tensor { Tensor(scalar: value) }

  @Test func givesGoldenValues() throws {
    try checkOperator(
      DFT(), [pattern([2, 5, 1])],
      expected: [
        golden(
          [2, 5, 2],
          """
          3 0 -3.875 -1.7204774 -3.875 -0.40614962 -3.875 0.40614962 -3.875 1.7204774 -4.375 0 1.25
          -1.7204774 1.25 -0.40614962 1.25 0.40614962 1.25 1.7204774
          """)
      ])
    try checkOperator(
      DFT(isOneSided: true), [pattern([2, 5, 1]), nil, number(1)], constants: [2],
      expected: [
        golden(
          [2, 3, 2],
          """
          3 0 -3.875 -1.7204774 -3.875 -0.40614962 -4.375 0 1.25 -1.7204774 1.25 -0.40614962
          """)
      ])
    try checkOperator(
      DFT(isInverse: true), [pattern([2, 3, 4, 2], seed: 3), nil, number(-3)], constants: [2],
      expected: [
        golden(
          [2, 3, 4, 2],
          """
          -0.666666667 0.541666667 0.0416666667 1.25 0.75 0.25 -0.25 -0.75 -0.00886720505
          -0.0330928598 0.616426193 0.592200538 -0.237740474 -0.887259526 -0.237740474 -0.887259526
          2.30053387 0.616426193 -0.0330928598 -1.71720054 -0.887259526 -0.237740474 -0.887259526
          -0.237740474 1 0.5 0 -0.5 -1 0.208333333 -0.291666667 -0.791666667 -0.237740474
          -0.887259526 -0.237740474 -0.887259526 -0.237740474 0.821073807 1.47059286 0.821073807
          -0.887259526 -0.237740474 -0.887259526 -0.237740474 -0.887259526 1.47059286 0.821073807
          1.47059286
          """)
      ])
  }

  @Test func cutsAndFillsSignals() throws {
    try checkOperator(
      DFT(), [pattern([2, 3, 4, 2], seed: 3), number(3), number(2)], constants: [1, 2],
      expected: [
        golden(
          [2, 3, 3, 2],
          """
          1.875 0.375 2.3660254 0.633974596 0.633974596 2.3660254 0.125 3.75 -2.7589746 0.633974596
          -4.4910254 2.3660254 -1.625 2 -0.196474596 -0.0526452094 -1.9285254 -7.19735479 -3.375
          0.25 -2.07235479 -1.9285254 5.07235479 -0.196474596 0 -1.5 2.3660254 0.633974596
          0.633974596 2.3660254 3.375 1.875 2.3660254 0.633974596 0.633974596 2.3660254
          """)
      ])
    try checkOperator(
      DFT(isOneSided: true), [pattern([2, 5, 1]), Tensor([8] as [Int32])], constants: [1],
      expected: [
        golden(
          [2, 5, 2],
          """
          3 0 -2.41789322 -3.92309704 -3.5 -1 -3.83210678 -0.673097039 -3.5 0 -4.375 0 2.70710678
          2.11243687 -0.875 -1 1.29289322 0.362436867 -0.875 0
          """)
      ])
  }

  @Test func readsOlderForms() throws {
    try expectClose(
      importNode(
        DFT.self, opset: 17, [pattern([2, 3, 4, 2], seed: 3)], ["axis": .int(-3), "inverse": .int(1)])[0],
      importNode(
        DFT.self, opset: 20, [pattern([2, 3, 4, 2], seed: 3), nil, number(1)], ["inverse": .int(1)])[0],
      tolerance: 0)
    try expectClose(
      importNode(DFT.self, opset: 17, [pattern([2, 3, 4, 2])])[0],
      importNode(DFT.self, opset: 20, [pattern([2, 3, 4, 2]), nil, number(1)])[0], tolerance: 0)
  }

  @Test func refusesWhatDoesNotFit() {
    let x = Fact(.float32, [2, 5, 1])
    #expect(throws: ShapeError.self) { try DFT().outputs([Fact(.float32, [2, 5])]) }
    #expect(throws: ShapeError.self) { try DFT().outputs([x, nil, Fact(constant: number(2))]) }
    #expect(throws: ShapeError.self) { try DFT().outputs([x, Fact(constant: number(0))]) }
    #expect(throws: ShapeError.self) { try DFT().outputs([x, Fact(.int64, [])]) }
    #expect(throws: ShapeError.self) { try DFT(isOneSided: true).outputs([Fact(.float32, [2, 5, 2])]) }
    #expect(throws: ShapeError.self) { try DFT(isInverse: true, isOneSided: true).outputs([x]) }
    #expect(throws: ShapeError.self) { try DFT().outputs([Fact(.int32, [2, 5, 1])]) }
  }
}
