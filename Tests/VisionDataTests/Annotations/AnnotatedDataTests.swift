import Testing
import VisionImage
import VisionSystem
import VisionTestSupport

@testable import VisionData

@Suite struct AnnotatedDataTests {
  /// Images without files; split lists only look at names, labels and parts.
  private static func image(_ number: Int, _ labels: [Int], _ part: DataPart? = nil, path: String? = nil)
    -> AnnotatedImage
  {
    AnnotatedImage(
      name: "\(number).png", path: path ?? "/nowhere/\(number).png", width: 10, height: 10,
      objects: labels.map { AnnotatedObject(label: $0, box: Box(x: 0, y: 0, width: 5, height: 5)) },
      part: part)
  }

  private static func data(_ images: [AnnotatedImage], _ fraction: Double = 0.2, seed: UInt64 = 0) throws
    -> AnnotatedData
  {
    try AnnotatedData(
      AnnotationSet(root: "/nowhere", format: .coco, classes: ["a", "b", "c"], images: images),
      path: "/nowhere", validation: fraction, seed: seed)
  }

  @Test func eachClassHasItsPartOnBothSides() throws {
    // a in 60 images, b in 20 of them, c in 5, and 15 without objects.
    let images = (0..<75).map { number in
      Self.image(
        number, number < 60 ? [0] + (number % 3 == 0 ? [1] : []) + (number % 12 == 0 ? [2] : []) : [])
    }
    for seed in 0..<5 as Range<UInt64> {
      let data = try Self.data(images, seed: seed)
      #expect(data.split == .automatic && data.training.count + data.validation.count == 75)
      func count(_ label: Int) -> Int { data.validation.count { $0.objects.contains { $0.label == label } } }
      #expect((11...13).contains(count(0)) && count(1) == 4 && count(2) == 1)
      #expect(data.validation.count { $0.objects.isEmpty } == 3)
    }
    #expect(try Self.data(images).validation == Self.data(images.reversed()).validation)
    #expect(try Self.data(images).validation != Self.data(images, seed: 1).validation)
    #expect(try Self.data(images, 0).validation.isEmpty)
  }

  @Test func aFewImagesAreSplit() throws {
    #expect(try Self.data([Self.image(0, [0]), Self.image(1, [0])]).validation.count == 1)
    // The only image of b is learned from.
    for seed in 0..<8 as Range<UInt64> {
      let data = try Self.data([Self.image(0, [0]), Self.image(1, [0, 1]), Self.image(2, [0])], seed: seed)
      #expect(data.validation.count == 1 && data.validation[0].objects.count == 1)
    }
    #expect(throws: DatasetError.self) { try Self.data([Self.image(0, [0])]) }
    #expect(try Self.data([Self.image(0, [0])], 0).training.count == 1)
  }

  @Test func partsAreThoseOfTheAnnotations() throws {
    let given = try Self.data([
      Self.image(0, [0], .train), Self.image(1, [0], .val), Self.image(2, [0], .test), Self.image(3, [0]),
    ])
    #expect(given.split == .given)
    #expect(given.training.map(\.name) == ["0.png"] && given.validation.map(\.name) == ["1.png"])
    #expect(given.test.map(\.name) == ["2.png"] && given.warnings.count == 1)
    // Without val, some of train are held back, and test stays.
    let held = try Self.data(
      (0..<10).map { Self.image($0, [0], .train) } + [Self.image(10, [0], .test)])
    #expect(held.split == .automatic && held.training.count == 8 && held.validation.count == 2)
    #expect(held.test.map(\.name) == ["10.png"])
    // One part alone, whatever its name, is all there is.
    let alone = try Self.data((0..<10).map { Self.image($0, [0], .val) })
    #expect(alone.split == .automatic && alone.training.count == 8 && alone.warnings.isEmpty)
    let both = try Self.data((0..<10).map { Self.image($0, [0], $0 < 5 ? .val : .test) })
    #expect(both.training.count == 4 && both.validation.count == 1 && both.test.count == 5)
    #expect(both.warnings.count == 1)
  }

  @Test func equalFilesStayOnOneSide() throws {
    let folder = try AnnotationFolder()
    // Ten images twice each, under other names.
    for number in 0..<10 {
      let bytes = try SampleFolder.image(number, channel: number % 3)
      try folder.folder.write(bytes, to: "\(number).png")
      try folder.folder.write(bytes, to: "\(number + 10).png")
    }
    func images(_ part: (Int) -> DataPart?) -> [AnnotatedImage] {
      (0..<20).map { Self.image($0, [$0 % 3], part($0), path: folder.file("\($0).png")) }
    }
    for seed in 0..<4 as Range<UInt64> {
      let data = try Self.data(images { _ in nil }, seed: seed)
      let held = Set(data.validation.map(\.name))
      #expect(!held.isEmpty)
      for number in 0..<10 {
        #expect(held.contains("\(number).png") == held.contains("\(number + 10).png"))
      }
    }
    #expect(throws: DatasetError.self) {
      try Self.data([images { _ in nil }[0], images { _ in nil }[10]])
    }
    let given = try Self.data(images { $0 < 10 ? .train : .val })
    #expect(given.warnings.count == 1 && given.warnings[0].contains("10 images of val"))
  }

  @Test func theSurveyLeavesOutWhatCannotBeDecoded() throws {
    let folder = try AnnotationFolder()
    try folder.write("a\n", to: "classes.txt")
    func image(_ number: Int) throws -> [UInt8] {
      try Image(width: 20, height: 10, pixels: [UInt8](repeating: UInt8(number + 9), count: 600)).pngData()
    }
    for number in 0..<6 {
      try folder.folder.write(image(number), to: "\(number).png")
      try folder.write("0 0.5 0.5 0.4 0.4\n", to: "\(number).txt")
    }
    try folder.folder.write(Array(image(3).dropLast(30)), to: "3.png")
    let data = try AnnotatedData(contentsOf: folder.path, threads: 1)
    #expect(data.images.count == 6)
    let survey = try AnnotatedSurvey(of: data, threads: 2)
    #expect(survey.data.images.count == 5 && survey.hashes.count == 5)
    #expect(survey.skipped.map(\.path) == [folder.file("3.png")])
    #expect(survey.isGray && survey.data.longerSide == 20)
    // Boxes of 8 × 4 pixels have the size 5.66, and in an input of 40 twice that.
    #expect(
      survey.data.shareBelow(5, in: ImageSize(20)) == 0 && survey.data.shareBelow(6, in: ImageSize(20)) == 1)
    let wide = ImageSize(width: 60, height: 20)
    #expect(survey.data.shareBelow(11, in: wide) == 0 && survey.data.shareBelow(12, in: wide) == 1)
    #expect(survey.data.commonShape == 2)
    #expect(throws: TrainingError.self) { try AnnotatedSurvey(of: data, isStrict: true) }
    try checkLedger(survey, folder)
  }

  /// A resumed run finds that boxes have changed.
  private func checkLedger(_ survey: AnnotatedSurvey, _ folder: AnnotationFolder) throws {
    let ledger = ImageLedger(survey)
    try ledger.check(ImageLedger(AnnotatedSurvey(of: AnnotatedData(contentsOf: folder.path))), folder.path)
    try folder.write("0 0.5 0.5 0.4 0.5\n", to: "1.txt")
    let changed = try ImageLedger(AnnotatedSurvey(of: AnnotatedData(contentsOf: folder.path)))
    do {
      try ledger.check(changed, folder.path)
      Issue.record("nothing was found")
    } catch { #expect(error.kind == .dataChanged && error.message.contains("1.png")) }
  }

  @Test func dataWithoutObjectsIsRefused() throws {
    #expect(throws: DatasetError.self) { try Self.data([Self.image(0, []), Self.image(1, [])]).check() }
    var image = Self.image(0, [0])
    image.objects[0].marks = .difficult
    #expect(throws: DatasetError.self) { try Self.data([image, Self.image(1, [])], 0).check() }
    try Self.data([Self.image(0, [0]), Self.image(1, [0])]).check()
  }

  @Test func dataIsNamedByItsFolder() throws {
    let folder = try AnnotationFolder()
    try folder.write("names: [a]\ntrain: images\n", to: "birds/data.yaml")
    for number in 0..<2 {
      try folder.addImage("birds/images/\(number).png", 8, 8 + number)
      try folder.write("0 0.5 0.5 0.4 0.4\n", to: "birds/labels/\(number).txt")
    }
    #expect(try AnnotatedData(contentsOf: folder.file("birds")).name == "birds")
    #expect(try AnnotatedData(contentsOf: folder.file("birds/")).name == "birds")
    #expect(try AnnotatedData(contentsOf: folder.file("birds/data.yaml")).name == "birds")
  }
}
