import VisionData
import VisionInference
import Testing

@testable import VisionTasks

@Suite struct ClassifiedImagesTests {
  private static func images(_ labels: [Int]) -> [LabeledImage] {
    labels.enumerated().map {
      LabeledImage(path: "/data/\($0.offset).png", relativePath: "\($0.offset).png", label: $0.element)
    }
  }

  /// Image 4 is labeled 0 and looks like 1; image 5 is labeled 1 and is a mistake, but not a sure one.
  private let images = ClassifiedImages(
    images: images([0, 0, 0, 0, 0, 1, 1, 1, 2, 2]),
    probabilities: Matrix(
      rows: 10, columns: 3,
      elements: [
        0.90, 0.05, 0.05, 0.80, 0.15, 0.05, 0.95, 0.03, 0.02, 0.85, 0.10, 0.05, 0.02, 0.97, 0.01,
        0.45, 0.40, 0.15, 0.05, 0.90, 0.05, 0.10, 0.80, 0.10, 0.05, 0.05, 0.90, 0.20, 0.10, 0.70,
      ]))

  @Test func mistakesComeSurestFirst() {
    let mistakes = images.mistakes
    #expect(mistakes.map(\.image.relativePath) == ["4.png", "5.png"])
    #expect(mistakes.map(\.predicted) == [1, 0])
    #expect(mistakes.map(\.probability) == [0.97, 0.45])
    #expect(mistakes.map(\.ownProbability) == [0.02, 0.40])
  }

  @Test func aLabelIsInDoubtWhereAnotherClassReachesItsThreshold() {
    // Thresholds: class 0 (0.90 + 0.80 + 0.95 + 0.85 + 0.02) / 5 = 0.704, class 1 0.70, class 2 0.80. Image 4 reaches
    // that of class 1; image 5 reaches none.
    let doubtful = images.doubtfulLabels
    #expect(doubtful.map(\.image.relativePath) == ["4.png"])
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
    let doubtful = ClassifiedImages(
      images: Self.images(labels), probabilities: Matrix(rows: 60, columns: 3, elements: elements)
    ).doubtfulLabels
    #expect(doubtful.count == 3)
    for guess in doubtful {
      let index = Int(guess.image.relativePath.dropLast(4)) ?? -1
      #expect([10, 31, 47].contains(index))
      #expect(guess.predicted == index % 3)
    }
  }

  @Test func aClassWithoutImagesIsNeverSuggested() {
    let images = ClassifiedImages(
      images: Self.images([0, 1]),
      probabilities: Matrix(rows: 2, columns: 3, elements: [0.1, 0.1, 0.8, 0.1, 0.8, 0.1]))
    #expect(images.doubtfulLabels.isEmpty)
    #expect(images.mistakes.map(\.predicted) == [2])
  }
}
