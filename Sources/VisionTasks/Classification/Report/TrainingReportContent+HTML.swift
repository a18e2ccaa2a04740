import VisionTraining
import VisionReport
import VisionCompute

extension TrainingReportContent {
  /// The report as one self-contained HTML file: it includes styles, drawings and images, and loads nothing
  /// over the network.
  ///
  /// - Parameter threads: threads to read and explain images with; nil for one per core.
  public func html(threads: Int? = nil) -> String {
    ReportPage(
      title: title, headline: ReportHeadline(content: self).html,
      sections: sections(Executor(threads: threads)),
      footer: "Made by VisionNet. Intervals are those of Wilson at 95\u{a0}%."
    ).html
  }

  private func sections(_ executor: Executor) -> [ReportSection] {
    // First what a reader acts on, last what only documents.
    var sections: [ReportSection?] = []
    if let predictions, predictions.count > 0 {
      let images = ImagesSection(content: self, predictions: predictions, executor: executor)
      sections.append(images.mistakes)
    }
    if let metrics {
      sections += [ConfusionSection(metrics: metrics).section, ClassesSection(metrics: metrics).section]
    }
    if let searched = heldBack ?? predictions, searched.count > 0 {
      let images = ImagesSection(content: self, predictions: searched, executor: executor)
      sections.append(images.doubtfulLabels)
    }
    if let metrics {
      let confidence = ConfidenceSection(content: self, metrics: metrics)
      sections += [confidence.calibration, confidence.unknown]
    }
    let curves = CurvesSection(content: self)
    sections += [
      curves.epochs, DatasetSection(content: self).section, RunSection(content: self).section,
      curves.settings,
    ]
    return sections.compactMap { $0 }
  }
}
