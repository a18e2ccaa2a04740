import Testing
import VisionGraph
import VisionImage
import VisionTensor

@testable import VisionModel

@Suite struct ModelTests {
  private func classifier(temperature: Float = 2) throws -> Model {
    let builder = GraphBuilder()
    let x = try builder.image(channels: 2, height: 1, width: 1)
    let flat = try builder.add(Flatten(axis: 1), x, name: "features")
    let weight = try builder.parameter("head.weight", shape: [2], initializer: .ones)
    try builder.output("y", builder.add(Mul(), flat, weight, name: "head"))
    let graph = try builder.graph.withProbabilities(temperature: temperature)
    return Model(
      graph: graph, parameters: graph.initialParameters(seed: 1), labels: ["cat \"Tom\"", "dog\n"],
      preprocessing: .imageNet(224), embedding: "features", head: "head", threshold: 0.25,
      provenance: Model.Provenance(name: "tiny", source: "made here", license: "Apache-2.0"),
      metadata: [("author", "nobody")])
  }

  @Test func everythingComesBackFromTheFile() throws {
    let model = try classifier()
    let bytes = try model.bytes()
    let again = try Model(bytes: bytes)
    #expect(again.labels == model.labels)
    #expect(again.preprocessing == model.preprocessing)
    #expect(again.embedding == "features")
    #expect(again.head == "head")
    #expect(again.threshold == 0.25)
    #expect(again.provenance == model.provenance)
    #expect(again.metadata.map(\.key) == ["author"])
    #expect(again.graph.temperature == 2)
    #expect(again.graph.outputs.map(\.name) == ["logits", "probabilities"])
    #expect(try again.bytes() == bytes)
    try Fixture.withFolder { folder in
      try model.write(to: "\(folder)/model.onnx")
      #expect(try MappedFile("\(folder)/model.onnx").bytes.array == bytes)
      #expect(try Model(contentsOf: "\(folder)/model.onnx").labels == model.labels)
    }
  }

  @Test func probabilitiesAreTheSoftmaxOfCalibratedLogits() throws {
    let model = try classifier()
    let x = Tensor([Float(0), 2], shape: [1, 2, 1, 1])
    let results = try Interpreter(model.graph, parameters: model.parameters).run(["input": x])
    #expect(results["logits"]?.floats == [0, 2])
    let second = try #require(results["probabilities"]?.doubles[1])
    #expect(abs(second - 0.731_058_578_63) < 1e-6)
  }

  @Test func aClassifierCanBeCalibratedAnew() throws {
    let graph = try classifier().graph.withProbabilities(temperature: 3)
    #expect(graph.temperature == 3)
    #expect(graph.nodes.count == 4)
    #expect(throws: GraphError.self) { try graph.withProbabilities(temperature: 0) }
    #expect(throws: GraphError.self) { try graph.withProbabilities(temperature: .nan) }
  }

  @Test func foreignFilesHaveNeitherLabelsNorPreprocessing() throws {
    let model = try Model(contentsOf: Fixture.path("conv.onnx"))
    #expect(model.labels.isEmpty)
    #expect(model.preprocessing == nil)
    #expect(model.metadata.map(\.key) == ["z", "a"])
  }

  @Test(arguments: [
    ("visionnet.labels", "{\"version\":1,\"labels\":[\"a\"]}", "1 labels"),
    ("visionnet.labels", "{\"version\":2}", "version 2"),
    ("visionnet.labels", "[", "JSON"), ("visionnet.labels", "{\"version\":1,\"labels\":[1]}", "labels"),
    ("visionnet.preprocessing", "{}", "key is missing"),
    ("visionnet.network", "{\"version\":1,\"embedding\":\"none\"}", "'none'"),
    ("visionnet.network", "{\"version\":1,\"threshold\":7}", "threshold"),
    ("visionnet.future", "{}", "visionnet.future"),
  ])
  func metadataThatDoesNotFitIsRefused(_ key: String, _ value: String, _ part: String) throws {
    let model = try classifier()
    let bytes = try OnnxWriter.bytes(model.graph, parameters: model.parameters, metadata: [(key, value)])
    let error = formatError { _ = try Model(bytes: bytes) }
    #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
  }

  @Test func anyDamageGivesAValueOrAFormatError() throws {
    let bytes = try classifier().bytes()
    #expect(checkHostile(bytes, flips: 2000) { _ = try Model(bytes: $0) } > 0)
  }
}
