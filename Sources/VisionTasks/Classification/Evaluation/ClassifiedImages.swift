public import VisionData
public import VisionInference

/// Labeled images and the probabilities given by a classifier that was not trained on them.
public struct ClassifiedImages: Sendable {
  /// N.
  public let images: [LabeledImage]
  /// N×K.
  public let probabilities: Matrix

  /// Precondition: there is a row for each image, and a column for each image's label.
  public init(images: [LabeledImage], probabilities: Matrix) {
    precondition(images.count == probabilities.rows)
    precondition(images.allSatisfy { (0..<probabilities.columns).contains($0.label) })
    self.images = images
    self.probabilities = probabilities
  }

  public var count: Int { images.count }

  /// What the classifier predicts for an image.
  public struct Guess: Sendable, Hashable {
    public let image: LabeledImage
    /// The most likely class; for a doubtful label, the suggested class.
    public let predicted: Int
    /// The probability of that class.
    public let probability: Float
    /// The probability of the image's own label.
    public let ownProbability: Float
  }

  /// The images that are predicted as another class, the most probable first.
  public var mistakes: [Guess] {
    images.indices.compactMap { row in
      guard let best = probabilities.largest(inRow: row) else { return nil }
      let guess = guess(row, best)
      return guess.predicted == guess.image.label ? nil : guess
    }.sorted(by: Self.isSurer)
  }

  /// The images whose label looks wrong, the most doubtful first.
  ///
  /// Confident learning (Northcutt, Jiang and Chuang, JAIR 2021): the threshold of a class is its mean
  /// probability over the images with its label. A label is in doubt when the image does not reach the
  /// threshold of its own class but reaches that of another; the most likely of those classes is suggested.
  public var doubtfulLabels: [Guess] {
    let classes = probabilities.columns
    var sums = [Double](repeating: 0, count: classes)
    var counts = [Int](repeating: 0, count: classes)
    for (row, image) in images.enumerated() {
      sums[image.label] += Double(probability(row, image.label))
      counts[image.label] += 1
    }
    // A class without images has no threshold, and is never suggested.
    let thresholds = zip(sums, counts).map { $1 > 0 ? $0 / Double($1) : .infinity }
    return images.indices.compactMap { row in
      let label = images[row].label
      guard Double(probability(row, label)) < thresholds[label] else { return nil }
      let reached = (0..<classes).filter { Double(probability(row, $0)) >= thresholds[$0] }
      let best = reached.min { (-probability(row, $0), $0) < (-probability(row, $1), $1) }
      return best.map { guess(row, $0) }
    }.sorted { a, b in
      a.ownProbability != b.ownProbability ? a.ownProbability < b.ownProbability : Self.isSurer(a, b)
    }
  }

  private func probability(_ row: Int, _ label: Int) -> Float {
    probabilities.elements[row * probabilities.columns + label]
  }

  private func guess(_ row: Int, _ predicted: Int) -> Guess {
    Guess(
      image: images[row], predicted: predicted, probability: probability(row, predicted),
      ownProbability: probability(row, images[row].label))
  }

  private static func isSurer(_ a: Guess, _ b: Guess) -> Bool {
    if a.probability != b.probability { return a.probability > b.probability }
    return a.image.path.utf8.lexicographicallyPrecedes(b.image.path.utf8)
  }
}
