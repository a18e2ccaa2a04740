import Testing
import VisionGraph
import VisionRuntime
import VisionTensor
import VisionTestSupport

@Suite struct EinsumTests {
  /// Equations, shapes of their operands, and NumPy's results.
  static let cases: [(String, [Shape], Tensor)] = [
    (
      "ij->ji", [[2, 3]],
      golden(
        [3, 2],
        """
        -0.28125 0.625 -0.40625 0.5 -0.53125 0.375
        """)
    ),
    (
      "ij->", [[2, 3]],
      golden(
        [],
        """
        0.28125
        """)
    ),
    (
      "ij", [[3, 2]],
      golden(
        [3, 2],
        """
        -0.28125 -0.40625 -0.53125 0.625 0.5 0.375
        """)
    ),
    (
      "...ii->...i", [[2, 3, 3]],
      golden(
        [2, 3],
        """
        -0.28125 0.5 0 -0.125 -0.625 0.15625
        """)
    ),
    (
      "ii", [[3, 3]],
      golden(
        [],
        """
        0.21875
        """)
    ),
    (
      "iij->j", [[3, 3, 2]],
      golden(
        [2],
        """
        0 -0.375
        """)
    ),
    (
      "i,i", [[5], [5]],
      golden(
        [],
        """
        -0.306640625
        """)
    ),
    (
      "bij,bjk->bik", [[2, 3, 4], [2, 4, 2]],
      golden(
        [2, 3, 2],
        """
        0.662109375 0.736328125 -0.07421875 -0.23046875 -0.08984375 0.00390625 -0.478515625
        -0.455078125 0.14453125 0.09765625 0.20703125 0.41015625
        """)
    ),
    (
      "bij,bjk", [[2, 2, 3], [2, 3, 2]],
      golden(
        [2, 2],
        """
        0.482421875 0.587890625 -0.4140625 -0.5078125
        """)
    ),
    (
      "...ij,jk->...ik", [[2, 1, 2, 3], [3, 4]],
      golden(
        [2, 1, 2, 4],
        """
        -0.0224609375 0.129882812 -0.23828125 -0.0859375 -0.05078125 -0.23828125 0.21484375
        0.02734375 -0.0390625 -0.0859375 0.02734375 -0.01953125 -0.02734375 0.06640625 -0.16015625
        -0.06640625
        """)
    ),
    (
      "bhid,bhjd->bhij", [[1, 2, 3, 4], [1, 2, 2, 4]],
      golden(
        [1, 2, 3, 2],
        """
        -0.087890625 0.329101562 -0.078125 -0.22265625 0.171875 -0.25390625 -0.271484375
        -0.177734375 0.13671875 -0.05078125 -0.17578125 0.63671875
        """)
    ),
    (
      "i,j->ij", [[3], [4]],
      golden(
        [3, 4],
        """
        -0.017578125 0.017578125 0.052734375 0.087890625 -0.025390625 0.025390625 0.076171875
        0.126953125 -0.033203125 0.033203125 0.099609375 0.166015625
        """)
    ),
    (
      "ij,kj,k->i", [[2, 3], [4, 3], [4]],
      golden(
        [2],
        """
        0.11541748 -0.0810546875
        """)
    ),
    (
      ",ij->ij", [[], [2, 3]],
      golden(
        [2, 3],
        """
        -0.017578125 0.017578125 0.052734375 0.087890625 0.123046875 0.158203125
        """)
    ),
    (
      "...,...", [[2, 3], [1, 3]],
      golden(
        [2, 3],
        """
        -0.017578125 0.025390625 0.099609375 0.0390625 -0.03125 -0.0703125
        """)
    ),
    (
      "abc,cd,de->eab", [[2, 1, 3], [3, 2], [2, 4]],
      golden(
        [4, 2, 1],
        """
        0.0766601562 -0.05078125 -0.0151367188 0.02734375 -0.106933594 0.10546875 -0.198730469
        0.18359375
        """)
    ),
    (
      "ij,ij->ij", [[1, 3], [2, 3]],
      golden(
        [2, 3],
        """
        -0.017578125 0.025390625 0.099609375 0.087890625 0.177734375 0.298828125
        """)
    ),
    (
      "ba,ab->", [[2, 3], [3, 2]],
      golden(
        [],
        """
        -0.115234375
        """)
    ),
    (
      "iji,jk -> ki", [[2, 3, 2], [3, 2]],
      golden(
        [2, 2],
        """
        -0.13671875 0.1953125 -0.09765625 0.2421875
        """)
    ),
  ]

  private static func operands(_ shapes: [Shape], type: ElementType = .float32) -> [Tensor] {
    shapes.enumerated().map { index, shape in
      let numbers = pattern(shape, seed: index + 1).doubles.map { type == .float32 ? $0 / 4 : $0 * 8 }
      return Tensor(doubles: numbers, shape: shape, elementType: type)
    }
  }

  @Test(arguments: cases) func agreesWithNumPy(_ equation: String, _ shapes: [Shape], _ expected: Tensor)
    throws
  {
    try checkOperator(Einsum(equation), Self.operands(shapes), expected: [expected], kernelTolerance: 2e-6)
  }

  /// Nothing of it runs on a reference.
  @Test(arguments: cases) func runsOnKernels(_ equation: String, _ shapes: [Shape], _ expected: Tensor) throws
  {
    let builder = GraphBuilder()
    var values: [Value?] = []
    for (index, shape) in shapes.enumerated() {
      values.append(try builder.input("x\(index)", dimensions: shape.map { .fixed($0) }))
    }
    try builder.output("y", builder.add(Einsum(equation), values)[0])
    let plan = try Plan(builder.graph, parameters: Parameters())
    #expect(plan.referenceNodes.isEmpty)
  }

  @Test func computesIntegersExactly() throws {
    let large = Tensor([1 << 40, -3, 5, 7] as [Int64], shape: [2, 2])
    try checkOperator(
      Einsum("ij,jk->ik"), [large, Tensor([1, 2, 3, 4] as [Int64], shape: [2, 2])],
      expected: [Tensor([(1 << 40) - 9, (1 << 41) - 12, 26, 38] as [Int64], shape: [2, 2])])
    try checkOperator(
      Einsum("i,i"), [Tensor([200, 100] as [UInt8]), Tensor([2, 3] as [UInt8])],
      expected: [Tensor(scalar: UInt8(188))])
  }

  @Test func takesEmptyTensors() throws {
    try checkOperator(
      Einsum("ij,jk->ik"), [Tensor([] as [Float], shape: [2, 0]), Tensor([] as [Float], shape: [0, 3])],
      expected: [Tensor([0, 0, 0, 0, 0, 0] as [Float], shape: [2, 3])])
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    try checkOperator(
      Einsum("bhid,bhjd->bhij"), Self.operands([[2, 3, 17, 19], [2, 3, 23, 19]]), kernelTolerance: 2e-6)
  }

  @Test func refusesWhatDoesNotFit() {
    let x = Fact(.float32, [2, 3])
    for equation in [
      "ijk->i", "i->i", "ij->k", "ij->ii", "ij,jk->ik", "i.j->i", "i1->i", "ij>i", "...i...->i", "...->",
      "ij->...k", "iji->j", "",
    ] {
      #expect(throws: ShapeError.self, "\(equation)") { try Einsum(equation).outputs([x]) }
    }
    #expect(throws: ShapeError.self) { try Einsum("ij,jk->ik").outputs([x, x]) }
    #expect(throws: ShapeError.self) { try Einsum("ij,ij->i").outputs([x, Fact(.float64, [2, 3])]) }
    #expect(throws: ShapeError.self) { try Einsum("ij->i").outputs([Fact(.bool, [2, 3])]) }
    #expect(graphErrorKind { try importNode(Einsum.self, opset: 12, [pattern([2])]) } == .structure)
  }
}
