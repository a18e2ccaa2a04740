/// Names of wheels: `DISTRIBUTION-VERSION(-BUILD)?-PYTHON-ABI-PLATFORM.whl`.
enum WheelName {
  /// Whether a file with that name is the wheel of exactly that package and version.
  static func matches(_ name: String, _ model: PretrainedModel) -> Bool {
    matches(name, package: model.package, version: model.version)
  }

  static func matches(_ name: String, package: String, version: String) -> Bool {
    guard name.hasSuffix(".whl") else { return false }
    let parts = name.dropLast(4).split(separator: "-", omittingEmptySubsequences: false)
    guard (5...6).contains(parts.count) else { return false }
    return normalized(String(parts[0])) == normalized(package) && parts[1] == version
  }

  /// Names of packages are equal if they differ only in case and in runs of `-`, `_` and `.`.
  private static func normalized(_ package: String) -> String {
    package.lowercased().split(whereSeparator: { "-_.".contains($0) }).joined(separator: "-")
  }
}
