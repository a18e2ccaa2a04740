import Testing
import VisionTensor

@testable import VisionModel

@Suite struct CenterNetHeadTests {
  /// Maps 1×C×2×4 for 16×8 pixels.
  private static func map(_ channels: Int, _ numbers: [Int: Float]) -> Tensor {
    var values = [Float](repeating: 0, count: channels * 8)
    for (place, number) in numbers { values[place] = number }
    return Tensor(values, shape: [1, channels, 2, 4])
  }

  /// Of the first class, the cells 6 (row 1, column 2) and its neighbor 5; of the second, the cell 5 alone.
  private static func model() throws -> Model {
    try DetectorFixture.model(
      height: 8, width: 16,
      [
        ("hm", map(2, [6: 100, 5: 3, 8 + 5: 2])), ("wh", map(2, [6: 2, 8 + 6: 0.5])),
        ("reg", map(2, [6: 0.25, 8 + 6: -0.5])),
      ])
  }

  @Test func centersAreDecodedByHand() throws {
    let model = try Self.model()
    let detector = try ForeignDetector(model)
    #expect(detector.kind == .centernet && detector.model.signature.number("overlap") == 1)
    let results = try DetectorFixture.decoded(model)
    // The center is at ((2 + 0.25) · 4, (1 - 0.5) · 4), the sides are 8 and 2.
    #expect(DetectorFixture.row(results["boxes"], 6) == [5, 1, 13, 3])
    #expect(DetectorFixture.isNear(DetectorFixture.row(results["scores"], 6), [1, 0]))
    // Its neighbor is less likely for the first class, but the peak of the second.
    #expect(DetectorFixture.isNear(DetectorFixture.row(results["scores"], 5), [0, 0.880797]))
  }
}
