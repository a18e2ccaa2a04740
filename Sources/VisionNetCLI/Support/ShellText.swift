import VisionNet

/// Text for a shell.
enum ShellText {
  /// A path as one word of a command that no program can take for an option.
  static func quoted(_ path: String) -> String {
    let path = path.contains("/") ? path : "./\(path)"
    let isPlain = path.utf8.allSatisfy { byte in
      byte > 127 || Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber
        || "/._-+".utf8.contains(byte)
    }
    return isPlain
      ? path
      : "'" + path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
