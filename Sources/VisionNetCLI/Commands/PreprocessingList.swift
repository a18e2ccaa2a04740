import VisionImage
import ArgumentParser
import VisionNet

/// `visionnet preprocessing list`: the presets.
struct PreprocessingList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the presets for --preprocessing.")

  @Option(help: "Output format.")
  var format = ReportFormat.text

  @OptionGroup(title: "Messages") var saying: MessageFlags

  func run() throws {
    let presets = PreprocessingPreset.allCases
    let output = try Output()
    try output.writeLine(
      format == .json
        ? JSON.array(
          presets.map {
            ["schema": JSON.schema, "name": .string($0.rawValue), "summary": .string($0.summary)]
          }
        ).indented
        : TextTable.text(
          [["name", "what it does"]] + presets.map { [$0.rawValue, $0.summary] }, width: output.width))
  }
}
