import Testing
import VisionImage
import VisionSystem
import VisionTensor
import VisionTestSupport

@testable import VisionData

@Suite struct BoxExaminationTests {
  /// A table of boxes of `a` and `b`, 30 each, in images of 60 × 60 pixels, 20 to train on and 10 to validate.
  private static let header = "image,split,label,x,y,width,height\n"

  private static func row(_ number: Int, _ rest: String) -> String {
    "\(number).png,\(number < 20 ? "train" : "val"),\(rest)\n"
  }

  /// Images on which two squares of any brightness lie; `swap` exchanges rows and columns.
  private static func image(_ number: Int, _ boxes: [(x: Int, y: Int, w: Int, h: Int)]) throws -> [UInt8] {
    let noise = Philox(seed: UInt64(number)).uniform(count: 60 * 60)
    var pixels = noise.map { UInt8(saturating: ($0 * 60 + 40).rounded()) }.flatMap { [$0, $0, $0] }
    for box in boxes {
      for row in box.y..<box.y + box.h {
        for column in box.x..<box.x + box.w {
          for channel in 0..<3 { pixels[(row * 60 + column) * 3 + channel] = 250 }
        }
      }
    }
    return try Image(width: 60, height: 60, pixels: pixels).pngData()
  }

  private static func squares(_ number: Int) -> [(x: Int, y: Int, w: Int, h: Int)] {
    [(3 + number % 7, 5 + number % 5, 20, 15), (30 + number % 9, 35, 18, 20)]
  }

  private func sound() throws -> (folder: AnnotationFolder, rows: [String]) {
    let folder = try AnnotationFolder()
    let rows = try (0..<30).map { number in
      try folder.folder.write(Self.image(number, Self.squares(number)), to: "\(number).png")
      return zip(["a", "b"], Self.squares(number)).map { label, box in
        Self.row(number, "\(label),\(box.x),\(box.y),\(box.w),\(box.h)")
      }.joined()
    }
    return (folder, rows)
  }

  private func examine(_ folder: AnnotationFolder, _ rows: [String], input: Int = 60) throws
    -> DatasetExamination
  {
    try folder.write(Self.header + rows.joined(), to: "boxes.csv")
    return try DatasetExamination(
      boxes: folder.path, options: .init(findsNearDuplicates: false), input: { _ in ImageSize(input) })
  }

  private func codes(_ examination: DatasetExamination) -> [String] {
    examination.findings.map { "\($0.severity.rawValue) \($0.code.rawValue)" }
  }

  @Test func soundBoxesHaveNoFindings() throws {
    let (folder, rows) = try sound()
    let examination = try examine(folder, rows)
    #expect(codes(examination).isEmpty, "\(examination.findings)")
    #expect(examination.splits == ["train", "val"] && examination.images == 30)
    #expect(examination.classes.map(\.label) == ["a", "b"])
    #expect(examination.classes.map(\.objects) == [[20, 10], [20, 10]])
    #expect(examination.classes.map(\.readable) == [[20, 10], [20, 10]])
  }

  @Test func whatTheAnnotationsContradictIsFound() throws {
    let (folder, sound) = try sound()
    var rows = sound
    // A box that nearly covers another one, one outside of its image, and a class with a single object.
    rows[3] += Self.row(3, "a,6,8,20,16")
    rows[4] += Self.row(4, "b,70,70,5,5")
    rows[5] += Self.row(5, "rare,1,40,15,15")
    let examination = try examine(folder, rows)
    #expect(
      codes(examination) == [
        "warning missingInSplit", "warning annotations", "warning doubleBoxes", "warning fewObjects",
        "note imbalance",
      ], "\(examination.findings)")
    let double = try #require(examination.findings.first { $0.code == .doubleBoxes })
    #expect(double.paths == [folder.file("3.png")] && double.labels == ["a"] && double.splits == ["train"])
    let outside = try #require(examination.findings.first { $0.code == .annotations })
    #expect(outside.message.contains("outside") && outside.paths == [folder.file("boxes.csv")])
  }

  @Test func smallObjectsAreThoseOfTheInput() throws {
    let (folder, rows) = try sound()
    // Objects of 17.3 and 19 pixels (the roots of their areas) have 8.7 and 9.5 in half of the size, and 6.9 and 7.6 in
    // four tenths of it.
    #expect(try codes(examine(folder, rows, input: 30)).isEmpty)
    let examination = try examine(folder, rows, input: 24)
    let finding = try #require(examination.findings.first)
    #expect(finding.code == .smallObjects && finding.severity == .warning && finding.paths.count == 30)
    #expect(
      finding.message.contains("60 of 60 objects (100.0 %)") && finding.remedy.contains("--image-size 512"))
  }

  @Test func equalImagesWithDifferentBoxesContradictEachOther() throws {
    let (folder, sound) = try sound()
    var rows = sound
    let bytes = try Self.image(1, Self.squares(1))
    try folder.folder.write(bytes, to: "2.png")
    try folder.folder.write(bytes, to: "25.png")
    rows[2] = Self.row(2, "a,1,1,9,9")
    let examination = try examine(folder, rows)
    let codes = codes(examination)
    #expect(codes.prefix(2) == ["error duplicateAcrossSplits", "error differentBoxes"], "\(codes)")
    let finding = try #require(examination.findings.first { $0.code == .differentBoxes })
    #expect(finding.paths.count == 3 && finding.splits == ["train", "val"])
  }

  @Test func imagesTurnedAgainstTheirBoxesAreFound() throws {
    let (folder, rows) = try sound()
    // The boxes are of these images before they were turned to the right.
    for number in 0..<4 {
      let turned = (Self.squares(number) + Self.more).map { box in
        (x: 60 - box.y - box.h, y: box.x, w: box.h, h: box.w)
      }
      try folder.folder.write(Self.image(number, turned), to: "\(number).png")
    }
    for number in 4..<30 {
      try folder.folder.write(Self.image(number, Self.squares(number) + Self.more), to: "\(number).png")
    }
    let all = rows.enumerated().map { number, text in
      text + Self.more.map { Self.row(number, "a,\($0.x),\($0.y),\($0.w),\($0.h)") }.joined()
    }
    let examination = try examine(folder, all)
    let finding = try #require(examination.findings.first { $0.code == .turned })
    #expect(finding.severity == .warning && finding.message.contains("turned to the right"))
    #expect(Set(finding.paths) == Set((0..<4).map { folder.file("\($0).png") }))
  }

  private static let more = [(x: 44, y: 4, w: 12, h: 6), (x: 4, y: 40, w: 8, h: 16)]

  @Test func damagedFilesAreErrors() throws {
    let (folder, rows) = try sound()
    let bytes = try Self.image(7, Self.squares(7))
    try folder.folder.write(Array(bytes.dropLast(40)), to: "7.png")
    let examination = try examine(folder, rows)
    #expect(codes(examination).first == "error undecodable" && examination.images == 29)
    #expect(examination.undecodable == 1)
    #expect(examination.findings[0].paths == [folder.file("7.png")] && examination.findings[0].labels.isEmpty)
  }

  @Test func foldersOfClassesAreNoBoxes() throws {
    let (folder, rows) = try sound()
    _ = try examine(folder, rows)
    #expect(AnnotationSet.isFound(at: folder.path) && AnnotationSet.isFound(at: folder.file("boxes.csv")))
    let classes = try AnnotationFolder()
    try classes.addImage("a/1.png", 8, 8)
    try classes.addImage("b/1.png", 8, 8)
    #expect(!AnnotationSet.isFound(at: classes.path))
    // A list of classes alone says nothing of boxes, and neither does a table of labels.
    try classes.write("a\nb\n", to: "classes.txt")
    try classes.write("path,label\na/1.png,a\n", to: "labels.csv")
    #expect(
      !AnnotationSet.isFound(at: classes.path) && !AnnotationSet.isFound(at: classes.file("labels.csv")))
    #expect(!AnnotationSet.isFound(at: classes.file("nothing")))
  }
}
