import Foundation
import Testing
import VisionTensor

@testable import VisionModel

@Suite struct CenterFaceHeadTests {
  /// Maps 1×C×2×4 for 16×8 pixels, zeros but for one cell: that of row 1 and column 2.
  private static func map(_ channels: [Float]) -> Tensor {
    var numbers = [Float](repeating: 0, count: channels.count * 8)
    for (channel, value) in channels.enumerated() { numbers[channel * 8 + 6] = value }
    return Tensor(numbers, shape: [1, channels.count, 2, 4])
  }

  private static func outputs(width: Float) -> [(name: String, tensor: Tensor)] {
    [
      ("537", map([0.75])), ("538", map([Float(log(0.5)), Float(log(Double(width) / 4))])),
      ("539", map([-0.25, 0.25])), ("540", map([0.5, 0.25, 0, 0, 0, 0, 0, 0, 1, 1])),
    ]
  }

  /// The center is at ((2 + 0.25 + 0.5) · 4, (1 - 0.25 + 0.5) · 4) = (11, 5); the height is 2, the width 8 or 6.
  @Test func aCellIsDecodedByHand() throws {
    let model = try DetectorFixture.model(height: 8, width: 16, Self.outputs(width: 6))
    let results = try DetectorFixture.decoded(model)
    #expect(DetectorFixture.isNear(DetectorFixture.row(results["boxes"], 6), [8, 4, 14, 6]))
    #expect(DetectorFixture.row(results["scores"], 6) == [0.75])
    #expect(
      DetectorFixture.isNear(
        DetectorFixture.row(results["points"], 6), [9.5, 5, 8, 4, 8, 4, 8, 4, 14, 6]))
  }

  /// The corner comes first: a box of 24 columns around 11 begins at 0, not at -1, and ends at 16, not at 23.
  @Test func cornersAreClippedOneAfterTheOther() throws {
    let model = try DetectorFixture.model(height: 8, width: 16, Self.outputs(width: 24))
    let results = try DetectorFixture.decoded(model)
    #expect(DetectorFixture.isNear(DetectorFixture.row(results["boxes"], 6), [0, 4, 16, 6]))
    #expect(
      DetectorFixture.isNear(
        DetectorFixture.row(results["points"], 6), [6, 5, 0, 4, 0, 4, 0, 4, 24, 6]))
  }
}
