import VisionGraph
import VisionInference
import VisionTensor

@testable import VisionModel

/// An ONNX file with graphs inside of nodes, as text of Swift.
struct NetworkFile {
  enum Attribute {
    case int(String, Int)
    case ints(String, [Int])
    case graph(String, NetworkFile)
    case tensor(String, Tensor)
  }

  struct Port {
    var name: String
    var type = ElementType.float32
    /// Nil for a shape that the file does not say.
    var extents: [Int?]?

    init(_ name: String, _ type: ElementType = .float32, _ extents: [Int?]? = nil) {
      (self.name, self.type, self.extents) = (name, type, extents)
    }
  }

  struct Node {
    var operatorName: String
    var inputs: [String]
    var outputs: [String]
    var attributes: [Attribute]
    var domain: String
  }

  /// A function of the domain `own`.
  struct Function {
    var name: String
    var inputs: [String]
    var outputs: [String]
    var nodes: [Node]
  }

  var opset = 17
  var inputs: [Port]
  var outputs: [Port]
  var nodes: [Node] = []
  var initializers: [(name: String, tensor: Tensor)] = []
  var functions: [Function] = []

  init(_ inputs: [Port], _ outputs: [Port]) { (self.inputs, self.outputs) = (inputs, outputs) }

  /// A graph without inputs.
  init(giving outputs: [Port]) { (inputs, self.outputs) = ([], outputs) }

  mutating func node(
    _ operatorName: String, _ inputs: [String], _ outputs: [String], _ attributes: [Attribute] = [],
    domain: String = ""
  ) {
    nodes.append(
      Node(
        operatorName: operatorName, inputs: inputs, outputs: outputs, attributes: attributes, domain: domain))
  }

  mutating func constant(_ name: String, _ tensor: Tensor) { initializers.append((name, tensor)) }

  var bytes: [UInt8] {
    var file = ProtobufWriter()
    file.int(1, 8)
    file.message(7) { write(to: &$0) }
    file.message(8) { $0.int(2, opset) }
    file.message(8) {
      $0.string(1, "own")
      $0.int(2, 1)
    }
    for function in functions {
      file.message(25) { writer in
        writer.string(1, function.name)
        for name in function.inputs { writer.string(4, name) }
        for name in function.outputs { writer.string(5, name) }
        for node in function.nodes { writer.message(7) { node.write(to: &$0) } }
        writer.message(9) { $0.int(2, opset) }
        writer.string(10, "own")
      }
    }
    return file.chunks.array
  }

  func program() throws -> Program { try OnnxReader.readProgram(bytes: bytes) }

  private func write(to graph: inout ProtobufWriter) {
    for node in nodes { graph.message(1) { node.write(to: &$0) } }
    for (name, tensor) in initializers { graph.message(5) { Self.write(tensor, name, to: &$0) } }
    for port in inputs { graph.message(11) { port.write(to: &$0) } }
    for port in outputs { graph.message(12) { port.write(to: &$0) } }
  }

  private static func write(_ tensor: Tensor, _ name: String, to writer: inout ProtobufWriter) {
    for extent in tensor.shape { writer.int(1, extent) }
    writer.int(2, OnnxTypes.code(tensor.elementType))
    writer.string(8, name)
    writer.bytes(9, of: tensor)
  }
}

extension NetworkFile.Port {
  fileprivate func write(to info: inout ProtobufWriter) {
    info.string(1, name)
    info.message(2) { type in
      type.message(1) { tensor in
        tensor.int(1, OnnxTypes.code(self.type))
        guard let extents else { return }
        tensor.message(2) { shape in
          for extent in extents { shape.message(1) { if let extent { $0.int(1, extent) } } }
        }
      }
    }
  }
}

extension NetworkFile.Node {
  fileprivate func write(to node: inout ProtobufWriter) {
    for input in inputs { node.string(1, input) }
    for output in outputs { node.string(2, output) }
    node.string(4, operatorName)
    for attribute in attributes { node.message(5) { attribute.write(to: &$0) } }
    node.string(7, domain)
  }
}

extension NetworkFile.Attribute {
  fileprivate func write(to writer: inout ProtobufWriter) {
    switch self {
    case .int(let name, let value):
      writer.string(1, name)
      writer.int(3, value)
      writer.int(20, 2)
    case .ints(let name, let values):
      writer.string(1, name)
      for value in values { writer.int(8, value) }
      writer.int(20, 7)
    case .graph(let name, let graph):
      writer.string(1, name)
      writer.message(6) { graph.write(to: &$0) }
      writer.int(20, 5)
    case .tensor(let name, let tensor):
      writer.string(1, name)
      writer.message(5) { NetworkFile.write(tensor, "", to: &$0) }
      writer.int(20, 4)
    }
  }
}

extension ProgramValue {
  var tensor: Tensor? {
    guard case .tensor(let tensor) = self else { return nil }
    return tensor
  }

  var sequence: [Tensor]? {
    guard case .sequence(let tensors) = self else { return nil }
    return tensors
  }
}

extension ProgramSession {
  /// The tensors that a run gives.
  func run(_ inputs: [String: Tensor]) throws -> [String: Tensor] {
    try run(inputs.mapValues { ProgramValue.tensor($0) }).compactMapValues(\.tensor)
  }
}
