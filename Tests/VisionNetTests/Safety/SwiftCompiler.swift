import Foundation

/// The compiler, asked about small programs that use the modules that the tests were built with.
struct SwiftCompiler {
  private let compiler: String
  private let products: URL
  private let root: URL

  /// Why there is none.
  struct Missing: Error, CustomStringConvertible {
    let description: String
  }

  /// Looks for the compiler in the search path, and for the modules beside the test bundle, where SwiftPM builds them.
  init() throws(Missing) {
    let files = FileManager.default
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    guard
      let compiler = folders.map({ "\($0)/swiftc" }).first(where: files.isExecutableFile(atPath:))
    else { throw Missing(description: "no swiftc in the search path") }
    self.compiler = compiler
    root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let bundle =
      (try? files.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    var folder = URL(fileURLWithPath: bundle).deletingLastPathComponent()
    for _ in 0..<4 {
      if files.fileExists(atPath: folder.appendingPathComponent("Modules/VisionNet.swiftmodule").path) {
        products = folder
        return
      }
      folder.deleteLastPathComponent()
    }
    throw Missing(description: "no module VisionNet beside \(bundle)")
  }

  /// The lines of a program that the compiler, with all its checks of ownership and of data races, says an error about.
  func errors(in program: String) throws -> [Int: String] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("compile-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (source, messages) = (
      folder.appendingPathComponent("program.swift"), folder.appendingPathComponent("m")
    )
    try Data(program.utf8).write(to: source)
    try Data().write(to: messages)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: compiler)
    // Moves and regions are checked after types are, in the intermediate language.
    process.arguments =
      [
        "-emit-sil", "-o", "/dev/null", "-swift-version", "6", "-parse-as-library", "-module-name", "Program",
        "-I", products.appendingPathComponent("Modules").path,
      ] + moduleMaps + [source.path]
    let output = try FileHandle(forWritingTo: messages)
    process.standardOutput = output
    process.standardError = output
    try process.run()
    process.waitUntilExit()
    var found: [Int: String] = [:]
    let text = try String(contentsOf: messages, encoding: .utf8)
    for line in text.split(separator: "\n") {
      // PATH:LINE:COLUMN: error: MESSAGE
      guard let range = line.range(of: ": error: ") else { continue }
      let place = line[..<range.lowerBound].split(separator: ":")
      let number = place.count >= 3 ? Int(place[place.count - 2]) : nil
      found[number ?? 0] = String(line[range.upperBound...])
    }
    if found.isEmpty, process.terminationStatus != 0 { found[0] = text }
    return found
  }

  /// The C modules that VisionNet and what it depends on are made with: those whose maps SwiftPM has written, those of the
  /// system's libraries, and those that a folder of headers describes.
  private var moduleMaps: [String] {
    let files = FileManager.default
    func folders(in folder: URL) -> [URL] {
      ((try? files.contentsOfDirectory(atPath: folder.path)) ?? []).sorted().map(
        folder.appendingPathComponent)
    }
    let checkouts = products.deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("checkouts")
    let packages = folders(in: checkouts) + [root]
    let targets = packages.flatMap { folders(in: $0.appendingPathComponent("Sources")) }
    let maps = (folders(in: products).filter { $0.pathExtension == "build" } + targets)
      .map { $0.appendingPathComponent("module.modulemap").path }
    let headers = targets.map { $0.appendingPathComponent("include").path }
    return maps.filter(files.fileExists(atPath:)).flatMap { ["-Xcc", "-fmodule-map-file=\($0)"] }
      + headers.filter(files.fileExists(atPath:)).flatMap { ["-Xcc", "-I\($0)"] }
  }
}
