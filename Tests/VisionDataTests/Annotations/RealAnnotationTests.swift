import Foundation
import Testing

@testable import VisionData

/// Sets as they are published, where this machine has them.
@Suite struct RealAnnotationTests {
  private static let data: String = {
    var package = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { package.deleteLastPathComponent() }
    return ProcessInfo.processInfo.environment["VISIONNET_DATA"] ?? "\(package.path)/../shared/data"
  }()

  private static func has(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(data)/\(name)")
  }

  @Test(.enabled(if: has("bccd"), "needs ../shared/data/bccd"))
  func bloodCellsOfVOC() throws {
    let set = try AnnotationSet("\(Self.data)/bccd")
    #expect(set.format == .voc && set.classes == ["Platelets", "RBC", "WBC"])
    let lists = try ["train", "val", "test"].map { name in
      try String(contentsOfFile: "\(Self.data)/bccd/ImageSets/Main/\(name).txt", encoding: .utf8)
        .split(whereSeparator: \.isNewline).count
    }
    let unusable = set.skipped.count
    let parts = DataPart.allCases.map { part in set.images.count { $0.part == part } }
    #expect(parts.reduce(0, +) + unusable == lists.reduce(0, +))
    #expect(set.images.allSatisfy { $0.width == 640 && $0.height == 480 })
    // As many objects as the files have, but for those that are told.
    let dropped = [AnnotationNote.Kind.outside, .empty, .repeated].reduce(0) { $0 + set.count($1) }
    #expect(set.objectCount + dropped > 4500)
  }

  @Test(.enabled(if: has("coco128"), "needs ../shared/data/coco128"))
  func picturesOfCOCOByYOLO() throws {
    let set = try AnnotationSet("\(Self.data)/coco128")
    #expect(set.format == .yolo && set.classes.count == 80 && set.classes[0] == "person")
    let labels = "\(Self.data)/coco128/labels/train"
    var rows = 0
    for name in try FileManager.default.contentsOfDirectory(atPath: labels) where name.hasSuffix(".txt") {
      // Two files of labels have no image.
      let image = "\(Self.data)/coco128/images/train/\(name.dropLast(4)).jpg"
      guard FileManager.default.fileExists(atPath: image) else { continue }
      rows += try String(contentsOfFile: "\(labels)/\(name)", encoding: .utf8)
        .split(whereSeparator: \.isNewline).count
    }
    let dropped = [AnnotationNote.Kind.outside, .empty, .repeated].reduce(0) { $0 + set.count($1) }
    #expect(set.objectCount + dropped == rows && rows > 900)
  }
}
