import Foundation
import Testing
import VisionSystem
import VisionImage
import VisionTestSupport

@testable import VisionData

@Suite struct ImageFolderTests {
  private func code(_ body: () throws -> Void) -> DatasetError.Kind? {
    do {
      try body()
      return nil
    } catch { return (error as? DatasetError)?.kind }
  }

  @Test func foldersAreClassesInTheOrderOfTheirBytes() throws {
    let folder = try SampleFolder()
    for name in ["zebra", "Ähre", "Zoo keeper", "ant"] { try folder.addImages(3, channel: 0, to: name) }
    let data = try ImageFolder(folder.path)
    #expect(data.labels == ["Zoo keeper", "ant", "zebra", "Ähre"])
    #expect(data.split == .automatic)
    #expect(data.images.count == 12)
  }

  @Test func everyClassHoldsImagesBackAndKeepsSome() throws {
    let folder = try SampleFolder.colors(2)
    for seed in 0..<8 as Range<UInt64> {
      let data = try ImageFolder(folder.path, validation: 0.2, seed: seed)
      for label in 0..<3 {
        #expect(data.training.count { $0.label == label } == 1)
        #expect(data.validation.count { $0.label == label } == 1)
      }
    }
  }

  @Test func anImageStaysOnItsSideWhenOthersCome() throws {
    let folder = try SampleFolder.colors(60)
    let before = try ImageFolder(folder.path, seed: 4)
    for number in 60..<90 {
      try folder.write(SampleFolder.image(number, channel: 0), to: "red/\(number).png")
    }
    let after = try ImageFolder(folder.path, seed: 4)
    #expect(Set(before.validation).isSubset(of: Set(after.validation)))
    #expect(Set(before.training).isSubset(of: Set(after.training)))
    #expect(after.images.count == before.images.count + 30)
    #expect(try ImageFolder(folder.path, seed: 5).validation != after.validation)
  }

  @Test func theHeldBackPartIsAboutTheFraction() throws {
    let images = (0..<2000).map { LabeledImage(path: "\($0)", relativePath: "a/\($0)", label: 0) }
    let held = PathSplit(fraction: 0.25, seed: 1).held(images).count { $0 }
    // Four deviations of a binomial distribution.
    #expect(abs(held - 500) < 78)
  }

  @Test func ofManyImagesATenthIsHeldBack() throws {
    #expect(HeldBack.share(of: 2_000) == 0.2 && HeldBack.share(of: 2_001) == 0.1)
    let folder = try SampleFolder()
    for number in 0..<2_001 {
      try folder.write(Array("\(number)".utf8), to: "\(number % 2 == 0 ? "even" : "odd")/\(number).png")
    }
    let data = try ImageFolder(folder.path, seed: 3)
    #expect(data.fraction == 0.1)
    // Five deviations of a binomial distribution.
    #expect(abs(data.validation.count - 200) < 67)
    #expect(try ImageFolder(folder.path, validation: 0.2, seed: 3).fraction == 0.2)
    let fewer = data.filtered { !$0.path.hasSuffix("0.png") }
    #expect(fewer.fraction == 0.1)
    #expect(Set(fewer.validation).isSubset(of: Set(data.validation)))
  }

  @Test func foldersOfSplitsAreRecognized() throws {
    let folder = try SampleFolder()
    for part in ["train", "val", "test"] {
      try folder.addImages(2, channel: 0, to: "\(part)/cat")
      try folder.addImages(part == "train" ? 4 : 1, channel: 1, to: "\(part)/dog")
    }
    let data = try ImageFolder(folder.path)
    #expect(data.split == .given)
    #expect(data.labels == ["cat", "dog"])
    #expect((data.training.count, data.validation.count, data.test.count) == (6, 3, 3))
  }

  @Test func aClassCalledTrainIsAClass() throws {
    let folder = try SampleFolder()
    try folder.addImages(2, channel: 0, to: "train")
    try folder.addImages(2, channel: 0, to: "bus")
    #expect(try ImageFolder(folder.path).labels == ["bus", "train"])
  }

  @Test func aClassThatOnlyValidationHasIsAnError() throws {
    let folder = try SampleFolder()
    try folder.addImages(2, channel: 0, to: "train/cat")
    try folder.addImages(2, channel: 0, to: "val/cow")
    #expect(code { _ = try ImageFolder(folder.path) } == .classes)
  }

  @Test func whatIsIgnoredIsSaid() throws {
    let folder = try SampleFolder.colors(2)
    try folder.makeFolder("empty")
    try folder.makeFolder(".git")
    try folder.write([1, 2, 3], to: "red/notes.txt")
    try folder.write(SampleFolder.image(1, channel: 0), to: "loose.png")
    try folder.write(SampleFolder.image(1, channel: 0), to: "red/.hidden.png")
    try folder.write(SampleFolder.image(9, channel: 0), to: "red/more/deep.png")
    let data = try ImageFolder(folder.path)
    #expect(data.labels == ["blue", "green", "red"])
    #expect(data.images.count == 7)
    for word in ["empty", ".git", "1 file in red", "1 image directly"] {
      #expect(data.notes.contains { $0.contains(word) }, "nothing about \(word)")
    }
  }

  @Test func namesThatAreNoTextAreSkippedAndNamed() throws {
    let folder = try SampleFolder.colors(2)
    let name = Array("\(folder.path)/red/bad".utf8).map { CChar(bitPattern: $0) } + [CChar(bitPattern: 0xff)]
    let made = (name + Array(".png\0".utf8).map { CChar(bitPattern: $0) }).withUnsafeBufferPointer { bytes in
      fopen(bytes.baseAddress!, "w").map { fclose($0) } == 0
    }
    try #require(made, "this file system takes UTF-8 names only")
    let data = try ImageFolder(folder.path)
    #expect(data.skipped.map(\.code) == ["name"])
    #expect(data.images.count == 6)
  }

  @Test func foldersThatTeachNothingAreRefused() throws {
    let folder = try SampleFolder()
    #expect(code { _ = try ImageFolder(folder.file("none")) } == .missing)
    #expect(code { try ImageFolder(folder.path).check() } == .noImages)
    try folder.addImages(1, channel: 0, to: "red")
    #expect(code { try ImageFolder(folder.path).check() } == .oneClass)
    try folder.addImages(1, channel: 1, to: "green")
    #expect(code { try ImageFolder(folder.path).check() } == .tooFew)
    try ImageFolder(folder.path, validation: 0).check()
    try folder.addImages(2, channel: 1, to: "green")
    try ImageFolder(folder.path).check()
    #expect(code { _ = try ImageFolder(folder.path, validation: 1) } == .invalidArgument)
  }
}
