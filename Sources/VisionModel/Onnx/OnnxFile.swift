/// A `ModelProto` as read from the file, before its meaning is checked.
struct OnnxFile {
  /// Limits far above those of real models; they bound memory and time for small files that declare large
  /// counts.
  static let limit = 1 << 20
  /// Limit for nodes, which passes and plans compare with one another.
  static let nodeLimit = 1 << 16
  /// Limit for operator sets and outputs, of which files have one or a few.
  static let smallLimit = 1 << 10

  var irVersion = 0
  var producer = ""
  var producerVersion = ""
  var metadata: [(key: String, value: String)] = []
  /// The version of the operator set of each domain.
  var opsets: [(domain: String, version: Int)] = []
  /// The functions that the file defines.
  var functions: [OnnxFunction] = []
  var nodes: [OnnxNode] = []
  var initializers: [OnnxTensor] = []
  var sparseInitializers = 0
  var inputs: [OnnxValueInfo] = []
  var outputs: [OnnxValueInfo] = []

  init(_ bytes: ByteRange) throws(FormatError) {
    guard bytes.count > 0 else {
      throw bytes.error(.truncated, "the file is empty", remedy: "fetch the file again")
    }
    var graph: ByteRange?
    var functionNodes = 0
    var reader = ProtobufReader(bytes)
    while let field = try reader.next() {
      switch field.number {
      case 1: irVersion = try field.int()
      case 2: producer = try field.string()
      case 3: producerVersion = try field.string()
      case 7:
        guard graph == nil else { throw field.range.error(.corrupt, "the file has two graphs") }
        graph = try field.message()
      case 8: opsets.append(try OnnxOpsets.entry(field.message()))
      case 14: metadata.append(try OnnxEntry.read(field.message()))
      case 25:
        functions.append(try OnnxFunction(field.message()))
        functionNodes += functions[functions.count - 1].nodes.count
      default: break
      }
      guard max(metadata.count, functions.count) <= Self.limit, opsets.count <= Self.smallLimit else {
        throw bytes.error(.tooLarge, "the file has too many entries")
      }
      guard functionNodes <= Self.nodeLimit else {
        throw bytes.error(.tooLarge, "the functions have more than \(Self.nodeLimit) nodes")
      }
    }
    guard irVersion > 0, let graph else {
      throw bytes.error(
        .truncated, "the file ends before the network does", at: bytes.count, remedy: "fetch the file again")
    }
    try readGraph(graph)
  }

  private mutating func readGraph(_ bytes: ByteRange) throws(FormatError) {
    let graph = try OnnxGraph(bytes, depth: 0)
    nodes = graph.nodes
    initializers = graph.initializers
    sparseInitializers = graph.sparseInitializers
    inputs = graph.inputs
    outputs = graph.outputs
  }
}
