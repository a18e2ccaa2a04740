import VisionNet

/// Which of two rings a point lies on: a task whose subjects are no images.
struct RingTask: ModelTask {
  static let name = "ring"
  static let columns = ["ring", "lead"]

  let input = PointWriter()
  let outputs = [OutputRole.logits]

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
}
