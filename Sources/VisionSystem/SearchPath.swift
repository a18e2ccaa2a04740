/// Finds programs as a shell would.
package enum SearchPath {
  /// The absolute path of a program; relative folders of the search path do not count, they are anybody's.
  package static func executable(_ name: String, _ environment: [String: String]) -> String? {
    if name.contains("/") { return access(name, X_OK) == 0 ? name : nil }
    let path = environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    return path.split(separator: ":").lazy.filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }
      .first { access($0, X_OK) == 0 }
  }
}
