import Testing
import VisionGraph
import VisionImage
import VisionModel
import VisionSystem
import VisionTensor

@testable import VisionInference

/// A task that shares nothing with images: numbers in, their weighted sum out, in the unit of the row.
private struct WeightedSum: ModelTask {
  struct Rows: InputWriter {
    let specs = [TensorSpec(name: "row", shape: [.fixed(2)])]

    func write(_ row: [Double], into slots: borrowing TensorSlots, _ scratch: InputScratch) throws -> Double {
      guard row.count == 2, let unit = row.max(), unit > 0 else {
        throw GraphError(.input, "a row of \(row.count) numbers")
      }
      for (place, number) in row.enumerated() { slots.floats(0)[place] = Float(number / unit) }
      return unit
    }
  }

  static let name = "weighted-sum"
  static let columns = ["value"]
  static let role = OutputRole(kind: "values")
  let input = Rows()
  let outputs = [role]
  let scale: Double

  init(_ model: Model) throws {
    guard model.signature.task == Self.name, let scale = model.signature.number("scale") else {
      throw GraphError(.structure, "no model of this task")
    }
    self.scale = scale
  }

  func decode(_ outputs: borrowing OutputSlots, _ unit: Double) -> Double {
    Double(outputs.floats(0)[0]) * unit * scale
  }

  func record(_ prediction: Double) -> Record {
    Record(
      line: [Record.Word("\(prediction)", .strong)], fields: [("value", .number(prediction))],
      rows: [["\(prediction)"]])
  }
}

@Suite struct InferencePipelineTests {
  private func model(scale: Double = 10) throws -> Model {
    let builder = GraphBuilder()
    let x = try builder.input("row", dimensions: [.symbolic("N"), .fixed(2)])
    let weights = builder.constant(Tensor([Float(1), 0.5], shape: [2, 1]), name: "weights")
    try builder.output("y", builder.add(MatMul(), x, weights))
    try builder.output("unused", builder.add(Neg(), x))
    var model = Model(graph: builder.graph, parameters: Parameters())
    model.signature = Signature(
      task: WeightedSum.name, inputs: ["row"], outputs: [.init(WeightedSum.role, "y")],
      details: ["scale": .number(scale)])
    return model
  }

  @Test func aTaskOfItsOwnGoesTheSameRoadFromItsFile() throws {
    let model = try Model(bytes: model().bytes())
    let pipeline = try InferencePipeline<WeightedSum>(model, batch: .upTo(4), threads: 1)
    let rows = (1...9).map { [Double($0), 2] }
    let sums = try pipeline.predict(rows)
    for (row, sum) in zip(rows, sums) { #expect(abs(sum - (row[0] + 1) * 10) < 1e-4) }
    #expect(sums.count == rows.count)
    #expect(try pipeline.predict([]).isEmpty)
    #expect(throws: GraphError.self) { try pipeline.predict([[1, 2], [1]]) }
    pipeline.releaseMemory()
    #expect(try pipeline.predict([[4, 4]]) == [60])
  }

  /// The graph has the outputs that were asked for and no other.
  @Test func onlyWhatIsAskedForIsComputed() throws {
    let model = try model()
    let graph = try WeightedSum(model).graph(of: model)
    #expect(graph.outputs.map(\.name) == ["values"] && graph.nodes.count == 1)
  }

  @Test func modelsOfOtherTasksAreRefused() throws {
    var other = try model()
    other.signature.task = "another"
    #expect(throws: GraphError.self) { try InferencePipeline<WeightedSum>(other) }
    var without = try model()
    without.signature.outputs = []
    #expect(throws: GraphError.self) { try InferencePipeline<WeightedSum>(without) }
  }
}
