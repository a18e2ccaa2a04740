/// A `FunctionProto`: an operator that a file defines by nodes.
struct OnnxFunction {
  /// How nodes refer to it.
  struct Key: Hashable {
    var domain: String
    var name: String
    var overload: String

    /// The form for messages.
    var text: String {
      (domain.isEmpty ? name : "\(domain).\(name)") + (overload.isEmpty ? "" : ":\(overload)")
    }
  }

  private(set) var key = Key(domain: "", name: "", overload: "")
  private(set) var inputs: [String] = []
  private(set) var outputs: [String] = []
  /// The names of attributes that a call may set.
  private(set) var attributes: Set<String> = []
  /// The values of attributes that a call does not set.
  private(set) var defaults: [String: OnnxNode.Value] = [:]
  private(set) var nodes: [OnnxNode] = []
  private(set) var opsets: [(domain: String, version: Int)] = []
  /// The values that the nodes compute, in their order.
  private(set) var made: [String] = []
  private let place: ByteRange

  /// - Throws: `FormatError` when the function reads a value that neither its inputs nor its nodes provide.
  init(_ bytes: ByteRange) throws(FormatError) {
    place = bytes
    var reader = ProtobufReader(bytes)
    while let field = try reader.next() {
      switch field.number {
      case 1: key.name = try field.string()
      case 4: inputs.append(try field.string())
      case 5: outputs.append(try field.string())
      case 6: attributes.insert(try field.string())
      case 7: nodes.append(try OnnxNode(field.message()))
      case 9: opsets.append(try OnnxOpsets.entry(field.message()))
      case 10: key.domain = try field.string()
      case 11:
        let (name, value) = try OnnxNode.attribute(field.message())
        attributes.insert(name)
        guard defaults.updateValue(value, forKey: name) == nil else {
          throw error("attribute '\(name)' is given twice")
        }
      case 13: key.overload = try field.string()
      default: break
      }
      guard max(nodes.count, inputs.count, outputs.count) <= OnnxFile.nodeLimit else {
        throw bytes.error(.tooLarge, "a function has more than \(OnnxFile.nodeLimit) nodes or values")
      }
    }
    if key.domain == "ai.onnx" { key.domain = "" }
    try check()
  }

  private mutating func check() throws(FormatError) {
    guard !key.name.isEmpty else { throw place.error(.corrupt, "a function has no name") }
    var known: Set<String> = []
    for name in inputs where !known.insert(name).inserted { throw error("two inputs are called '\(name)'") }
    for name in nodes.lazy.flatMap(\.outputs) where !name.isEmpty {
      guard known.insert(name).inserted else { throw error("two values are called '\(name)'") }
      made.append(name)
    }
    for node in nodes {
      for name in node.reads where !name.isEmpty && !known.contains(name) {
        throw error("nothing computes the input '\(name)' of '\(node.name)'")
      }
    }
    for name in outputs where !known.contains(name) { throw error("nothing computes the output '\(name)'") }
  }

  /// An error in this function.
  func error(_ message: String) -> FormatError {
    place.error(.corrupt, "the function '\(key.text)': \(message)")
  }
}
