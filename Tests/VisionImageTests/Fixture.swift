import Foundation
import Testing

@testable import VisionImage

/// Files and tables that the tests share.
enum Fixture {
  static let folder = Bundle.module.resourceURL?.appendingPathComponent("Fixtures").path ?? "Fixtures"
  static let images = folder + "/images"

  /// Where the data that users do not have lies, or nil.
  static let sharedData: String? = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let candidates =
      [ProcessInfo.processInfo.environment["VISIONNET_DATA"]].compactMap { $0 }
      + [root.appendingPathComponent("../shared/data").standardizedFileURL.path]
    return candidates.first { FileManager.default.fileExists(atPath: $0 + "/decoders") }
  }()

  static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  static func image(_ name: String) throws -> [UInt8] { try bytes(images + "/" + name) }

  static let formats = folder + "/formats"

  static func format(_ name: String) throws -> [UInt8] { try bytes(formats + "/" + name) }

  /// The format that a fixture's name says, if what reads it is installed here; else it says that it is left out.
  static func readable(_ name: String) -> ImageFormat? {
    guard let format = ImageFormat(path: name) else { return nil }
    if let library = SystemLibrary.of(format), !library.isInstalled {
      print("\(name) is left out: \(library.debianPackage) is not installed")
      return nil
    }
    return format
  }

  /// The rows of a tab-separated table.
  static func table(_ name: String) throws -> [[String]] {
    String(decoding: try bytes(folder + "/" + name), as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: "\t").map(String.init)
    }
  }

  /// The names of all images.
  static func names() throws -> [String] { try table("decoded.tsv").map { $0[0] } }

  /// The noise that `generate.py` makes: the high bytes of a linear congruential generator.
  static func noise(_ width: Int, _ height: Int) throws -> Image {
    try Image(width: width, height: height) { pixels in
      var state: UInt32 = 1
      for index in pixels.indices {
        state = state &* 1_664_525 &+ 1_013_904_223
        pixels[index] = UInt8(state >> 24)
      }
    }
  }

  static func checksum(_ image: Image) -> String {
    image.withUnsafePixels { checksum(UnsafeRawBufferPointer($0)) }
  }

  static func checksum(_ bytes: UnsafeRawBufferPointer) -> String {
    String(PNGHeader.checksum(bytes, 0..<bytes.count))
  }

  /// A fresh folder, removed after `body`.
  static func withFolder(_ body: (String) throws -> Void) throws {
    let path = NSTemporaryDirectory() + "/visionnet-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  /// The kind of the error that `body` throws.
  static func kind(_ body: () throws -> Void) -> ImageError.Kind? {
    do { try body() } catch { return (error as? ImageError)?.kind }
    return nil
  }
}
