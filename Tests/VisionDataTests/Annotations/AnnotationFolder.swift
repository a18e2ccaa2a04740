import Foundation
import VisionImage
import VisionTestSupport

@testable import VisionData

/// A folder of small images and of files of annotations.
struct AnnotationFolder {
  let folder: SampleFolder

  init() throws { folder = try SampleFolder() }

  var path: String { folder.path }

  func file(_ name: String) -> String { folder.file(name) }

  func write(_ text: String, to name: String) throws { try folder.write(Array(text.utf8), to: name) }

  /// A gray image of that size as it is stored, in the format of its name; with an orientation for JPEG.
  func addImage(_ name: String, _ width: Int, _ height: Int, orientation: Orientation = .upright) throws {
    let image = try Image(
      width: width, height: height, pixels: [UInt8](repeating: 127, count: width * height * 3))
    guard name.hasSuffix(".jpg") else { return try folder.write(try image.pngData(), to: name) }
    let bytes = try image.jpegData()
    let tiff: [UInt8] = [
      0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, UInt8(orientation.rawValue), 0, 0,
      0, 0, 0, 0, 0,
    ]
    let exif = Array("Exif".utf8) + [0, 0] + tiff
    let segment = [0xff, 0xe1, 0, UInt8(exif.count + 2)] + exif
    try folder.write(Array(bytes[..<2]) + segment + Array(bytes[2...]), to: name)
  }

  func read(
    _ name: String = "", format: AnnotationFormat? = nil, frame: AnnotationFrame = .automatic
  ) throws -> AnnotationSet {
    try AnnotationSet(
      name.isEmpty ? path : file(name), options: AnnotationOptions(format: format, frame: frame), threads: 1)
  }

  /// The error of reading; nil if there is none.
  func failure(_ name: String = "") -> DatasetError? {
    do {
      _ = try read(name)
      return nil
    } catch { return error as? DatasetError }
  }
}

extension AnnotationSet {
  /// The number that a note says of a kind; 0 if there is none.
  func count(_ kind: AnnotationNote.Kind) -> Int { notes.count(kind) }

  /// Boxes of an image with the names of their classes, as texts.
  func boxes(_ name: String) -> [String] {
    (images.first { $0.name == name }?.objects ?? []).map { object in
      let box = object.box
      let numbers = [box.x, box.y, box.width, box.height].map { "\(($0 * 1000).rounded() / 1000)" }
      return "\(classes[object.label]) \(numbers.joined(separator: " "))"
    }
  }
}

extension [AnnotationNote] {
  func count(_ kind: AnnotationNote.Kind) -> Int { filter { $0.kind == kind }.reduce(0) { $0 + $1.count } }
}
