import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Operators say what they are to a network that computes on bytes.
@Suite struct ByteRoleTests {
  /// The elements backwards along the last axis.
  private struct Reversed: Operator {
    static let name = "Reversed"
    func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
      let x = try ShapeRule.required(inputs, 0, types: [.float32, .uint8])
      return [Fact(x.type, x.shape)]
    }
    func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
      let x = try Reference.required(inputs, 0)
      let row = x.shape.last ?? 1
      let values = (0..<x.elementCount).map { x.doubles[$0 / row * row + row - 1 - $0 % row] }
      return [Tensor(doubles: values, shape: x.shape, elementType: x.elementType)]
    }
    func byteRole(_ inputs: [Fact?], isFixed: (Int) -> Bool) -> ByteRole { .moving }
    static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
      [try graph.add(Reversed(), node.input(0), name: node.name)]
    }
  }

  private let x = Tensor(Philox(seed: 3).normal(count: 24), shape: [4, 6])

  /// x through two matrix products with `body` between them, on bytes.
  private func onBytes(_ body: (Value) throws -> Value) throws -> (bytes: Graph, float: Tensor, byte: Tensor)
  {
    let builder = GraphBuilder()
    var parameters = Parameters()
    func weights(_ name: String) throws -> Value {
      parameters[name] = Tensor(
        Philox(seed: 4).normal(count: 36, stream: UInt64(parameters.count)), shape: [6, 6])
      return try builder.parameter(name, shape: [6, 6], initializer: .zeros)
    }
    let input = try builder.input("x", dimensions: [.fixed(4), .fixed(6)])
    let between = try body(builder.add(MatMul(), input, weights("first"), name: "first"))
    try builder.output("y", builder.add(MatMul(), between, weights("last"), name: "last"))
    let graph = builder.graph
    let float = try #require(try Interpreter(graph, parameters: parameters).run(["x": x])["y"])
    let quantizer = try Quantizer(graph, parameters: parameters)
    let seen = try Interpreter(quantizer.observation(), parameters: quantizer.parameters).run(["x": x])
    let ranges = (0..<quantizer.rangeCount).map { index -> ClosedRange<Float> in
      let values = seen["\(index)"]?.floats ?? []
      return (values.min() ?? 0)...(values.max() ?? 0)
    }
    let (written, weights) = try quantizer.quantized(ranges)
    let bytes = try written.applying(Graph.inferencePasses)
    let byte = try #require(try Interpreter(bytes, parameters: weights).run(["x": x])["y"])
    return (bytes, float, byte)
  }

  private func types(_ graph: Graph, of name: String) -> [ElementType] {
    graph.nodes.filter { $0.name == name }.map { graph.fact($0.outputs[0]).type }
  }

  @Test func whatMovesElementsMovesBytes() throws {
    let (bytes, float, byte) = try onBytes { try $0.graph.add(Reversed(), $0, name: "reversed") }
    #expect(types(bytes, of: "reversed") == [.uint8])
    #expect(relativeDifference(byte, float) < 0.03)
  }

  /// What says nothing computes in floating point between bytes.
  @Test func theRestStaysInFloatingPoint() throws {
    let (bytes, float, byte) = try onBytes { try $0.graph.add(Tanh(), $0, name: "tanh") }
    #expect(types(bytes, of: "tanh") == [.float32])
    #expect(relativeDifference(byte, float) < 0.05)
  }

  @Test func aSumOfAValueWithItselfStaysInFloatingPoint() throws {
    let (bytes, _, _) = try onBytes { try $0.graph.add(Add(), $0, $0, name: "double") }
    #expect(types(bytes, of: "double") == [.float32])
    #expect(!bytes.nodes.contains { $0.operation is QuantizedAdd })
  }

  @Test func weightsSayWhereTheirOutputsLie() {
    let (x, w) = (Fact(.float32, [4, 6]), Fact(.float32, [6, 3]))
    func role(_ op: any Operator, _ inputs: [Fact?], fixed: Set<Int> = [1, 2]) -> ByteRole {
      op.byteRole(inputs) { fixed.contains($0) }
    }
    #expect(role(MatMul(), [x, w]) == .weighted(outputAxis: 1))
    #expect(role(MatMul(), [x, w], fixed: []) == .float)
    #expect(role(Gemm(), [x, w, Fact(.float32, [3])]) == .weighted(outputAxis: 1))
    #expect(role(Gemm(transposesB: true), [x, Fact(.float32, [3, 6]), nil]) == .weighted(outputAxis: 0))
    #expect(role(Gemm(), [x, w, Fact(.float32, [1])]) == .float)
    #expect(role(Gemm(alpha: 2), [x, w]) == .float)
    let image = Fact(.float32, [1, 3, 8, 8])
    let conv = Conv(window: Window(kernel: [3, 3]))
    #expect(role(conv, [image, Fact(.float32, [5, 3, 3, 3])]) == .weighted(outputAxis: 0))
    #expect(role(Concat(axis: 1), [image, image], fixed: []) == .moving)
    #expect(role(Concat(axis: 1), [image, image], fixed: [1]) == .float)
    #expect(role(Concat(axis: 1), [image, Fact(.float64, image.shape)], fixed: []) == .float)
  }
}
