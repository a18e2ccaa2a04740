public import VisionTensor

/// y = a · b with the rules of NumPy's `matmul`: leading axes broadcast; a vector is a row on the left and a
/// column on the right. ONNX MatMul, opset 13.
///
/// Inputs: a …×M×K or K, b …×K×N or K, of one type: floating-point, or 32- or 64-bit integers (which wrap).
public struct MatMul: Operator {
  public static let name = "MatMul"
  public init() {}

  /// The operands as batches of matrices.
  private struct Form {
    var (m, k, n) = (1, 1, 1)
    /// The leading axes of both operands, and their broadcast shape.
    var a: Shape = [], b: Shape = [], batch: Shape = []
    var output: Shape = []
  }

  private static func form(_ a: Shape, _ b: Shape) throws(ShapeError) -> Form {
    guard a.rank >= 1, b.rank >= 1 else { throw ShapeError("\(a) times \(b): scalars have no product here") }
    var form = Form()
    form.m = a.rank == 1 ? 1 : a[a.rank - 2]
    form.k = a[a.rank - 1]
    form.n = b.rank == 1 ? 1 : b[b.rank - 1]
    let rows = b.rank == 1 ? b[0] : b[b.rank - 2]
    guard form.k == rows else { throw ShapeError("\(a) times \(b): \(form.k) columns meet \(rows) rows") }
    form.a = Shape(Array(a.dimensions.dropLast(2)))
    form.b = Shape(Array(b.dimensions.dropLast(2)))
    guard let batch = form.a.broadcast(with: form.b) else {
      throw ShapeError("\(a) times \(b): the leading axes do not broadcast")
    }
    form.batch = batch
    form.output = Shape(
      batch.dimensions + (a.rank == 1 ? [] : [form.m]) + (b.rank == 1 ? [] : [form.n]))
    return form
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let types = Set<ElementType>.floats.union([.int32, .int64, .uint32, .uint64])
    let a = try ShapeRule.required(inputs, 0, types: types)
    let b = try ShapeRule.required(inputs, 1, types: [a.type])
    return [Fact(a.type, try Self.form(a.shape, b.shape).output)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let a = try Reference.required(inputs, 0)
    let b = try Reference.required(inputs, 1)
    let form: Form
    do {
      form = try Self.form(a.shape, b.shape)
    } catch { throw EvaluationError(error.message) }
    if a.elementType.isFloatingPoint {
      let result = Self.product(a.doubles, b.doubles, form, zero: 0) { $0 + $1 * $2 }
      return [Tensor(doubles: result, shape: form.output, elementType: a.elementType)]
    }
    let result = Self.product(a.wrappedIntegers, b.wrappedIntegers, form, zero: 0) { $0 &+ $1 &* $2 }
    return [Tensor(wrapping: result, shape: form.output, elementType: a.elementType)]
  }

  private static func product<Number>(
    _ a: [Number], _ b: [Number], _ form: Form, zero: Number, _ step: (Number, Number, Number) -> Number
  ) -> [Number] {
    let firsts = zip(
      Reference.indices(of: form.a, broadcastTo: form.batch),
      Reference.indices(of: form.b, broadcastTo: form.batch))
    let (m, k, n) = (form.m, form.k, form.n)
    return [Number](unsafeUninitializedCapacity: form.output.elementCount) { buffer, count in
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          for (left, right) in firsts {
            for row in 0..<m {
              for column in 0..<n {
                var sum = zero
                for index in 0..<k {
                  sum = step(sum, a[(left * m + row) * k + index], b[(right * k + index) * n + column])
                }
                buffer.initializeElement(at: count, to: sum)
                count += 1
              }
            }
          }
        }
      }
    }
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    var (a, b, g) = (try node.input(0), try node.input(1), node.gradient)
    // Vectors become a row and a column; if b is a matrix, the leading axes of a become rows.
    if b.shape.rank == 1 {
      g = try node.add(Unsqueeze(), g, node.integers([-1]))
      b = try node.add(Unsqueeze(), b, node.integers([1]))
    }
    if a.shape.rank == 1 {
      g = try node.add(Unsqueeze(), g, node.integers([-2]))
      a = try node.add(Unsqueeze(), a, node.integers([0]))
    }
    if b.shape.rank == 2 {
      a = try node.add(Flatten(axis: -1), a)
      g = try node.add(Flatten(axis: -1), g)
      return try node.wanted { (index, input) throws(GraphError) in
        let product =
          index == 0
          ? try node.add(Gemm(transposesB: true), g, b) : try node.add(Gemm(transposesA: true), a, g)
        return try node.reshaped(product, like: input)
      }
    }
    return try node.wanted { (index, input) throws(GraphError) in
      let (operand, other) = index == 0 ? (a, b) : (b, a)
      var order = Array(0..<other.shape.rank)
      order.swapAt(order.count - 1, order.count - 2)
      let transposed = try node.add(Transpose(order), other)
      let product =
        index == 0 ? try node.add(MatMul(), g, transposed) : try node.add(MatMul(), transposed, g)
      return try node.reshaped(node.sum(product, toShapeOf: operand), like: input)
    }
  }

  public func byteRole(_ inputs: [Fact?], isFixed: (Int) -> Bool) -> ByteRole {
    Fact.isWeight(inputs, 1, ranks: 2...2, isFixed) && inputs[0]?.shape.rank ?? 0 >= 2
      ? .weighted(outputAxis: 1) : .float
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes([])
    return [try graph.add(MatMul(), node.input(0), node.input(1), name: node.name)]
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    GraphLimits.product(outputs[0].shape.dimensions + [2, inputs[0]?.shape.last ?? 0])
  }
}
