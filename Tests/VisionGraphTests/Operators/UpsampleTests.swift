import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct UpsampleTests {
  @Test func enlarges() throws {
    try checkOperator(
      Upsample(), [pattern([1, 2, 2, 3]), Tensor([1, 1, 2, 3] as [Float])], constants: [1],
      expected: [
        golden(
          [1, 2, 4, 9],
          """
          -2.5 -2.5 -2.5 2.125 2.125 2.125 1.625 1.625 1.625 -2.5 -2.5 -2.5 2.125 2.125 2.125 1.625 1.625
          1.625 1.125 1.125 1.125 0.625 0.625 0.625 0.125 0.125 0.125 1.125 1.125 1.125 0.625 0.625 0.625
          0.125 0.125 0.125 -0.375 -0.375 -0.375 -0.875 -0.875 -0.875 -1.375 -1.375 -1.375 -0.375 -0.375
          -0.375 -0.875 -0.875 -0.875 -1.375 -1.375 -1.375 -1.875 -1.875 -1.875 -2.375 -2.375 -2.375 2.25
          2.25 2.25 -1.875 -1.875 -1.875 -2.375 -2.375 -2.375 2.25 2.25 2.25
          """)
      ], roundTrips: false)
    try checkOperator(
      Upsample(mode: .linear), [pattern([1, 1, 2, 3]), Tensor([1, 1, 2, 2] as [Float])], constants: [1],
      expected: [
        golden(
          [1, 1, 4, 6],
          """
          -2.5 -0.1875 2.125 1.875 1.625 1.625 -0.6875 0.34375 1.375 1.125 0.875 0.875 1.125 0.875 0.625
          0.375 0.125 0.125 1.125 0.875 0.625 0.375 0.125 0.125
          """)
      ], roundTrips: false)
  }

  @Test func isReadAsAResize() throws {
    try expectClose(
      importNode(Upsample.self, opset: 7, [pattern([1, 2, 2, 3])], ["scales": .floats([1, 1, 2, 3])])[0],
      golden(
        [1, 2, 4, 9],
        """
        -2.5 -2.5 -2.5 2.125 2.125 2.125 1.625 1.625 1.625 -2.5 -2.5 -2.5 2.125 2.125 2.125 1.625 1.625
        1.625 1.125 1.125 1.125 0.625 0.625 0.625 0.125 0.125 0.125 1.125 1.125 1.125 0.625 0.625 0.625
        0.125 0.125 0.125 -0.375 -0.375 -0.375 -0.875 -0.875 -0.875 -1.375 -1.375 -1.375 -0.375 -0.375
        -0.375 -0.875 -0.875 -0.875 -1.375 -1.375 -1.375 -1.875 -1.875 -1.875 -2.375 -2.375 -2.375 2.25
        2.25 2.25 -1.875 -1.875 -1.875 -2.375 -2.375 -2.375 2.25 2.25 2.25
        """), tolerance: 1e-6)
    try expectClose(
      importNode(
        Upsample.self, opset: 9, [pattern([1, 1, 2, 3]), Tensor([1, 1, 2, 2] as [Float])],
        ["mode": .string("linear")])[0],
      golden(
        [1, 1, 4, 6],
        """
        -2.5 -0.1875 2.125 1.875 1.625 1.625 -0.6875 0.34375 1.375 1.125 0.875 0.875 1.125 0.875 0.625
        0.375 0.125 0.125 1.125 0.875 0.625 0.375 0.125 0.125
        """), tolerance: 1e-6)
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) {
      try Upsample().outputs([
        Fact(.float32, [1, 1, 2, 2]), Fact(constant: Tensor([1, 1, 0.5, 2] as [Float])),
      ])
    }
    #expect(throws: ShapeError.self) {
      try Upsample().outputs([Fact(.float32, [1, 1, 2, 2]), Fact(constant: Tensor([2, 2] as [Float]))])
    }
    #expect(throws: ShapeError.self) { try Upsample().outputs([Fact(.float32, [1, 1, 2, 2])]) }
    #expect(
      graphErrorKind {
        try importNode(
          Upsample.self, opset: 9, [pattern([1, 1, 2, 2]), Tensor([1, 1, 2, 2] as [Float])],
          ["mode": .string("cubic")])
      } == .unsupportedFeature)
    #expect(
      graphErrorKind { try importNode(Upsample.self, opset: 8, [pattern([1, 1, 2, 2])]) } == .structure)
  }
}
