import Foundation
import Testing
import VisionGraph
import VisionImage
import VisionTensor

@testable import VisionModel

@Suite struct YuNetHeadTests {
  /// YuNet's outputs for 64×32 pixels (4 × 8, 2 × 4 and 1 × 2 cells), with one row of the stride 16 filled.
  private static func outputs() -> [(name: String, tensor: Tensor)] {
    var outputs: [(name: String, tensor: Tensor)] = []
    for (name, columns) in [("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10)] {
      for (stride, cells) in [(8, 32), (16, 8), (32, 2)] {
        var rows: [Int: [Float]] = [:]
        if stride == 16 {
          rows[5] =
            switch name {
            case "cls": [0.81]
            case "obj": [1.2]
            case "bbox": [0.25, -0.5, Float(log(2.0)), Float(log(0.5))]
            default: [0.5, -1, 0, 0, 0, 0, 0, 0, -0.25, 2]
            }
        }
        outputs.append(("\(name)_\(stride)", DetectorFixture.rows(cells, columns, rows)))
      }
    }
    return outputs
  }

  /// The sixth cell of the stride 16 is that of row 1 and column 1. Its center is ((1 + 0.25) · 16, (1 - 0.5) · 16), its
  /// sides are 2 · 16 and 0.5 · 16; the object's probability is at most 1.
  @Test func aCellIsDecodedByHand() throws {
    let model = try DetectorFixture.model(height: 32, width: 64, Self.outputs())
    let results = try DetectorFixture.decoded(model)
    #expect(results["boxes"]?.shape == [1, 42, 4] && results["scores"]?.shape == [1, 42, 1])
    let place = 32 + 5
    #expect(DetectorFixture.isNear(DetectorFixture.row(results["boxes"], place), [4, 4, 36, 12]))
    #expect(DetectorFixture.isNear(DetectorFixture.row(results["scores"], place), [0.9]))
    #expect(
      DetectorFixture.isNear(
        DetectorFixture.row(results["points"], place), [24, 0, 16, 16, 16, 16, 16, 16, 12, 48]))
    // Cell 1 of the stride 32: nothing is there.
    #expect(DetectorFixture.isNear(DetectorFixture.row(results["boxes"], 41), [16, -16, 48, 16]))
    #expect(DetectorFixture.row(results["scores"], 41) == [0])
  }

  @Test func theModelSaysWhatItIs() throws {
    let model = try ForeignDetector(DetectorFixture.model(height: 32, width: 64, Self.outputs())).model
    #expect(model.signature.task == "detection" && model.labels == ["face"])
    #expect(model.signature.number("confidence") == 0.9 && model.signature.number("overlap") == 0.3)
    let steps = try #require(model.preprocessing)
    #expect(steps.channels == .bgr && steps.scale == [1, 1, 1])
    // An image keeps its pixels, and the rest is black.
    let geometry = steps.geometry(width: 50, height: 30)
    let end = geometry.map(x: 50, y: 30)
    #expect(end.x == 50 && end.y == 30)
    // Other programs and later versions get the decoded numbers.
    let again = try Model(bytes: model.bytes())
    #expect(again.signature == model.signature && again.preprocessing == steps)
    #expect(again.graph.outputs.map(\.name) == ["boxes", "scores", "points"])
  }

  @Test func sidesFollowTheImage() throws {
    let detector = try ForeignDetector(DetectorFixture.model(height: 32, width: 64, Self.outputs()))
    #expect(detector.sides(width: 50, height: 30) == (64, 32))
    #expect(detector.sides(width: 64, height: 33) == (64, 64))
    #expect(detector.sides(width: 8192, height: 4000) == (4096, 2016))
    #expect(detector.sides(width: 1, height: 100_000) == (32, 4096))
  }
}
