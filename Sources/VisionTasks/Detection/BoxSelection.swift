package import VisionData
import VisionSystem

/// Which of a detector's many overlapping boxes are given as results: for each class those with the highest scores,
/// without boxes that overlap a better one of the same class.
public struct BoxSelection: Sendable, Hashable {
  /// The lowest score that counts, 0...1.
  public var confidence: Float
  /// The overlap (intersection over union, 0...1) above which the box with the lower score is dropped.
  public var overlap: Double
  /// The most boxes in an image.
  public var maximum: Int

  public init(confidence: Float = 0.25, overlap: Double = 0.7, maximum: Int = 300) {
    (self.confidence, self.overlap, self.maximum) = (confidence, overlap, maximum)
  }

  /// A box with one of its classes.
  struct Candidate {
    /// The place among the network's boxes.
    var place: Int
    /// The class, counted from 0.
    var index: Int
    var score: Float
    var box: Box
  }

  /// The selected candidates, the highest score first; equal scores in the order given.
  func select(_ candidates: [Candidate]) -> [Candidate] {
    let order = candidates.indices.sorted {
      let (a, b) = (candidates[$0], candidates[$1])
      return a.score == b.score ? $0 < $1 : a.score > b.score
    }
    var kept: [Candidate] = []
    var byClass: [Int: [Box]] = [:]
    for index in order {
      guard kept.count < maximum else { break }
      let candidate = candidates[index]
      let better = byClass[candidate.index] ?? []
      if better.contains(where: { Self.overlap($0, candidate.box) > overlap }) { continue }
      byClass[candidate.index, default: []].append(candidate.box)
      kept.append(candidate)
    }
    return kept
  }

  /// Intersection over union; 0 for boxes without area.
  package static func overlap(_ a: Box, _ b: Box) -> Double {
    let width = min(a.right, b.right) - max(a.x, b.x)
    let height = min(a.bottom, b.bottom) - max(a.y, b.y)
    guard width > 0, height > 0 else { return 0 }
    let shared = width * height
    return shared / (a.area + b.area - shared)
  }
}
