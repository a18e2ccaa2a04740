import VisionImage
import ArgumentParser
import VisionNet

/// `visionnet preprocessing list`: the presets.
struct PreprocessingList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the presets for --preprocessing.")

  func run() throws {
    try Output().writeLine(
      TextTable.text(
        [["name", "what it does"]] + PreprocessingPreset.allCases.map { [$0.rawValue, $0.summary] }))
  }
}
