import VisionNet
import VisionTasks
import VisionTraining

extension RunFolder {
  /// Says where the model would be.
  func sayDry(_ messages: Messages) {
    messages.note("a dry run: the model would be in \(FilePath(model).printable)")
  }

  /// Writes the page `report.html`.
  func write(_ content: TrainingReportContent, _ settings: ResolvedSettings, seconds: Double) throws {
    var content = content
    content.configuration = Self.rows(settings)
    content.hardware = Machine.text(threads: settings[.threads])
    content.seconds = seconds
    content.command = RunSummary.command(model: model)
    try write(content.html(threads: settings[.threads]), to: "report.html")
  }

  /// The settings of a run's configuration file.
  static func rows(_ settings: ResolvedSettings) -> [(name: String, value: String)] {
    settings.yaml.split(separator: "\n").compactMap { line in
      guard !line.hasPrefix("#"), let colon = line.firstIndex(of: ":") else { return nil }
      return (String(line[..<colon]), String(line[line.index(after: colon)...].drop { $0 == " " }))
    }
  }

  /// Writes the last file, whose presence marks the run as finished, and the results.
  func finish(_ json: JSON, _ text: String, _ format: ReportFormat) throws {
    try write(json.indented + "\n", to: Self.metricsName)
    try Output().writeLine(format == .json ? json.indented : text)
  }
}
