import Foundation
import Testing

@testable import VisionModel

/// The small files beside the tests.
enum Fixture {
  static func path(_ name: String) -> String {
    Bundle.module.bundleURL.appendingPathComponent("Fixtures/\(name)").path
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name))))
  }

  /// The folder of data sets and published models, or nil when this machine has none.
  static var data: String? {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let path =
      ProcessInfo.processInfo.environment["VISIONNET_DATA"]
      ?? root.deletingLastPathComponent().appendingPathComponent("shared/data").path
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  /// Runs `body` with an empty folder that is removed afterwards.
  static func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "visionnet-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path)
  }

  static func write(_ bytes: [UInt8], to path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }
}

/// Calls `read` with every beginning of `bytes` and with `flips` seeded single and double byte changes: whatever is in
/// them, the answer must be a value or a `FormatError`, and never the end of the process.
///
/// - Returns: how many of the beginnings were refused.
func checkHostile(_ bytes: [UInt8], flips: Int, _ read: ([UInt8]) throws -> Void) -> Int {
  var refused = 0
  for count in 0..<bytes.count {
    do {
      try read(Array(bytes[..<count]))
    } catch {
      refused += 1
      if !(error is FormatError) { Issue.record("\(type(of: error)) for the first \(count) bytes") }
    }
  }
  var state: UInt64 = 0x9E37_79B9_7F4A_7C15
  func random(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }
  let telling: [UInt8] = [0, 1, 0x7F, 0x80, 0xFF]
  for round in 0..<flips {
    var changed = bytes
    for _ in 0...(round % 3) {
      let index = random(changed.count)
      changed[index] = round % 2 == 0 ? telling[random(telling.count)] : UInt8(random(256))
    }
    do {
      try read(changed)
    } catch {
      if !(error is FormatError) { Issue.record("\(type(of: error)) after change \(round)") }
    }
  }
  return refused
}

/// The error that `body` throws, or nil, which is recorded.
func formatError(_ body: () throws -> Void) -> FormatError? {
  do {
    try body()
  } catch let error as FormatError { return error } catch { Issue.record("\(error)") }
  Issue.record("nothing was thrown")
  return nil
}
