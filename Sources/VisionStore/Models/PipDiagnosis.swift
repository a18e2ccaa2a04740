import VisionSystem

/// Interprets the last output of pip.
struct PipDiagnosis {
  /// The last meaningful lines, without control characters.
  let lines: [String]
  private let output: String

  init(output bytes: [UInt8]) {
    output = String(decoding: bytes, as: UTF8.self)
    let lines = output.split(whereSeparator: \.isNewline).map { NearestNames.clean(String($0)) }
      .filter { line in
        !line.isEmpty && !line.hasPrefix("[notice]") && !line.hasPrefix("WARNING: Running pip as")
      }
    let errors = lines.filter { $0.hasPrefix("ERROR") || $0.hasPrefix("OSError") }
    self.lines = Array((errors.isEmpty ? lines : errors).suffix(3)).map { String($0.prefix(300)) }
  }

  /// `: ` and the last lines, or an empty string.
  var lastLines: String { lines.isEmpty ? "" : ": \(lines.joined(separator: " / "))" }

  /// The error for pip's exit status.
  func error(status: Int32, python: String) -> StoreError {
    func says(_ parts: String...) -> Bool { parts.contains { output.contains($0) } }
    if says("No module named pip", "No module named 'pip'") {
      return StoreError(
        .noPip, "\(python) has no pip", remedy: "install pip, such as with: apt install python3-pip")
    }
    if says("No space left on device", "Errno 28", "Disk quota exceeded") {
      return StoreError(
        .noSpace, "the disk filled up while pip was downloading\(lastLines)",
        remedy: "make room, or set XDG_CACHE_HOME to a folder on another disk")
    }
    if says("Operation cancelled by user", "KeyboardInterrupt") {
      return StoreError(.interrupted, "pip was interrupted", remedy: "nothing was kept; run it again")
    }
    if says(
      "NewConnectionError", "NameResolutionError", "Failed to establish a new connection", "ConnectTimeout",
      "Temporary failure in name resolution", "Name or service not known", "Network is unreachable",
      "ProxyError", "ReadTimeout", "Read timed out", "Connection refused", "Connection reset", "Max retries",
      "SSLError", "Connection aborted", "IncompleteRead", "Connection broken")
    {
      return StoreError(
        .network, "pip cannot reach its package index\(lastLines)",
        remedy: "check the network, or pip's proxy and index settings (pip config list)")
    }
    return StoreError(.pipFailed, "pip ended with status \(status)\(lastLines)")
  }
}
