import VisionCompute
import VisionData
import VisionImage
import VisionSystem
import VisionTensor
import VisionTraining

/// The samples of a detector's training: those to train on are changed anew in each epoch, the others are as they are
/// at inference.
struct BoxTrainingData: Sendable {
  /// Training, validation and test, with the ledger of the files.
  let samples: Dataset<Image, BoxTruth>
  /// The tensor of the boxes, with room for those of any sample.
  let boxes: BoxTarget

  /// - Parameters:
  ///   - preprocessing: that of the model: what inference sees.
  ///   - settings: resolved for the survey.
  /// - Throws: `TrainingError` without images to train on.
  init(_ survey: AnnotatedSurvey, _ preprocessing: Preprocessing, _ settings: ResolvedSettings)
    throws(TrainingError)
  {
    let data = survey.data
    let augmentation = BoxAugmentation(settings, classes: data.classes)
    let boxes = BoxTarget(
      capacity: max(
        BoxSamples.capacity(data.training, augmentation), BoxSamples.capacity(data.validation),
        BoxSamples.capacity(data.test)))
    // Decoded images may take an eighth of the memory limit.
    let cache = ImageCache(byteBudget: MachineMemory.limit / 8)
    func plain(_ images: [AnnotatedImage]) throws(TrainingError) -> BoxSamples? {
      guard !images.isEmpty else { return nil }
      return try BoxSamples(images, preprocessing: preprocessing, boxes: boxes, cache: cache)
    }
    var samples = try Dataset(
      name: data.name,
      training: BoxSamples(
        data.training, preprocessing: preprocessing, augmentation: augmentation, boxes: boxes, cache: cache),
      validation: plain(data.validation), test: plain(data.test))
    samples.ledger = (ImageLedger(survey), data.path)
    (self.samples, self.boxes) = (samples, boxes)
  }
}

extension BoxAugmentation {
  /// The augmentation that the settings of a run name.
  init(_ settings: ResolvedSettings, classes: [String]) {
    self.init(
      settings[.augmentation], content: ImageContent(labels: classes, areGray: false),
      epochs: settings[.epochs])
    (mosaic, mixup, paste) = (settings[.mosaic], settings[.mixup], settings[.copyPaste])
  }
}
