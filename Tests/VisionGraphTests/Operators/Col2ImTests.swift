import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct Col2ImTests {
  private func check(_ op: Col2Im, _ x: Tensor, image: [Int64], block: [Int64], _ expected: Tensor) throws {
    try checkOperator(
      op, [x, Tensor(image), Tensor(block)], constants: [1, 2], expected: [expected], tolerance: 1e-6)
  }

  @Test func addsBlocks() throws {
    try check(
      Col2Im(strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0]), pattern([2, 8, 12], seed: 1),
      image: [4, 5],
      block: [2, 2],
      golden(
        [2, 2, 4, 5],
        """
        -1.125 -3.625 -4.625 4.625 1.625 4.25 5.75 3.75 1.75 -0.5 0.25 -2.25 -4.25 -6.25 -4.5 -1.75
        0.25 4.375 3.375 1 0.5 -0.375 -1.375 -2.375 -1.875 -2.75 -8.25 0 8.25 2.75 3.5 4.25 2.25 0.25
        -1.25 -0.125 -1.625 -2.625 -3.625 -2.5 2.125 2.875 1.875 0.875 -0.25 0.5 -1.75 -3.75 -5.75
        -4.25 -3.5 -4.625 8.75 6.75 2 1.5 1.625 0.625 -0.375 -0.875 -1.375 -4.125 0 4.125 1.375 3.75
        4.75 2.75 0.75 -1 -0.25 -3.25 -5.25 -7.25 0.125 -2 -0.25 3.875 2.875 0.75
        """))
    try check(
      Col2Im(strides: [2, 1], dilations: [1, 1], pads: [1, 1, 1, 1]), pattern([2, 12, 15], seed: 1),
      image: [5, 5],
      block: [2, 3],
      golden(
        [2, 2, 5, 5],
        """
        1.125 2.5 1 -0.5 -1.5 0.125 1 -0.5 -2 2.625 1.25 0.125 -1.375 -2.875 -1.375 0.25 -1.375 -2.875
        0.75 -2.375 1.375 2.875 1.375 -0.125 -1.25 -1.75 0.75 -0.75 2.875 0.75 2.375 -0.75 2.875 1.375
        -0.25 -1.625 -1.625 2 0.5 0.875 -2.625 2 0.5 -1 -0.125 -1.5 1.125 -0.375 -1.875 1 0.5 -1 -2.5
        1.125 -2.125 -0.5 -2.5 1.125 -0.375 -3.125 0.625 1.75 0.25 -1.25 3.125 -0.375 0.25 -1.25 2.375
        2.125 0.75 -0.625 -2.125 1.5 -1.875 -2.375 2.375 0.875 -0.625 0.125 1.75 0.875 -0.625 -2.125
        -0.875 2.875 0 -1.5 2.125 0.25 1.875 -1.5 2.125 0.625 -0.75 -2.125 -2.375 1.25 -0.25 0.375
        """))
    try check(
      Col2Im(strides: [2, 2], dilations: [2, 1], pads: [0, 2, 0, 2]), pattern([2, 8, 10], seed: 1),
      image: [6, 6],
      block: [2, 2],
      golden(
        [2, 2, 6, 6],
        """
        -1.625 -1.5 -2.125 -2 2.5 -2.5 0 0 0 0 0 0 -0.375 -0.125 -1.375 -1.125 -2.375 -2.125 0 0 0 0 0
        0 1.25 1.375 0.75 0.875 0.25 0.375 0 0 0 0 0 0 -1.125 -1 -1.625 -1.5 -2.125 -2 0 0 0 0 0 0
        0.625 0.875 -0.375 -0.125 -1.375 -1.125 0 0 0 0 0 0 1.75 1.875 1.25 1.375 0.75 0.875 0 0 0 0 0
        0 -0.625 -0.5 -1.125 -1 -1.625 -1.5 0 0 0 0 0 0 1.625 1.875 0.625 0.875 -0.375 -0.125 0 0 0 0
        0 0 2.25 2.375 1.75 1.875 1.25 1.375 0 0 0 0 0 0 -0.125 0 -0.625 -0.5 -1.125 -1 0 0 0 0 0 0
        2.625 -2.25 1.625 1.875 0.625 0.875 0 0 0 0 0 0 -2.375 -2.25 2.25 2.375 1.75 1.875 0 0 0 0 0 0
        """))
    // A line, and a volume whose blocks do not overlap.
    try check(
      Col2Im(), Tensor([1, 2, 3, 10, 20, 30] as [Float], shape: [1, 2, 3]), image: [4], block: [2],
      Tensor([1, 12, 23, 30] as [Float], shape: [1, 1, 4]))
    try check(
      Col2Im(strides: [1, 1, 2]), Tensor([1, 2, 3, 4] as [Int32], shape: [1, 2, 2]), image: [1, 1, 4],
      block: [1, 1, 2], Tensor([1, 3, 2, 4] as [Int32], shape: [1, 1, 1, 1, 4]))
  }

  @Test func refusesWhatDoesNotFit() {
    func size(_ extents: [Int64]) -> Fact { Fact(constant: Tensor(extents)) }
    let x = Fact(.float32, [1, 4, 9])
    #expect(throws: ShapeError.self) { try Col2Im().outputs([x, size([4, 5]), size([2, 2])]) }
    #expect(throws: ShapeError.self) { try Col2Im().outputs([x, size([4, 4]), size([2])]) }
    #expect(throws: ShapeError.self) { try Col2Im().outputs([x, size([4, 4]), size([0, 2])]) }
    #expect(throws: ShapeError.self) {
      try Col2Im().outputs([Fact(.float32, [1, 5, 9]), size([4, 4]), size([2, 2])])
    }
    #expect(throws: ShapeError.self) { try Col2Im(strides: [1]).outputs([x, size([4, 4]), size([2, 2])]) }
    #expect(throws: ShapeError.self) { try Col2Im(pads: [1, 1]).outputs([x, size([4, 4]), size([2, 2])]) }
    #expect(throws: ShapeError.self) { try Col2Im().outputs([x, Fact(.int64, [2]), size([2, 2])]) }
  }
}
