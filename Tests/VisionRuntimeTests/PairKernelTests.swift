import Testing
import VisionGraph
import VisionRuntime
import VisionTensor
import VisionTestSupport

/// Comparisons, logic, arithmetic of integers and the C library's functions run on kernels that agree with the references.
@Suite struct PairKernelTests {
  private static let shapes: [(Shape, Shape)] = [
    ([], []), ([5, 1, 7], [3, 1]), ([2, 3, 4, 5], [2, 3, 4, 5]), ([2, 3, 4, 5], [3, 1, 1]), ([1], [4, 33]),
    ([2, 1, 3, 1, 2], [1, 4, 3, 5, 1]),
  ]

  private static func numbers(_ shape: Shape, _ seed: Int, _ type: ElementType) -> Tensor {
    let values = pattern(shape, seed: seed).doubles.map { type.isFloatingPoint ? $0 : ($0 * 4).rounded() }
    return Tensor(doubles: values, shape: shape, elementType: type)
  }

  /// Nothing of the operator runs on its reference, and all that runs agrees with it.
  private func check(_ op: some Operator, _ inputs: [Tensor]) throws {
    let builder = GraphBuilder()
    var values: [Value?] = []
    for (index, tensor) in inputs.enumerated() {
      values.append(
        try builder.input(
          "x\(index)", type: tensor.elementType, dimensions: tensor.shape.map { .fixed($0) }))
    }
    try builder.output("y", builder.add(op, values)[0])
    let plan = try Plan(builder.graph, parameters: Parameters())
    #expect(plan.referenceNodes.isEmpty, "\(type(of: op).name) of \(inputs)")
    try checkOperator(op, inputs)
  }

  private static let comparable: [ElementType] = [
    .float32, .float64, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32,
  ]

  @Test(arguments: comparable) func compare(_ type: ElementType) throws {
    let operations: [any Operator] = [Equal(), Less(), LessOrEqual(), Greater(), GreaterOrEqual()]
    for (a, b) in Self.shapes {
      for op in operations { try check(op, [Self.numbers(a, 1, type), Self.numbers(b, 2, type)]) }
    }
  }

  @Test(arguments: comparable.filter { !$0.isFloatingPoint }) func compute(_ type: ElementType) throws {
    let operations: [any Operator] = [
      Add(), Sub(), Mul(), Min(), Max(), BitwiseAnd(), BitwiseOr(), BitwiseXor(),
    ]
    for (a, b) in Self.shapes {
      for op in operations { try check(op, [Self.numbers(a, 1, type), Self.numbers(b, 2, type)]) }
    }
  }

  @Test func wrapAtTheBoundsOfTheirTypes() throws {
    let operations: [any Operator] = [Add(), Sub(), Mul()]
    for op in operations {
      try check(op, [Tensor([Int64.max, Int64.min, -1]), Tensor([1, -1, Int64.min] as [Int64])])
      try check(op, [Tensor([Int32.max, Int32.min, -1]), Tensor([2, -1, Int32.min] as [Int32])])
      try check(op, [Tensor([Int8.max, Int8.min, -1]), Tensor([2, -1, Int8.min] as [Int8])])
      try check(op, [Tensor([UInt16.max, 0, 1]), Tensor([UInt16.max, 1, 2])])
    }
  }

  @Test func combineBools() throws {
    for (a, b) in Self.shapes {
      let (x, z) = (
        Self.numbers(a, 1, .int8).converted(to: .bool), Self.numbers(b, 7, .int8).converted(to: .bool)
      )
      for op in [And(), Or(), Xor(), Equal()] as [any Operator] { try check(op, [x, z]) }
      try check(Not(), [x])
    }
  }

  @Test func tellNaNApart() throws {
    let (x, z) = (
      Tensor([.nan, 1, .infinity, -0.0] as [Float]), Tensor([.nan, .nan, .infinity, 0] as [Float])
    )
    for op in [Equal(), Less(), LessOrEqual(), Greater(), GreaterOrEqual()] as [any Operator] {
      try check(op, [x, z])
    }
  }

  @Test func computeFunctionsOfTheLibrary() throws {
    let functions: [any Operator] = [
      Sin(), Cos(), Tan(), Asin(), Acos(), Atan(), Sinh(), Cosh(), Asinh(), Acosh(), Atanh(),
    ]
    for op in functions { try check(op, [pattern([3, 1001])]) }
  }
}
