import Testing
import VisionData
import VisionInference

@testable import VisionTasks

@Suite struct FaceRecordTests {
  private func face(_ emotions: Face.Emotions?) -> Face {
    Face(
      score: 0.875, box: Box(x: 10.126, y: 20, width: 30, height: 40.5),
      points: (0..<5).map { ImagePoint(x: Double($0) + 0.25, y: Double($0 * 2)) }, emotions: emotions)
  }

  private let shares = [
    Prediction(label: "happy", index: 3, probability: 0.75),
    Prediction(label: "sad", index: 4, probability: 0.25),
  ]

  private func text(_ faces: [Face]) -> String { Face.record(faces).line.map(\.text).joined() }

  @Test func aFaceIsItsBoxAndPoints() {
    let record = Face.record([face(nil)])
    #expect(text([face(nil)]) == "  face 0.88 (10 20 30 41)")
    #expect(record.fields.map(\.name) == ["faces"])
    #expect(
      record.fields[0].value.text
        == "[{\"score\": 0.875, \"box\": {\"x\": 10.13, \"y\": 20.0, \"width\": 30.0, \"height\": 40.5}, "
        + "\"points\": [{\"x\": 0.25, \"y\": 0.0}, {\"x\": 1.25, \"y\": 2.0}, {\"x\": 2.25, \"y\": 4.0}, "
        + "{\"x\": 3.25, \"y\": 6.0}, {\"x\": 4.25, \"y\": 8.0}]}]")
    #expect(record.rows == [["0.875", "10.13", "20.0", "30.0", "40.5", "", ""]])
    #expect(record.rows[0].count == Face.columns.count)
    #expect(text([]) == "  no face found")
  }

  @Test func emotionsAreSharesOrUnknown() {
    let known = face(Face.Emotions(shares: shares, isUnknown: false))
    #expect(text([known]) == "  face 0.88 (10 20 30 41) happy 0.75")
    #expect(
      Face.record([known]).fields[0].value.text.hasSuffix(
        "\"emotions\": {\"label\": \"happy\", \"probabilities\": {\"happy\": 0.75, \"sad\": 0.25}}}]"))
    let unknown = face(Face.Emotions(shares: shares, isUnknown: true))
    #expect(text([unknown]) == "  face 0.88 (10 20 30 41) unknown (best guess happy 0.75)")
    #expect(Face.record([unknown]).rows[0].suffix(2) == ["unknown", "0.75"])
    let hidden = face(Face.Emotions(shares: [], isUnknown: true))
    #expect(text([hidden]) == "  face 0.88 (10 20 30 41) unknown")
    #expect(Face.record([hidden]).rows[0].suffix(2) == ["unknown", ""])
  }
}
