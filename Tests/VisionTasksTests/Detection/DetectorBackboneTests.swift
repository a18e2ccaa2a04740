import Testing
import VisionData
import VisionGraph
import VisionImage
import VisionLayers
import VisionModel
import VisionSystem
import VisionTensor

@testable import VisionTasks
@testable import VisionTraining

/// What training takes over from a detector.
@Suite struct DetectorBackboneTests {
  private static let head = DetectionHead(
    strides: [4, 8], bins: 8, channels: 12, kernel: 3, depth: 1, objects: 3)

  /// Features at the strides 4 and 8.
  private struct Body: Layer {
    func callAsFunction(_ x: Value) throws(GraphError) -> Value {
      try Sequential {
        for index in 0..<3 {
          Conv2D(12, kernel: 3, stride: 2, bias: false).named("conv\(index)")
          BatchNorm().named("norm\(index)")
          ReLU().named("relu\(index)")
        }
      }(x)
    }
  }

  private func task(_ labels: [String]) throws -> ObjectDetection {
    try ObjectDetection(
      labels: labels,
      preprocessing: Preprocessing(width: 32, height: 32, fit: .squash, scale: [1, 1, 1]), head: Self.head)
  }

  /// A detector as training leaves it.
  private func trained(_ labels: [String]) throws -> Model {
    let task = try task(labels)
    let network = try StartingNetwork.layers(Body()).network(for: task, seed: 5)
    var model = Model(
      graph: network.graph, parameters: network.parameters, preprocessing: task.preprocessing)
    model.signature = task.signature(embedding: network.embedding)
    return try Model(bytes: model.bytes())
  }

  @Test func theHeadGoesOnWithTheClassesOfTheSameNames() throws {
    let old = try trained(["red", "green", "blue"])
    let classes = ["blue", "violet", "red"]
    let backbone = try DetectorBackbone(old, head: Self.head, classes: classes, seed: 9)
    #expect(backbone.known == ["blue", "red"])
    #expect(backbone.model.parameters.names.allSatisfy { !$0.hasPrefix("head.") })
    let start = StartingNetwork.pretrained(backbone.model, head: backbone.head)
    let network = try start.network(for: task(classes), seed: 1)
    #expect(network.isPretrained)
    for (name, tensor) in network.parameters {
      let former = try #require(old.parameters[name], "\(name)")
      guard name.hasPrefix("head.classes") else {
        #expect(former == tensor, "\(name)")
        continue
      }
      let width = tensor.elementCount / 3
      func row(_ tensor: Tensor, _ index: Int) -> [Float] {
        Array(tensor.floats[index * width..<(index + 1) * width])
      }
      #expect(row(tensor, 0) == row(former, 2) && row(tensor, 2) == row(former, 0), "\(name)")
      #expect(row(tensor, 1) != row(former, 1) || width == 1)
      #expect(!row(tensor, 1).contains { !$0.isFinite })
    }
    #expect(network.graph.outputs.map(\.name) == ["raw", "boxes", "scores"])
    // The same numbers as before for the classes that are known.
    let image = ["input": Tensor(Philox(seed: 2).normal(count: 3 * 32 * 32), shape: [1, 3, 32, 32])]
    let before = try #require(try Interpreter(old.graph, parameters: old.parameters).run(image)["scores"])
    let after = try #require(
      try Interpreter(network.graph, parameters: network.parameters).run(image)["scores"])
    for place in 0..<before.elementCount / 3 {
      #expect(abs(before.floats[place * 3 + 2] - after.floats[place * 3]) < 1e-6)
    }
  }

  @Test func anotherHeadBeginsAnew() throws {
    let old = try trained(["red"])
    var wider = Self.head
    wider.bins = 4
    let backbone = try DetectorBackbone(old, head: wider, classes: ["red"], seed: 0)
    #expect(backbone.head == nil && backbone.known.isEmpty)
    #expect(backbone.model.graph.outputs.count == 2)
    // Weights of other shapes are left out one by one.
    wider = Self.head
    wider.channels = 8
    let task = try ObjectDetection(
      labels: ["red"],
      preprocessing: Preprocessing(width: 32, height: 32, fit: .squash, scale: [1, 1, 1]), head: wider)
    let other = try DetectorBackbone(old, head: wider, classes: ["red"], seed: 0)
    let network = try StartingNetwork.pretrained(other.model, head: other.head).network(for: task, seed: 1)
    #expect(network.parameters["head.lateral4.conv.weight"]?.shape == [8, 12, 1, 1])
  }

  /// A detector that adds coarser features and reads finer ones besides, as those of TensorFlow do.
  @Test func detectorsOfOthersLendTheirFeatures() throws {
    let builder = GraphBuilder()
    var parameters = Parameters()
    func conv(_ x: Value, _ name: String, _ filters: Int, stride: Int) throws -> Value {
      let shape: Shape = [filters, x.shape[1], 3, 3]
      parameters[name] = Tensor(
        Philox(seed: 3).normal(count: shape.elementCount, stream: UInt64(name.utf8.count)), shape: shape)
      return try builder.add(
        Relu(),
        builder.add(
          Conv(window: Window(kernel: [3, 3], strides: [stride, stride], padding: .sameUpper)), x,
          builder.parameter(name, shape: shape, initializer: .zeros)))
    }
    let x = try builder.input("input", dimensions: [1, 3, 32, 32].map { .fixed($0) })
    let quarter = try conv(conv(x, "a", 4, stride: 2), "bb", 6, stride: 2)
    let eighth = try conv(conv(quarter, "ccc", 8, stride: 2), "dddd", 5, stride: 1)
    let sixteenth = try conv(eighth, "eeeee", 7, stride: 2)
    func rows(_ map: Value, _ name: String, _ columns: Int) throws -> Value {
      let numbers = try conv(map, name, columns, stride: 1)
      let turned = try builder.add(Transpose([0, 2, 3, 1]), numbers)
      return try builder.add(Reshape(), turned, builder.constant(Tensor([1, -1, Int64(columns)])))
    }
    let boxes = try [quarter, eighth, sixteenth].enumerated().map { try rows($1, "boxes\($0)", 4) }
    let scores = try [quarter, eighth, sixteenth].enumerated().map { try rows($1, "scores\($0)", 2) }
    try builder.output("boxes", builder.add(Concat(axis: 1), boxes, name: "all")[0])
    try builder.output("scores", builder.add(Concat(axis: 1), scores, name: "every")[0])
    var model = Model(graph: builder.graph, parameters: parameters, labels: ["a", "b"])
    model.signature = Signature(
      task: "detection", inputs: ["input"],
      outputs: [.init(OutputRole(kind: "boxes")), .init(OutputRole(kind: "scores"))], classes: ["a", "b"])
    #expect(throws: GraphError.self) { try model.graph.featureLevels(strides: [4, 8]) }
    let backbone = try DetectorBackbone(model, head: Self.head, classes: ["a"], seed: 0)
    #expect(backbone.head == nil)
    #expect(Set(backbone.model.parameters.names) == ["a", "bb", "ccc", "dddd"])
    // It is as deep at every stride as the detector was, and takes images of other sides.
    let (_, features) = try backbone.model.graph.features(strides: [4, 8], sides: [48, 64])
    #expect(features.levels.map(\.value.shape) == [[1, 6, 12, 16], [1, 5, 6, 8]])
  }
}
