import Foundation
import Testing
import VisionSystem
import VisionImage
import VisionTestSupport

@testable import VisionData

@Suite struct EqualFilesTests {
  private func images(_ folder: SampleFolder, _ names: [String]) -> [LabeledImage] {
    names.map { LabeledImage(path: folder.file($0), relativePath: $0, label: 0) }
  }

  @Test func onlyEqualBytesAreEqual() throws {
    let folder = try SampleFolder()
    let large = (0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    // The same size, beginning and end.
    var middle = large
    middle[9000] ^= 1
    var end = large
    end[19_999] ^= 1
    for (name, bytes) in [
      ("a", large), ("b", large), ("c", middle), ("d", end), ("e", [1, 2]), ("f", [1, 2]), ("g", [1, 3]),
      ("h", []),
      ("i", []),
    ] as [(String, [UInt8])] {
      try folder.write(bytes, to: name)
    }
    let all = images(folder, ["a", "b", "c", "d", "e", "f", "g", "h", "i", "none"])
    let equal = EqualFiles(all)
    #expect(equal.groups.map { $0.map(\.relativePath) } == [["a", "b"], ["e", "f"]])
    #expect(all.map { equal.group(of: $0) } == [0, 0, nil, nil, 1, 1, nil, nil, nil, nil])
  }

  @Test func copiesStayOnOneSideAndOthersWhereTheyWere() throws {
    let folder = try SampleFolder.colors(30)
    let before = try ImageFolder(folder.path, seed: 3)
    #expect(before.notes.isEmpty && before.warnings.isEmpty)
    for number in 0..<30 {
      try folder.write(SampleFolder.image(number, channel: 0), to: "red/\(number) copy.png")
    }
    let after = try ImageFolder(folder.path, seed: 3)
    #expect(
      after.notes.contains {
        $0.contains("60 files hold only 30 different images") && $0.contains("one side")
      })
    let held = Set(after.validation.map(\.relativePath))
    for number in 0..<30 {
      #expect(held.contains("red/\(number).png") == held.contains("red/\(number) copy.png"))
    }
    #expect(Set(before.validation.filter { $0.label != 2 }).isSubset(of: Set(after.validation)))
    #expect(after.validation.count { $0.label == 2 } > 0 && after.training.count { $0.label == 2 } > 0)
    // The split is made anew when some cannot be used, and copies stay together.
    let fewer = after.filtered { !$0.relativePath.hasSuffix("7.png") }
    let still = Set(fewer.validation.map(\.relativePath))
    for number in 0..<30 where number % 10 != 7 {
      #expect(still.contains("red/\(number).png") == still.contains("red/\(number) copy.png"))
    }
  }

  @Test func everyClassKeepsAnImageWhateverIsEqual() {
    let images = (0..<40).map {
      LabeledImage(path: "\($0)", relativePath: "\($0)", label: $0 < 20 ? 0 : $0 % 2 + 1)
    }
    for seed in 0..<50 as Range<UInt64> {
      let copies: [Int?] = (0..<40).map { $0 < 20 ? 0 : $0 % 4 }
      let held = PathSplit(fraction: 0.6, seed: seed).held(images, copies: copies)
      for label in 0..<3 {
        #expect(zip(images, held).contains { $0.0.label == label && !$0.1 }, "seed \(seed)")
      }
      for group in 0..<4 {
        #expect(Set(zip(copies, held).filter { $0.0 == group }.map(\.1)).count == 1)
      }
    }
  }

  @Test func imagesOnBothSidesOfAGivenSplitAreTold() throws {
    let folder = try SampleFolder()
    for part in ["train", "val"] {
      for (channel, name) in ["a", "b"].enumerated() {
        try folder.addImages(3, channel: channel, to: "\(part)/\(name)", noise: part == "val" ? 80 : 90)
      }
    }
    #expect(try ImageFolder(folder.path).warnings.isEmpty)
    try folder.write(SampleFolder.image(1, channel: 0), to: "val/a/seen.png")
    let data = try ImageFolder(folder.path)
    #expect(
      data.warnings.count == 1 && data.warnings[0].contains("val/a/seen.png and train/a/1.png"),
      "\(data.warnings)")
    try folder.write(SampleFolder.image(2, channel: 0), to: "train/b/wrong.png")
    #expect(try ImageFolder(folder.path).warnings.contains { $0.contains("under different labels") })
  }
}
