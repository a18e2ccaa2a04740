import VisionNet

/// Which of two rings a point lies on: a task whose subjects are no images, with what training it takes.
struct RingTask: TrainableTask {
  static let name = "ring"
  static let columns = ["ring", "lead"]

  let input = PointWriter()
  let outputs = [OutputRole.logits]
  let targets = [TensorSpec(name: "ring", type: .int64, shape: [], mixing: .classes(2))]
  var objective: Objective { Objective(SoftmaxCrossEntropy(), of: .logits, against: "ring") }

  init() {}
  init(_ model: Model) {}

  /// The ring, and how far its number is ahead of the other's.
  func decode(_ outputs: borrowing OutputSlots, _ context: Void) -> (ring: Int, lead: Float) {
    let scores = outputs.floats(0)
    return (scores[1] > scores[0] ? 1 : 0, abs(scores[1] - scores[0]))
  }

  func record(_ prediction: (ring: Int, lead: Float)) -> Record {
    Record(
      line: [Record.Word("ring \(prediction.ring)", .strong)],
      fields: [("ring", .integer(prediction.ring)), ("lead", .number(Double(prediction.lead)))],
      rows: [["\(prediction.ring)", "\(prediction.lead)"]])
  }

  func write(_ truth: Ring, into slots: borrowing TensorSlots) {
    slots.integers(0)[0] = Int64(truth.number)
  }

  func head(on features: FeatureLevels) throws(GraphError) -> [OutputRole: Value] {
    guard let embedding = features.embedding else {
      throw GraphError(.structure, "the network makes no list of numbers of a point")
    }
    return [
      .logits: try embedding.graph.scope(Self.headPath) { () throws(GraphError) in try Dense(2)(embedding) }
    ]
  }

  func evaluator() -> RingCounter { RingCounter() }
}
