import Foundation
import Testing

@testable import VisionTraining

/// The page docs/reference/config.md.
@Suite struct ConfigPageTests {
  private static let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("docs/reference/config.md")

  private static func recipes(_ setting: any AnySetting) -> String {
    let names: [(Situation.Recipe, String)] = [
      (.head, "head"), (.fineTune, "fine-tuning"), (.scratch, "scratch"), (.detector, "detector"),
    ]
    let used = names.filter { setting.recipes.contains($0.0) }.map(\.1)
    return used.count == names.count ? "all" : used.joined(separator: ", ")
  }

  /// Each setting has a row with its values and the trainings that use it, and there are no others.
  @Test func everySettingHasARow() throws {
    let text = try String(contentsOf: Self.page, encoding: .utf8)
    var rows: [String: [String]] = [:]
    for line in text.split(separator: "\n") where line.hasPrefix("| `") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      try #require(cells.count == 4, "\(line)")
      #expect(rows.updateValue(Array(cells.dropFirst()), forKey: cells[0]) == nil, "\(cells[0]) twice")
    }
    for setting in GivenSettings.settings {
      let row = rows.removeValue(forKey: "`\(setting.name)`")
      #expect(row?[0] == setting.wanted, "\(setting.name)")
      #expect(row?[1] == Self.recipes(setting), "\(setting.name)")
      #expect(row?[2].isEmpty == false, "\(setting.name)")
    }
    #expect(rows.isEmpty, "\(rows.keys)")
  }
}
