import Testing
import VisionData
import VisionGraph
import VisionImage
import VisionModel
import VisionSystem
import VisionTensor

@testable import VisionTasks

@Suite struct DetectorPipelineTests {
  /// A network with the outputs of YuNet, whose file states 32×32 pixels: the scores are the mean brightness of each
  /// cell, boxes have the cell's side around its corner, and all points are there, too.
  static func brightFaces() throws -> Model {
    let builder = GraphBuilder()
    var parameters = Parameters()
    let x = try builder.input("input", dimensions: [.fixed(1), .fixed(3), .fixed(32), .fixed(32)])
    for stride in [8, 16, 32] {
      for (name, columns) in [("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10)] {
        let shape: Shape = [columns, 3, stride, stride]
        let weight = columns == 1 ? 1 / (Float(3 * stride * stride) * 255) : 0
        let path = "\(name)_\(stride)"
        parameters[path] = Tensor([Float](repeating: weight, count: shape.elementCount), shape: shape)
        let map = try builder.add(
          Conv(window: Window(kernel: [stride, stride], strides: [stride, stride])), x,
          builder.parameter(path, shape: shape, initializer: .zeros))
        let rows = builder.constant(Tensor([Int64(1), -1, Int64(columns)]))
        try builder.output(
          path, builder.add(Reshape(), builder.add(Transpose([0, 2, 3, 1]), map), rows, name: "out_\(path)"))
      }
    }
    return Model(graph: builder.graph, parameters: parameters)
  }

  /// A black image with a white cell of 8 × 8 pixels.
  private static func image(_ width: Int, _ height: Int, cell: (x: Int, y: Int)) throws -> Image {
    try Image(width: width, height: height) { pixels in
      pixels.update(repeating: 0)
      for y in cell.y..<cell.y + 8 {
        for x in cell.x..<cell.x + 8 {
          for channel in 0..<3 { pixels[(y * width + x) * 3 + channel] = 255 }
        }
      }
    }
  }

  @Test func theInputFollowsEachImage() throws {
    let network = try DetectorNetwork(Self.brightFaces())
    #expect(network.note?.contains("yunet") ?? false)
    let pipeline = try DetectorPipeline(network, threads: 1)
    #expect(pipeline.task.pointCount == 5 && pipeline.task.selection.confidence == 0.9)
    // The large ones have constants that the network's plan computes.
    for (width, height, x, y) in [
      (50, 30, 16, 8), (32, 32, 0, 16), (200, 71, 120, 40), (50, 30, 24, 16), (640, 480, 480, 200),
      (480, 640, 200, 480),
    ] {
      let found = try pipeline.predict([Self.image(width, height, cell: (x, y))])
      let face = try #require(found[0].first)
      #expect(found.count == 1 && found[0].count == 1 && face.label == "face")
      #expect(abs(face.score - 1) < 1e-5)
      // Around the cell's corner, but only what lies in the image.
      let left = max(x - 4, 0)
      #expect(face.box == Box(x: Double(left), y: Double(y - 4), width: Double(x + 4 - left), height: 8))
      #expect(face.points == [ImagePoint](repeating: ImagePoint(x: Double(x), y: Double(y)), count: 5))
    }
  }

  /// Two boxes of which the same part is in the image: they overlap by a tenth, and both stay. One lies outside.
  @Test func wholeBoxesAreCompared() throws {
    let builder = GraphBuilder()
    _ = try builder.input("images", dimensions: [.fixed(1), .fixed(3), .fixed(32), .fixed(64)])
    var numbers = [Float](repeating: 0, count: 5 * 42)
    for (place, row) in [
      [Float(-45), 10, 100, 20, 0.9], [0, 10, 10, 20, 0.8], [-20, 10, 20, 20, 0.7], [1, 10, 10, 20, 0.6],
    ].enumerated() {
      for (index, number) in row.enumerated() { numbers[index * 42 + place] = number }
    }
    try builder.output(
      "output0", builder.add(Identity(), builder.constant(Tensor(numbers, shape: [1, 5, 42]))))
    let model = Model(graph: builder.graph, parameters: Parameters())
    let pipeline = try DetectorPipeline(DetectorNetwork(model), threads: 1)
    // The fourth one overlaps the second one by nine elevenths.
    let found = try pipeline.predict([Self.image(64, 32, cell: (0, 0))])[0]
    #expect(found.map(\.score) == [0.9, 0.8])
    #expect(found.map(\.box) == [Box](repeating: Box(x: 0, y: 0, width: 5, height: 20), count: 2))
  }

  @Test func recordsHaveThePoints() throws {
    let pipeline = try DetectorPipeline(DetectorNetwork(Self.brightFaces()), threads: 1)
    let faces = try pipeline.predict([Self.image(32, 32, cell: (16, 8))])[0]
    let field = try #require(pipeline.task.record(faces).fields.first { $0.name == "detections" })
    #expect(field.value.text.contains(#""points": [{"x": 16.0, "y": 8.0}, "#))
  }

  @Test func aSelectionOfOnesOwnHoldsAtEverySize() throws {
    let network = try DetectorNetwork(Self.brightFaces())
    var task = try ObjectDetection(network.model)
    task.selection.confidence = 0.1
    task.selection.overlap = 1
    let pipeline = try DetectorPipeline(network, task, threads: 1)
    // The cell of 8 pixels and, of a quarter of the brightness, that of 16 pixels.
    let found = try pipeline.predict([Self.image(64, 64, cell: (16, 16))])[0]
    #expect(found.map(\.score).map { ($0 * 100).rounded() } == [100, 25])
    #expect(found[1].box == Box(x: 8, y: 8, width: 16, height: 16))
  }

  @Test func aHeadForAFileThatSaysItIsRefused() throws {
    let network = try DetectorNetwork(Self.brightFaces())
    #expect(throws: RoleError.self) { try DetectorNetwork(network.model, head: .yunet) }
    #expect(try DetectorNetwork(network.model).note == nil)
  }
}
