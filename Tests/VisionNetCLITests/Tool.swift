import Foundation
import Testing

/// The built `visionnet`, run as a process.
enum Tool {
  /// Beside the test bundle, where SwiftPM builds it; nil when it has not been built.
  static let path: String? = {
    let bundle =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments[0]
    var folder = URL(fileURLWithPath: bundle).deletingLastPathComponent()
    // On macOS the bundle is a folder that holds the executable.
    for _ in 0..<4 {
      let candidate = folder.appendingPathComponent("visionnet").path
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder), !isFolder.boolValue {
        return candidate
      }
      folder.deleteLastPathComponent()
    }
    return nil
  }()

  static var isBuilt: Bool { path != nil }

  /// Thrown where a test runs that should have been skipped.
  struct NotBuilt: Error {}

  struct Result {
    let status: Int32
    let output: String
    let messages: String

    /// The lines of the output.
    var lines: [String] { output.split(separator: "\n").map(String.init) }
  }

  /// Runs `visionnet` with arguments and waits for its end.
  static func run(
    _ arguments: [String], input: String = "", environment: [String: String] = [:]
  ) throws -> Result {
    guard let path else { throw NotBuilt() }
    return try start(path, arguments, input, environment)
  }

  /// Runs a sample, which is built beside the executable.
  static func sample(_ name: String, _ arguments: [String]) throws -> Result {
    guard let path else { throw NotBuilt() }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    return try start(folder.appendingPathComponent(name).path, arguments, "", [:])
  }

  /// Runs a shell script in which `$VISIONNET` is the executable.
  static func shell(_ script: String, environment: [String: String] = [:]) throws -> Result {
    guard let path else { throw NotBuilt() }
    var environment = environment
    environment["VISIONNET"] = path
    return try start("/bin/sh", ["-c", script], "", environment)
  }

  private static func start(
    _ executable: String, _ arguments: [String], _ input: String, _ environment: [String: String]
  ) throws -> Result {
    let folder = try TemporaryFolder()
    let (output, messages, lines) = (folder.file("output"), folder.file("messages"), folder.file("input"))
    for file in [output, messages] { try Data().write(to: URL(fileURLWithPath: file)) }
    try Data(input.utf8).write(to: URL(fileURLWithPath: lines))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: lines))
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: messages))
    try process.run()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, output: try String(contentsOfFile: output, encoding: .utf8),
      messages: try String(contentsOfFile: messages, encoding: .utf8))
  }
}

/// A folder that is gone when nobody uses it any more.
final class TemporaryFolder {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory.appendingPathComponent("visionnet-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  func write(_ text: String, to name: String) throws {
    let file = URL(fileURLWithPath: self.file(name))
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }
}
