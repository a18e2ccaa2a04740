package import VisionData
package import VisionImage
import VisionReport
import VisionSystem
package import VisionTraining
import VisionCompute

/// A report on a detector's training, or on its evaluation, as plain values. The caller fills it in; `html` makes the
/// page, which leaves out what there is nothing of.
package struct DetectionReport: Sendable {
  /// The name of what was trained or evaluated, such as the data set.
  package var title: String
  /// What was done, in a sentence or two.
  package var summary: String
  package var results: DetectionResults
  /// The images that the figures were measured on, such as `87 validation images`.
  package var measuredOn: String
  /// Those images with what they show and what was found, in the same order.
  package var measured: [(image: AnnotatedImage, sample: DetectionSample)] = []
  /// Further figures by name, such as those of the test images.
  package var further: [(name: String, metrics: DetectionMetrics)] = []
  /// The epochs of the training; the last of those marked as best is the one whose weights were kept.
  package var epochs: [EpochReport] = []
  /// The parts of the data.
  package var parts: [(name: String, images: [AnnotatedImage])] = []
  package var classes: [String]
  package var skipped: [SkippedFile] = []
  /// The sides of the network's input.
  package var input: ImageSize?
  package var confidence: Double?
  /// Why the figures are misleading, such as images that the model was trained on; it stands in place of what they mean.
  package var warning: String?
  /// All settings by name, the machine, the time in seconds and a command that tries the model.
  package var run = Run()

  /// How the figures were obtained.
  package struct Run: Sendable {
    package var configuration: [(name: String, value: String)] = []
    package var hardware = ""
    package var seconds: Double?
    package var command: String?

    package init() {}
  }

  package init(
    title: String, summary: String, results: DetectionResults, measuredOn: String, classes: [String]
  ) {
    (self.title, self.summary, self.results) = (title, summary, results)
    (self.measuredOn, self.classes) = (measuredOn, classes)
  }

  /// - Parameter threads: threads to read images with; nil for one per core.
  package func html(threads: Int? = nil) -> String {
    let images = MistakesSection(report: self, executor: Executor(threads: threads))
    let sections = [
      // First what a reader acts on, last what only documents.
      images.falseAlarms, images.misses, images.confusions, MistakeKindsSection(report: self).section,
      DetectionClassesSection(report: self).section, PrecisionSection(report: self).section,
      DetectionCurvesSection(report: self).section, BoxesSection(report: self).section,
      DetectionRunSection(report: self).section,
    ]
    return ReportPage(
      title: title, headline: DetectionHeadline(report: self).html, sections: sections.compactMap { $0 },
      footer: "Made by VisionNet. Intervals are those of a bootstrap over the images at 95\u{a0}%."
    ).html
  }
}
