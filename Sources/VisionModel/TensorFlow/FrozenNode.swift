import VisionSystem

/// A `NodeDef` of TensorFlow: one operation of a graph (tensorflow/core/framework/node_def.proto).
struct FrozenNode {
  private(set) var name = ""
  private(set) var operation = ""
  /// The values that it reads, without the control inputs, which only order side effects.
  private(set) var inputs: [Input] = []
  private(set) var attributes: [String: FrozenAttribute] = [:]
  let place: ByteRange

  /// An output of another node.
  struct Input {
    let node: String
    let output: Int
  }

  init(_ bytes: ByteRange) throws(FormatError) {
    place = bytes
    var reader = ProtobufReader(bytes)
    while let field = try reader.next() {
      switch field.number {
      case 1: name = try field.string()
      case 2: operation = try field.string()
      case 3: try addInput(field.string())
      case 5: try addAttribute(field.message())
      default: break
      }
    }
    guard !name.isEmpty, !operation.isEmpty else {
      throw bytes.error(.corrupt, "a node has no name or no operation")
    }
  }

  private mutating func addInput(_ text: String) throws(FormatError) {
    if text.hasPrefix("^") { return }
    guard let colon = text.lastIndex(of: ":") else {
      inputs.append(Input(node: text, output: 0))
      return
    }
    guard let output = Int(text[text.index(after: colon)...]), (0..<1 << 16).contains(output) else {
      throw place.error(.corrupt, "the input '\(text)' names no output of a node").at(node: name)
    }
    inputs.append(Input(node: String(text[..<colon]), output: output))
  }

  private mutating func addAttribute(_ bytes: ByteRange) throws(FormatError) {
    var key: String?
    var value = FrozenAttribute.other
    var reader = ProtobufReader(bytes)
    while let field = try reader.next() {
      switch field.number {
      case 1: key = try field.string()
      case 2: value = try FrozenAttribute.read(field.message())
      default: break
      }
    }
    guard let key, attributes.updateValue(value, forKey: key) == nil else {
      throw bytes.error(.corrupt, "an attribute has no name or is given twice").at(node: name)
    }
  }

  func error(_ kind: FormatError.Kind, _ message: String) -> FormatError {
    place.error(kind, "\(operation): \(message)").at(node: name)
  }

  func text(_ attribute: String) -> String? {
    if case .text(let value)? = attributes[attribute] { value } else { nil }
  }

  func int(_ attribute: String) -> Int? {
    if case .int(let value)? = attributes[attribute] { value } else { nil }
  }

  func float(_ attribute: String) -> Float? {
    if case .float(let value)? = attributes[attribute] { value } else { nil }
  }

  func flag(_ attribute: String) -> Bool {
    if case .bool(let value)? = attributes[attribute] { value } else { false }
  }

  func ints(_ attribute: String) -> [Int]? {
    if case .ints(let value)? = attributes[attribute] { value } else { nil }
  }

  func type(_ attribute: String) -> Int? {
    if case .type(let value)? = attributes[attribute] { value } else { nil }
  }
}
