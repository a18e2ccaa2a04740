import CVisionKernels
import Testing
import VisionCompute
import VisionGraph
import VisionTensor
import VisionTestSupport

@testable import VisionRuntime

/// Kernels are found by the type of an operator, and by the function of one element that it says it is.
@Suite struct KernelTableTests {
  /// A function that kernels know, under a name of its own.
  private struct Rectifier: UnaryElementwise {
    static let name = "Rectifier"
    var function: ElementFunction? { ElementFunction(.leakyRelu, 0.5) }
    func apply(_ x: Double) -> Double { x < 0 ? x / 2 : x }
    static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
      try graph.add(Rectifier(), node.inputs, name: node.name)
    }
  }

  /// Another function under a name of ONNX.
  private struct Relu: UnaryElementwise {
    static let name = "Relu"
    func apply(_ x: Double) -> Double { x + 1 }
    static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
      try graph.add(Relu(), node.inputs, name: node.name)
    }
  }

  private let x = Tensor([-4, -2.5, -1, -0.25, 0, 0.5, 1, 2, 3.5] as [Float])

  private func plan(_ body: (GraphBuilder, Value) throws -> Value) throws -> Plan {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.fixed(x.elementCount)])
    try builder.output("y", body(builder, x))
    return try Plan(builder.graph, parameters: Parameters())
  }

  private func run(_ plan: Plan) throws -> [Float] {
    try #require(try plan.run(["x": x], on: Executor(threads: 1))["y"]).floats
  }

  @Test func anOperatorOfOnesOwnHasTheKernelOfItsFunction() throws {
    let plan = try plan { try $0.add(Rectifier(), $1) }
    #expect(plan.steps.map(\.kernelName) == ["elementwise"])
    #expect(try run(plan) == [-2, -1.25, -0.5, -0.125, 0, 0.5, 1, 2, 3.5])
  }

  @Test func theNameOfAnOperatorChoosesNoKernel() throws {
    let plan = try plan { try $0.add(Relu(), $1) }
    #expect(plan.referenceNodes.map(\.operator) == ["Relu"])
    #expect(try run(plan) == x.floats.map { $0 + 1 })
  }

  /// The numbers are those of the C kernels: each operator, as a file with its defaults gives it, equals its reference.
  @Test(arguments: ElementFunction.Code.allCases)
  func everyFunctionIsThatOfItsOperator(_ code: ElementFunction.Code) throws {
    let type = code.operatorType
    let attributes: [String: AttributeValue] = code == .geluTanh ? ["approximate": .string("tanh")] : [:]
    let builder = GraphBuilder()
    let input = try builder.input("x", dimensions: [.fixed(x.elementCount)])
    let node = ImportedNode(
      name: "node", operatorName: type.name, opset: 24, inputs: [input], outputCount: 1,
      attributes: attributes)
    let result = try type.build(node, in: builder)[0]
    try builder.output("y", result)
    let graph = builder.graph
    #expect(graph.nodes.map { $0.operation.elementFunction([graph.fact(input.id)])?.code } == [code])
    let plan = try Plan(graph, parameters: Parameters())
    #expect(plan.steps.map(\.kernelName) == ["elementwise"])
    let expected = try #require(try Interpreter(graph, parameters: Parameters()).run(["x": x])["y"])
    for (a, b) in zip(try run(plan), expected.floats) {
      #expect(a == b || a.isNaN && b.isNaN || abs(a - b) <= 4e-6 * max(1, abs(b)), "\(a) is not \(b)")
    }
  }

  /// A function that only the kernels have would have no number here.
  @Test func noFunctionIsMissing() {
    let codes = ElementFunction.Code.allCases.map(\.rawValue)
    #expect(codes == Array(VN_RELU.rawValue...VN_SIGN.rawValue))
    #expect(VN_IDENTITY.rawValue == 0)
  }
}
