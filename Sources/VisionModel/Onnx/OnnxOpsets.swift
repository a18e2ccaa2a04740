/// The versions of operator sets that a file, or a function in it, imports.
///
/// A version that is given twice is one; files of skl2onnx have the same one several times. Where two differ it cannot be
/// known which the operators mean, and runtimes take the last without a word: that is refused where a node depends on it.
struct OnnxOpsets {
  private var versions: [String: Int] = [:]
  private var conflicts: [String: Int] = [:]

  /// - Parameter list: domains, those of ONNX itself empty, and versions, in the order of the file.
  init(_ list: [(domain: String, version: Int)]) {
    for (domain, version) in list {
      if let first = versions[domain], first != version {
        conflicts[domain] = version
      } else {
        versions[domain] = version
      }
    }
  }

  /// The version of a domain; nil where it is not imported.
  ///
  /// - Throws: `FormatError` that names both versions of a domain that is imported in two.
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

  /// These, and for other domains those of `outer`.
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
