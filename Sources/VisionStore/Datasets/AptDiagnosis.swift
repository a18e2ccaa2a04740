import VisionSystem

/// Interprets the last output of apt-get and dpkg-deb.
struct AptDiagnosis {
  private let output: String
  private let lines: [String]

  init(output bytes: [UInt8]) {
    output = String(decoding: bytes, as: UTF8.self)
    let lines = output.split(whereSeparator: \.isNewline).map { NearestNames.clean(String($0)) }
      .filter { !$0.isEmpty && !$0.hasPrefix("W:") }
    let errors = lines.filter { $0.hasPrefix("E:") || $0.contains("error:") }
    self.lines = (errors.isEmpty ? lines : errors).suffix(3).map { String($0.prefix(300)) }
  }

  /// `: ` and the last lines, or an empty string.
  var lastLines: String { lines.isEmpty ? "" : ": \(lines.joined(separator: " / "))" }

  /// The error for a program's exit status.
  func error(status: Int32, program: String) -> StoreError {
    func says(_ parts: String...) -> Bool { parts.contains { output.contains($0) } }
    if says("No space left on device", "Disk quota exceeded", "don't have enough free space") {
      return StoreError(.noSpace, "the disk filled up while \(program) was running\(lastLines)")
    }
    if says(
      "Temporary failure resolving", "Could not resolve", "Could not connect", "Unable to connect",
      "Connection failed", "Connection timed out", "Connection refused", "Network is unreachable",
      "Failed to fetch")
    {
      return StoreError(
        .network, "apt-get cannot reach its mirror\(lastLines)",
        remedy: "check the network, or run: apt-get update")
    }
    if says("Unable to locate package", "Can't select", "no installation candidate") {
      return StoreError(
        .aptFailed, "apt knows no such package\(lastLines)",
        remedy: "run: apt-get update; the package is in Debian and its relatives")
    }
    return StoreError(.aptFailed, "\(program) ended with status \(status)\(lastLines)")
  }
}
