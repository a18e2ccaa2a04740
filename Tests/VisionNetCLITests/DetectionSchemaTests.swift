import Testing
import VisionData
import VisionSystem
import VisionTasks

/// What an evaluation of a detector writes is what `docs/schema/records.json` says.
@Suite struct DetectionSchemaTests {
  private func evaluation() throws -> DetectionEvaluation {
    var evaluation = DetectionEvaluation(classes: ["cat", "dog", "owl"])
    for image in 0..<5 {
      let x = Double(image * 7)
      let box = Box(x: x, y: 10, width: 60, height: 40)
      let truths = (0..<2).map {
        TrueBox(classIndex: $0, box: Box(x: x + 200 * Double($0), y: 10, width: 60, height: 40))
      }
      let detections = [
        ScoredBox(classIndex: 0, score: 0.9 - 0.1 * Double(image), box: box),
        ScoredBox(classIndex: image % 3, score: 0.5, box: Box(x: 500, y: 0, width: 9, height: 9)),
      ]
      try evaluation.add(DetectionSample(truths: truths, detections: detections))
    }
    return evaluation
  }

  @Test func recordsAreAsDescribed() throws {
    let schema = try JSONSchema.records()
    let none = DetectionEvaluation(classes: ["cat"])
    for results in [
      try DetectionResults(evaluation(), draws: 10), try DetectionResults(evaluation(), draws: 0),
      try DetectionResults(none, draws: 3),
    ] {
      let record = try JSONValue(JSON.object(results.members).text)
      #expect(schema.faults(of: record, as: "detectionMetrics") == [])
    }
    // Not anything is taken for one.
    let wrong = try JSONValue("{\"mAP50\": 2}")
    #expect(schema.faults(of: wrong, as: "detectionMetrics") != [])
  }
}
