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

  @Test func dropsInTrainingWhatTheSeedSays() throws {
    try checkComposition(
      DropoutOperator.self, opset: 13,
      [pattern([2, 3, 2]), Tensor(scalar: Float(0.4)), Tensor(scalar: Bool(true))], ["seed": .int(5)],
      constants: [1],
      expected: [
        golden(
          [2, 3, 2],
          """
          -0 3.5416665 0 1.875 1.0416666 0.20833333 -0.625 -1.4583333 -0 -0 -0 3.75
          """),
        golden([2, 3, 2], "0 1 0 1 1 1 1 1 0 0 0 1", .bool),
      ])
  }

  @Test func keepsEverythingAtInference() throws {
    let x = pattern([2, 3])
    let mask = Tensor([Bool](repeating: true, count: 6), shape: [2, 3])
    try checkComposition(DropoutOperator.self, opset: 22, [x], expected: [x, mask])
    try checkComposition(
      DropoutOperator.self, opset: 13, [x, nil, Tensor(scalar: Bool(false))], expected: [x, mask])
    try checkComposition(
      DropoutOperator.self, opset: 7, [x], expected: [x, Tensor(repeating: Float(1), shape: [2, 3])])
    try checkComposition(DropoutOperator.self, opset: 6, [x], ["is_test": .int(1)], expected: [x])
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: EvaluationError.self) {
      try DropoutOperator().evaluate([pattern([2, 3]), Tensor(scalar: Float(1)), Tensor(scalar: Bool(true))])
    }
    #expect(throws: ShapeError.self) {
      try DropoutOperator().outputs([Fact(.float32, [2, 3]), Fact(.float32, [2])])
    }
    #expect(throws: ShapeError.self) { try DropoutOperator().outputs([Fact(.int64, [2, 3])]) }
    #expect(
      graphErrorKind {
        try importNode(DropoutOperator.self, opset: 6, [pattern([2, 3])], ["is_test": .int(0)])
      }
        == .unsupportedFeature)
  }
}
