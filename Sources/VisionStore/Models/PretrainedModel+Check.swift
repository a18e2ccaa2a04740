import VisionImage
import VisionLayers
import VisionSystem
import VisionTensor

extension PretrainedModel {
  /// The maximum length of a name, version or path.
  private static let maximumLength = 200

  /// Checks the values. Names are used in paths and on pip's command line, so they must not contain anything
  /// with a special meaning there.
  func check() throws(StoreError) {
    func refuse(_ key: String, _ message: String, _ remedy: String? = nil) -> StoreError {
      // An invalid name is not shown either.
      let isNamed = key != "name" && Self.isWord(name, "-_.", isLower: true)
      return StoreError(.invalidManifest, message, place: isNamed ? "\(name).\(key)" : key, remedy: remedy)
    }
    for (key, text) in [
      ("name", name), ("package", package), ("version", version), ("file", file),
      ("architecture", architecture ?? "none"), ("license", license), ("task", task),
      ("tag", wheel.tag ?? "none"),
    ] {
      guard !text.isEmpty, text.utf8.count <= Self.maximumLength,
        text.utf8.allSatisfy({ $0 > 31 && $0 < 127 })
      else { throw refuse(key, "is empty, too long, or not plain ASCII") }
    }
    guard Self.isWord(name, "-_.", isLower: true) else {
      throw refuse(
        "name", "holds other than a-z, 0-9, '-', '_', '.', or does not begin with a letter or digit")
    }
    guard Self.isWord(package, "-_.") else {
      throw refuse("package", "'\(package)' is not the name of a Python package")
    }
    guard Self.isWord(version, ".+!") else {
      throw refuse("version", "'\(version)' is not one exact version", "pin a version, such as 0.1.0")
    }
    // By bytes: as a character, a slash with a combining accent would not be a slash.
    let parts = file.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let refused = ["", ".", ".."].map { Array($0.utf8) }
    guard !parts.contains(where: { refused.contains(Array($0)) }), !file.utf8.contains(UInt8(ascii: "\\"))
    else {
      throw refuse("file", "'\(file)' is not a path inside a wheel")
    }
    guard sha256.utf8.count == 64, sha256.utf8.allSatisfy(Self.isLowerHexadecimal) else {
      throw refuse("sha256", "is not 64 lower-case hexadecimal digits")
    }
    if wheel.tag != nil {
      guard let tag = wheel.tagParts,
        [tag.python, tag.abi, tag.platform].allSatisfy({ Self.isWord($0, "_") }),
        tag.python.contains(where: \.isNumber)
      else { throw refuse("tag", "is not PYTHON-ABI-PLATFORM", "for example py3-none-any") }
    }
    if let architecture { try check(architecture, refuse) }
    try check(labels, refuse)
    for (key, share) in [("top1", top1), ("top5", top5), ("mAP", mAP)] {
      guard let share else { continue }
      guard share >= 0, share <= 1 else { throw refuse(key, "\(share) is not between 0 and 1") }
    }
    guard parameterCount > 0 else { throw refuse("parameters", "\(parameterCount) is not above 0") }
    guard downloadMegabytes > 0, downloadMegabytes < 1e6 else {
      throw refuse("megabytes", "\(downloadMegabytes) is not above 0 and below a million")
    }
  }

  private func check(_ name: String, _ refuse: (String, String, String?) -> StoreError) throws(StoreError) {
    guard let architecture = Architecture.named(name) else {
      throw refuse(
        "architecture", "'\(name)' is not known",
        "one of \(Architecture.all.map(\.name).joined(separator: ", "))")
    }
    guard let preprocessing else {
      throw refuse("preprocessing", "is missing, and a checkpoint does not contain it", nil)
    }
    guard preprocessing.channels.count == architecture.input.channels else {
      throw refuse(
        "preprocessing.channels",
        "\(preprocessing.channels.count) channels, but \(architecture.title) takes \(architecture.input.channels)",
        nil)
    }
  }

  private func check(_ labels: Labels, _ refuse: (String, String, String?) -> StoreError) throws(StoreError) {
    guard case .names(let names) = labels else { return }
    guard !names.isEmpty, names.count <= 1 << 20 else {
      throw refuse("labels", "\(names.count) classes", nil)
    }
    guard !names.contains("") else { throw refuse("labels", "a name is empty", nil) }
    guard Set(names).count == names.count else {
      throw refuse("labels", "two classes have the same name", "tell them apart by their names")
    }
  }

  private static func isWord(_ text: String, _ extra: String, isLower: Bool = false) -> Bool {
    func isLetterOrDigit(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): !isLower
      default: false
      }
    }
    guard let first = text.utf8.first, isLetterOrDigit(first) else { return false }
    return text.utf8.allSatisfy { isLetterOrDigit($0) || extra.utf8.contains($0) }
  }

  static func isLowerHexadecimal(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }
}
