import Testing
import VisionData
import VisionImage

@testable import VisionTasks

@Suite struct FaceAlignmentTests {
  private func points(_ numbers: [(Double, Double)]) -> [ImagePoint] {
    numbers.map { ImagePoint(x: $0.0, y: $0.1) }
  }

  @Test func pointsOfTheTemplateStayWhereTheyAre() throws {
    // The numbers as OpenCV has them count pixels' middles.
    let numbers = FaceAlignment.recognition.template.map {
      ImagePoint(x: $0.x * 112 - 0.5, y: $0.y * 112 - 0.5)
    }
    #expect(abs(numbers[0].x - 38.2946) < 1e-9 && abs(numbers[0].y - 51.6963) < 1e-9)
    let template = numbers
    let map = try #require(FaceAlignment.recognition.map(from: template, side: 112))
    for (number, expected) in zip([map.a, map.b, map.c, map.d, map.tx, map.ty], [1.0, 0, 0, 1, 0, 0]) {
      #expect(abs(number - expected) < 1e-12)
    }
  }

  @Test func aTurnedFaceIsTurnedBack() throws {
    // A quarter turn, three times as large, somewhere else: x′ = 300 - 3y, y′ = 20 + 3x.
    let turned = FaceAlignment.recognition.template.map {
      ImagePoint(x: 300 - 3 * 112 * $0.y - 0.5, y: 20 + 3 * 112 * $0.x - 0.5)
    }
    let map = try #require(FaceAlignment.recognition.map(from: turned, side: 112))
    for (point, expected) in zip(turned, FaceAlignment.recognition.template) {
      let place = map(x: point.x + 0.5, y: point.y + 0.5)
      #expect(abs(place.x - expected.x * 112) < 1e-9 && abs(place.y - expected.y * 112) < 1e-9)
    }
    #expect(!map.isMirrored)
  }

  @Test func pointsThatFitBadlyComeAsCloseAsTheyCan() throws {
    let found = points([(100, 80), (160, 90), (125, 120), (105, 150), (150, 155)])
    let map = try #require(FaceAlignment.recognition.map(from: found, side: 112))
    // What is left over has no component along any of the four parameters of a similarity.
    var (x, y, turned, scaled) = (0.0, 0.0, 0.0, 0.0)
    for (point, target) in zip(found, FaceAlignment.recognition.template) {
      let place = map(x: point.x + 0.5, y: point.y + 0.5)
      let (dx, dy) = (place.x - target.x * 112, place.y - target.y * 112)
      x += dx
      y += dy
      scaled += dx * point.x + dy * point.y
      turned += dy * point.x - dx * point.y
    }
    for rest in [x, y, turned, scaled] { #expect(abs(rest) < 1e-8) }
    #expect(map.a == map.d && map.b == -map.c)
  }

  @Test func pointsThatSayNothingGiveNoMap() throws {
    let same = points([(Double, Double)](repeating: (3, 4), count: 5))
    #expect(FaceAlignment.recognition.map(from: same, side: 112) == nil)
    #expect(FaceAlignment.recognition.map(from: [], side: 112) == nil)
    let odd = points([(0, 0), (1, 0), (.nan, 1), (0, 2), (1, 2)])
    #expect(FaceAlignment.recognition.map(from: odd, side: 112) == nil)
    let image = try Image(width: 20, height: 20) { $0.update(repeating: 7) }
    // Eyes that are 3 pixels apart.
    #expect(
      try FaceAlignment.expression(of: points([(5, 5), (8, 5), (6, 7), (5, 9), (8, 9)]), in: image) == nil)
  }

  @Test func expressionsComeInTheSizeThatTheFaceHas() throws {
    let image = try Image(width: 400, height: 400) { $0.update(repeating: 90) }
    let face = FaceAlignment.expression.template.map { ImagePoint(x: 50 + $0.x * 200, y: 40 + $0.y * 200) }
    let part = try #require(try FaceAlignment.expression(of: face, in: image))
    #expect(part.width == 200 && part.height == 200 && part.pixels.allSatisfy { $0 == 90 })
  }
}
