import Foundation
import Testing
import VisionCompute
import VisionData
import VisionGraph
import VisionImage
import VisionInference
import VisionModel
import VisionSystem
import VisionTensor

@testable import VisionTasks

/// Files of detectors that select boxes by themselves.
@Suite struct SelectionFileTests {
  private static let (places, classes) = (40, 3)

  /// A detector that gives the same boxes and scores for each image.
  private func detector(seed: UInt64, labels: [String] = ["a", "b", "c"]) throws -> Model {
    let builder = GraphBuilder()
    let image = try builder.image("image", channels: 3, height: 32, width: 32)
    let random = Philox(seed: seed).uniform(count: Self.places * (4 + Self.classes))
    let boxes = (0..<Self.places).flatMap { place -> [Float] in
      let numbers = random[place * 4..<place * 4 + 4].map { $0 }
      let (x, y) = (numbers[0] * 12, numbers[1] * 12)
      return [x, y, x + 4 + numbers[2] * 14, y + 4 + numbers[3] * 14]
    }
    let scores = Array(random[(Self.places * 4)...])
    // Zero times the image, so that the outputs depend on it.
    let none = try builder.add(
      Mul(), builder.add(ReduceMean(axes: [1, 2, 3], keepsDimensions: true), image),
      builder.constant(Tensor(scalar: Float(0))))
    let flat = try builder.add(Reshape(), none, builder.constant(Tensor([-1, 1, 1] as [Int64])))
    try builder.output(
      "boxes",
      builder.add(Add(), flat, builder.constant(Tensor(boxes, shape: [1, Self.places, 4]), name: "corners")))
    try builder.output(
      "scores",
      builder.add(
        Add(), flat, builder.constant(Tensor(scores, shape: [1, Self.places, Self.classes]), name: "numbers"))
    )
    var model = Model(
      graph: builder.graph, parameters: Parameters(), labels: labels,
      preprocessing: try Preprocessing(width: 32, height: 32, fit: .squash, scale: [1, 1, 1]))
    model.signature = Signature(
      task: "detection", inputs: ["image"],
      outputs: [.init(OutputRole(kind: "boxes")), .init(OutputRole(kind: "scores"))], classes: labels)
    return model
  }

  private func file() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent("selecting-\(UUID()).onnx").path
  }

  /// What the file gives is what the task selects.
  @Test(arguments: [
    BoxSelection(confidence: 0.3, overlap: 0.5, maximum: 300),
    BoxSelection(confidence: 0, overlap: 0.9, maximum: 7),
    BoxSelection(confidence: 0.6, overlap: 0, maximum: 50),
    BoxSelection(confidence: 1, overlap: 0.5, maximum: 5),
  ]) func selectsAsTheTaskDoes(_ selection: BoxSelection) throws {
    for seed in 1...3 as ClosedRange<UInt64> {
      let model = try detector(seed: seed)
      let path = file()
      defer { try? FileManager.default.removeItem(atPath: path) }
      try model.write(to: path, with: selection)
      let program = try OnnxReader.readProgram(path)
      #expect(
        program.outputs.map(\.name)
          == ["boxes", "scores", "selected_boxes", "selected_scores", "selected_classes"])
      #expect(program.inputs.first?.extents == [1, 3, 32, 32])
      let input = Tensor([Float](repeating: 0.5, count: 3 * 32 * 32), shape: [1, 3, 32, 32])
      let results = try ProgramSession(program, on: Executor(threads: 1)).run(["image": .tensor(input)])
      func tensor(_ name: String) throws -> Tensor {
        guard case .tensor(let tensor)? = results[name] else { throw CancellationError() }
        return tensor
      }
      var task = try ObjectDetection(model)
      task.selection = selection
      let image = try Image(width: 32, height: 32) { $0.update(repeating: 7) }
      let wanted = try DetectorPipeline(DetectorNetwork(model), task, threads: 1).predict([image])[0]
      let (boxes, scores) = (try tensor("selected_boxes"), try tensor("selected_scores"))
      #expect(boxes.shape == [wanted.count, 4])
      #expect(scores.floats == wanted.map(\.score))
      #expect(try tensor("selected_classes").integers == wanted.map(\.index))
      for (index, found) in wanted.enumerated() {
        let sides = [found.box.x, found.box.y, found.box.right, found.box.bottom]
        for side in 0..<4 { #expect(abs(Double(boxes.floats[index * 4 + side]) - sides[side]) < 1e-4) }
      }
    }
  }

  @Test func theFileIsTheSameDetector() throws {
    let model = try detector(seed: 4)
    let path = file()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try model.write(to: path, with: BoxSelection())
    let again = try Model(contentsOf: path)
    #expect(again.graph.outputs.map(\.name) == ["boxes", "scores"] && again.labels == model.labels)
    #expect(again.metadata.isEmpty)
    // Alone it takes any number of images again.
    #expect(try again.graph.bound(batch: 2).fact(again.graph.outputs[1].value).shape[0] == 2)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(try Model(bytes: Array(bytes)).graph.nodes.count == model.graph.nodes.count)
    // What is written of it again selects nothing, unless that is asked for; then the bytes are the same.
    let plain = try Model(bytes: again.bytes())
    #expect(plain.graph.outputs.count == 2)
    try again.write(to: path, with: BoxSelection())
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
  }

  @Test func whatIsNoDetectorIsRefused() throws {
    let builder = GraphBuilder()
    try builder.output("logits", builder.add(Flatten(), builder.image(channels: 1, height: 2, width: 2)))
    let classifier = Model(graph: builder.graph, parameters: Parameters())
    #expect(throws: FormatError.self) { try classifier.write(to: file(), with: BoxSelection()) }
    // The names that the selection needs are taken.
    var model = try detector(seed: 1)
    let again = GraphBuilder(extending: model.graph)
    for (name, value) in model.graph.outputs { try again.output(name, again.value(value)) }
    try again.output(
      "selected_boxes",
      again.add(Identity(), again.value(model.graph.outputs[0].value), name: "selected_boxes"))
    model.graph = again.graph
    #expect(throws: FormatError.self) { try model.write(to: file(), with: BoxSelection()) }
  }
}
