import Foundation
import Testing

@testable import VisionStore

@Suite struct ImageNetLabelsTests {
  @Test func thereAreThousandNamesAndNoTwoAreAlike() {
    let names = ImageNetLabels.names
    #expect(names.count == 1000)
    #expect(Set(names.map { $0.lowercased() }).count == 1000)
    #expect(names.allSatisfy { !$0.isEmpty && $0 == $0.trimmingCharacters(in: .whitespaces) })
  }

  @Test func namesStandInTheOrderOfTheSynsets() {
    let expected = [
      0: "tench", 1: "goldfish", 134: "crane (bird)", 151: "Chihuahua", 207: "golden retriever",
      250: "Siberian husky", 263: "Pembroke Welsh corgi", 264: "Cardigan Welsh corgi",
      268: "Mexican hairless",
      474: "cardigan", 517: "crane (machine)", 638: "maillot (tights)", 639: "maillot (tank suit)",
      817: "sports car", 954: "banana", 999: "toilet tissue",
    ]
    for (index, name) in expected { #expect(ImageNetLabels.names[index] == name) }
  }

  private static let table: String? = {
    let package = #filePath.components(separatedBy: "/Tests/")[0]
    let data = ProcessInfo.processInfo.environment["VISIONNET_DATA"] ?? "\(package)/../shared/data"
    return try? String(contentsOfFile: "\(data)/labels/imagenet_classes.tsv", encoding: .utf8)
  }()

  /// The table words a quarter of the names otherwise, but one class in a different place would shift all.
  @Test(.enabled(if: table != nil, "the data folder has no labels/imagenet_classes.tsv"))
  func mostNamesEqualTheTableOfImageNet() throws {
    let rows = try #require(Self.table).split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(rows.count == 1000)
    #expect(rows.map { $0[1] } == rows.map { $0[1] }.sorted())
    let names = ImageNetLabels.names
    func agrees(_ index: Int, _ other: Int) -> Bool {
      let label = rows[other].dropFirst(2).joined().lowercased()
      let name = names[index].lowercased()
      return label.contains(name) || name.contains(label)
    }
    let inPlace = (0..<1000).filter { agrees($0, $0) }.count
    let shifted = (0..<999).filter { agrees($0, $0 + 1) }.count
    #expect(inPlace > 840)
    #expect(shifted < 40)
  }
}
