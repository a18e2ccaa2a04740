import Testing
import VisionData

@testable import VisionTasks

@Suite struct FaceLooksTests {
  private func face(_ x: Double, _ y: Double, _ side: Double, _ score: Float) -> Face {
    Face(score: score, box: Box(x: x, y: y, width: side, height: side), points: [ImagePoint(x: x, y: y)])
  }

  @Test func theSecondLookAddsLargeFacesThatTheFirstHasNot() {
    let first = [face(0, 0, 200, 0.95), face(900, 0, 20, 0.91)]
    // Twice as large in the image: the first one again, a small one, and a large one.
    let second = [face(2, 2, 100, 0.99), face(300, 300, 20, 0.97), face(600, 400, 90, 0.93)]
    let merged = Face.merged(first, second, scale: (2, 2))
    #expect(merged.map(\.score) == [0.95, 0.93, 0.91])
    #expect(merged[1].box == Box(x: 1200, y: 800, width: 180, height: 180))
    #expect(merged[1].points == [ImagePoint(x: 1200, y: 800)])
    #expect(Face.merged(first, [], scale: (2, 2)) == first)
  }

  @Test func equalScoresKeepTheirOrder() {
    let first = [face(0, 0, 20, 0.9), face(50, 0, 20, 0.9)]
    let merged = Face.merged(first, [face(200, 200, 200, 0.9)], scale: (1, 3))
    #expect(merged.map(\.box.x) == [0, 50, 200] && merged[2].box.height == 600)
  }
}
