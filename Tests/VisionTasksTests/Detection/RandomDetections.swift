import VisionData
import VisionTensor

@testable import VisionTasks

/// Random objects and detections with what is hard to count right: crowds, objects that do not count, equal scores and overlaps,
/// classes and images without boxes, boxes without area, more than 100 detections of a class.
struct RandomDetections {
  private let random: Philox
  private var drawn: [Float] = []
  private var stream: UInt64 = 0

  private init(seed: Int) { random = Philox(seed: UInt64(seed)) }

  private mutating func unit() -> Double {
    if drawn.isEmpty {
      drawn = random.uniform(count: 256, stream: stream)
      stream += 1
    }
    return Double(drawn.removeLast())
  }

  private mutating func below(_ count: Int) -> Int { min(count - 1, Int(unit() * Double(count))) }
  private mutating func happens(_ part: Double) -> Bool { unit() < part }

  static func set(_ seed: Int) throws -> DetectionEvaluation {
    var draw = RandomDetections(seed: seed)
    let classes = [1, 2, 3, 5, 9][seed % 5]
    var evaluation = DetectionEvaluation(classes: (0..<classes).map { "class \($0)" })
    let size = [40.0, 150, 640, 3000][seed % 4]
    // The last class has no boxes in some sets; in others there are no detections, or no objects.
    let used = seed % 3 == 0 ? max(1, classes - 1) : classes
    for _ in 0..<[1, 3, 8, 14][seed / 2 % 4] {
      let truths = seed % 11 == 10 ? [] : draw.truths(size, used, grid: seed % 2 == 0)
      let detections = seed % 13 == 12 ? [] : draw.detections(of: truths, size, used, seed)
      try evaluation.add(DetectionSample(truths: truths, detections: detections))
    }
    return evaluation
  }

  private mutating func box(_ size: Double, grid: Bool) -> Box {
    var sides = (0..<4).map { _ in unit() * size }
    (sides[2], sides[3]) = (sides[2] * sides[2] / size, sides[3] * sides[3] / size)
    if grid { sides = sides.map { ($0 / 8).rounded() * 8 } }
    return Box(x: sides[0] - 4, y: sides[1] - 4, width: sides[2], height: sides[3])
  }

  private mutating func truths(_ size: Double, _ classes: Int, grid: Bool) -> [TrueBox] {
    guard happens(0.85) else { return [] }
    return (0..<below(10)).map { _ in
      let box = box(size, grid: grid)
      let area = happens(0.1) ? 1024 : box.width * box.height * (happens(0.5) ? 1 : unit())
      return TrueBox(
        classIndex: below(classes), box: box, area: area, isCrowd: happens(0.15), isIgnored: happens(0.1))
    }
  }

  private mutating func detections(
    of truths: [TrueBox], _ size: Double, _ classes: Int, _ seed: Int
  ) -> [ScoredBox] {
    (0..<below(18) + (seed % 7 == 6 ? 130 * below(2) : 0)).map { _ in
      let score = seed % 3 == 1 ? Double(below(6)) / 5 : unit()
      guard !truths.isEmpty, happens(0.75) else {
        return ScoredBox(classIndex: below(classes), score: score, box: box(size, grid: seed % 2 == 0))
      }
      let truth = truths[below(truths.count)]
      var box = truth.box
      if !happens(0.3) {
        let spread = [0.05, 0.2, 0.5][below(3)]
        box.x += (unit() - 0.5) * spread * box.width
        box.y += (unit() - 0.5) * spread * box.height
        box.width *= 1 + (unit() - 0.5) * spread
        box.height *= 1 + (unit() - 0.5) * spread
      }
      return ScoredBox(classIndex: happens(0.8) ? truth.classIndex : below(classes), score: score, box: box)
    }
  }
}
