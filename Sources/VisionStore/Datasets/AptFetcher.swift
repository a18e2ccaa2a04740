public import VisionSystem

/// Fetches and unpacks Debian packages with the system's own apt, which uses its mirrors and keys.
public struct AptFetcher: Sendable {
  let environment: [String: String]

  /// - Parameter environment: by default the environment of this process.
  public init(environment: [String: String] = UserFolders.environment) { self.environment = environment }

  /// Downloads a package into the empty folder `folder` and returns the path of its file; nothing is
  /// installed.
  ///
  /// - Throws: `noApt`, `network`, `aptFailed`, `noSpace`, `interrupted`.
  func fetch(_ package: String, into folder: String, progress: (Int) -> Void) throws(StoreError) -> String {
    let output = try run("apt-get", ["-q", "download", package], in: folder) {
      progress(CacheFolder.byteCount(below: folder))
    }
    guard
      let file = CacheFolder.names(in: folder).first(where: {
        $0.hasPrefix("\(package)_") && $0.hasSuffix(".deb")
      })
    else {
      throw StoreError(
        .aptFailed, "apt-get brought no file of \(package)\(AptDiagnosis(output: output).lastLines)")
    }
    return "\(folder)/\(file)"
  }

  /// Unpacks the package at `path` into the empty folder `folder`.
  ///
  /// - Throws: `noApt`, `corrupt`, `noSpace`, `interrupted`.
  func unpack(_ path: String, into folder: String) throws(StoreError) {
    do {
      _ = try run("dpkg-deb", ["--extract", path, folder], in: folder) {}
    } catch {
      guard error.kind == .aptFailed else { throw error }
      throw StoreError(.corrupt, error.message, place: path, remedy: "fetch the package again")
    }
  }

  private func run(_ program: String, _ arguments: [String], in folder: String, tick: () -> Void)
    throws(StoreError) -> [UInt8]
  {
    func missing(_ message: String) -> StoreError {
      StoreError(.noApt, message, remedy: "use Debian or one of its relatives")
    }
    guard let executable = SearchPath.executable(program, environment) else {
      throw missing("there is no \(program) to fetch packages with")
    }
    var variables = environment
    // The output is parsed, so it must not be localized.
    variables["LC_ALL"] = "C"
    let child = ChildProcess(executable, arguments, environment: variables, directory: folder)
    let ending: ChildProcess.Ending
    let output: [UInt8]
    do {
      (ending, output) = try child.run(tick: tick)
    } catch {
      let error = StoreError(error, executable)
      throw error.kind == .noPython ? missing("\(executable) \(error.message)") : error
    }
    switch ending {
    case .exited(0): return output
    case .exited(let status): throw AptDiagnosis(output: output).error(status: status, program: program)
    case .killed(let signal):
      if [2, 15, 1].contains(signal) {
        throw StoreError(.interrupted, "\(program) was interrupted", remedy: "nothing was kept; run it again")
      }
      throw StoreError(
        .aptFailed, "\(program) was ended by signal \(signal)\(AptDiagnosis(output: output).lastLines)")
    case .cancelled: throw StoreError(.interrupted, "the download was cancelled")
    }
  }
}
