public import VisionData
public import VisionTraining
public import VisionImage
import VisionSystem
import VisionTensor

/// What a report of a training or an evaluation shows, as plain values: whoever trains fills it, and `html` is the page.
///
/// Parts without content are left out of the page.
///
/// ```swift
/// var content = TrainingReportContent(title: "flowers", summary: "A new last layer on EfficientNet-Lite0.")
/// content.metrics = result.validation
/// try run.write(content.html(), to: "report.html")
/// ```
public struct TrainingReportContent: Sendable {
  /// The figures of one epoch.
  public struct EpochFigures: Sendable, Hashable {
    /// From 1 on.
    public var epoch: Int
    public var trainLoss: Double
    public var validationLoss: Double?
    /// The part of the training images that were classified right, 0...1.
    public var trainTop1: Double?
    /// The part of the validation images that were classified right, 0...1.
    public var top1: Double?
    /// The learning rate at its end.
    public var rate: Double
    public var imagesPerSecond: Double
    /// How long it took.
    public var seconds: Double

    public init(
      epoch: Int, trainLoss: Double, validationLoss: Double? = nil, trainTop1: Double? = nil,
      top1: Double? = nil, rate: Double, imagesPerSecond: Double, seconds: Double
    ) {
      self.epoch = epoch
      self.trainLoss = trainLoss
      self.validationLoss = validationLoss
      self.trainTop1 = trainTop1
      self.top1 = top1
      self.rate = rate
      self.imagesPerSecond = imagesPerSecond
      self.seconds = seconds
    }
  }

  /// A setting that was tried, and what it gave on images that were held back.
  public struct TriedSetting: Sendable, Hashable {
    /// The name of its line in the chart, such as `common scaling`.
    public var series: String
    /// What was varied, above 0.
    public var value: Double
    public var loss: Double
    public var isChosen: Bool

    public init(series: String, value: Double, loss: Double, isChosen: Bool) {
      self.series = series
      self.value = value
      self.loss = loss
      self.isChosen = isChosen
    }
  }

  /// A part of the data.
  public struct DatasetPart: Sendable, Hashable {
    /// Such as `training`.
    public var name: String
    /// Images of each class, K.
    public var counts: [Int]

    public init(_ name: String, counts: [Int]) {
      self.name = name
      self.counts = counts
    }

    /// The part made of some images of K classes.
    public init(_ name: String, _ images: [LabeledImage], classes: Int) {
      var counts = [Int](repeating: 0, count: classes)
      for image in images { counts[image.label] += 1 }
      self.init(name, counts: counts)
    }
  }

  /// What was trained or evaluated.
  public var title: String
  /// What was done, in a sentence or two.
  public var summary: String
  /// The names of the K classes.
  public var labels: [String] = []
  /// What the figures were measured on, such as `520 validation images that the model has not learned from`.
  public var measuredOn = ""
  /// The figures of the report.
  public var metrics: ClassificationMetrics?
  /// More figures beside those, such as those of the test images, by name.
  public var furtherMetrics: [(name: String, metrics: ClassificationMetrics)] = []
  /// The images behind `metrics`.
  public var predictions: ClassifiedImages?
  /// The images among which wrong labels are looked for, each with what a model says that has not learned from it; nil
  /// for those of `predictions`.
  public var heldBack: ClassifiedImages?
  /// The epochs of a training; empty when the last layer alone was fitted.
  public var epochs: [EpochFigures] = []
  /// The epoch whose weights were kept.
  public var bestEpoch: Int?
  /// The settings that were tried; and what their values are, such as `penalty`.
  public var settings: (name: String, tried: [TriedSetting]) = ("", [])
  /// The temperature of the probabilities.
  public var temperature: Double?
  public var parts: [DatasetPart] = []
  public var skipped: [SkippedFile] = []
  /// Every setting by name.
  public var configuration: [(name: String, value: String)] = []
  /// Why the figures are not what they seem, such as that the model was trained on these images. It takes the place of the
  /// sentence on how many of 100 images are named right.
  public var warning: String?
  /// What is good to know.
  public var notes: [String] = []
  /// The machine.
  public var hardware = ""
  /// How long all of it took.
  public var seconds: Double?
  /// The command that tries the model.
  public var command: String?
  /// The image at a path, nil when it cannot be read; called on several threads at once.
  public var image: @Sendable (LabeledImage) -> Image? = { try? Image(contentsOf: $0.path) }
  /// An image with the evidence for class `index` painted in, nil when there is none; called on several threads at once.
  public var heatMap: (@Sendable (_ image: Image, _ index: Int) -> Image?)?
  /// The most mistakes that are shown with their images, and the most doubtful labels.
  public var shownImages = 24

  public init(title: String, summary: String) {
    self.title = title
    self.summary = summary
  }
}
