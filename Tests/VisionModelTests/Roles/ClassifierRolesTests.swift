import Testing
import VisionGraph
import VisionImage
import VisionTensor

@testable import VisionModel

/// Which output holds the classes, how its numbers are read, and how the input is laid out.
@Suite struct ClassifierRolesTests {
  /// A network of one convolution over an image of 8 × 8, with the outputs that `body` names.
  private func graph(
    dimensions: [AxisLength] = [.symbolic("N"), .fixed(3), .fixed(8), .fixed(8)],
    type: ElementType = .float32, _ body: (GraphBuilder, Value) throws -> Void
  ) throws -> Graph {
    let builder = GraphBuilder()
    let x = try builder.input("x", type: type, dimensions: dimensions, binding: ["H": 8, "W": 8])
    try body(builder, x)
    return builder.graph
  }

  private func scores(_ builder: GraphBuilder, _ x: Value, _ classes: Int) throws -> Value {
    let weight = try builder.parameter(
      "weight\(classes)", shape: [classes, 3, 1, 1], initializer: .zeros)
    let window = Window(kernel: [1, 1])
    let maps = try builder.add(Conv(window: window), x, weight)
    return try builder.add(Flatten(), builder.add(GlobalAveragePool(), maps))
  }

  private func roles(
    _ graph: Graph, activation: OutputActivation? = nil, scores: String? = nil, labels: Int? = nil
  ) throws -> ClassifierRoles {
    var model = Model(graph: graph, parameters: graph.initialParameters(seed: 1))
    (model.activation, model.scores) = (activation, scores)
    return try ClassifierRoles(graph, of: model, labels: labels)
  }

  @Test func aLinearLayerIsReadAsLogitsWithAWord() throws {
    let found = try roles(graph { b, x in try b.output("y", self.scores(b, x, 4)) })
    #expect(found.reading == .logits)
    #expect(found.classes == 4)
    #expect(found.notes.count == 1)
    let own = try roles(graph { b, x in try b.output("logits", self.scores(b, x, 4)) })
    #expect(own.reading == .logits)
    #expect(own.notes.isEmpty)
  }

  @Test func theActivationDecides() throws {
    let linear = try graph { b, x in try b.output("y", self.scores(b, x, 4)) }
    #expect(try roles(linear, activation: .softmax).reading == .logits)
    #expect(try roles(linear, activation: .softmax).notes.isEmpty)
    #expect(try roles(linear, activation: .sigmoid).reading == .independentLogits)
    #expect(try roles(linear, activation: .identity).reading == .independent)
    let softmax = try graph { b, x in
      try b.output("y", b.add(Softmax(axis: 1), self.scores(b, x, 4)))
    }
    #expect(try roles(softmax).reading == .probabilities)
    #expect(try roles(softmax, activation: .softmax).reading == .probabilities)
    let error = #expect(throws: RoleError.self) { try roles(softmax, activation: .sigmoid) }
    #expect(error?.kind == .activation)
  }

  @Test func oneNumberIsThePositiveOfTwoClasses() throws {
    let sigmoid = try roles(graph { b, x in try b.output("y", b.add(Sigmoid(), self.scores(b, x, 1))) })
    #expect(sigmoid.reading == .positive)
    #expect(sigmoid.classes == 2)
    #expect(sigmoid.scores == 1)
    let logit = try graph { b, x in try b.output("y", self.scores(b, x, 1)) }
    #expect(throws: RoleError.self) { try roles(logit) }
    #expect(try roles(logit, activation: .sigmoid).reading == .positiveLogit)
    #expect(throws: RoleError.self) { try roles(logit, activation: .softmax) }
    let always = try graph { b, x in try b.output("y", b.add(Softmax(axis: 1), self.scores(b, x, 1))) }
    #expect(throws: RoleError.self) { try roles(always) }
  }

  @Test func everyShapeWithOneAxisForTheClassesMeansClasses() throws {
    #expect(OutputChoice.scores([5], batch: 1) == 5)
    #expect(OutputChoice.scores([1, 5], batch: 1) == 5)
    #expect(OutputChoice.scores([1, 1, 5], batch: 1) == 5)
    #expect(OutputChoice.scores([1, 5, 1, 1], batch: 1) == 5)
    #expect(OutputChoice.scores([4, 5, 1, 1], batch: 4) == 5)
    #expect(OutputChoice.scores([4, 1], batch: 4) == 1)
    #expect(OutputChoice.scores([1], batch: 1) == 1)
    #expect(OutputChoice.scores([1, 5, 7], batch: 1) == nil)
    #expect(OutputChoice.scores([1, 5, 4, 4], batch: 1) == nil)
    #expect(OutputChoice.scores([5], batch: 4) == nil)
    #expect(OutputChoice.scores([1, 0], batch: 1) == nil)
  }

  @Test func ofSeveralOutputsTheOneThatIsMeantIsTaken() throws {
    let mixed = try graph { b, x in
      try b.output("features", self.scores(b, x, 6))
      try b.output("p", b.add(Softmax(axis: 1), self.scores(b, x, 4)))
    }
    let found = try roles(mixed)
    #expect(found.output.name == "p")
    #expect(found.notes.count == 1)
    #expect(try roles(mixed, scores: "features").output.name == "features")
    let alike = try graph { b, x in
      try b.output("a", self.scores(b, x, 6))
      try b.output("b", self.scores(b, x, 4))
    }
    let error = #expect(throws: RoleError.self) { try roles(alike) }
    #expect(error?.kind == .output)
    #expect(error?.remedy?.contains("'b'") ?? false)
    #expect(try roles(alike, labels: 4).output.name == "b")
    #expect(throws: RoleError.self) { try roles(alike, scores: "none") }
  }

  @Test func theLayoutFollowsFromTheExtents() throws {
    func input(_ dimensions: [AxisLength], _ type: ElementType = .float32) throws -> ImageInput {
      try ImageInput(graph(dimensions: dimensions, type: type) { b, x in try b.output("y", x) })
    }
    let planes = try input([.symbolic("N"), .fixed(3), .fixed(8), .fixed(9)])
    #expect((planes.layout, planes.height, planes.width) == (.nchw, 8, 9))
    let pixels = try input([.symbolic("N"), .fixed(8), .fixed(9), .fixed(3)], .uint8)
    #expect((pixels.layout, pixels.height, pixels.width, pixels.type) == (.nhwc, 8, 9, .uint8))
    let open = try input([.symbolic("N"), .symbolic("H"), .symbolic("W"), .fixed(1)])
    #expect((open.layout, open.channels, open.hasOpenSides) == (.nhwc, 1, true))
    let alone = try input([.fixed(3), .fixed(8), .fixed(8)])
    #expect((alone.layout, alone.fixedBatch) == (.nchw, 1))
    #expect(throws: GraphError.self) { try input([.symbolic("N"), .fixed(12)]) }
    #expect(throws: GraphError.self) {
      try input([.symbolic("N"), .fixed(3), .fixed(8), .fixed(9)], .int32)
    }
  }

  @Test func everyTypeGetsTheSameNumbers() throws {
    let image = try Image(width: 8, height: 8, pixels: (0..<192).map { UInt8($0) })
    let steps = try Preprocessing(
      width: 8, height: 8, fit: .squash, scale: [0.01, 0.01, 0.01], mean: [0.5, 0.25, 0])
    func written(_ type: ElementType, _ layout: Preprocessing.Layout) throws -> [Double] {
      let sides: [AxisLength] =
        layout == .nchw
        ? [.fixed(3), .fixed(8), .fixed(8)] : [.fixed(8), .fixed(8), .fixed(3)]
      let input = try ImageInput(
        graph(dimensions: [.symbolic("N")] + sides, type: type) { b, x in try b.output("y", x) })
      let tensor = try Tensor(elementType: type, shape: [192]) { bytes in
        try input.write(image, input.effective(steps), into: bytes, scratch: PreprocessingScratch())
      }
      return tensor.doubles
    }
    let wanted = try written(.float32, .nchw)
    #expect(try written(.float64, .nchw) == wanted)
    let halves = try written(.float16, .nchw)
    #expect(zip(halves, wanted).allSatisfy { abs($0 - $1) <= 1e-3 * max(1, abs($1)) })
    #expect(Set(wanted).count > 50)
    // Bytes are the pixels, whatever the preprocessing scales.
    #expect(try written(.uint8, .nhwc) == (0..<192).map { Double($0) })
    #expect(try written(.uint8, .nchw).prefix(3) == [0, 3, 6])
  }
}
