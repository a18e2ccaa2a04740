/// A `ModelProto` as it stands in the file, its structure read and nothing judged yet.
struct OnnxFile {
  /// Limits that no honest file reaches; they bound memory and time for small files that claim much.
  static let limit = 1 << 20
  /// Nodes, which passes and plans compare with one another.
  static let nodeLimit = 1 << 16
  /// Operator sets and outputs, of which files have one or a few.
  static let smallLimit = 1 << 10

  var irVersion = 0
  var producer = ""
  var producerVersion = ""
  var metadata: [(key: String, value: String)] = []
  /// The version of the operator set of each domain.
  var opsets: [(domain: String, version: Int)] = []
  /// Domain and name of local functions.
  var functions: [String] = []
  var nodes: [OnnxNode] = []
  var initializers: [OnnxTensor] = []
  var sparseInitializers = 0
  var inputs: [OnnxValueInfo] = []
  var outputs: [OnnxValueInfo] = []

  init(_ bytes: ByteRange) throws(FormatError) {
    guard bytes.count > 0 else { throw bytes.error(.truncated, "the file is empty") }
    var graph: ByteRange?
    var reader = ProtobufReader(bytes)
    while let field = try reader.next() {
      switch field.number {
      case 1: irVersion = try field.int()
      case 2: producer = try field.string()
      case 3: producerVersion = try field.string()
      case 7:
        guard graph == nil else { throw field.range.error(.corrupt, "the file has two graphs") }
        graph = try field.message()
      case 8: opsets.append(try Self.opset(field.message()))
      case 14: metadata.append(try OnnxEntry.read(field.message()))
      case 25: functions.append(try Self.function(field.message()))
      default: break
      }
      guard max(metadata.count, functions.count) <= Self.limit, opsets.count <= Self.smallLimit else {
        throw bytes.error(.tooLarge, "the file has too many entries")
      }
    }
    guard irVersion > 0, let graph else {
      throw bytes.error(.corrupt, "this is no ONNX model", remedy: "give a file that holds an ONNX model")
    }
    try readGraph(graph)
  }

  private mutating func readGraph(_ bytes: ByteRange) throws(FormatError) {
    var reader = ProtobufReader(bytes)
    while let field = try reader.next() {
      switch field.number {
      case 1: nodes.append(try OnnxNode(field.message()))
      case 5: initializers.append(try OnnxTensor(field.message()))
      case 11: inputs.append(try OnnxValueInfo(field.message()))
      case 12: outputs.append(try OnnxValueInfo(field.message()))
      case 15: sparseInitializers += 1
      default: break
      }
      guard max(initializers.count, inputs.count) <= Self.limit else {
        throw bytes.error(.tooLarge, "the graph has more than \(Self.limit) inputs or weights")
      }
      guard nodes.count <= Self.nodeLimit else {
        throw bytes.error(.tooLarge, "the graph has more than \(Self.nodeLimit) nodes")
      }
      guard outputs.count <= Self.smallLimit else {
        throw bytes.error(.tooLarge, "the graph has more than \(Self.smallLimit) outputs")
      }
    }
  }

  private static func opset(_ bytes: ByteRange) throws(FormatError) -> (domain: String, version: Int) {
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

  private static func function(_ bytes: ByteRange) throws(FormatError) -> String {
    var (name, domain) = ("", "")
    var reader = ProtobufReader(bytes)
    while let field = try reader.next() {
      switch field.number {
      case 1: name = try field.string()
      case 10: domain = try field.string()
      default: break
      }
    }
    return domain.isEmpty ? name : "\(domain).\(name)"
  }

  /// The names of the operators in a subgraph and the subgraphs inside it.
  static func operators(inSubgraph bytes: ByteRange, depth: Int = 0) throws(FormatError) -> [OnnxNode] {
    guard depth < 16 else { throw bytes.error(.tooLarge, "subgraphs are nested too deeply") }
    var result: [OnnxNode] = []
    var reader = ProtobufReader(bytes)
    while let field = try reader.next() {
      guard field.number == 1 else { continue }
      let node = try OnnxNode(field.message())
      result.append(node)
      for case (_, .other(_, let subgraphs)) in node.attributes {
        for subgraph in subgraphs { result += try operators(inSubgraph: subgraph, depth: depth + 1) }
      }
    }
    return result
  }
}
