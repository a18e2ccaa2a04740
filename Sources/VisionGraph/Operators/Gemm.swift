public import VisionTensor
import VisionSystem

/// y = α · a′ · b′ + β · c, where a′ and b′ are a and b or their transposes. ONNX Gemm, opset 13.
///
/// Inputs: a′ M×K, b′ K×N, optional c that broadcasts to M×N, all of one floating-point type, or of 32- or 64-bit integers, which
/// wrap and take whole factors α and β.
public struct Gemm: Operator {
  public static let name = "Gemm"
  public var alpha: Float
  public var beta: Float
  public var transposesA: Bool
  public var transposesB: Bool

  public init(alpha: Float = 1, beta: Float = 1, transposesA: Bool = false, transposesB: Bool = false) {
    self.alpha = alpha
    self.beta = beta
    self.transposesA = transposesA
    self.transposesB = transposesB
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let a = try ShapeRule.required(inputs, 0, types: .summable)
    let b = try ShapeRule.required(inputs, 1, types: [a.type])
    guard a.type.isFloatingPoint || Int(exactly: alpha) != nil && Int(exactly: beta) != nil else {
      throw ShapeError("integers cannot be multiplied by \(alpha) and \(beta)")
    }
    let c = try ShapeRule.optional(inputs, 2, types: [a.type])
    guard a.shape.rank == 2, b.shape.rank == 2 else {
      throw ShapeError("\(a.shape) and \(b.shape) must be matrices")
    }
    let (m, k) = transposesA ? (a.shape[1], a.shape[0]) : (a.shape[0], a.shape[1])
    let (rows, n) = transposesB ? (b.shape[1], b.shape[0]) : (b.shape[0], b.shape[1])
    guard k == rows else {
      throw ShapeError(
        "\(a.shape)\(transposesA ? " transposed" : "") times \(b.shape)\(transposesB ? " transposed" : ""): "
          + "\(k) columns meet \(rows) rows")
    }
    if let c, c.shape.broadcast(with: [m, n]) != [m, n] {
      throw ShapeError("the addend \(c.shape) does not broadcast to \(m)×\(n)")
    }
    return [Fact(a.type, [m, n])]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let a = try Reference.required(inputs, 0)
    let b = try Reference.required(inputs, 1)
    let shape = try resolved(inputs)[0].shape
    if !a.elementType.isFloatingPoint { return [integers(a, b, Reference.optional(inputs, 2), shape)] }
    let (m, n) = (shape[0], shape[1])
    let k = transposesA ? a.shape[0] : a.shape[1]
    let addend = Reference.optional(inputs, 2).map {
      ($0.doubles, Reference.indices(of: $0.shape, broadcastTo: shape))
    }
    let (alpha, beta) = (Double(alpha), Double(beta))
    let (aRow, aColumn) = transposesA ? (1, m) : (k, 1)
    let (bRow, bColumn) = transposesB ? (1, k) : (n, 1)
    let (left, right) = (a.doubles, b.doubles)
    let result = [Double](unsafeUninitializedCapacity: m * n) { buffer, count in
      left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in
          for row in 0..<m {
            for column in 0..<n {
              var sum = 0.0
              for index in 0..<k {
                sum += left[row * aRow + index * aColumn] * right[index * bRow + column * bColumn]
              }
              buffer[row * n + column] = alpha * sum
            }
          }
        }
      }
      if let (values, indices) = addend {
        for index in 0..<(m * n) { buffer[index] += beta * values[indices[index]] }
      }
      count = m * n
    }
    return [Tensor(doubles: result, shape: shape, elementType: a.elementType)]
  }

  /// The result for integers, modulo 2ⁿ.
  private func integers(_ a: Tensor, _ b: Tensor, _ c: Tensor?, _ shape: Shape) -> Tensor {
    let (m, n, k) = (shape[0], shape[1], a.shape[transposesA ? 0 : 1])
    let (left, right, alpha) = (a.wrappedIntegers, b.wrappedIntegers, Int(exactly: alpha) ?? 1)
    var result: [Int] = []
    for row in 0..<m {
      for column in 0..<n {
        let sum = (0..<k).reduce(0) { sum, index in
          sum &+ left[transposesA ? index * m + row : row * k + index]
            &* right[transposesB ? column * k + index : index * n + column]
        }
        result.append(alpha &* sum)
      }
    }
    if let c {
      let (values, beta) = (c.wrappedIntegers, Int(exactly: beta) ?? 1)
      for (index, from) in Reference.indices(of: c.shape, broadcastTo: shape).enumerated() {
        result[index] = result[index] &+ beta &* values[from]
      }
    }
    return Tensor(wrapping: result, shape: shape, elementType: a.elementType)
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    let g = node.gradient
    return try node.wanted { (index, input) throws(GraphError) in
      switch index {
      case 0:
        let b = try node.input(1)
        return transposesA
          ? try node.add(Gemm(alpha: alpha, transposesA: transposesB, transposesB: true), b, g)
          : try node.add(Gemm(alpha: alpha, transposesB: !transposesB), g, b)
      case 1:
        let a = try node.input(0)
        return transposesB
          ? try node.add(Gemm(alpha: alpha, transposesA: true, transposesB: transposesA), g, a)
          : try node.add(Gemm(alpha: alpha, transposesA: !transposesA), a, g)
      default:
        let sum = try node.sum(g, toShapeOf: input)
        return beta == 1 ? sum : try node.add(Mul(), sum, node.scalar(Double(beta), like: sum))
      }
    }
  }

  public func byteRole(_ inputs: [Fact?], isFixed: (Int) -> Bool) -> ByteRole {
    guard !transposesA, alpha == 1, beta == 1, Fact.isWeight(inputs, 1, ranks: 2...2, isFixed) else {
      return .float
    }
    let axis = transposesB ? 0 : 1
    guard inputs.count > 2, let bias = inputs[2] else { return .weighted(outputAxis: axis) }
    guard Fact.isWeight(inputs, 2, ranks: 1...1, isFixed) else { return .float }
    return bias.shape[0] == inputs[1]?.shape[axis] ? .weighted(outputAxis: axis) : .float
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["alpha", "beta", "transA", "transB"])
    let gemm = Gemm(
      alpha: try node.float("alpha") ?? 1, beta: try node.float("beta") ?? 1,
      transposesA: try node.flag("transA"), transposesB: try node.flag("transB"))
    return [
      try graph.add(gemm, node.input(0), node.input(1), node.optionalInput(2), name: node.name)
    ]
  }

  public var attributes: Attributes {
    [
      "alpha": .float(alpha), "beta": .float(beta), "transA": .int(transposesA ? 1 : 0),
      "transB": .int(transposesB ? 1 : 0),
    ]
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    let k = inputs[0]?.shape[transposesA ? 0 : 1] ?? 0
    return GraphLimits.product(outputs[0].shape.dimensions + [2, k])
  }
}
