import VisionData
import VisionInference
import Testing

@testable import VisionTraining

@Suite struct ClassifiedPicturesTests {
  private static func pictures(_ labels: [Int]) -> [LabelledPicture] {
    labels.enumerated().map {
      LabelledPicture(path: "/data/\($0.offset).png", relativePath: "\($0.offset).png", label: $0.element)
    }
  }

  /// Picture 4 is labelled 0 and looks like 1; picture 5 is labelled 1 and is a mistake, but not a sure one.
  private let pictures = ClassifiedPictures(
    pictures: pictures([0, 0, 0, 0, 0, 1, 1, 1, 2, 2]),
    probabilities: Matrix(
      rows: 10, columns: 3,
      elements: [
        0.90, 0.05, 0.05, 0.80, 0.15, 0.05, 0.95, 0.03, 0.02, 0.85, 0.10, 0.05, 0.02, 0.97, 0.01,
        0.45, 0.40, 0.15, 0.05, 0.90, 0.05, 0.10, 0.80, 0.10, 0.05, 0.05, 0.90, 0.20, 0.10, 0.70,
      ]))

  @Test func mistakesComeSurestFirst() {
    let mistakes = pictures.mistakes
    #expect(mistakes.map(\.picture.relativePath) == ["4.png", "5.png"])
    #expect(mistakes.map(\.predicted) == [1, 0])
    #expect(mistakes.map(\.probability) == [0.97, 0.45])
    #expect(mistakes.map(\.ownProbability) == [0.02, 0.40])
  }

  @Test func aLabelIsInDoubtWhereAnotherClassReachesItsThreshold() {
    // Thresholds: class 0 (0.90 + 0.80 + 0.95 + 0.85 + 0.02) / 5 = 0.704, class 1 0.70, class 2 0.80. Picture 4 reaches
    // that of class 1; picture 5 reaches none.
    let doubtful = pictures.doubtfulLabels
    #expect(doubtful.map(\.picture.relativePath) == ["4.png"])
    #expect(doubtful.first?.predicted == 1)
    #expect(doubtful.first?.ownProbability == 0.02)
  }

  @Test func swappedLabelsAreFoundAmongMany() {
    // A classifier that is right, and three labels that are not.
    var labels = (0..<60).map { $0 % 3 }
    var elements: [Float] = []
    for (index, label) in labels.enumerated() {
      let sure = 0.8 + Float(index % 7) * 0.02
      elements += (0..<3).map { $0 == label ? sure : (1 - sure) / 2 }
    }
    for (index, wrong) in [(10, 2), (31, 0), (47, 1)] { labels[index] = wrong }
    let doubtful = ClassifiedPictures(
      pictures: Self.pictures(labels), probabilities: Matrix(rows: 60, columns: 3, elements: elements)
    ).doubtfulLabels
    #expect(doubtful.count == 3)
    for guess in doubtful {
      let index = Int(guess.picture.relativePath.dropLast(4)) ?? -1
      #expect([10, 31, 47].contains(index))
      #expect(guess.predicted == index % 3)
    }
  }

  @Test func aClassWithoutPicturesIsNeverSuggested() {
    let pictures = ClassifiedPictures(
      pictures: Self.pictures([0, 1]),
      probabilities: Matrix(rows: 2, columns: 3, elements: [0.1, 0.1, 0.8, 0.1, 0.8, 0.1]))
    #expect(pictures.doubtfulLabels.isEmpty)
    #expect(pictures.mistakes.map(\.predicted) == [2])
  }
}
