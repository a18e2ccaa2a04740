import Testing
import VisionTensor

@testable import VisionGraph

@Suite struct ExposingTests {
  private func graph() throws -> Graph {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.fixed(3)])
    let hidden = try builder.add(Relu(), x, name: "hidden")
    try builder.output("y", builder.add(Neg(), hidden, name: "negative"))
    return builder.graph
  }

  @Test func valueInBetweenBecomesAnOutput() throws {
    let exposed = try graph().exposing("hidden")
    #expect(exposed.outputs.map(\.name) == ["y", "hidden"])
    let results = try Interpreter(exposed, parameters: Parameters()).run([
      "x": Tensor([-1, 2, -3] as [Float])
    ])
    #expect(results["hidden"]?.floats == [0, 2, 0])
    #expect(results["y"]?.floats == [0, -2, 0])
  }

  @Test func outputStaysAsItIs() throws {
    #expect(try graph().exposing("y").outputs.map(\.name) == ["y"])
    #expect(try graph().exposing("hidden").exposing("hidden").outputs.count == 2)
  }

  @Test func misspelledNameIsRefusedWithTheNearest() throws {
    let error = #expect(throws: GraphError.self) { try graph().exposing("hiden") }
    #expect(error?.kind == .name)
    #expect(error?.remedy?.contains("hidden") == true)
  }
}
