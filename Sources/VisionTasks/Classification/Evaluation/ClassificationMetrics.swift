public import VisionInference
import VisionSystem
import VisionTensor

/// How well a classifier does on labeled images.
public struct ClassificationMetrics: Sendable, Hashable {
  /// How well it does on one class.
  public struct ClassMetrics: Sendable, Hashable {
    public let label: String
    /// Images of the class.
    public let images: Int
    /// Images that were predicted as the class.
    public let predicted: Int
    /// Images of the class that were predicted as the class.
    public let right: Int

    /// The part of the images predicted as the class that belong to it; nil when there are no such
    /// predictions, or no images of the class, which would always give 0.
    public var precision: Double? { images > 0 && predicted > 0 ? Double(right) / Double(predicted) : nil }
    /// The part of the images of the class that were predicted as it; nil when the class has no images.
    public var recall: Double? { images > 0 ? Double(right) / Double(images) : nil }
    /// The harmonic mean of precision and recall; nil when there are no images of the class.
    public var f1: Double? { images > 0 ? 2 * Double(right) / Double(images + predicted) : nil }
    public var recallInterval: WilsonInterval { WilsonInterval(right, of: images) }
    public var precisionInterval: WilsonInterval { WilsonInterval(right, of: predicted) }
    /// The interval of F1 = 2J / (1 + J), mapped from that of J = right / (images + predicted − right).
    public var f1Interval: WilsonInterval {
      WilsonInterval(right, of: images + predicted - right).mapped { 2 * $0 / (1 + $0) }
    }
  }

  /// The images whose most likely class has a probability in the same range.
  public struct ConfidenceBin: Sendable, Hashable {
    /// The probabilities that fall into the bin.
    public let range: Range<Double>
    public internal(set) var images = 0
    /// The images of the bin that were classified right.
    public internal(set) var right = 0
    /// The sum of the probabilities of their most likely classes.
    public internal(set) var confidence = 0.0
  }

  /// N.
  public let images: Int
  public let labels: [String]
  /// The part of the images whose most likely class is their label.
  public let top1: Double
  /// The part of the images whose label is among the five most likely classes.
  public let top5: Double
  public let top1Interval: WilsonInterval
  public let top5Interval: WilsonInterval
  /// The mean of −log p(label).
  public let loss: Double
  /// The expected calibration error: the mean distance between confidence and accuracy over 15 bins of
  /// confidence, each weighted by its number of images.
  ///
  /// Naeini et al., "Obtaining Well Calibrated Probabilities Using Bayesian Binning", AAAI 2015.
  public let calibrationError: Double
  /// The bins of the calibration error, ascending; the last includes a probability of 1.
  public let bins: [ConfidenceBin]
  /// K×K: element i · K + j counts the images of class i that were predicted as class j.
  public let confusion: [Int]
  /// `rightKept` is the part of the right answers whose probability reaches the threshold, `wrongRejected`
  /// the part of the wrong answers below it; each is nil without such answers. Nil without a threshold.
  public let threshold: (value: Double, rightKept: Double?, wrongRejected: Double?)?
  /// Images of each class whose probabilities are not all finite: they count as wrong, and as predictions of
  /// no class.
  private let lost: [Int]

  /// Computes the metrics of N predictions over K classes.
  ///
  /// Precondition: `probabilities` is N×K with a label in 0..<K for each row.
  public init(probabilities: Matrix, labels truth: [Int], names: [String], threshold: Double? = nil) {
    let classes = names.count
    precondition(probabilities.rows == truth.count && probabilities.columns == classes)
    labels = names
    images = truth.count
    var confusion = [Int](repeating: 0, count: classes * classes)
    var (first, five, loss) = (0, 0, 0.0)
    var bins = (0..<15).map { ConfidenceBin(range: Double($0) / 15..<Double($0 + 1) / 15) }
    var (kept, rejected) = (0, 0)
    var lost = [Int](repeating: 0, count: classes)
    for (row, label) in truth.enumerated() {
      guard let guess = probabilities.largest(inRow: row) else {
        lost[label] += 1
        loss -= log(Double(Float.leastNormalMagnitude))
        continue
      }
      let numbers = Array(probabilities[row: row])
      let own = numbers[label]
      // Ties are ranked by class index, as `classify` lists them.
      let rank = numbers.enumerated().count { $1 > own || ($1 == own && $0 < label) }
      let best = numbers[guess]
      confusion[label * classes + guess] += 1
      if rank == 0 { first += 1 }
      if rank < 5 { five += 1 }
      loss -= log(max(Double(own), Double(Float.leastNormalMagnitude)))
      let bin = min(14, max(0, Int(saturating: Double(best) * 15)))
      bins[bin].images += 1
      bins[bin].right += guess == label ? 1 : 0
      bins[bin].confidence += Double(best)
      if let threshold {
        if guess == label, Double(best) >= threshold { kept += 1 }
        if guess != label, Double(best) < threshold { rejected += 1 }
      }
    }
    let count = Double(max(images, 1))
    self.confusion = confusion
    self.lost = lost
    top1 = Double(first) / count
    top5 = Double(five) / count
    top1Interval = WilsonInterval(first, of: images)
    top5Interval = WilsonInterval(five, of: images)
    self.loss = loss / count
    self.bins = bins
    calibrationError = bins.reduce(0) { $0 + abs(Double($1.right) - $1.confidence) } / count
    let wrong = images - first
    self.threshold = threshold.map {
      ($0, first > 0 ? Double(kept) / Double(first) : nil, wrong > 0 ? Double(rejected) / Double(wrong) : nil)
    }
  }

  /// The number of images whose most likely class is their label.
  public var right: Int { labels.indices.reduce(0) { $0 + confusion[$1 * labels.count + $1] } }

  /// Whether there are more than five classes, so that `top5` is not always 1.
  package var hasTop5: Bool { labels.count > 5 }

  /// The metrics of each class, in the order of the labels.
  public var perClass: [ClassMetrics] {
    let count = labels.count
    return labels.indices.map { index in
      ClassMetrics(
        label: labels[index], images: (0..<count).reduce(lost[index]) { $0 + confusion[index * count + $1] },
        predicted: (0..<count).reduce(0) { $0 + confusion[$1 * count + index] },
        right: confusion[index * count + index])
    }
  }

  /// The pairs of classes that were confused, the most frequent first.
  public var confusions: [(actual: String, predicted: String, images: Int)] {
    let count = labels.count
    return confusion.indices.filter { $0 / count != $0 % count && confusion[$0] > 0 }
      .sorted { (-confusion[$0], $0) < (-confusion[$1], $1) }
      .map { (labels[$0 / count], labels[$0 % count], confusion[$0]) }
  }

  public static func == (a: ClassificationMetrics, b: ClassificationMetrics) -> Bool {
    a.images == b.images && a.labels == b.labels && a.confusion == b.confusion && a.top5 == b.top5
      && a.loss == b.loss && a.calibrationError == b.calibrationError
      && a.threshold?.value == b.threshold?.value
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(images)
    hasher.combine(confusion)
    hasher.combine(loss)
  }
}
