import Testing
import VisionCompute
import VisionGraph
import VisionRuntime
import VisionTensor
import VisionTestSupport

@Suite struct AttentionViewsTests {
  /// How queries, keys and values come from one tensor N×S×(3·H·D).
  enum Division: CaseIterable {
    /// 3×N×H×S×D, of which ranges are taken.
    case slices
    /// 3×N×H×S×D, of which elements are taken.
    case gathered
    /// Three parts of the last axis, each permuted.
    case split
    /// H×3·D numbers, each head's together, in ranges from behind.
    case headFirst
  }

  private static let (batch, length, heads, depth) = (2, 7, 3, 5)

  private struct Network {
    let builder = GraphBuilder()

    func add(_ op: some Operator, _ inputs: Value?...) throws -> Value { try builder.add(op, inputs)[0] }
    func integers(_ values: [Int]) -> Value { builder.constant(Tensor(values.map { Int64($0) })) }
    func reshape(_ x: Value, _ shape: [Int]) throws -> Value { try add(Reshape(), x, integers(shape)) }

    func slice(_ x: Value, _ start: Int, _ end: Int, axis: Int) throws -> Value {
      try add(Slice(), x, integers([start]), integers([end]), integers([axis]))
    }

    /// Queries, keys and values N×H×S×D.
    func operands(_ x: Value, _ division: Division) throws -> [Value] {
      let (n, s, h, d) = (batch, length, heads, depth)
      switch division {
      case .slices, .gathered:
        let turned = try add(Transpose([2, 0, 3, 1, 4]), reshape(x, [n, s, 3, h, d]))
        return try (0..<3).map { part in
          division == .gathered
            ? try add(Gather(axis: 0), turned, builder.constant(Tensor(scalar: Int64(part - 3))))
            : try add(Squeeze(), slice(turned, part, part + 1, axis: 0), integers([0]))
        }
      case .split:
        return try builder.add(Split(axis: -1, into: 3), [x]).map { part in
          try add(Transpose([0, 2, 1, 3]), reshape(part, [n, s, h, d]))
        }
      case .headFirst:
        let turned = try add(Transpose([0, 2, 1, 3]), reshape(x, [n, s, h, 3 * d]))
        return try (0..<3).map { part in
          try slice(turned, (part - 3) * d, part == 2 ? Int.max : (part - 2) * d, axis: -1)
        }
      }
    }

    /// softmax(q · kᵀ / 2) · v as N×S×(H·D).
    func attention(_ operands: [Value], keysInColumns: Bool = false) throws -> Value {
      let keys = keysInColumns ? operands[1] : try add(Transpose([0, 1, 3, 2]), operands[1])
      let scores = try add(
        Mul(), add(MatMul(), operands[0], keys), builder.constant(Tensor(scalar: Float(0.5))))
      let y = try add(MatMul(), add(Softmax(), scores), operands[2])
      return try reshape(add(Transpose([0, 2, 1, 3]), y), [batch, length, heads * depth])
    }

    /// Checks the numbers of a plan, and how many steps of it are copies.
    func expect(copies: Int, _ inputs: [String: Tensor], sourceLocation: SourceLocation = #_sourceLocation)
      throws
    {
      let expected = try Interpreter(builder.graph, parameters: Parameters()).run(inputs)
      for set in InstructionSet.supported {
        let plan = try Plan(builder.graph, parameters: Parameters(), instructionSet: set)
        let steps = plan.explanation(threads: 1).steps
        #expect(steps.filter { $0.kernelName == "attention" }.count == 1, sourceLocation: sourceLocation)
        #expect(steps.filter { $0.kernelName == "copy" }.count == copies, sourceLocation: sourceLocation)
        #expect(plan.referenceNodes.isEmpty, sourceLocation: sourceLocation)
        let results = try [1, 2].map { try plan.run(inputs, on: Executor(threads: $0)) }
        for (name, value) in expected {
          let result = try #require(results[0][name], sourceLocation: sourceLocation)
          expectClose(result, value, tolerance: 3e-6, name, sourceLocation: sourceLocation)
          #expect(results[1][name] == result, sourceLocation: sourceLocation)
        }
      }
    }
  }

  private func input(_ network: Network, _ shape: Shape) throws -> (Value, [String: Tensor]) {
    (try network.builder.input("x", dimensions: shape.map { .fixed($0) }), ["x": pattern(shape)])
  }

  @Test(arguments: Division.allCases) func readsOperandsWhereTheyAre(_ division: Division) throws {
    let network = Network()
    let (x, inputs) = try input(network, [Self.batch, Self.length, 3 * Self.heads * Self.depth])
    try network.builder.output("y", network.attention(network.operands(x, division)))
    try network.expect(copies: 0, inputs)
  }

  @Test func copiesWhatSomebodyElseReads() throws {
    let network = Network()
    let (x, inputs) = try input(network, [Self.batch, Self.length, 3 * Self.heads * Self.depth])
    let operands = try network.operands(x, .split)
    try network.builder.output("y", network.attention(operands))
    try network.builder.output("v", network.add(Relu(), operands[2]))
    // The split makes three results, one of which is read by a permutation that is a step.
    try network.expect(copies: 2, inputs)
  }

  /// Values whose numbers are not neighbors are copied, keys in columns need not be.
  @Test func copiesValuesInColumns() throws {
    let network = Network()
    let (n, s, h, d) = (Self.batch, Self.length, Self.heads, Self.depth)
    let (q, first) = try input(network, [n, h, s, d])
    var inputs = first
    inputs["k"] = pattern([n, s, h, d], seed: 1)
    inputs["v"] = pattern([n, h, d, s], seed: 2)
    let k = try network.builder.input("k", dimensions: [n, s, h, d].map { .fixed($0) })
    let v = try network.builder.input("v", dimensions: [n, h, d, s].map { .fixed($0) })
    let columns = try network.add(Transpose([0, 2, 3, 1]), k)
    let rows = try network.add(Transpose([0, 1, 3, 2]), v)
    try network.builder.output("y", network.attention([q, columns, rows], keysInColumns: true))
    try network.expect(copies: 1, inputs)
  }

  /// What a convolution writes channels last is read as it lies, or converted.
  @Test func readsImages() throws {
    let network = Network()
    let (n, s, h, d) = (Self.batch, Self.length, Self.heads, Self.depth)
    let (x, inputs) = try input(network, [n, 3 * h * d, 1, s])
    let image = try network.add(MaxPool(window: Window(kernel: [1, 1])), x)
    let turned = try network.add(Transpose([0, 2, 1]), network.reshape(image, [n, 3 * h * d, s]))
    try network.builder.output("y", network.attention(network.operands(turned, .slices)))
    let expected = try Interpreter(network.builder.graph, parameters: Parameters()).run(inputs)
    let plan = try Plan(network.builder.graph, parameters: Parameters())
    let result = try plan.run(inputs, on: Executor(threads: 2))
    expectClose(try #require(result["y"]), try #require(expected["y"]), tolerance: 3e-6)
  }
}
