import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct MaxPoolWithIndicesTests {
  private func check(
    _ window: Window, ceiling: Bool = false, countsColumns: Bool = false, _ x: Tensor, _ maxima: Tensor,
    _ places: Tensor
  ) throws {
    try checkIndices(
      MaxPoolWithIndices(MaxPool(window: window, ceiling: ceiling), countsColumns: countsColumns), x,
      [maxima, places])
  }

  private func checkIndices(_ op: MaxPoolWithIndices, _ x: Tensor, _ expected: [Tensor]) throws {
    let results = try op.evaluate([x])
    #expect(results == expected)
    // A node with both outputs is read as this operator.
    let attributes = Dictionary(uniqueKeysWithValues: op.attributes.entries.map { ($0.name, $0.value) })
    #expect(try importNode(MaxPool.self, opset: 17, [x], attributes, outputCount: 2) == expected)
    try checkOperator(op, [x], expected: expected, tolerance: 0, kernelTolerance: 0)
  }

  @Test func givesMaximaAndPlaces() throws {
    try check(
      Window(kernel: [2, 2], strides: [2, 2]), pattern([2, 2, 5, 4]),
      golden(
        [2, 2, 2, 2],
        """
        2.125 1.625 1.75 2.25 2.375 1.875 2 2.5 1.125 2.125 2.25 1.25 1.375 2.375 2.5 1.5
        """),
      golden([2, 2, 2, 2], "1 2 12 11 21 22 32 31 44 42 52 54 64 62 72 74", .int64))
    try check(
      Window(kernel: [3, 3], strides: [2, 2], padding: .explicit([1, 1, 1, 1])), pattern([1, 2, 5, 6]),
      golden(
        [1, 2, 3, 3],
        """
        2.125 2.125 2.25 1.75 2.375 2.375 0.875 2.375 2.375 2.5 2.5 1.5 2.125 1.625 2.25 1.25 0.75
        2.25
        """),
      golden([1, 2, 3, 3], "1 1 11 12 21 21 24 21 21 31 31 33 42 43 52 54 55 52", .int64))
    try check(
      Window(kernel: [3, 2], strides: [2, 1], padding: .explicit([1, 0, 1, 1])), countsColumns: true,
      pattern([1, 2, 5, 6]),
      golden(
        [1, 2, 3, 6],
        """
        2.125 2.125 1.625 1.125 2.25 2.25 1.75 1.25 2.375 2.375 2.25 2.25 0.875 0.375 2.375 2.375
        1.875 1.375 2.5 2.5 2 1.5 1 0.5 2.125 1.625 1.125 2.25 2.25 1.75 1.25 0.75 0.25 2.25 2.25 1.75
        """),
      golden(
        [1, 2, 3, 6],
        """
        5 5 10 15 26 26 2 7 18 18 26 26 4 9 18 18 23 28 35 35 40 45 50 55 32 37 42 53 53 58 34 39 44
        53 53 58
        """, .int64))
    try check(
      Window(kernel: [2, 3], dilations: [2, 2], padding: .explicit([0, 1, 1, 1])), pattern([1, 1, 7, 6]),
      golden(
        [1, 1, 6, 4],
        """
        2.125 1.75 2.125 1.625 2.375 1.875 2.375 1.875 1.25 1.75 1.25 0.75 2.5 2 2.5 2 0.375 0.875
        0.375 -0.125 2.5 2 2.5 2
        """),
      golden(
        [1, 1, 6, 4],
        """
        1 12 1 2 21 22 21 22 13 12 13 14 31 32 31 32 25 24 25 26 31 32 31 32
        """, .int64))
    try check(
      Window(kernel: [2, 3], strides: [2, 2]), ceiling: true, pattern([1, 2, 6, 5]),
      golden([1, 2, 3, 2], "2.125 1.625 2.25 1.75 2.375 1.875 2.5 2 2.125 2.125 2.25 2.25"),
      golden([1, 2, 3, 2], "1 2 11 12 21 22 31 32 42 42 52 52", .int64))
    try check(
      Window(kernel: [3], strides: [2], padding: .explicit([1, 1])), pattern([2, 2, 7]),
      golden(
        [2, 2, 4],
        """
        2.125 2.125 1.125 0.125 -0.875 -1.375 2.25 1.75 0.75 0.25 -0.75 -1.75 2.375 1.875 0.875 -0.125
        """),
      golden([2, 2, 4], "1 1 3 5 7 8 11 12 14 15 17 19 21 22 24 26", .int64))
    try check(
      Window(kernel: [2, 2, 2], strides: [1, 2, 1], padding: .explicit([0, 0, 1, 1, 0, 0])),
      pattern([1, 2, 3, 4, 3]),
      golden(
        [1, 2, 3, 2, 3],
        """
        1.75 2.125 2.125 2.375 2.375 2.25 1.75 1.75 1.25 2.375 2.5 2.5 0.875 0.875 0.375 1.5 2.5 2.5 0
        2.25 2.25 2.125 2.125 1.625 1.875 2.25 2.375 1.25 1.25 0.75 1.875 1.875 2.375 0.375 0.375
        -0.125
        """),
      golden(
        [1, 2, 3, 2, 3],
        """
        12 1 1 21 21 11 12 12 13 21 31 31 24 24 25 33 31 31 36 52 52 42 42 43 63 52 62 54 54 55 63 63
        62 66 66 67
        """, .int64))
    try check(
      Window(kernel: [2, 3, 1]), countsColumns: true, pattern([1, 1, 3, 4, 3]),
      golden([1, 1, 2, 2, 3], "1.75 2.125 1.625 2.375 1.875 2.25 1.75 2.5 2 2.375 2.5 2"),
      golden([1, 1, 2, 2, 3], "1 12 24 10 22 33 1 20 32 10 20 32", .int64))
  }

  @Test func takesTheFirstOfEqualsAndNaN() throws {
    let window = Window(kernel: [2, 2])
    try check(
      window, Tensor([1, 1, 0, 1, 1, .nan] as [Float], shape: [1, 1, 2, 3]),
      Tensor([1, .nan] as [Float], shape: [1, 1, 1, 2]), Tensor([0, 5] as [Int64], shape: [1, 1, 1, 2]))
    try check(
      window, Tensor([-3, -128, 127, 127] as [Int8], shape: [1, 1, 2, 2]),
      Tensor([127] as [Int8], shape: [1, 1, 1, 1]), Tensor([2] as [Int64], shape: [1, 1, 1, 1]))
  }

  @Test func agreesWithItsKernelOnLargerShapes() throws {
    let window = Window(kernel: [3, 3], strides: [2, 1], padding: .sameUpper)
    try checkOperator(
      MaxPoolWithIndices(MaxPool(window: window)), [pattern([2, 17, 9, 7])], kernelTolerance: 0)
  }
}
