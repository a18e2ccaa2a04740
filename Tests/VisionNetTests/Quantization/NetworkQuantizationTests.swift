import Testing
import VisionData
import VisionGraph
@testable import VisionNet
import VisionSystem
import VisionTasks
import VisionTestSupport

/// Networks on bytes that are no classifiers.
@Suite struct NetworkQuantizationTests {
  private let folder: SampleFolder

  /// Images 64 pixels wide and high with one or two white squares, and annotations of them.
  init() throws {
    folder = try SampleFolder()
    var lines = ["image,label,x,y,width,height"]
    for number in 0..<8 {
      let corners = [(x: number % 2 * 32, y: 0)] + (number % 3 == 0 ? [(x: 0, y: 32)] : [])
      try FaceNetwork.image(64, 64, faces: corners).write(to: folder.file("\(number).png"))
      lines += corners.map { "\(number).png,face,\($0.x),\($0.y),32,32" }
    }
    try folder.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: "boxes.csv")
  }

  @Test func aDetectorOfOthersFindsTheSameOnBytes() throws {
    let set = try AnnotationSet(folder.path)
    let images = try QuantizationImages(set, seed: 3)
    var quantization = PostTrainingQuantization()
    quantization.images = 3
    let result = try quantization.run(FaceNetwork.model(), on: images, seed: 3)
    let figures = result.quantization
    #expect(figures.images == 3 && figures.testImages == 5 && figures.isHeldOut)
    #expect(figures.top1 == nil && figures.agreement == 1)
    let precision = try #require(figures.boxPrecision)
    #expect(precision.before > 0.99 && precision.after > 0.99, "\(precision)")
    // As a file and back: a detector by itself, whose convolutions compute on bytes.
    let read = try Model(bytes: result.model.bytes())
    #expect(read.quantization == figures)
    let bytes = read.graph.nodes.count { $0.operation is QuantizeLinear }
    #expect(bytes > 0, "\(read.graph.nodes.map { $0.name })")
    let found = try ObjectDetector(read).detect(contentsOf: folder.file("3.png"))
    #expect(found.count == 2 && found.allSatisfy { $0.points.count == 5 }, "\(found)")
  }

  @Test func withoutAnnotationsThePrecisionIsNotKnown() throws {
    let images = try QuantizationImages(folder.path, labels: [], seed: 0)
    var quantization = PostTrainingQuantization()
    (quantization.images, quantization.method) = (4, .minMax)
    let figures = try quantization.run(FaceNetwork.model(), on: images, seed: 0).quantization
    #expect(figures.agreement == 1 && figures.boxPrecision == nil && figures.top1 == nil)
  }

  @Test func theSameObjectIsCountedOnce() {
    func detection(_ x: Double, _ index: Int = 0) -> Detection {
      Detection(
        label: "\(index)", index: index, score: 0.9, box: Box(x: x, y: 0, width: 10, height: 10), points: [])
    }
    #expect(DetectionComparison.pairs([detection(0)], [detection(0)]) == 1)
    #expect(DetectionComparison.pairs([detection(0), detection(1)], [detection(0)]) == 1)
    #expect(DetectionComparison.pairs([detection(0)], [detection(0, 1)]) == 0)
    // 3 of 17 pixels are common: another object.
    #expect(DetectionComparison.pairs([detection(0)], [detection(7)]) == 0)
    #expect(DetectionComparison.pairs([detection(0), detection(7)], [detection(7), detection(0)]) == 2)
  }

  /// One that gives an image for an image.
  @Test func aNetworkWithoutATaskIsComparedByItsOutputs() throws {
    let builder = GraphBuilder()
    let x = try builder.image(height: 64, width: 64)
    let shape: Shape = [4, 3, 3, 3], back: Shape = [3, 4, 3, 3]
    let window = Window(kernel: [3, 3], padding: .explicit([1, 1, 1, 1]))
    let y = try builder.add(
      Relu(),
      builder.add(Conv(window: window), x, builder.parameter("first", shape: shape, initializer: .zeros)))
    try builder.output(
      "image",
      builder.add(Conv(window: window), y, builder.parameter("second", shape: back, initializer: .zeros)))
    var parameters = Parameters()
    parameters["first"] = Tensor(Philox(seed: 1).normal(count: 108).map { 0.2 * $0 }, shape: shape)
    parameters["second"] = Tensor(Philox(seed: 2).normal(count: 108).map { 0.2 * $0 }, shape: back)
    var model = Model(graph: builder.graph, parameters: parameters)
    let images = try QuantizationImages(folder.path, labels: [], seed: 0)
    var quantization = PostTrainingQuantization()
    quantization.images = 4
    // Nobody says how an image becomes its input.
    #expect(throws: ClassifierError.self) { try quantization.run(model, on: images, seed: 0) }
    model.preprocessing = try Preprocessing(
      width: 64, height: 64, fit: .squash, scale: [1 / 255.0, 1 / 255.0, 1 / 255.0])
    let result = try quantization.run(model, on: images, seed: 0)
    #expect(result.quantization.agreement == nil && result.quantization.top1 == nil)
    #expect((25...80).contains(result.quantization.signalToNoise), "\(result.quantization.signalToNoise)")
    let read = try Model(bytes: result.model.bytes())
    #expect(read.quantization == result.quantization)
    #expect(read.graph.nodes.contains { $0.operation is QuantizeLinear })
    let plan = try Plan(read.graph.bound(batch: 1), parameters: read.parameters)
    #expect(plan.referenceNodes.isEmpty)
  }
}
