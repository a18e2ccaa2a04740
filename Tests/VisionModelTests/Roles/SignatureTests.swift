import Testing
import VisionGraph
import VisionImage
import VisionSystem
import VisionTensor

@testable import VisionModel

@Suite struct SignatureTests {
  private func classifier(_ makeOutput: (GraphBuilder, Value) throws -> Void) throws -> Model {
    let builder = GraphBuilder()
    let x = try builder.image(channels: 2, height: 1, width: 1)
    try makeOutput(builder, builder.add(Flatten(axis: 1), x, name: "features"))
    let graph = builder.graph
    return Model(graph: graph, parameters: graph.initialParameters(seed: 1))
  }

  /// Two levels of a head that has nothing to do with classes of whole images.
  private func levels() throws -> Model {
    var model = try classifier { builder, features in
      try builder.output("fine", builder.add(Relu(), features))
      try builder.output("coarse", builder.add(Neg(), features))
    }
    let role = { (stride: Int) in OutputRole(kind: "object-logits", stride: stride) }
    model.signature = Signature(
      task: "detection", inputs: ["input"],
      outputs: [.init(role(16), "coarse"), .init(role(8), "fine")], classes: ["cat", "dog \"Rex\""],
      head: "top",
      details: ["threshold": 0.25, "anchors": [[1, 2.5], [3, 4]], "coding": "distances", "isExact": false])
    return model
  }

  @Test func aClassifiersSignatureIsThatOfItsKeys() throws {
    var model = try classifier { builder, features in try builder.output("y", features) }
    model.graph = try model.graph.withProbabilities()
    (model.labels, model.head, model.threshold, model.embedding) = (["a", "b"], "top", 0.5, "features")
    let bytes = try model.bytes()
    let signature = model.signature
    #expect(signature.task == "classification" && signature.inputs == ["input"])
    #expect(
      signature.outputs == [
        .init(.logits, "logits"), .init(.probabilities, "probabilities"), .init(.embedding, "features"),
      ])
    #expect(
      signature.classes == ["a", "b"] && signature.head == "top" && signature.number("threshold") == 0.5)
    // Saying it again changes no byte of the file.
    model.signature = signature
    #expect(try model.bytes() == bytes)
    #expect(try Model(bytes: bytes).signature == signature)
    model.signature.classes = ["b", "a"]
    model.signature.details = [:]
    #expect(model.labels == ["b", "a"] && model.threshold == nil && model.embedding == "features")
  }

  @Test func outputsOfOthersAreFound() throws {
    let shares = try classifier { builder, features in
      try builder.output("answer", builder.add(Softmax(axis: 1), features))
    }
    #expect(shares.signature.outputs == [.init(.probabilities, "answer")])
    var linear = try classifier { builder, features in
      let weight = try builder.parameter("weight", shape: [2, 2], initializer: .ones)
      try builder.output("answer", builder.add(MatMul(), features, weight))
    }
    #expect(linear.signature.outputs == [.init(.logits, "answer")])
    linear.activation = .identity
    #expect(linear.signature.outputs == [.init(.probabilities, "answer")])
    let none = try classifier { builder, features in
      try builder.output("a", builder.add(Relu(), features))
      try builder.output("b", builder.add(Neg(), features))
    }
    #expect(none.signature.outputs.isEmpty)
  }

  @Test func anotherTasksSignatureStandsInTheFile() throws {
    let model = try levels()
    let bytes = try model.bytes()
    let again = try Model(bytes: bytes)
    #expect(again.signature == model.signature)
    #expect(again.labels == ["cat", "dog \"Rex\""] && again.head == "top" && again.threshold == nil)
    #expect(again.signature.strides(of: "object-logits") == [8, 16])
    #expect(again.signature.value(of: OutputRole(kind: "object-logits", stride: 16)) == "coarse")
    #expect(again.signature.value(of: .logits) == nil)
    #expect(again.signature.details["anchors"] == [[1, 2.5], [3, 4]])
    #expect(try again.bytes() == bytes)
  }

  @Test(arguments: [
    #"{"version":1,"task":"t","inputs":["input"],"outputs":[{"role":"r","value":"lost"}]}"#,
    #"{"version":1,"task":"t","inputs":["image"],"outputs":[]}"#,
    #"{"version":1,"task":"","inputs":[],"outputs":[]}"#,
    #"{"version":1,"task":"t","inputs":[],"outputs":[{"role":"r","value":"fine"},{"role":"r","value":"coarse"}]}"#,
    #"{"version":1,"task":"t","inputs":[],"outputs":[{"role":"r","stride":0,"value":"fine"}]}"#,
    #"{"version":1,"task":"t","inputs":[],"outputs":[{"role":"","value":"fine"}]}"#,
    #"{"version":1,"task":"t","inputs":[1],"outputs":[]}"#,
    #"{"version":1,"task":"t","inputs":[],"outputs":[],"details":7}"#,
    #"{"version":1,"inputs":[],"outputs":[]}"#, #"{"version":2}"#,
  ])
  func signaturesThatDoNotFitAreRefused(text: String) throws {
    let model = try levels()
    let bytes = try OnnxWriter.bytes(
      model.graph, parameters: model.parameters, metadata: [("visionnet.signature", text)])
    #expect(throws: FormatError.self) { try Model(bytes: bytes) }
  }

  @Test func namesFollowFromRoles() {
    #expect(OutputRole.logits.name == "logits")
    #expect(OutputRole(kind: "box-distances", stride: 32).name == "box-distances-32")
  }
}
