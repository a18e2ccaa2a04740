public import VisionTasks
import VisionModel
import VisionTraining

/// How many images of an evaluation were used to make the model, by the hashes in its file.
public struct SeenImages: Sendable {
  /// The images that were evaluated.
  public let images: Int
  /// Images that weights were fitted to.
  public let training: Int
  /// Images by which settings, temperature, threshold or ranges were chosen, but to which no weight was
  /// fitted.
  public let validation: Int
  /// Images whose use is unknown: the model's file holds only a sample of the hashes if there are very many,
  /// or the image's file no longer exists.
  public let unknown: Int
  /// The figures on the images that the model has certainly not seen; nil where there are none.
  public let metricsOfOthers: ClassificationMetrics?

  /// Whether some images were seen, so that the figures on all images do not measure accuracy on unseen
  /// images.
  public var isAny: Bool { training + validation > 0 }
}

extension ImageClassifier {
  /// Counts the images of an evaluation that the model was trained on; nil when its file does not say.
  ///
  /// The image files are read again. The same image in another file, saved again or resized, is not
  /// recognized.
  ///
  /// - Parameters:
  ///   - evaluation: an evaluation of this classifier.
  ///   - threads: threads to read with; by default one per core.
  public func seenImages(of evaluation: Evaluation, threads: Int? = nil) -> SeenImages? {
    guard let known = model.trainingImages else { return nil }
    let predictions = evaluation.predictions
    let hashes = ImageHashing.hashes(of: predictions.images.map(\.path), threads: threads)
    var (training, validation, unknown) = (0, 0, 0)
    var others: [Int] = []
    for (index, hash) in hashes.enumerated() {
      // The file no longer exists.
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
