import Foundation
import Testing
import VisionTensor

@testable import VisionModel

/// Detectors with queries, such as DETR.
@Suite struct QueryHeadTests {
  private static func model(_ columns: Int, labels: [String]) throws -> Model {
    let logits = DetectorFixture.rows(5, columns, [2: [Float(log(3.0))]])
    let boxes = DetectorFixture.rows(5, 4, [2: [0.5, 0.25, 0.25, 0.5]])
    return try DetectorFixture.model(
      height: 32, width: 64,
      [("logits", logits), ("pred_boxes", boxes), ("last_hidden_state", DetectorFixture.zeros([1, 5, 8]))],
      labels: labels)
  }

  @Test func theLastClassOfDETRIsNone() throws {
    let model = try Self.model(3, labels: ["cat", "dog"])
    #expect(try ForeignDetector(model).kind == .detr)
    let results = try DetectorFixture.decoded(model)
    #expect(DetectorFixture.row(results["boxes"], 2) == [24, 0, 40, 16])
    #expect(DetectorFixture.isNear(DetectorFixture.row(results["scores"], 2), [0.6, 0.2]))
  }

  @Test func theClassesOfRTDETRAreIndependent() throws {
    let model = try Self.model(2, labels: ["cat", "dog"])
    let detector = try ForeignDetector(model)
    #expect(detector.kind == .rtDetr && detector.model.signature.number("overlap") == 1)
    let results = try DetectorFixture.decoded(model)
    #expect(DetectorFixture.isNear(DetectorFixture.row(results["scores"], 2), [0.75, 0.5]))
  }

  @Test func withoutLabelsNobodyKnowsWhich() throws {
    let model = try Self.model(3, labels: [])
    #expect(ForeignDetector.kinds(fitting: model) == [.detr, .rtDetr])
    #expect(throws: RoleError.self) { try ForeignDetector(model) }
  }

  @Test(arguments: [(6, ("head", "RTDETRDecoder")), (7, ("stride", "32"))])
  func ultralyticsNamesTheHead(columns: Int, entry: (String, String)) throws {
    let row: [Float] = columns == 6 ? [0.5, 0.25, 0.25, 0.5, 0.75, 2] : [0.5, 0.25, 0.25, 0.5, 0, 0, 0.75]
    let model = try DetectorFixture.model(
      height: 32, width: 64, [("output0", DetectorFixture.rows(300, columns, [4: row]))],
      labels: ["a", "b", "c"],
      metadata: [("task", "detect"), ("names", "{0: 'a', 1: 'b', 2: 'c'}"), (entry.0, entry.1)])
    #expect(try ForeignDetector(model).kind == .rtDetr)
    let results = try DetectorFixture.decoded(model)
    #expect(DetectorFixture.row(results["boxes"], 4) == [24, 0, 40, 16])
    #expect(DetectorFixture.row(results["scores"], 4) == [0, 0, 0.75])
  }
}
