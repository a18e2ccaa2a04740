import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct DropoutOperatorTests {
  @Test func changesNothing() throws {
    try checkOperator(
      DropoutOperator(seed: 7), [pattern([2, 3]), Tensor(scalar: Float(0.25)), Tensor(scalar: Bool(false))],
      constants: [1, 2], expected: [golden([2, 3], "-2.5 2.125 1.625 1.125 0.625 0.125")])
    try checkOperator(
      DropoutOperator(), [pattern([2, 3])], expected: [golden([2, 3], "-2.5 2.125 1.625 1.125 0.625 0.125")])
  }

  @Test func readsOlderForms() throws {
    try expectClose(
      importNode(DropoutOperator.self, opset: 7, [pattern([2, 3])], ["ratio": .float(0.3)])[0],
      golden([2, 3], "-2.5 2.125 1.625 1.125 0.625 0.125"), tolerance: 1e-6)
  }

  @Test func refusesTrainingAndItsMask() throws {
    #expect(throws: ShapeError.self) {
      try DropoutOperator().outputs([
        Fact(.float32, [2, 3]), nil, Fact(constant: Tensor(scalar: Bool(true))),
      ])
    }
    #expect(throws: ShapeError.self) {
      try DropoutOperator().outputs([Fact(.float32, [2, 3]), nil, Fact(.bool, [])])
    }
    #expect(throws: ShapeError.self) {
      try DropoutOperator().outputs([Fact(.float32, [2, 3]), Fact(.float32, [2])])
    }
    #expect(throws: ShapeError.self) { try DropoutOperator().outputs([Fact(.int64, [2, 3])]) }
    #expect(
      graphErrorKind { try importNode(DropoutOperator.self, opset: 13, [pattern([2, 3])], outputCount: 2) }
        == .unsupportedFeature)
  }
}
