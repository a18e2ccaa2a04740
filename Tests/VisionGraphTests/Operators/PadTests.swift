import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct PadTests {
  @Test func padsInEveryMode() throws {
    try checkOperator(
      Pad(), [pattern([2, 3]), Tensor([0, 1, 2, 1] as [Int64]), Tensor(scalar: Float(7.5))], constants: [1],
      expected: [
        golden(
          [4, 5],
          """
          7.5 -2.5 2.125 1.625 7.5 7.5 1.125 0.625 0.125 7.5 7.5 7.5 7.5 7.5 7.5 7.5 7.5 7.5 7.5 7.5
          """)
      ])
    try checkOperator(
      Pad(), [pattern([2, 3]), Tensor([1, 0, 0, 2] as [Int64])], constants: [1],
      expected: [golden([3, 5], "0 0 0 0 0 -2.5 2.125 1.625 0 0 1.125 0.625 0.125 0 0")])
    try checkOperator(
      Pad(mode: .reflect), [pattern([3, 4]), Tensor([2, 1, 1, 3] as [Int64])], constants: [1],
      expected: [
        golden(
          [6, 8],
          """
          -1.875 -1.375 -1.875 -2.375 2.25 -2.375 -1.875 -1.375 0.125 0.625 0.125 -0.375 -0.875 -0.375
          0.125 0.625 2.125 -2.5 2.125 1.625 1.125 1.625 2.125 -2.5 0.125 0.625 0.125 -0.375 -0.875 -0.375
          0.125 0.625 -1.875 -1.375 -1.875 -2.375 2.25 -2.375 -1.875 -1.375 0.125 0.625 0.125 -0.375
          -0.875 -0.375 0.125 0.625
          """)
      ])
    try checkOperator(
      Pad(mode: .edge), [pattern([2, 3]), Tensor([2, 1, 0, 3] as [Int64])], constants: [1],
      expected: [
        golden(
          [4, 7],
          """
          -2.5 -2.5 2.125 1.625 1.625 1.625 1.625 -2.5 -2.5 2.125 1.625 1.625 1.625 1.625 -2.5 -2.5 2.125
          1.625 1.625 1.625 1.625 1.125 1.125 0.625 0.125 0.125 0.125 0.125
          """)
      ])
    try checkOperator(
      Pad(mode: .wrap), [pattern([3, 4]), Tensor([2, 1, 1, 3] as [Int64])], constants: [1],
      expected: [
        golden(
          [6, 8],
          """
          -0.875 0.625 0.125 -0.375 -0.875 0.625 0.125 -0.375 2.25 -1.375 -1.875 -2.375 2.25 -1.375 -1.875
          -2.375 1.125 -2.5 2.125 1.625 1.125 -2.5 2.125 1.625 -0.875 0.625 0.125 -0.375 -0.875 0.625
          0.125 -0.375 2.25 -1.375 -1.875 -2.375 2.25 -1.375 -1.875 -2.375 1.125 -2.5 2.125 1.625 1.125
          -2.5 2.125 1.625
          """)
      ])
  }

  @Test func cutsOffWhereNegative() throws {
    try checkOperator(
      Pad(), [pattern([3, 4]), Tensor([-1, 1, 0, -2] as [Int64])], constants: [1],
      expected: [golden([2, 3], "0 0.625 0.125 0 -1.375 -1.875")])
    try checkOperator(
      Pad(), [Tensor([1, 2, 3] as [Int64]), Tensor([1, -1] as [Int64]), Tensor(scalar: Int64(9))],
      constants: [1], expected: [golden([3], "9 1 2", .int64)])
  }

  @Test func readsOtherForms() throws {
    try expectClose(
      importNode(
        Pad.self, opset: 10, [pattern([2, 3])], ["pads": .ints([0, 1, 2, 1]), "value": .float(1.5)])[0],
      golden(
        [4, 5],
        """
        1.5 -2.5 2.125 1.625 1.5 1.5 1.125 0.625 0.125 1.5 1.5 1.5 1.5 1.5 1.5 1.5 1.5 1.5 1.5 1.5
        """), tolerance: 1e-6)
    try expectClose(
      importNode(
        Pad.self, opset: 18,
        [pattern([2, 3]), Tensor([1, 2] as [Int64]), Tensor(scalar: Float(2)), Tensor([-1] as [Int64])])[0],
      golden([2, 6], "2 -2.5 2.125 1.625 2 2 2 1.125 0.625 0.125 2 2"), tolerance: 1e-6)
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) {
      try Pad().outputs([Fact(.float32, [2, 3]), Fact(constant: Tensor([1, 2] as [Int64]))])
    }
    #expect(throws: ShapeError.self) { try Pad().outputs([Fact(.float32, [2, 3]), Fact(.int64, [4])]) }
    #expect(throws: ShapeError.self) {
      try Pad().outputs([Fact(.float32, [2, 3]), Fact(constant: Tensor([-2, 0, -1, 0] as [Int64]))])
    }
    #expect(throws: ShapeError.self) {
      try Pad().outputs([
        Fact(.float32, [2]), Fact(constant: Tensor([1, 1] as [Int64])), Fact(.float32, [2]),
      ])
    }
    #expect(throws: ShapeError.self) {
      try Pad(mode: .edge).outputs([Fact(.float32, [0]), Fact(constant: Tensor([1, 1] as [Int64]))])
    }
    #expect(throws: ShapeError.self) {
      try Pad().outputs([
        Fact(.float32, [2]), Fact(constant: Tensor([4611686018427387904, 4611686018427387904] as [Int64])),
      ])
    }
    #expect(
      graphErrorKind {
        try importNode(
          Pad.self, opset: 11, [pattern([2]), Tensor([1, 1] as [Int64])], ["mode": .string("mirror")])
      } == .unsupportedFeature)
    #expect(graphErrorKind { try importNode(Pad.self, opset: 2, [pattern([2])]) } == .structure)
    #expect(
      graphErrorKind {
        try importNode(
          Pad.self, opset: 18, [pattern([2]), Tensor([1, 1] as [Int64]), nil, Tensor([1] as [Int64])])
      } == .shape)
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    try checkOperator(
      Pad(),
      [pattern([2, 17, 9, 7]), Tensor([0, 1, 2, 0, 0, 3, 0, 1] as [Int64]), Tensor(scalar: Float(2))],
      constants: [1], kernelTolerance: 2e-6)
  }

  @Test func isWrittenInTheVersionThatHasIt() {
    #expect(Pad(mode: .reflect).minimumOpset([]) == 0)
    #expect(Pad(mode: .wrap).minimumOpset([]) == 19)
  }
}
