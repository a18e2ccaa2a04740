import ArgumentParser
import VisionSystem

/// The flag without which no command overwrites a file.
struct OverwriteFlag: ParsableArguments {
  @Flag(help: "Overwrite files that exist.")
  var force = false

  /// Throws for a file that exists, before the work begins whose result it would take.
  func check(_ paths: [String]) throws(CommandError) {
    for path in paths { try Self.check(path, force: force) }
  }

  func check(_ path: String?) throws(CommandError) { try check(path.map { [$0] } ?? []) }

  /// Devices and pipes are written to, since nothing is lost by that.
  static func check(_ path: String, force: Bool) throws(CommandError) {
    guard !force, FilePath(path).isRegularFile else { return }
    throw CommandError(
      .io, "the file exists", place: FilePath(path).printable, remedy: "--force overwrites it")
  }
}
