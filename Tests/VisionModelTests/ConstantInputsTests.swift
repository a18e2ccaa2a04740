import Testing
import VisionGraph
import VisionTensor

@testable import VisionModel

/// An operator says which of its inputs a file must give as constants.
@Suite struct ConstantInputsTests {
  /// y = x · factors, the factors known before the run.
  private struct Scaled: Operator {
    static let name = "Scaled"
    static let domain = "test"
    static let constantInputs: Set = [1]
    func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
      guard try ShapeRule.required(inputs, 1).value != nil else { throw ShapeError("unknown factors") }
      return try Mul().outputs(inputs)
    }
    func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] { try Mul().evaluate(inputs) }
    static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
      [try graph.add(Scaled(), node.input(0), node.input(1), name: node.name)]
    }
  }

  @Test func anOperatorOfAnotherDomainGetsItsConstants() throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.fixed(3)])
    let factors = builder.constant(Tensor([2, 3, 4] as [Float]), name: "factors")
    let bias = try builder.parameter("bias", shape: [3], initializer: .zeros)
    let y = try builder.add(Add(), builder.add(Scaled(), x, factors), bias)
    try builder.output("y", y)
    var parameters = Parameters()
    parameters["bias"] = Tensor([1, 1, 1] as [Float])
    let bytes = try OnnxWriter.bytes(builder.graph, parameters: parameters)
    var operators = OperatorRegistry.standard
    operators.register(Scaled.self)
    let model = try OnnxReader.read(bytes: bytes, operators: operators)
    #expect(model.graph.parameters.map(\.name) == ["bias"])
    let result = try Interpreter(model.graph, parameters: model.parameters).run([
      "x": Tensor([1, 1, 1] as [Float])
    ])
    #expect(result["y"]?.floats == [3, 4, 5])
  }
}
