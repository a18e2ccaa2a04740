public import VisionData
public import VisionInference

/// Pictures whose classes are known, and the probabilities that a classifier which has not learned from them gives.
public struct ClassifiedPictures: Sendable {
  /// N.
  public let pictures: [LabelledPicture]
  /// N×K.
  public let probabilities: Matrix

  /// Precondition: there is a row for each picture, and a column for each picture's label.
  public init(pictures: [LabelledPicture], probabilities: Matrix) {
    precondition(pictures.count == probabilities.rows)
    precondition(pictures.allSatisfy { (0..<probabilities.columns).contains($0.label) })
    self.pictures = pictures
    self.probabilities = probabilities
  }

  public var count: Int { pictures.count }

  /// What the classifier takes a picture for.
  public struct Guess: Sendable, Hashable {
    public let picture: LabelledPicture
    /// The class that is most likely, or for a doubtful label the one that is suggested.
    public let predicted: Int
    /// The probability of that class.
    public let probability: Float
    /// The probability of the picture's own label.
    public let ownProbability: Float
  }

  /// The pictures that are taken for another class, the surest first.
  public var mistakes: [Guess] {
    pictures.indices.compactMap { row in
      guard let best = probabilities.largest(inRow: row) else { return nil }
      let guess = guess(row, best)
      return guess.predicted == guess.picture.label ? nil : guess
    }.sorted(by: Self.isSurer)
  }

  /// The pictures whose label looks wrong, the most doubtful first.
  ///
  /// Confident learning (Northcutt, Jiang and Chuang, JAIR 2021): the threshold of a class is the mean probability of it
  /// over the pictures that carry its label. A picture counts for the likeliest of the classes whose threshold it
  /// reaches; where that is not its own, and its own threshold is not reached, the label is in doubt.
  public var doubtfulLabels: [Guess] {
    let classes = probabilities.columns
    var sums = [Double](repeating: 0, count: classes)
    var counts = [Int](repeating: 0, count: classes)
    for (row, picture) in pictures.enumerated() {
      sums[picture.label] += Double(probability(row, picture.label))
      counts[picture.label] += 1
    }
    // Nothing is known of a class that no picture carries.
    let thresholds = zip(sums, counts).map { $1 > 0 ? $0 / Double($1) : .infinity }
    return pictures.indices.compactMap { row in
      let label = pictures[row].label
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
      picture: pictures[row], predicted: predicted, probability: probability(row, predicted),
      ownProbability: probability(row, pictures[row].label))
  }

  private static func isSurer(_ a: Guess, _ b: Guess) -> Bool {
    if a.probability != b.probability { return a.probability > b.probability }
    return a.picture.path.utf8.lexicographicallyPrecedes(b.picture.path.utf8)
  }
}
