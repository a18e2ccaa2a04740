/// Finds programs in the search path, like a shell.
package enum SearchPath {
  /// The path of an executable program; nil if there is none. A name with a slash is returned unchanged.
  /// Relative folders in `PATH` are ignored, since others may be able to write to them.
  package static func executable(_ name: String, _ environment: [String: String]) -> String? {
    if name.contains("/") { return access(name, X_OK) == 0 ? name : nil }
    let path = environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    return path.split(separator: ":").lazy.filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }
      .first { access($0, X_OK) == 0 }
  }
}
