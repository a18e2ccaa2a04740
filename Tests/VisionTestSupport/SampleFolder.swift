import Foundation
import VisionImage

/// A folder of small images that is gone when nobody uses it any more.
public final class SampleFolder {
  public let path: String

  public init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("training-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  public func file(_ name: String) -> String { "\(path)/\(name)" }

  public func write(_ bytes: [UInt8], to name: String) throws {
    let file = URL(fileURLWithPath: self.file(name))
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  public func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(atPath: file(name), withIntermediateDirectories: true)
  }

  /// Images of 12 × 12 pixels, numbered from 0, mostly of one color: channel 0, 1 or 2.
  public func addImages(_ count: Int, channel: Int, to folder: String, noise: UInt64 = 90) throws {
    for number in 0..<count {
      try write(Self.image(number, channel: channel, noise: noise), to: "\(folder)/\(number).png")
    }
  }

  public static func image(_ number: Int, channel: Int, noise: UInt64 = 90) throws -> [UInt8] {
    var state = UInt64(truncatingIfNeeded: number &* 7 &+ channel &+ 1)
    let pixels = (0..<12 * 12 * 3).map { index in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let random = (state >> 33) % noise
      return UInt8(index % 3 == channel ? 120 + random : random)
    }
    return try Image(width: 12, height: 12, pixels: pixels).pngData()
  }

  /// Three classes of `count` images each.
  public static func colors(_ count: Int = 10) throws -> SampleFolder {
    let folder = try SampleFolder()
    for (channel, name) in ["red", "green", "blue"].enumerated() {
      try folder.addImages(count, channel: channel, to: name)
    }
    return folder
  }
}
