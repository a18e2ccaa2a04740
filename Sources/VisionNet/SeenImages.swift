import VisionModel
import VisionTraining

/// Which of the images of an evaluation a model has seen while it was made, by the hashes in its file.
public struct SeenImages: Sendable {
  /// The images that were evaluated.
  public let images: Int
  /// Those of them that weights were fitted to.
  public let training: Int
  /// Those that settings, temperature, threshold or ranges were chosen by, and no weight was fitted to.
  public let validation: Int
  /// Those that nothing is known of, since the model's file holds a sample of very many hashes only.
  public let unknown: Int
  /// The figures on the images that the model has certainly not seen; nil where there are none.
  public let metricsOfOthers: ClassificationMetrics?

  /// Whether some image was seen, so that the figures on all of them are not those of a test.
  public var isAny: Bool { training + validation > 0 }
}

extension ImageClassifier {
  /// Which images of an evaluation the model was trained on; nil when its file does not say.
  ///
  /// The files are read once more. The same image in another file, saved anew or resized, is not recognized.
  ///
  /// - Parameters:
  ///   - evaluation: of this classifier.
  ///   - threads: threads to read with; by default one per core.
  public func seenImages(of evaluation: Evaluation, threads: Int? = nil) -> SeenImages? {
    guard let known = model.trainingImages else { return nil }
    let predictions = evaluation.predictions
    let hashes = ImageHashing.hashes(of: predictions.images.map(\.path), threads: threads)
    var (training, validation, unknown) = (0, 0, 0)
    var others: [Int] = []
    for (index, hash) in hashes.enumerated() {
      // A file that has gone meanwhile can no longer be compared.
      guard let (use, isCertain) = hash.map({ known.use(of: $0) }) else {
        unknown += 1
        continue
      }
      switch use {
      case .training: training += 1
      case .validation: validation += 1
      case nil: if isCertain { others.append(index) } else { unknown += 1 }
      }
    }
    let metrics =
      others.isEmpty
      ? nil
      : ClassificationMetrics(
        probabilities: predictions.probabilities.selecting(others),
        labels: others.map { predictions.images[$0].label }, names: evaluation.metrics.labels,
        threshold: threshold)
    return SeenImages(
      images: hashes.count, training: training, validation: validation, unknown: unknown,
      metricsOfOthers: metrics)
  }
}
