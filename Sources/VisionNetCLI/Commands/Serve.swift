import ArgumentParser
import VisionSystem

/// `visionnet serve`: executes `visionnet-serve`, a program of its own, so that this one needs no HTTP server.
struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Answer images over HTTP, and show a page to try it.",
    discussion: "The flags are those of visionnet-serve: visionnet serve --help.")

  @Argument(parsing: .captureForPassthrough, help: "Flags of visionnet-serve.")
  var arguments: [String] = []

  private static let program = "visionnet-serve"

  func run() throws {
    guard let path = Self.path(beside: POSIX.executable, UserFolders.environment) else {
      throw CommandError(
        .missing, "there is no program \(Self.program) beside visionnet or in PATH",
        remedy: "scripts/install of VisionNet's sources builds and installs it")
    }
    var pointers = ([path] + arguments).map { strdup($0) }
    pointers.append(nil)
    execv(path, pointers)
    let reason = POSIX.lastError
    for pointer in pointers { free(pointer) }
    throw CommandError(.failure, "cannot be started: \(reason)", place: path)
  }

  /// The program beside this one, or else in the search path; nil where there is none.
  static func path(beside executable: String?, _ environment: [String: String]) -> String? {
    if let executable {
      let neighbor = "\(POSIX.directory(of: executable))/\(program)"
      if access(neighbor, X_OK) == 0 { return neighbor }
    }
    return SearchPath.executable(program, environment)
  }
}
