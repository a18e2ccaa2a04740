public import VisionData
import VisionGraph
import VisionImage
public import VisionModel
public import VisionSystem
import VisionTensor
public import VisionTraining

extension GivenSettings {
  /// Every setting for training a detector on surveyed images with boxes.
  ///
  /// - Throws: `TrainingError`: `settings` if two settings contradict each other, `architecture` for an unknown network.
  public func resolved(for survey: AnnotatedSurvey) throws(TrainingError) -> ResolvedSettings {
    var given = self
    given[.task] = .detection
    return try given.resolved(in: Situation(BoxDefaults(survey: survey), .detector))
  }
}

extension TrainingRun where Task == ObjectDetection {
  /// Prepares training a detector on images with boxes.
  ///
  /// ```swift
  /// let survey = try AnnotatedSurvey(of: AnnotatedData(contentsOf: "cells"))
  /// let settings = try GivenSettings().resolved(for: survey)
  /// let run = try TrainingRun(survey, settings, from: Model(contentsOf: "backbone.onnx"))
  /// try run.run().model.write(to: "cells.onnx")
  /// ```
  ///
  /// - Parameters:
  ///   - settings: resolved for the survey.
  ///   - pretrained: a network whose weights are the beginning; nil for random weights of the architecture that the
  ///     settings name.
  ///   - folder: the folder for checkpoint, logs and ledger, which must exist; nil for none.
  /// - Throws: `TrainingError` when data, network and settings do not fit together.
  public init(
    _ survey: AnnotatedSurvey, _ settings: ResolvedSettings, from pretrained: Model? = nil,
    folder: String? = nil
  ) throws(TrainingError) {
    let start = try DetectorStart(survey, settings, pretrained)
    let data = try BoxTrainingData(survey, start.preprocessing, settings)
    let task: ObjectDetection
    do {
      task = try ObjectDetection(
        labels: survey.data.classes, preprocessing: start.preprocessing,
        head: DetectionHead(objects: data.boxes.capacity))
    } catch { throw TrainingError.wrapping(error) }
    try self.init(
      task, on: data.samples, from: start.network,
      .detector(isPretrained: start.isPretrained, epochs: settings[.epochs]), settings: settings,
      folder: folder)
  }
}

extension AnnotatedSurvey {
  /// The classes of the data that a detector knows from which training begins; empty for other networks.
  package func classes(knownTo pretrained: Model, _ settings: ResolvedSettings) throws(TrainingError)
    -> [String]
  {
    try DetectorStart(self, settings, pretrained).known
  }
}

extension Recipe {
  /// The stages of a detector. On a pretrained backbone the head learns alone at first, so that its random weights do
  /// not spoil those of the backbone.
  static func detector(isPretrained: Bool, epochs: Int) -> Recipe {
    let whole = Stage(name: "training", method: .descend, part: .all)
    let share = epochs / 20
    guard isPretrained, share > 0 else { return Recipe([whole]) }
    return Recipe([Stage(name: "head", method: .descend, part: .head, epochs: share), whole])
  }
}

extension TrainingOutcome where Task == ObjectDetection {
  /// The model with the hashes of the images that it was made with.
  package func model(trainedOn survey: AnnotatedSurvey) -> Model {
    var model = model
    let (fitted, chosen) = (survey.data.training.count, survey.data.validation.count)
    let own = survey.hashes.map { ImageHash($0) }
    model.trainingImages = .init(
      training: ImageHashes(own.prefix(fitted)),
      validation: ImageHashes(own.dropFirst(fitted).prefix(chosen)))
    return model
  }
}
