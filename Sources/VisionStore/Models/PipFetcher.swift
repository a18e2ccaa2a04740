public import VisionSystem

/// Fetches wheels with the system's own pip, which uses its mirrors, proxies and certificates.
public struct PipFetcher: WheelFetcher {
  /// The name of Python on the search path, or an absolute path.
  public let python: String
  let environment: [String: String]

  /// - Parameter environment: by default the environment of this process.
  public init(python: String = "python3", environment: [String: String] = UserFolders.environment) {
    self.python = python
    self.environment = environment
  }

  public func fetch(_ wheel: Wheel, into folder: String, progress: (Int) -> Void) throws(StoreError)
    -> String
  {
    guard let executable = SearchPath.executable(python, environment) else {
      throw StoreError(
        .noPython, "there is no \(python) to fetch packages with", remedy: "install Python 3 with pip")
    }
    // pip's temporary files count for the progress, and are removed with the folder.
    let scratch = "\(folder)/tmp"
    try CacheFolder.make(scratch)
    var variables = environment
    variables["TMPDIR"] = scratch
    // Python must not import modules from the user's current folder.
    variables["PYTHONSAFEPATH"] = "1"
    let arguments =
      ["-m", "pip", "download"] + wheel.pipOptions
      + ["--no-input", "--progress-bar", "off", "--disable-pip-version-check"]
      + ["--dest", folder, wheel.requirement]
    // Python before 3.11 does not support that variable, so the child runs in a folder of ours.
    let child = ChildProcess(executable, arguments, environment: variables, directory: scratch)
    let ending: ChildProcess.Ending
    let output: [UInt8]
    do {
      (ending, output) = try child.run { progress(CacheFolder.byteCount(below: folder)) }
    } catch { throw StoreError(error, executable) }
    let diagnosis = PipDiagnosis(output: output)
    switch ending {
    case .exited(0): break
    case .exited(let status): throw diagnosis.error(status: status, python: python)
    case .killed(let signal):
      if [SIGINT, SIGTERM, SIGHUP].contains(signal) {
        throw StoreError(.interrupted, "pip was interrupted", remedy: "nothing was kept; run it again")
      }
      throw StoreError(.pipFailed, "pip was ended by signal \(signal)\(diagnosis.lastLines)")
    case .cancelled: throw StoreError(.interrupted, "the download was cancelled")
    }
    guard
      let name = CacheFolder.names(in: folder).first(where: { wheel.matches($0) })
    else {
      throw StoreError(
        .pipFailed, "pip brought no wheel of \(wheel.package) \(wheel.version)\(diagnosis.lastLines)")
    }
    return "\(folder)/\(name)"
  }
}
