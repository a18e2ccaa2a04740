import VisionNet
import VisionSystem

/// Text for a shell.
enum ShellText {
  /// A model as one word of a command: the path of a file or a run's folder where there is one, or the name of a pretrained model.
  static func model(_ nameOrPath: String) -> String {
    access(nameOrPath, F_OK) == 0 ? quoted(nameOrPath) : word(nameOrPath)
  }

  /// A path as one word of a command that no program can take for an option.
  static func quoted(_ path: String) -> String {
    word(path.contains("/") ? path : "./\(path)")
  }

  private static func word(_ path: String) -> String {
    let isPlain = path.utf8.allSatisfy { byte in
      byte > 127 || Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber
        || "/._-+".utf8.contains(byte)
    }
    return isPlain
      ? path
      : "'" + path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
