import Foundation
import Testing
import VisionTestSupport
import VisionImage
import VisionSystem

@testable import VisionData

@Suite struct DatasetExaminationTests {
  /// A finding as the tests write it down: code, error, and paths below the folder.
  private func list(_ examination: DatasetExamination, _ codes: [Finding.Code]? = nil) -> [String] {
    examination.findings.filter { codes?.contains($0.code) ?? true }.map { finding in
      let paths = finding.paths.map {
        $0.hasPrefix(examination.root + "/") ? String($0.dropFirst(examination.root.count + 1)) : $0
      }
      return ([finding.code.rawValue + (finding.error.map { "(\($0))" } ?? "")] + paths).joined(
        separator: " ")
    }.sorted()
  }

  /// Two classes of twelve images to learn from and four to validate on.
  private static let soundFiles: [(name: String, bytes: [UInt8])] = (0..<32).compactMap { number in
    let place = "\(number < 24 ? "train" : "val")/\(number % 2 == 0 ? "cat" : "dog")"
    return (try? Scene.image(number).jpegData()).map { ("\(place)/\(number).jpg", $0) }
  }

  /// A folder with nothing wrong about it.
  private func sound() throws -> SampleFolder {
    let folder = try SampleFolder()
    for file in Self.soundFiles { try folder.write(file.bytes, to: file.name) }
    return folder
  }

  private static func exif(_ orientation: UInt8, in jpeg: [UInt8]) -> [UInt8] {
    var body = Array("Exif\0\0".utf8)
    body += [
      0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0,
    ]
    let start: [UInt8] = [0xff, 0xd8, 0xff, 0xe1, 0, UInt8(body.count + 2)]
    return start + body + Array(jpeg[2...])
  }

  /// Rows of a scene with `expand` making the samples of each pixel.
  private static func png(
    _ number: Int, color: UInt8, depth: UInt8 = 8, _ chunks: [(String, [UInt8])] = [],
    expand: ([UInt8]) -> [UInt8]
  ) throws -> [UInt8] {
    let image = try Scene.image(number)
    let pixels = image.pixels
    var rows: [[UInt8]] = []
    for row in 0..<image.height {
      var samples: [UInt8] = []
      for column in 0..<image.width {
        let start = (row * image.width + column) * 3
        samples += expand(Array(pixels[start..<start + 3]))
      }
      rows.append(samples)
    }
    return PlainPNG.bytes(
      width: image.width, height: image.height, depth: depth, color: color, rows: rows, chunks: chunks)
  }

  private static var cmyk: [UInt8] {
    get throws {
      let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
      return [UInt8](
        try Data(contentsOf: tests.appendingPathComponent("VisionImageTests/Fixtures/images/cmyk.jpg")))
    }
  }

  @Test func soundDataHaveNoFindings() throws {
    let folder = try sound()
    let examination = try DatasetExamination(folder.path)
    #expect(list(examination) == [])
    #expect(examination.splits == ["train", "val"])
    #expect(examination.classes.map(\.label) == ["cat", "dog"])
    #expect(examination.classes.map(\.readable) == [[12, 4], [12, 4]])
    #expect(examination.images == 32)
  }

  @Test func everyBadAndOddFileIsFoundAndNothingElse() throws {
    let folder = try sound()
    let jpeg = try Scene.image(100).jpegData()
    let png = try Scene.image(101).pngData()
    var huge = Array(png[..<8])
    huge += PlainPNG.header(50000, 50000)
    huge += png[33...]
    let colors: [UInt8] = (0..<256).flatMap { value -> [UInt8] in [UInt8(value), UInt8(255 - value), 128] }
    let large = try Scene.image(113, width: 180, height: 130).resized(width: 3800, height: 2600, filter: .box)
    let files: [(String, [UInt8])] = [
      ("cut.jpg", Array(jpeg[..<(jpeg.count / 2)])), ("cut.png", Array(png[..<(png.count / 2)])),
      ("empty.jpg", []),
      ("text.jpg", Array("hello, world\n".utf8)), ("huge header.png", huge),
      ("film.gif", Array("GIF89a\u{1}\0\u{1}\0".utf8)),
      ("jpeg.png", try Scene.image(102).jpegData()), ("png.jpg", try Scene.image(103).pngData()),
      ("turned.jpg", Self.exif(6, in: try Scene.image(104).jpegData())),
      ("nonsense.jpg", Self.exif(77, in: try Scene.image(105).jpegData())),
      ("deep.png", try Self.png(106, color: 2, depth: 16) { $0.flatMap { [$0, 7] } }),
      ("glass.png", try Self.png(107, color: 6) { $0 + [200] }),
      ("gray.png", try Self.png(108, color: 0) { [$0[1]] }),
      ("palette.png", try Self.png(109, color: 3, [("PLTE", colors)]) { [$0[0]] }),
      (
        "frames.png",
        PlainPNG.inserting("acTL", [0, 0, 0, 2, 0, 0, 0, 0], into: try Scene.image(110).pngData())
      ),
      ("cmyk.jpg", try Self.cmyk), ("tiny.png", try Scene.image(111, width: 20, height: 16).pngData()),
      ("long.png", try Scene.image(112, width: 400, height: 90).pngData()),
      ("large.png", try large.pngData()),
    ]
    for (name, bytes) in files { try folder.write(bytes, to: "train/cat/\(name)") }
    let found = list(try DatasetExamination(folder.path))
    #expect(
      found
        == [
          "animated train/cat/frames.png", "brokenMetadata train/cat/nonsense.jpg", "cmyk train/cat/cmyk.jpg",
          "grayAmongColor train/cat/gray.png", "huge train/cat/large.png", "longSided train/cat/long.png",
          "palette train/cat/palette.png", "rotated train/cat/turned.jpg", "sixteenBit train/cat/deep.png",
          "tiny train/cat/cmyk.jpg", "tiny train/cat/tiny.png", "transparent train/cat/glass.png",
          "undecodable(empty) train/cat/empty.jpg",
          "undecodable(tooLarge) train/cat/huge header.png", "undecodable(truncated) train/cat/cut.jpg",
          "undecodable(truncated) train/cat/cut.png", "undecodable(truncated) train/cat/film.gif",
          "undecodable(unsupported) train/cat/text.jpg", "wrongExtension train/cat/jpeg.png",
          "wrongExtension train/cat/png.jpg",
        ])
  }

  @Test func copiesAreFoundAcrossSplitsAndLabels() throws {
    let folder = try sound()
    func write(_ bytes: [UInt8], _ name: String) throws { try folder.write(bytes, to: name) }
    let scene = try (0..<32).map { try Scene.image($0) }
    // Equal bytes: within a split, across splits, across labels.
    try write(scene[0].jpegData(), "train/cat/again.jpg")
    try write(scene[1].jpegData(), "val/dog/again.jpg")
    try write(scene[2].jpegData(), "train/dog/again.jpg")
    // Equal pixels, other bytes.
    let decoded = try Image(encoded: scene[4].jpegData())
    try write(decoded.pngData(), "val/cat/pixels.png")
    // Alike: smaller, recompressed, brighter, cropped.
    try write(scene[6].resized(width: 75, height: 60).jpegData(), "train/cat/smaller.jpg")
    try write(scene[7].jpegData(quality: 30), "val/dog/coarse.jpg")
    try write(Scene.brightened(scene[8], by: 1.15).jpegData(), "train/dog/brighter.jpg")
    try write(scene[9].cropped(x: 4, y: 3, width: 114, height: 91).jpegData(), "val/dog/cropped.jpg")
    let examination = try DatasetExamination(folder.path)
    #expect(
      list(examination)
        == [
          "duplicate train/cat/0.jpg train/cat/again.jpg",
          "duplicateAcrossLabels train/cat/2.jpg train/dog/again.jpg",
          "duplicateAcrossSplits train/dog/1.jpg val/dog/again.jpg",
          "nearDuplicate train/cat/6.jpg train/cat/smaller.jpg",
          "nearDuplicateAcrossLabels train/cat/8.jpg train/dog/brighter.jpg",
          "nearDuplicateAcrossSplits train/dog/7.jpg val/dog/coarse.jpg",
          "nearDuplicateAcrossSplits train/dog/9.jpg val/dog/cropped.jpg",
          "samePixelsAcrossSplits train/cat/4.jpg val/cat/pixels.png",
        ])
    let worst = try #require(examination.findings.first)
    #expect(worst.severity == .error)
    #expect((worst.code, worst.labels, worst.splits) == (.duplicateAcrossLabels, ["cat", "dog"], ["train"]))
    let exactly = try DatasetExamination(folder.path, options: .init(findsNearDuplicates: false))
    #expect(list(exactly).count == 4)
  }

  @Test func threadsDoNotChangeTheResultAndFilesStayAsTheyAre() throws {
    let folder = try sound()
    try folder.write([], to: "train/cat/empty.jpg")
    for number in 0..<8 { try folder.write(Scene.image(number).pngData(), to: "val/dog/copy \(number).png") }
    func state() throws -> [String] {
      let paths = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
      return try paths.sorted().map { name in
        let path = folder.file(name)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        let bytes = [UInt8](FileManager.default.contents(atPath: path) ?? Data())
        return
          "\(name) \(String(describing: attributes[.modificationDate])) \(ContentHash(of: bytes).hexadecimal)"
      }
    }
    let before = try state()
    let one = try DatasetExamination(folder.path, options: .init(threads: 1))
    let many = try DatasetExamination(folder.path, options: .init(threads: 3))
    #expect(one.findings == many.findings)
    #expect(one.findings.count >= 9)
    #expect(try state() == before)
  }

  @Test func whatIsLeftOutIsNamed() throws {
    let folder = try sound()
    try folder.makeFolder("train/cow")
    try folder.makeFolder("drafts")
    let image = try Scene.image(200).jpegData()
    for name in [".cache/a.jpg", "train/cat/.b.jpg", "val/loose.jpg", "loose.jpg"] {
      try folder.write(image, to: name)
    }
    try folder.write([1, 2, 3], to: "train/dog/notes.txt")
    try folder.write([1, 2, 3], to: "LICENSE")
    let found = list(try DatasetExamination(folder.path))
    #expect(
      found
        == [
          "emptyFolder train/cow", "hidden .cache", "hidden train/cat/.b.jpg", "noClass loose.jpg",
          "noClass val/loose.jpg",
          "notAnImage LICENSE", "notAnImage train/dog/notes.txt", "unknownFolder drafts",
        ])
  }

  @Test func splitsThatAreTakenForClassesAreTold() throws {
    let folder = try sound()
    #expect(list(try DatasetExamination(folder.path)) == [])
    // An image beside the class folders makes no class of `train`.
    try folder.write(Scene.image(200).jpegData(), to: "train/loose.jpg")
    #expect(list(try DatasetExamination(folder.path)) == ["noClass train/loose.jpg"])
    let classes = try SampleFolder()
    for (number, name) in ["control", "test"].enumerated() {
      try classes.write(Scene.image(number).jpegData(), to: "\(name)/a.jpg")
    }
    let examination = try DatasetExamination(classes.path)
    #expect(examination.classes.map(\.label) == ["control", "test"])
    #expect(list(examination, [.splitsAsClasses]) == ["splitsAsClasses test"])
  }

  @Test func litterAndLinksAreNamed() throws {
    let folder = try sound()
    let image = try Scene.image(201).jpegData()
    for name in ["train/@eaDir/cat/SYNOFILE_THUMB_M.jpg", "train/cat/@eaDir/0.jpg", "#recycle/a.jpg"] {
      try folder.write(image, to: name)
    }
    try folder.write([1], to: "train/dog/Thumbs.db")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("train/dog/up"), withDestinationPath: "..")
    #expect(
      list(try DatasetExamination(folder.path)) == [
        "link train/dog/up", "litter #recycle", "litter train/@eaDir", "litter train/cat/@eaDir",
        "litter train/dog/Thumbs.db",
      ])
  }

  @Test func namesThatAreNoTextAreErrors() throws {
    let folder = try sound()
    let path = Array("\(folder.path)/train/cat/bad".utf8) + [0xff] + Array(".png\0".utf8)
    let made = path.map { CChar(bitPattern: $0) }.withUnsafeBufferPointer { bytes in
      bytes.baseAddress.flatMap { fopen($0, "w") }.map { fclose($0) } == 0
    }
    try #require(made, "this file system takes UTF-8 names only")
    #expect(list(try DatasetExamination(folder.path)) == ["fileName(name) train/cat/bad\u{fffd}.png"])
  }

  @Test func dataThatCannotBeTrainedOnAreExaminedAllTheSame() throws {
    let folder = try SampleFolder()
    #expect(throws: DatasetError.self) { try DatasetExamination(folder.file("none")) }
    #expect(list(try DatasetExamination(folder.path)) == ["cannotTrain(noImages) \(folder.path)"])
    for number in 0..<10 { try folder.write(Scene.image(number).jpegData(), to: "train/cat/\(number).jpg") }
    try folder.write([], to: "train/cat/empty.jpg")
    let found = list(try DatasetExamination(folder.path))
    #expect(
      found
        == ["cannotTrain(oneClass) \(folder.path)", "undecodable(empty) train/cat/empty.jpg"])
    try folder.write(Scene.image(3).jpegData(), to: "val/cow/copy.jpg")
    let examination = try DatasetExamination(folder.path)
    #expect(list(examination, [.cannotTrain, .undecodable]).count == 2)
    #expect(list(examination, [.cannotTrain]) == ["cannotTrain(classes) val"])
    #expect(
      list(examination, [.duplicateAcrossLabels]) == [
        "duplicateAcrossLabels train/cat/3.jpg val/cow/copy.jpg"
      ])
    #expect(examination.classes.map(\.readable) == [[10, 0], [0, 1]])
  }

  @Test func aClassWhoseImagesAreAllBadCannotBeTrainedOn() throws {
    let folder = try sound()
    try folder.write(Array("no".utf8), to: "train/emu/a.jpg")
    let found = list(try DatasetExamination(folder.path))
    #expect(
      found
        == [
          "cannotTrain(noImages) \(folder.path)", "missingInSplit",
          "undecodable(unsupported) train/emu/a.jpg",
        ])
  }

  @Test func smallAndUnequalClassesAreTold() throws {
    let folder = try SampleFolder()
    for number in 0..<40 { try folder.write(Scene.image(number).jpegData(), to: "many/\(number).jpg") }
    for number in 40..<44 { try folder.write(Scene.image(number).jpegData(), to: "few/\(number).jpg") }
    let examination = try DatasetExamination(folder.path, options: .init(imageSize: 224))
    #expect(examination.splits == ["all"])
    #expect(list(examination, [.imbalance, .fewImages]) == ["fewImages", "imbalance"])
    // 96 rows are less than half of 224.
    #expect(list(examination, [.tiny]).count == 44)
    #expect(examination.findings.first { $0.code == .imbalance }?.severity == .warning)
  }

  @Test func aTableIsExaminedToo() throws {
    let folder = try SampleFolder()
    for number in 0..<20 { try folder.write(Scene.image(number).jpegData(), to: "\(number).jpg") }
    var lines = (0..<20).map { "\($0).jpg,\($0 % 2 == 0 ? "cat" : "dog")" }
    lines += ["3.jpg,cat", "4.jpg,cat", "gone.jpg,dog"]
    try folder.write(Array(lines.joined(separator: "\n").utf8), to: "table.csv")
    #expect(
      list(try DatasetExamination(folder.file("table.csv"))).map {
        $0.replacingOccurrences(of: folder.path + "/", with: "")
      } == ["listedTwice 3.jpg", "listedTwice 4.jpg", "undecodable(missing) gone.jpg"])
  }
}
