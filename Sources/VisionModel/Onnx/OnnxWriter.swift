public import VisionGraph
import VisionSystem
import VisionTensor

/// Writes graphs as ONNX models: opset 17 and IR version 8, or the lowest newer versions that the operators
/// need.
///
/// The bytes depend only on the arguments, not on time, host or hashing.
/// Float constants that the reader would treat as parameters are written as `Constant` nodes.
public enum OnnxWriter {
  /// The bytes of the model file.
  /// - Parameter metadata: keys and values of `metadata_props`, in this order.
  /// - Throws: `FormatError` when weights are missing, an operator is internal to VisionNet and has no ONNX
  ///   form, or the file would exceed the format's limit of 2 GiB.
  public static func bytes(
    _ graph: Graph, parameters: Parameters, metadata: [(key: String, value: String)] = []
  ) throws(FormatError) -> [UInt8] {
    try chunks(graph, parameters, metadata).array
  }

  /// Writes the model file; an existing file is replaced as a whole or left unchanged.
  public static func write(
    _ graph: Graph, parameters: Parameters, metadata: [(key: String, value: String)] = [], to path: String
  ) throws(FormatError) {
    let chunks: ByteChunks
    do {
      chunks = try Self.chunks(graph, parameters, metadata)
    } catch { throw error.at(file: path) }
    try AtomicFile.write(chunks, to: path)
  }

  /// Writes a detector that selects boxes by itself; an existing file is replaced as a whole or left unchanged.
  ///
  /// - Parameters:
  ///   - boxes: the name of the output 1×A×4.
  ///   - scores: the name of the output 1×A×K.
  static func write(
    _ graph: Graph, parameters: Parameters, metadata: [(key: String, value: String)],
    selecting selection: OnnxSelection, boxes: String, scores: String, to path: String
  ) throws(FormatError) {
    let chunks: ByteChunks
    do {
      chunks = try Self.chunks(graph, parameters, metadata) { (content) throws(FormatError) in
        try selection.append(to: &content, boxes: boxes, scores: scores)
      }
    } catch { throw error.at(file: path) }
    try AtomicFile.write(chunks, to: path)
  }

  private static func chunks(
    _ graph: Graph, _ parameters: Parameters, _ metadata: [(key: String, value: String)],
    adding: (inout OnnxContent) throws(FormatError) -> Void = { (_) in }
  ) throws(FormatError) -> ByteChunks {
    do {
      try graph.check(parameters)
    } catch { throw FormatError(.network, error.message, node: error.place, remedy: error.remedy) }
    let forms = try OnnxForms(graph)
    let names = try OnnxNames(graph)
    var content = OnnxContent(graph, names: names, forms: forms)
    try adding(&content)
    var file = ProtobufWriter()
    file.int(1, forms.irVersion)
    file.string(2, "visionnet")
    file.message(7) { message in
      for node in content.nodes { message.message(1) { write(node, to: &$0) } }
      message.string(2, "network")
      for (_, name, _, _) in graph.parameters {
        if let tensor = parameters[name] { message.message(5) { write(tensor, name, to: &$0) } }
      }
      for (name, tensor) in content.initializers { message.message(5) { write(tensor, name, to: &$0) } }
      for info in content.inputs { message.message(11) { write(info, to: &$0) } }
      for info in content.outputs { message.message(12) { write(info, to: &$0) } }
    }
    for (domain, version) in forms.opsets {
      file.message(8) {
        $0.string(1, domain)
        $0.int(2, version)
      }
    }
    for (key, value) in metadata {
      file.message(14) {
        $0.string(1, key)
        $0.string(2, value)
      }
    }
    guard file.chunks.count <= Int(Int32.max) else {
      throw FormatError(
        .tooLarge, "the model takes \(file.chunks.count) bytes; an ONNX file can have 2 GiB",
        remedy: "write the weights as safetensors")
    }
    return file.chunks
  }

  private static func write(_ node: OnnxContent.Node, to message: inout ProtobufWriter) {
    for input in node.inputs { message.string(1, input) }
    for output in node.outputs { message.string(2, output) }
    message.string(3, node.name)
    message.string(4, node.operatorName)
    for (name, value) in node.attributes.entries {
      message.message(5) { write(value, name, to: &$0) }
    }
    if !node.domain.isEmpty { message.string(7, node.domain) }
  }

  private static func write(_ value: AttributeValue, _ name: String, to message: inout ProtobufWriter) {
    message.string(1, name)
    let type: Int
    switch value {
    case .float(let value):
      message.float(2, value)
      type = 1
    case .int(let value):
      message.int(3, value)
      type = 2
    case .string(let value):
      message.string(4, value)
      type = 3
    case .tensor(let tensor):
      message.message(5) { write(tensor, "", to: &$0) }
      type = 4
    case .floats(let values):
      for value in values { message.float(7, value) }
      type = 6
    case .ints(let values):
      for value in values { message.int(8, value) }
      type = 7
    case .strings(let values):
      for value in values { message.string(9, value) }
      type = 8
    }
    message.int(20, type)
  }

  private static func write(_ tensor: Tensor, _ name: String, to message: inout ProtobufWriter) {
    for extent in tensor.shape { message.int(1, extent) }
    message.int(2, OnnxTypes.code(tensor.elementType))
    if !name.isEmpty { message.string(8, name) }
    message.bytes(9, of: tensor.elementType.isFourBits ? packed(tensor) : tensor)
  }

  /// Elements of 4 bits, two a byte, the first in its low bits.
  private static func packed(_ tensor: Tensor) -> Tensor {
    let codes = tensor.codes.values(as: UInt8.self) ?? []
    return Tensor(
      stride(from: 0, to: codes.count, by: 2).map {
        $0 + 1 < codes.count ? codes[$0] | codes[$0 + 1] << 4 : codes[$0]
      })
  }

  private static func write(_ info: OnnxContent.Info, to message: inout ProtobufWriter) {
    message.string(1, info.name)
    message.message(2) { type in
      type.message(1) { tensor in
        tensor.int(1, OnnxTypes.code(info.type))
        tensor.message(2) { shape in
          for extent in info.extents {
            shape.message(1) { dimension in
              switch extent {
              case .fixed(let extent): dimension.int(1, extent)
              case .named(let name): dimension.string(2, name)
              case .unknown: break
              }
            }
          }
        }
      }
    }
  }
}
