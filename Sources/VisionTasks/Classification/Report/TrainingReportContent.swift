public import VisionData
public import VisionTraining
public import VisionImage
import VisionSystem
import VisionTensor

/// The content of a report on a training or an evaluation, as plain values. The caller fills it in; `html`
/// makes the page.
///
/// Parts without content are left out of the page.
///
/// ```swift
/// var content = TrainingReportContent(title: "flowers", summary: "A new last layer on EfficientNet-Lite0.")
/// content.metrics = result.validation
/// try run.write(content.html(), to: "report.html")
/// ```
public struct TrainingReportContent: Sendable {
  /// A setting that was tried, and its loss on held-out images.
  public struct TriedSetting: Sendable, Hashable {
    /// The name of its line in the chart, such as `common scaling`.
    public var series: String
    /// The value of the setting, above 0.
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
    /// The name of the part, such as `training`.
    public var name: String
    /// The number of images of each class, K numbers.
    public var counts: [Int]

    public init(_ name: String, counts: [Int]) {
      self.name = name
      self.counts = counts
    }

    /// The part that consists of these images of K classes.
    public init(_ name: String, _ images: [LabeledImage], classes: Int) {
      var counts = [Int](repeating: 0, count: classes)
      for image in images { counts[image.label] += 1 }
      self.init(name, counts: counts)
    }
  }

  /// The name of what was trained or evaluated, such as the data set.
  public var title: String
  /// A description of what was done, in a sentence or two.
  public var summary: String
  /// The names of the K classes.
  public var labels: [String] = []
  /// The images that the figures were measured on, such as `520 validation images that the model has not
  /// learned from`.
  public var measuredOn = ""
  /// The figures of the report.
  public var metrics: ClassificationMetrics?
  /// Further figures by name, such as those of the test images.
  public var furtherMetrics: [(name: String, metrics: ClassificationMetrics)] = []
  /// The images behind `metrics`.
  public var predictions: ClassifiedImages?
  /// The images to search for wrong labels, each with the prediction of a model that was not trained on it;
  /// nil to search `predictions`.
  public var heldBack: ClassifiedImages?
  /// The epochs of a training, the last of those marked as best is the one whose weights were kept; empty when
  /// the last layer alone was fitted.
  public var epochs: [EpochReport] = []
  /// The settings that were tried, and the name of the quantity that was varied, such as `penalty`.
  public var settings: (name: String, tried: [TriedSetting]) = ("", [])
  /// The temperature of the probabilities.
  public var temperature: Double?
  public var parts: [DatasetPart] = []
  public var skipped: [SkippedFile] = []
  /// All settings by name.
  public var configuration: [(name: String, value: String)] = []
  /// The reason why the figures are misleading, for example because the model was trained on these images. It
  /// replaces the sentence on how many of 100 images are classified correctly.
  public var warning: String?
  /// Notes for the reader.
  public var notes: [String] = []
  /// A description of the machine.
  public var hardware = ""
  /// The total duration.
  public var seconds: Double?
  /// The command that tries the model.
  public var command: String?
  /// The image at a path, nil when it cannot be read; called on several threads at once.
  public var image: @Sendable (LabeledImage) -> Image? = { try? Image(contentsOf: $0.path) }
  /// An image with the evidence for class `index` painted over it, nil when there is none; called on several
  /// threads at once.
  public var heatMap: (@Sendable (_ image: Image, _ index: Int) -> Image?)?
  /// The maximum number of mistakes that are shown with their images, and that of doubtful labels.
  public var shownImages = 24

  public init(title: String, summary: String) {
    self.title = title
    self.summary = summary
  }
}
