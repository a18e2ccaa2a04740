/// The user's folders, according to the XDG Base Directory Specification.
public enum UserFolders {
  /// The environment variables of this process.
  public static var environment: [String: String] {
    var result: [String: String] = [:]
    guard var entry = POSIX.environmentPointer else { return result }
    while let line = entry.pointee {
      let text = String(cString: line)
      if let equals = text.firstIndex(of: "=") {
        result[String(text[..<equals])] = String(text[text.index(after: equals)...])
      }
      entry += 1
    }
    return result
  }

  /// `$XDG_CACHE_HOME/visionnet`, or `~/.cache/visionnet`; nil when there is no home folder.
  public static func cache(_ environment: [String: String] = environment) -> String? {
    folder("XDG_CACHE_HOME", ".cache", environment)
  }

  /// `$XDG_CONFIG_HOME/visionnet`, or `~/.config/visionnet`; nil when there is no home folder.
  public static func configuration(_ environment: [String: String] = environment) -> String? {
    folder("XDG_CONFIG_HOME", ".config", environment)
  }

  /// Ignores relative paths, as the specification requires.
  private static func folder(_ variable: String, _ fallback: String, _ environment: [String: String])
    -> String?
  {
    if let path = environment[variable], path.hasPrefix("/") { return "\(path)/visionnet" }
    if let home = environment["HOME"], home.hasPrefix("/") { return "\(home)/\(fallback)/visionnet" }
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 1 << 14)
    guard getpwuid_r(getuid(), &entry, &buffer, buffer.count, &found) == 0, found != nil,
      let home = entry.pw_dir.map({ String(cString: $0) }), home.hasPrefix("/")
    else { return nil }
    return "\(home)/\(fallback)/visionnet"
  }
}
