import Foundation
import Testing
import VisionImage
import VisionSystem

@testable import VisionData

/// Every format into every other and back: equal up to what was reported.
@Suite struct AnnotationConversionTests {
  private let folder: AnnotationFolder
  private let set: AnnotationSet

  /// Fifty images with everything that a format may or may not hold.
  init() throws {
    folder = try AnnotationFolder()
    var random = SystemRandom(state: 7)
    let parts: [DataPart?] = [.train, .train, .val, .test, nil]
    var images: [AnnotatedImage] = []
    for number in 0..<50 {
      let orientation: Orientation =
        number % 11 == 3 ? .rotated90Clockwise : number % 13 == 5 ? .rotated180 : .upright
      let ending = orientation == .upright ? "png" : "jpg"
      let names = ["a", "ünï cöde ", "<tag> & 'q' ", "deep/er ", "x.y "]
      let name = "source/\(names[number % 5])\(number).\(ending)"
      let (width, height) = (40 + number, 30 + number % 7)
      try folder.addImage(name, width, height, orientation: orientation)
      let size = orientation.swapsSides ? (height, width) : (width, height)
      images.append(
        AnnotatedImage(
          name: name, path: folder.file(name), width: size.0, height: size.1,
          objects: number % 9 == 4 ? [] : Self.objects(number, Double(size.0), Double(size.1), &random),
          part: parts[number % 5]))
    }
    set = AnnotationSet(
      root: folder.path, format: .coco, classes: ["zebra", "a \"b\" & <c>", "crowd, of; ünï", "unused"],
      images: images)
  }

  private static func objects(
    _ number: Int, _ width: Double, _ height: Double, _ random: inout SystemRandom
  ) -> [AnnotatedObject] {
    (0..<(1 + number % 6)).map { index in
      let x = random.next(below: width / 2), y = random.next(below: height / 2)
      let (w, h) = (1 + random.next(below: width / 2 - 1), 1 + random.next(below: height / 2 - 1))
      var object = AnnotatedObject(label: (number + index) % 3, box: Box(x: x, y: y, width: w, height: h))
      object.marks = ObjectMarks(rawValue: UInt8((number * 5 + index) % 16))
      let hull = [
        ImagePoint(x: x, y: y), ImagePoint(x: x + w, y: y + h / 3), ImagePoint(x: x + w / 4, y: y + h),
      ]
      let inner = [
        ImagePoint(x: x + w / 8, y: y + h / 8), ImagePoint(x: x + w / 4, y: y + h / 8),
        ImagePoint(x: x + w / 5, y: y + h / 5),
      ]
      switch (number + index * 3) % 7 {
      case 0: object.outline = .polygons([hull])
      case 1: object.outline = .polygons([hull, inner])
      case 2: object.outline = .polygons([inner])
      case 3:
        let pixels = Int(exactly: width * height) ?? 0
        object.outline = RunLengthMask(
          width: Int(exactly: width) ?? 0, height: Int(exactly: height) ?? 0, counts: [5, 3, pixels - 8]
        ).map { .mask($0) }
        object.statedArea = w * h / 3
      default: break
      }
      if (number + index) % 5 == 1 { object.confidence = 0.25 }
      if (number + index) % 4 == 2 {
        object.attributes = [
          ObjectAttribute(name: "color", value: "red & <blue>"), ObjectAttribute(name: "pose", value: "Left"),
        ]
      }
      return object
    }
  }

  /// A generator whose numbers do not depend on the system.
  private struct SystemRandom {
    var state: UInt64

    mutating func next(below bound: Double) -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 40) / Double(1 << 24) * bound
    }
  }

  /// What of `before` is not in `after`, by the kinds of notes that should say so. Everything else is checked to
  /// be equal.
  private func losses(_ before: AnnotationSet, _ after: AnnotationSet, _ what: String) throws
    -> [AnnotationNote.Kind: Int]
  {
    var counts: [AnnotationNote.Kind: Int] = [:]
    func key(_ image: AnnotatedImage) -> String {
      image.name.split(separator: "/").last.map(String.init) ?? ""
    }
    let images = Dictionary(uniqueKeysWithValues: after.images.map { (key($0), $0) })
    try #require(images.count == before.images.count, "\(what): images")
    for image in before.images {
      let other = try #require(images[key(image)], "\(what): \(image.name)")
      #expect((other.width, other.height) == (image.width, image.height), "\(what)")
      if image.part != other.part {
        #expect(image.part == nil && other.part == .train, "\(what): \(image.name)")
        counts[.lostUnsplit, default: 0] += 1
      }
      let file = try #require(other.path)
      #expect(POSIX.realPath(file) == image.path.flatMap { POSIX.realPath($0) }, "\(what)")
      try #require(image.objects.count == other.objects.count, "\(what): \(image.name)")
      for (old, new) in zip(image.objects, other.objects) {
        #expect(before.classes[old.label] == after.classes[new.label], "\(what)")
        #expect(
          zip(
            [old.box.x, old.box.y, old.box.width, old.box.height],
            [new.box.x, new.box.y, new.box.width, new.box.height]
          )
          .allSatisfy { abs($0 - $1) < 1e-9 * 100 }, "\(what): \(old.box) \(new.box)")
        compare(old, new, &counts, "\(what): \(image.name)")
      }
    }
    let used = Set(before.images.flatMap(\.objects).map { before.classes[$0.label] })
    for name in before.classes where !after.classes.contains(name) {
      #expect(!used.contains(name))
      counts[.lostClasses, default: 0] += 1
    }
    return counts
  }

  private func compare(
    _ old: AnnotatedObject, _ new: AnnotatedObject, _ counts: inout [AnnotationNote.Kind: Int], _ what: String
  ) {
    let kinds: [(ObjectMarks, AnnotationNote.Kind)] = [
      (.crowd, .lostCrowd), (.difficult, .lostDifficult), (.truncated, .lostTruncated),
      (.occluded, .lostOccluded),
    ]
    for (mark, kind) in kinds where old.marks.contains(mark) && !new.marks.contains(mark) {
      counts[kind, default: 0] += 1
    }
    #expect(old.marks.isSuperset(of: new.marks), "\(what)")
    switch (old.outline, new.outline) {
    case (nil, nil): break
    case (.mask(let a)?, .mask(let b)?): #expect(a == b, "\(what)")
    case (.polygons(let a)?, .polygons(let b)?):
      let (a, b) = (a.map { $0.flatMap { [$0.x, $0.y] } }, b.map { $0.flatMap { [$0.x, $0.y] } })
      #expect(a.map(\.count) == b.map(\.count), "\(what)")
      #expect(zip(a.joined(), b.joined()).allSatisfy { abs($0 - $1) < 1e-7 }, "\(what)")
    case (.mask?, nil): counts[.lostMasks, default: 0] += 1
    case (.polygons?, nil): counts[.lostPolygons, default: 0] += 1
    default: Issue.record("\(what): an outline appears")
    }
    if old.confidence != new.confidence {
      #expect(new.confidence == nil)
      counts[.lostConfidences, default: 0] += 1
    }
    if old.statedArea != new.statedArea {
      #expect(new.statedArea == nil)
      counts[.lostAreas, default: 0] += 1
    }
    let kept = old.attributes.filter { new.attributes.contains($0) }
    #expect(kept.count == new.attributes.count, "\(what)")
    counts[.lostAttributes, default: 0] += old.attributes.count - kept.count
  }

  /// What was reported, with the two notes about polygons as one.
  private func reported(_ notes: [AnnotationNote]) -> [AnnotationNote.Kind: Int] {
    var counts: [AnnotationNote.Kind: Int] = [:]
    for note in notes {
      #expect(note.kind.isLoss, "\(note)")
      counts[note.kind == .lostParts ? .lostPolygons : note.kind, default: 0] += note.count
    }
    return counts
  }

  private func convert(_ set: AnnotationSet, to format: AnnotationFormat, _ name: String) throws
    -> AnnotationSet
  {
    let path = folder.file(name)
    let notes = try set.write(as: format, to: path)
    let read = try AnnotationSet(path, threads: 1)
    #expect(read.format == format && read.skipped.isEmpty, "\(name)")
    let found = try losses(set, read, name).filter { $0.value > 0 }
    #expect(found == reported(notes), "\(name): \(notes)")
    // The set was clean, so that nothing is noticed but which pixels the boxes are in.
    let odd = read.notes.filter { ![.assumedFrame, .uprightFrame, .unlistedImages].contains($0.kind) }
    #expect(odd.isEmpty, "\(name): \(odd)")
    return read
  }

  @Test(arguments: AnnotationFormat.allCases)
  func everyFormatGoesIntoEveryOtherAndBack(_ first: AnnotationFormat) throws {
    let read = try convert(set, to: first, "\(first)")
    for second in AnnotationFormat.allCases {
      let other = try convert(read, to: second, "\(first)-\(second)")
      let back = try convert(other, to: first, "\(first)-\(second)-\(first)")
      // Into the same format again nothing is lost any more.
      if second == first {
        #expect(back.images.flatMap(\.objects).count == read.images.flatMap(\.objects).count)
      }
    }
  }

  @Test func aFolderThatIsThereIsLeftAlone() throws {
    try folder.write("mine", to: "out/file")
    do {
      _ = try set.write(as: .coco, to: folder.file("out"))
      Issue.record("no error")
    } catch {
      #expect(error.kind == .occupied)
    }
    #expect(try String(contentsOfFile: folder.file("out/file"), encoding: .utf8) == "mine")
    // What fails on the way leaves nothing.
    var broken = set
    broken.images[49].path = folder.file("gone.png")
    #expect(throws: DatasetError.self) { try broken.write(as: .voc, to: folder.file("broken/out")) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("broken")).isEmpty)
  }

  @Test func oddNamesLeadNowhereElse() throws {
    var odd = set
    let names = [
      "../../up.png", "/abs/olute.png", "a/.hidden.png", "images/\u{301}b.png", "nul\u{0}l.png",
      "@eaDir/c.png",
    ]
    odd.images = names.map { AnnotatedImage(name: $0, path: nil, width: 9, height: 9, objects: []) }
    for format in AnnotationFormat.allCases {
      let path = folder.file("odd-\(format)")
      let notes = try odd.write(as: format, to: path)
      guard FormatAbilities(format).holdsSizes else {
        #expect(notes.count(.lostImages) == names.count)
        continue
      }
      #expect(notes.count(.renamedImages) == 3, "\(notes)")
      let read = try AnnotationSet(path, threads: 1)
      #expect(read.images.count == names.count && read.count(.missingImages) == names.count, "\(format)")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.file("up.png")))
  }

  @Test func imagesAreLinkedCopiedOrLeft() throws {
    var one = set
    one.images = [set.images[0]]
    for placement in ImagePlacement.allCases {
      let path = folder.file("placed-\(placement)")
      _ = try one.write(as: .voc, to: path, images: placement)
      let image = "\(path)/JPEGImages/source/a0.png"
      let attributes = try? FileManager.default.attributesOfItem(atPath: image)
      switch placement {
      case .link: #expect(attributes?[.type] as? FileAttributeType == .typeSymbolicLink)
      case .copy: #expect(attributes?[.type] as? FileAttributeType == .typeRegular)
      case .none: #expect(attributes == nil)
      }
    }
  }

  @Test func namesThatWouldShareAFileAreChanged() throws {
    var two = set
    try folder.addImage("source/train/a0.jpg", 40, 30)
    two.images = [set.images[0], set.images[0]]
    two.images[1].name = "source/a0.jpg"
    two.images[1].path = folder.file("source/train/a0.jpg")
    let notes = try two.write(as: .voc, to: folder.file("two"))
    #expect(notes.count(.renamedImages) == 1)
    #expect(
      try AnnotationSet(folder.file("two")).images.map { $0.name } == [
        "JPEGImages/source/a0-2.jpg", "JPEGImages/source/a0.png",
      ])
  }
}
