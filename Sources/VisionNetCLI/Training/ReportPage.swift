import VisionTraining
import VisionTasks
import VisionNet

/// The page `report.html` of a training.
struct ReportPage {
  let content: TrainingReportContent
  /// The text of `config.yaml`, with one setting per line.
  let configuration: String
  let seconds: Double
  let threads: Int?
  /// The path of the model's file.
  let model: String

  var html: String {
    var content = content
    content.configuration = Self.settings(configuration)
    content.hardware = Machine.text(threads: threads)
    content.seconds = seconds
    content.command = RunSummary.command(model: model)
    return content.html(threads: threads)
  }

  /// The lines of a flat YAML file as names and values.
  static func settings(_ yaml: String) -> [(name: String, value: String)] {
    yaml.split(separator: "\n").compactMap { line in
      guard !line.hasPrefix("#"), let colon = line.firstIndex(of: ":") else { return nil }
      let value = line[line.index(after: colon)...].drop { $0 == " " }
      return (String(line[..<colon]), String(value))
    }
  }
}
