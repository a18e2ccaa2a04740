import Foundation
import Testing
import VisionTensor

@testable import VisionModel

/// torchvision's networks without their selection.
@Suite struct AnchorHeadTests {
  /// 64×32 pixels have 8·4 + 4·2 + 2·1 + 1 + 1 cells, of the strides 8 to 128.
  private static let cells = 44

  /// The fifth anchor of a cell is the middle size of the square: int(64 · 2^(1/3)) = 80 pixels at the stride 16.
  @Test func retinaNetIsDecodedByHand() throws {
    let place = 9 * (32 + 5) + 4
    let model = try DetectorFixture.model(
      height: 32, width: 64,
      [
        ("classes", DetectorFixture.rows(9 * Self.cells, 3, [place: [0, 100, -100]])),
        ("boxes", DetectorFixture.rows(9 * Self.cells, 4, [place: [0.25, -0.5, Float(log(2.0)), 99]])),
      ])
    #expect(try ForeignDetector(model).kind == .retinanet)
    let results = try DetectorFixture.decoded(model)
    // The center is at (16 + 0.25 · 80, 16 - 0.5 · 80); the height's ratio is cut at 1000 / 16.
    #expect(
      DetectorFixture.isNear(DetectorFixture.row(results["boxes"], place), [-44, -2524, 116, 2476]))
    #expect(DetectorFixture.isNear(DetectorFixture.row(results["scores"], place), [0.5, 1, 0]))
    // The first anchor of the first cell, twice as wide as high: 32 · √2 and 32 / √2 with whole halves.
    #expect(DetectorFixture.row(results["boxes"], 0) == [-23, -11, 23, 11])
  }

  @Test func fcosIsDecodedByHand() throws {
    let model = try DetectorFixture.model(
      height: 32, width: 64,
      [
        ("ctr", DetectorFixture.rows(Self.cells, 1, [37: [100]])),
        ("classes", DetectorFixture.rows(Self.cells, 3, [37: [0, 100, -100]])),
        ("boxes", DetectorFixture.rows(Self.cells, 4, [37: [0.5, 1, 1.5, 0.25]])),
      ])
    #expect(try ForeignDetector(model).kind == .fcos)
    let results = try DetectorFixture.decoded(model)
    #expect(DetectorFixture.row(results["boxes"], 37) == [8, 0, 40, 20])
    #expect(
      DetectorFixture.isNear(DetectorFixture.row(results["scores"], 37), [Float(0.5).squareRoot(), 1, 0]))
  }

  @Test func ssdIsDecodedByHand() throws {
    let model = try DetectorFixture.model(
      height: 320, width: 320,
      [
        ("scores", DetectorFixture.rows(3234, 3, [6 * 21: [0, Float(log(2.0)), 0]])),
        ("codes", DetectorFixture.rows(3234, 4, [6 * 21: [5, -5, 5 * Float(log(2.0)), 0]])),
      ])
    let detector = try ForeignDetector(model)
    #expect(detector.kind == .ssd && detector.evidence.contains("SSDLite320"))
    let results = try DetectorFixture.decoded(model)
    #expect(results["scores"]?.shape == [1, 3234, 2])
    // Row 1, column 1 of 20: the center at 24, a square of 0.2 · 320; half its side to the right and up, twice as wide.
    #expect(DetectorFixture.isNear(DetectorFixture.row(results["boxes"], 6 * 21), [-8, -40, 120, 24]))
    #expect(DetectorFixture.isNear(DetectorFixture.row(results["scores"], 6 * 21), [0.5, 0.25]))
    // The last box: that of the whole image at the ratio 3, whose width is cut at the image's.
    let (width, height) = (Float(320), Float(0.95 / 3.0.squareRoot() * 320))
    #expect(
      DetectorFixture.isNear(
        DetectorFixture.row(results["boxes"], 3232),
        [160 - width / 2, 160 - height / 2, 160 + width / 2, 160 + height / 2]))
  }

  @Test func ssd300HasAsManyDefaultBoxesAsPublished() throws {
    let outputs = [3, 4].map { (name: "y\($0)", tensor: DetectorFixture.zeros([1, 8732, $0])) }
    let model = try DetectorFixture.model(height: 300, width: 300, outputs)
    #expect(try ForeignDetector(model).evidence.contains("SSD300"))
    let boxes = try DetectorFixture.decoded(model)["boxes"]
    // As torchvision prints them: the eighth cell of the first row at the ratio 1/2, and the last one.
    #expect(DetectorFixture.isNear(DetectorFixture.row(boxes, 31), [52.5754, -10.8492, 67.4246, 18.8492]))
    #expect(DetectorFixture.isNear(DetectorFixture.row(boxes, 8731), [57.7226, 0, 242.2774, 300]))
  }
}
