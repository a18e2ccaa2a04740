import VisionGraph

/// A `NodeProto` as read from the file.
struct OnnxNode {
  /// The value of an attribute, which may be read later or never.
  enum Value {
    case plain(AttributeValue)
    case tensor(OnnxTensor)
    /// The value that the call of the enclosing function gives to the attribute of this name.
    case reference(String)
    /// A graph that the operator runs.
    case graph(OnnxGraph)
    /// An unsupported kind, by name.
    case other(String)
  }

  var name = ""
  var operatorName = ""
  var domain = ""
  /// Distinguishes functions of the same domain and name.
  var overload = ""
  /// The version of the domain's operator set, once known.
  var opset: Int?
  var inputs: [String] = []
  /// The outputs without trailing unnamed ones.
  var outputs: [String] = []
  /// The number of outputs in the file, including unnamed ones.
  private(set) var declaredOutputCount = 0
  var attributes: [(name: String, value: Value)] = []
  let place: ByteRange

  /// - Parameter depth: the number of graphs that the node lies in, without the outermost.
  init(_ bytes: ByteRange, depth: Int = 0) throws(FormatError) {
    place = bytes
    var reader = ProtobufReader(bytes)
    while let field = try reader.next() {
      switch field.number {
      case 1: inputs.append(try field.string())
      case 2: outputs.append(try field.string())
      case 3: name = try field.string()
      case 4: operatorName = try field.string()
      case 5: attributes.append(try Self.attribute(field.message(), depth: depth))
      case 7: domain = try field.string()
      case 8: overload = try field.string()
      default: break
      }
    }
    if domain == "ai.onnx" { domain = "" }
    // ONNX Runtime writes these operators in its own domain, with the same meaning, for types that ONNX's opset of
    // the file lacks, or for channels last.
    if domain == "com.microsoft", Self.sharedOperators.contains(operatorName) {
      domain = ""
    }
    declaredOutputCount = outputs.count
    while outputs.last == "" { outputs.removeLast() }
    if name.isEmpty { name = outputs.first { !$0.isEmpty } ?? operatorName }
    guard !operatorName.isEmpty else {
      throw bytes.error(.corrupt, "a node names no operator").at(node: name)
    }
  }

  /// The operators of ONNX that ONNX Runtime also has in its own domain.
  private static let sharedOperators: Set = [QuantizeLinear.name, DequantizeLinear.name, QLinearConv.name]

  /// A node that gives a value another name.
  init(copy input: String, to output: String, name: String, place: ByteRange) {
    self.place = place
    self.name = name
    operatorName = "Identity"
    inputs = [input]
    outputs = [output]
    declaredOutputCount = 1
  }

  /// Domain and operator, for messages.
  var qualifiedName: String { domain.isEmpty ? operatorName : "\(domain).\(operatorName)" }

  static func attribute(_ bytes: ByteRange, depth: Int = 0) throws(FormatError) -> (
    name: String, value: Value
  ) {
    var name = ""
    var type = 0
    var reference = ""
    var single: [Int: Value] = [:]
    var (ints, floats, strings): ([Int], [Float], [String]) = ([], [], [])
    var reader = ProtobufReader(bytes)
    while let field = try reader.next() {
      switch field.number {
      case 1: name = try field.string()
      case 2: single[1] = .plain(.float(try field.float()))
      case 3: single[2] = .plain(.int(try field.int()))
      case 4: single[3] = .plain(.string(try field.string()))
      case 5: single[4] = .tensor(try OnnxTensor(field.message()))
      case 6: single[5] = .graph(try OnnxGraph(field.message(), depth: depth + 1))
      case 7: try field.append(to: &floats)
      case 8: try field.append(to: &ints)
      case 9: strings.append(try field.string())
      case 10: single[9] = .other("list of tensors")
      case 14, 15: single[13] = .other("type")
      case 20: type = try field.int()
      case 21: reference = try field.string()
      case 22, 23: single[11] = .other("sparse tensor")
      default: break
      }
    }
    guard !name.isEmpty else { throw bytes.error(.corrupt, "an attribute has no name") }
    if !reference.isEmpty { return (name, .reference(reference)) }
    if let graph = single[5] { return (name, graph) }
    // Files of the first format versions do not state the type, so it follows from the fields that are
    // present.
    if type == 0 {
      type = single.keys.min() ?? (!ints.isEmpty ? 7 : !strings.isEmpty ? 8 : 6)
    }
    switch type {
    case 1: return (name, single[1] ?? .plain(.float(0)))
    case 2: return (name, single[2] ?? .plain(.int(0)))
    case 3: return (name, single[3] ?? .plain(.string("")))
    case 4:
      guard let tensor = single[4] else { throw bytes.error(.corrupt, "attribute '\(name)' has no tensor") }
      return (name, tensor)
    case 6: return (name, .plain(.floats(floats)))
    case 7: return (name, .plain(.ints(ints)))
    case 8: return (name, .plain(.strings(strings)))
    case 5, 10: return (name, .other("graphs"))
    case 9: return (name, .other("list of tensors"))
    case 11, 12: return (name, .other("sparse tensor"))
    case 13, 14: return (name, .other("type"))
    default: throw bytes.error(.corrupt, "attribute '\(name)' has the unknown type \(type)")
    }
  }
}
