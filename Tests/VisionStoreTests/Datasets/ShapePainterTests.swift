import VisionTensor
import Testing
import VisionSystem

@testable import VisionStore

@Suite struct ShapePainterTests {
  private func digest(seed: UInt64, split: Int = 0) throws -> String {
    let painter = ShapePainter(seed: seed)
    return ContentHash(of: try (0..<12).flatMap { try painter.image($0, split: split).pixels }).hexadecimal
  }

  @Test func theSameSeedGivesTheSamePixelsOnEveryMachine() throws {
    let digest = try digest(seed: 1)
    #expect(digest == "5532ba2f481078b82b6ee06a1b14735e43637cb780d1e7586237f2506d856ff1")
  }

  @Test func anotherSeedOrSplitGivesOthers() throws {
    let digests = try [digest(seed: 1), digest(seed: 2), digest(seed: 1, split: 1)]
    #expect(Set(digests).count == 3)
  }

  /// Distances from the edge along one ray, where they can be worked out by hand.
  @Test func outlinesAreWhereTheyShouldBe() {
    for (outline, inside, outside) in [
      (ShapeOutline.circle, (0.0, 0.9), (0.0, 0.94)), (.square, (0.8, 0.8), (0.84, 0.0)),
      (.cross, (0.0, 0.98), (0.5, 0.5)), (.triangle, (0.0, -1.1), (0.6, -0.5)),
      (.star, (0.0, -1.1), (0.66, 0.0)), (.heart, (0.0, 0.8), (0.0, -0.8)),
    ] {
      #expect(outline.distance(0, 0) < 0)
      #expect(outline.distance(inside.0, inside.1) < 0, "\(outline)")
      #expect(outline.distance(outside.0, outside.1) > 0, "\(outline)")
    }
    #expect(abs(ShapeOutline.square.distance(1.82, 0) - 1) < 1e-12)
    #expect(abs(ShapeOutline.circle.distance(0.6, 0.8) - 0.08) < 1e-12)
  }

  @Test func everyShapeStandsOutAndStaysInside() throws {
    for number in 0..<36 {
      var dice = Dice(Philox(seed: 5), image: UInt32(number), split: 0)
      let backdrop = Backdrop(&dice, side: 64)
      let outline = ShapeOutline.allCases[number % 6]
      let figure = Figure(outline, &dice, side: 64, on: backdrop.mean)
      let plain = SIMD3<Double>(-1, -1, -1)
      var covered = 0
      for y in 0..<64 {
        for x in 0..<64 where figure.color(x: Double(x) + 0.5, y: Double(y) + 0.5, over: plain).x > -0.5 {
          covered += 1
          #expect(x > 0 && y > 0 && x < 63 && y < 63)
        }
      }
      #expect(covered > 60 && covered < 2600, "\(outline): \(covered)")
    }
  }
}
