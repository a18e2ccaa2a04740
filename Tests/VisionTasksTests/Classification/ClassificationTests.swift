import Testing
import VisionGraph
import VisionImage
import VisionInference
import VisionModel
import VisionSystem
import VisionTensor

@testable import VisionTasks

@Suite struct ClassificationTests {
  /// The mean of each channel of a 2×2 image as the number of a class.
  private func model(
    threshold: Double? = nil, labels: [String] = ["red", "green", "blue"],
    _ end: (GraphBuilder, Value) throws -> Value = { $1 }
  ) throws -> Model {
    let builder = GraphBuilder()
    let x = try builder.image(channels: 3, height: 2, width: 2)
    let pooled = try builder.add(GlobalAveragePool(), x)
    let flat = try builder.add(Flatten(axis: 1), pooled)
    let weights = builder.constant(
      Tensor([Float(1), 0, 0, 0, 1, 0, 0, 0, 1], shape: [3, 3]), name: "weights")
    try builder.output("y", end(builder, builder.add(MatMul(), flat, weights)))
    return Model(
      graph: builder.graph, parameters: Parameters(), labels: labels,
      preprocessing: try Preprocessing(width: 2, height: 2, fit: .squash), threshold: threshold)
  }

  private func image(_ color: RGBColor) throws -> Image {
    try Image(width: 3, height: 5) { pixels in
      for index in 0..<15 {
        (pixels[index * 3], pixels[index * 3 + 1], pixels[index * 3 + 2]) = (
          color.red, color.green, color.blue
        )
      }
    }
  }

  @Test func imagesGoTheRoadToProbabilities() throws {
    let pipeline = try InferencePipeline<Classification>(model(), batch: .upTo(2), threads: 2)
    let colors = [RGBColor(red: 3, green: 1, blue: 2), .black, RGBColor(red: 0, green: 1, blue: 5)]
    let scores = try pipeline.predict(colors.map(image))
    for (color, score) in zip(colors, scores) {
      let powers = [color.red, color.green, color.blue].map { exp(Double($0)) }
      for (probability, power) in zip(score.probabilities, powers) {
        #expect(abs(Double(probability) - power / powers.reduce(0, +)) < 1e-5)
      }
    }
    #expect(scores[0].top(2, labels: ["red", "green", "blue"]).map(\.label) == ["red", "blue"])
    // Equals stand in the order of the classes.
    #expect(scores[1].top(9, labels: ["a", "b", "c"]).map(\.index) == [0, 1, 2])
  }

  @Test func aRecordSaysTheBestClassesOrThatItIsUnknown() throws {
    var task = try Classification(model(threshold: 0.6))
    task.top = 2
    let sure = task.record(ClassScores(probabilities: [0.25, 0.75, 0]))
    #expect(sure.line.map(\.text).joined() == "  green 0.75  red 0.25")
    #expect(sure.line.filter { $0.emphasis == .strong }.map(\.text) == ["green"])
    #expect(
      sure.rows == [["1", "green", "1", "0.75"], ["2", "red", "0", "0.25"]] && sure.summary == ["false"])
    #expect(sure.fields.map(\.name) == ["predictions", "unknown", "threshold"])
    // What would be 0.00 and is not 0 is no zero, and what would be 1.00 and is not 1 is no one.
    let small = task.record(ClassScores(probabilities: [0.997, 0.003, 0]))
    #expect(small.line.map(\.text).joined() == "  red >0.99  green <0.01")
    let certain = task.record(ClassScores(probabilities: [1, 0, 0]))
    #expect(certain.line.map(\.text).joined() == "  red 1.00  green 0.00")
    task.top = 3
    let none = task.record(ClassScores(probabilities: [0.75, 0.25, 0]))
    #expect(none.line.map(\.text).joined() == "  red 0.75  green 0.25  blue 0.00")
    task.top = 2
    let unsure = task.record(ClassScores(probabilities: [0.5, 0.25, 0.25]))
    #expect(unsure.line.map(\.text).joined() == "  unknown (best guess red 0.50)")
    #expect(unsure.summary == ["true"] && unsure.fields[1].value == true)
    #expect(Classification.columns.count == sure.rows[0].count)
    #expect(Classification.summaryColumns.count == sure.summary.count)
  }

  @Test func numbersThatCannotBeUsedAreRefused() throws {
    let pipeline = try InferencePipeline<Classification>(
      model { try $0.add(Div(), $1, $0.constant(Tensor(scalar: Float(0)), name: "zero")) }, threads: 1)
    #expect {
      _ = try pipeline.predict([image(.black)])
    } throws: {
      ($0 as? ClassifierError)?.kind == .notFinite
    }
  }

  /// What nobody says and only the numbers tell is remarked.
  @Test func sharesAreTakenAsTheyAre() throws {
    let pipeline = try InferencePipeline<Classification>(
      model {
        let axes = $0.constant(Tensor([Int64(1)]), name: "axes")
        return try $0.add(Div(), $1, $0.add(ReduceSum(keepsDimensions: true), $1, axes))
      }, threads: 1)
    let scores = try pipeline.predict([image(RGBColor(red: 1, green: 1, blue: 2))])
    #expect(scores[0].probabilities == [0.25, 0.25, 0.5])
    #expect(scores[0].remark?.contains("sum to 1") == true)
  }

  @Test func everyTaskIsFoundByItsName() {
    for task in TaskCatalog.tasks { #expect(TaskCatalog.named(task.name) == task) }
    #expect(TaskCatalog.named(Classification.name) == Classification.self)
    #expect(TaskCatalog.named("none") == nil)
  }

  @Test func modelsThatAreNoClassifiersAreRefused() throws {
    #expect(throws: ClassifierError.self) { try Classification(model(labels: ["a", "b"])) }
    var other = try model()
    other.signature = Signature(task: "regression", inputs: ["input"], outputs: [])
    #expect {
      _ = try Classification(other)
    } throws: {
      "\($0)".contains("for regression")
    }
    var without = try model()
    without.preprocessing = nil
    #expect(throws: ClassifierError.self) { try Classification(without) }
    #expect(try Classification(model(labels: [])).labels == ["class 0", "class 1", "class 2"])
  }
}
