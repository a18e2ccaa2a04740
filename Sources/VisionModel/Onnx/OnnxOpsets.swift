/// The versions of the operator sets that a file, or a function in it, imports.
///
/// A repeated equal version is accepted; skl2onnx writes such files. If two versions of a domain differ, it
/// is unclear which one the operators use, and runtimes silently take the last. An error is therefore thrown
/// if a node depends on that domain.
struct OnnxOpsets {
  private var versions: [String: Int] = [:]
  private var conflicts: [String: Int] = [:]

  /// - Parameter list: domains (empty for ONNX itself) and versions, in file order.
  init(_ list: [(domain: String, version: Int)]) {
    for (domain, version) in list {
      if let first = versions[domain], first != version {
        conflicts[domain] = version
      } else {
        versions[domain] = version
      }
    }
  }

  /// The version of a domain; nil if it is not imported.
  ///
  /// - Throws: `FormatError` with both versions if the domain is imported in two different versions.
  func version(of domain: String) throws(FormatError) -> Int? {
    if let other = conflicts[domain] {
      let name = domain.isEmpty ? "ai.onnx" : domain
      throw FormatError(
        .corrupt,
        "the file imports versions \(versions[domain] ?? 0) and \(other) of the operator set '\(name)'",
        remedy: "export the model again, with one version of each operator set")
    }
    return versions[domain]
  }

  /// These versions, and those of `outer` for all other domains.
  func over(_ outer: OnnxOpsets) -> OnnxOpsets {
    var result = self
    for (domain, version) in outer.versions where result.versions[domain] == nil {
      result.versions[domain] = version
      result.conflicts[domain] = outer.conflicts[domain]
    }
    return result
  }

  /// An `OperatorSetIdProto`; `ai.onnx` is the empty domain.
  static func entry(_ bytes: ByteRange) throws(FormatError) -> (domain: String, version: Int) {
    var result = (domain: "", version: 0)
    var reader = ProtobufReader(bytes)
    while let field = try reader.next() {
      switch field.number {
      case 1: result.domain = try field.string()
      case 2: result.version = try field.int()
      default: break
      }
    }
    if result.domain == "ai.onnx" { result.domain = "" }
    return result
  }
}
