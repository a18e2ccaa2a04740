import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct BatchNormalizationTests {
  @Test func usesGivenStatistics() throws {
    try checkOperator(
      BatchNormalization(epsilon: 0.01, momentum: 0.8),
      [
        pattern([2, 3, 3, 2]), pattern([3], seed: 1), pattern([3], seed: 2), pattern([3], seed: 3),
        positivePattern([3], seed: 4),
      ],
      expected: [
        golden(
          [2, 3, 3, 2],
          """
          9.351014 -0.8531532 0.25 1.3531532 2.4563065 3.5594597 1.2697318 1.776309 2.2828863 2.7894635
          3.2960408 -1.3897989 -2.3186772 -1.6214874 -0.9242975 -0.22710761 0.47008225 1.1672721 6.593131
          7.6962843 8.7994375 -1.4047298 -0.3015766 0.8015766 0.0032886863 0.50986594 1.0164433 1.5230205
          2.0295978 2.536175 3.0845444 -3.364462 -2.667272 -1.9700823 -1.2728925 -0.57570255
          """)
      ])
    try checkOperator(
      BatchNormalization(),
      [
        pattern([4, 3]), pattern([3], seed: 1), pattern([3], seed: 2), pattern([3], seed: 3),
        positivePattern([3], seed: 4),
      ],
      expected: [
        golden(
          [4, 3],
          """
          9.531064 -1.2651274 -2.1473885 1.3749776 0.2575637 -0.05130577 4.74991 1.7802548 2.044777
          8.124843 3.3029459 -3.0207562
          """)
      ])
    try checkOperator(
      BatchNormalization(),
      [
        pattern([2, 3, 1, 2, 2]), pattern([3], seed: 1), pattern([3], seed: 2), pattern([3], seed: 3),
        positivePattern([3], seed: 4),
      ],
      expected: [
        golden(
          [2, 3, 1, 2, 2],
          """
          9.531064 -0.87497735 0.25 1.3749776 0.2575637 0.7651274 1.2726911 1.7802548 2.044777 2.7434711
          3.4421654 -3.0207562 -0.031244278 1.0937331 2.2187107 3.343688 1.1458001 1.653364 2.1609275
          2.6684914 3.2674918 -3.1954298 -2.4967356 -1.7980413
          """)
      ])
  }

  @Test func readsOlderForms() throws {
    try expectClose(
      importNode(
        BatchNormalization.self, opset: 7,
        [
          pattern([2, 3, 3, 2]), pattern([3], seed: 1), pattern([3], seed: 2), pattern([3], seed: 3),
          positivePattern([3], seed: 4),
        ], ["spatial": .int(1)])[0],
      golden(
        [2, 3, 3, 2],
        """
        9.531064 -0.87497735 0.25 1.3749776 2.499955 3.6249325 1.2726911 1.7802548 2.2878184 2.7953823
        3.3029459 -1.3920183 -2.322062 -1.6233678 -0.92467356 -0.22597933 0.4727149 1.1714091 6.7186203
        7.843598 8.9685755 -1.4374664 -0.3124888 0.8124888 0.0037817955 0.5113455 1.0189092 1.5264729
        2.0340366 2.5416002 3.0928183 -3.3701034 -2.6714091 -1.9727149 -1.2740207 -0.57532644
        """), tolerance: 1e-6)
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) {
      try BatchNormalization().outputs([
        Fact(.float32, [2, 3, 2]), Fact(.float32, [3]), Fact(.float32, [3]), Fact(.float32, [3]),
        Fact(.float32, [2]),
      ])
    }
    #expect(throws: ShapeError.self) {
      try BatchNormalization().outputs([
        Fact(.float32, [3]), Fact(.float32, [3]), Fact(.float32, [3]), Fact(.float32, [3]),
        Fact(.float32, [3]),
      ])
    }
    #expect(throws: ShapeError.self) {
      try BatchNormalization().outputs([
        Fact(.float32, [2, 3]), Fact(.float32, [3]), Fact(.float32, [3]), Fact(.float32, [3]),
      ])
    }
    #expect(throws: ShapeError.self) {
      try BatchNormalization().outputs([
        Fact(.float32, [2, 3]), Fact(.float32, [3]), Fact(.float32, [3]), Fact(.float32, [3]),
        Fact(.float64, [3]),
      ])
    }
    #expect(throws: ShapeError.self) {
      try BatchNormalization().outputs([
        Fact(.float32, [2, 3]), Fact(.float32, [1, 3]), Fact(.float32, [3]), Fact(.float32, [3]),
        Fact(.float32, [3]),
      ])
    }
    // One number for each channel is none for each element, even where it broadcasts.
    #expect(
      graphErrorKind {
        try importNode(
          BatchNormalization.self, opset: 7,
          [
            pattern([2, 3, 3]), pattern([3], seed: 1), pattern([3], seed: 2), pattern([3], seed: 3),
            positivePattern([3], seed: 4),
          ], ["spatial": .int(0)])
      } == .shape)
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    try checkOperator(
      BatchNormalization(),
      [
        pattern([2, 35, 9, 7]), pattern([35], seed: 1), pattern([35], seed: 2), pattern([35], seed: 3),
        positivePattern([35], seed: 4),
      ], kernelTolerance: 2e-6)
  }

  @Test func takesTheStatisticsOfTheBatchInTraining() throws {
    let inputs = [
      pattern([2, 3, 2]), pattern([3], seed: 1), pattern([3], seed: 2), pattern([3], seed: 3),
      positivePattern([3], seed: 4),
    ]
    let (y, mean, variance) = (
      golden(
        [2, 3, 2],
        """
        1.6670736 -1.4631786 -2.1160083 -1.5828631 -1.3492601 -0.71004933 0.22884965 0.56725526
        1.0828631 1.6160083 2.486004 -3.4266946
        """),
      golden([3], "1.421875 0.99999994 0.578125"),
      golden([3], "0.500293 2.5375 2.356543")
    )
    try checkComposition(
      BatchNormalization.self, opset: 15, inputs, ["training_mode": .int(1), "epsilon": .float(0.01)],
      expected: [y, mean, variance])
    // Before opset 14 it is the number of outputs that says so, and the last two are the batch's own.
    let x = pattern([2, 3, 2]).doubles
    let own = (0..<3).map { (channel: Int) -> Double in
      let places = [0, 1, 6, 7].map { $0 + 2 * channel }
      return places.reduce(0.0) { $0 + x[$1] } / 4
    }
    try checkComposition(
      BatchNormalization.self, opset: 9, inputs, ["epsilon": .float(0.01)],
      expected: [y, mean, variance, Tensor(doubles: own, shape: [3], elementType: .float32), nil])
    #expect(
      graphErrorKind {
        try importNode(BatchNormalization.self, opset: 6, inputs, ["is_test": .int(1)], outputCount: 5)
      } == .unsupportedFeature)
  }

  @Test func takesStatisticsOfAnotherTypeOrOfEachElement() throws {
    let half = pattern([2, 3, 2]).converted(to: .float16)
    let statistics = [
      pattern([3], seed: 1), pattern([3], seed: 2), pattern([3], seed: 3), positivePattern([3]),
    ]
    let mixed = try importNode(BatchNormalization.self, opset: 15, [half] + statistics)[0]
    let exact = try BatchNormalization().evaluate([pattern([2, 3, 2])] + statistics)[0]
    #expect(mixed.elementType == .float16)
    expectClose(mixed.converted(to: .float32), exact, tolerance: 1e-3)
    let elements = [Float(2), 1, 3, 4].map { Tensor(repeating: $0, shape: [3, 1]) }
    let byElement = try importNode(
      BatchNormalization.self, opset: 7, [pattern([1, 3, 1])] + elements,
      ["spatial": .int(0), "epsilon": .float(0)])[0]
    expectClose(byElement, golden([1, 3, 1], "-4.5 0.125 -0.375"), tolerance: 1e-6)
  }
}
