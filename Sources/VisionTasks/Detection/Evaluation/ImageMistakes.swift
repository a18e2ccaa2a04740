import VisionData

/// The hits and mistakes of a detector in one image, as tidecv finds them.
struct ImageMistakes {
  /// A detection as average precision counts it.
  struct Entry {
    let classIndex: Int
    let score: Double
  }

  /// A mistake, with what it is for the average precision as it is and when it is corrected.
  struct Item {
    var mistake: DetectionMistake
    /// A false alarm; nil for missed objects and for detections that do not count.
    var original: Entry?
    /// The hit that it would be; nil where correcting removes it.
    var corrected: Entry?
    let classIndex: Int
  }

  /// The detections that count in order of their scores, with whether they are hits.
  private(set) var outcomes: [(entry: Entry, isHit: Bool)] = []
  private(set) var items: [Item] = []
  /// The classes of the objects that must be found.
  private(set) var truths: [Int] = []
  /// The classes of those of them that are not.
  private(set) var notFound: [Int] = []

  /// The most detections that are looked at, of all classes together.
  static let limit = 100

  private let detections: [ScoredBox]
  private let objects: [TrueBox]
  /// Positions in the sample.
  private let order: [Int]
  private let places: [Int]
  private let thresholds: (positive: Double, background: Double)
  private let image: Int

  init(_ sample: DetectionSample, image: Int, positive: Double, background: Double) {
    (thresholds, self.image) = ((positive, background), image)
    order = Array(
      sample.detections.indices
        .sorted { (-sample.detections[$0].score, $0) < (-sample.detections[$1].score, $1) }.prefix(Self.limit)
    )
    places = sample.truths.indices.filter { sample.truths[$0].counts }
    detections = order.map { sample.detections[$0] }
    objects = places.map { sample.truths[$0] }
    truths = objects.map(\.classIndex)
    let overlaps = detections.map { detection in objects.map { detection.box.overlap($0.box) } }
    find(overlaps, regions: sample.truths.filter { !$0.counts })
  }

  private mutating func find(_ overlaps: [[Double]], regions: [TrueBox]) {
    var finders = [Int?](repeating: nil, count: objects.count)
    var isHit = [Bool](repeating: false, count: detections.count)
    for index in detections.indices {
      let best = largest(overlaps[index]) {
        finders[$0] == nil && objects[$0].classIndex == detections[index].classIndex
      }
      guard let best, overlaps[index][best] >= thresholds.positive else { continue }
      (finders[best], isHit[index]) = (index, true)
    }
    // The detection that would show an object that is not found: the first with the largest score.
    var candidates = [Int?](repeating: nil, count: objects.count)
    for (index, detection) in detections.enumerated() {
      let entry = Entry(classIndex: detection.classIndex, score: detection.score)
      let isLeftOut = !isHit[index] && regions.contains { lies(detection, in: $0) }
      if !isLeftOut { outcomes.append((entry, isHit[index])) }
      guard !isHit[index] else { continue }
      let (kind, object) = kind(of: detection, overlaps[index], finders)
      if let object, kind != .duplicate, finders[object] == nil, candidates[object] == nil {
        candidates[object] = items.count
      }
      items.append(
        Item(
          mistake: DetectionMistake(
            kind: kind, image: image, detection: order[index], truth: object.map { places[$0] }),
          original: isLeftOut ? nil : entry, corrected: nil, classIndex: detection.classIndex))
    }
    for (object, item) in candidates.enumerated() {
      guard let item, let detection = items[item].mistake.detection else { continue }
      items[item].corrected = Entry(
        classIndex: objects[object].classIndex,
        score: detections[order.firstIndex(of: detection) ?? 0].score)
    }
    for object in objects.indices where finders[object] == nil {
      notFound.append(objects[object].classIndex)
      guard candidates[object] == nil else { continue }
      let mistake = DetectionMistake(kind: .missed, image: image, detection: nil, truth: places[object])
      items.append(
        Item(mistake: mistake, original: nil, corrected: nil, classIndex: objects[object].classIndex))
    }
  }

  /// Whether a detection lies in a region in which nothing counts.
  private func lies(_ detection: ScoredBox, in region: TrueBox) -> Bool {
    region.classIndex == detection.classIndex
      && detection.box.overlap(region.box, isCrowd: true) > thresholds.positive
  }

  /// The first position of the largest overlap among the objects that are wanted.
  private func largest(_ overlaps: [Double], where isWanted: (Int) -> Bool) -> Int? {
    var best: Int?
    for index in overlaps.indices where isWanted(index) {
      if best.map({ overlaps[index] > overlaps[$0] }) ?? true { best = index }
    }
    return best
  }

  private func kind(
    of detection: ScoredBox, _ overlaps: [Double], _ finders: [Int?]
  ) -> (DetectionMistake.Kind, Int?) {
    func best(_ isWanted: (Int) -> Bool) -> (object: Int, overlap: Double)? {
      largest(overlaps, where: isWanted).map { ($0, overlaps[$0]) }
    }
    guard !objects.isEmpty else { return (.background, nil) }
    let same = best { objects[$0].classIndex == detection.classIndex }
    if let same, (thresholds.background...thresholds.positive).contains(same.overlap) {
      return (.localization, same.object)
    }
    if let other = best({ objects[$0].classIndex != detection.classIndex }),
      other.overlap >= thresholds.positive
    {
      return (.classification, other.object)
    }
    let found = best { objects[$0].classIndex == detection.classIndex && finders[$0] != nil }
    if let found, found.overlap >= thresholds.positive { return (.duplicate, found.object) }
    let most = overlaps.max() ?? 0
    return (most <= thresholds.background ? .background : .both, nil)
  }
}
