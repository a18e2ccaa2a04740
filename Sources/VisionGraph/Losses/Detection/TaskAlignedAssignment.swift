import VisionSystem

/// Which place of a detector answers for which object of an image, from its predictions: task-aligned assignment.
///
/// A place is a candidate for an object if its center lies in the object's box, whose sides count as at least the
/// finest stride, so that small objects are not overlooked. Its alignment is t = s^α · u^β, with its score s for the
/// object's class and the IoU u of its box with the object's. The `top` best candidates of each object answer for it;
/// of equals, those that come first. A place that several objects would have goes to the one with the largest IoU. The
/// quality of a place, which its score should become, is t · max u / max t, with the maxima over the object's places.
///
/// Source: Feng et al., "TOOD: Task-aligned One-stage Object Detection", 2021, section 3.2.
struct TaskAlignedAssignment: Sendable {
  /// For each place the object that it answers for; nil for none.
  var objects: [Int?]
  /// For each place the score that is wanted of it, 0...1; 0 where it answers for none.
  var qualities: [Double]
  /// Whether a place answers for none, and lies in a box of which nothing is to be learned.
  var isIgnored: [Bool]

  /// The sum of the qualities.
  var weight: Double { qualities.reduce(0, +) }

  init(_ image: DetectionImage) {
    let (loss, places) = (image.loss, image.places)
    let count = places.count
    objects = [Int?](repeating: nil, count: count)
    qualities = [Double](repeating: 0, count: count)
    isIgnored = [Bool](repeating: false, count: count)
    var overlaps = [Double](repeating: -1, count: count)
    var alignments = qualities
    var boxes = [BoxSides?](repeating: nil, count: count)
    let least = places.map(\.stride).min() ?? 0
    for (index, object) in image.objects.enumerated() where object.isCounted {
      let reach = object.box.atLeast(least)
      var candidates: [(place: Int, overlap: Double, alignment: Double)] = []
      for place in 0..<count where reach.holds(places[place].x, places[place].y) {
        let box = boxes[place] ?? image.box(place)
        boxes[place] = box
        let overlap = box.overlap(object.box)
        let score = Libm.sigmoid(image.logit(place, object.label))
        let alignment = Libm.pow(score, Double(loss.alpha)) * Libm.pow(overlap, Double(loss.beta))
        // Predictions that are no numbers answer for nothing.
        if alignment >= 0 { candidates.append((place, overlap, alignment)) }
      }
      candidates.sort { ($1.alignment, $0.place) < ($0.alignment, $1.place) }
      for (place, overlap, alignment) in candidates.prefix(loss.top) where overlap > overlaps[place] {
        (objects[place], overlaps[place], alignments[place]) = (index, overlap, alignment)
      }
    }
    normalize(alignments, overlaps, objects: image.objects.count)
    for object in image.objects where object.isIgnored && object.box.isBox {
      for place in 0..<count
      where objects[place] == nil && object.box.holds(places[place].x, places[place].y) {
        isIgnored[place] = true
      }
    }
  }

  /// Makes qualities of alignments.
  private mutating func normalize(_ alignments: [Double], _ overlaps: [Double], objects count: Int) {
    var largest = [(alignment: Double, overlap: Double)](repeating: (0, 0), count: count)
    for (place, object) in objects.enumerated() {
      guard let object else { continue }
      largest[object].alignment = max(largest[object].alignment, alignments[place])
      largest[object].overlap = max(largest[object].overlap, overlaps[place])
    }
    for (place, object) in objects.enumerated() {
      guard let object, largest[object].alignment > 0 else { continue }
      qualities[place] = alignments[place] / largest[object].alignment * largest[object].overlap
    }
  }
}
