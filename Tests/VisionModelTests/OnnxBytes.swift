@testable import VisionModel

/// Writes ONNX files that no honest program would write.
struct OnnxBytes {
  var irVersion = 8
  var opset = 17
  var nodes: [(ProtobufWriter) -> ProtobufWriter] = []
  var initializers: [(inout ProtobufWriter) -> Void] = []
  var inputs: [(name: String, extents: [OnnxValueInfo.Extent])] = [("x", [.named("N"), .fixed(2)])]
  var outputs = ["y"]
  /// The operator sets besides that of `opset`, in order.
  var otherOpsets: [(domain: String, version: Int)] = []
  var functions: [(inout ProtobufWriter) -> Void] = []

  mutating func node(
    _ operatorName: String, _ inputs: [String], _ outputs: [String], name: String = "", domain: String = "",
    attributes: [(inout ProtobufWriter) -> Void] = []
  ) {
    let write = Self.node(operatorName, inputs, outputs, name: name, domain: domain, attributes: attributes)
    nodes.append { writer in
      var writer = writer
      writer.message(1, write)
      return writer
    }
  }

  /// A `NodeProto`.
  static func node(
    _ operatorName: String, _ inputs: [String], _ outputs: [String], name: String = "", domain: String = "",
    overload: String = "", attributes: [(inout ProtobufWriter) -> Void] = []
  ) -> (inout ProtobufWriter) -> Void {
    { node in
      for input in inputs { node.string(1, input) }
      for output in outputs { node.string(2, output) }
      node.string(3, name)
      node.string(4, operatorName)
      for attribute in attributes { node.message(5, attribute) }
      node.string(7, domain)
      if !overload.isEmpty { node.string(8, overload) }
    }
  }

  /// A `FunctionProto` of the domain `own`.
  mutating func function(
    _ name: String, _ inputs: [String], _ outputs: [String], attributes: [String] = [],
    defaults: [(inout ProtobufWriter) -> Void] = [], overload: String = "", opset: Int? = 17,
    nodes: [(inout ProtobufWriter) -> Void]
  ) {
    functions.append { function in
      function.string(1, name)
      for input in inputs { function.string(4, input) }
      for output in outputs { function.string(5, output) }
      for attribute in attributes { function.string(6, attribute) }
      for node in nodes { function.message(7, node) }
      if let opset { function.message(9) { $0.int(2, opset) } }
      function.string(10, "own")
      for value in defaults { function.message(11, value) }
      if !overload.isEmpty { function.string(13, overload) }
    }
  }

  mutating func tensor(
    _ name: String, type: Int = 1, dimensions: [Int], raw: [UInt8]? = nil, external: [(String, String)] = []
  ) {
    initializers.append { tensor in
      for extent in dimensions { tensor.int(1, extent) }
      tensor.int(2, type)
      tensor.string(8, name)
      if let raw { tensor.string(9, String(decoding: raw, as: UTF8.self)) }
      for (key, value) in external {
        tensor.message(13) {
          $0.string(1, key)
          $0.string(2, value)
        }
      }
      if !external.isEmpty { tensor.int(14, 1) }
    }
  }

  var bytes: [UInt8] {
    var file = ProtobufWriter()
    file.int(1, irVersion)
    file.message(7) { graph in
      for node in nodes { graph = node(graph) }
      for initializer in initializers { graph.message(5, initializer) }
      for input in inputs { graph.message(11) { Self.declare(input.name, input.extents, &$0) } }
      for output in outputs { graph.message(12) { Self.declare(output, [], &$0) } }
    }
    if opset > 0 { file.message(8) { $0.int(2, opset) } }
    for (domain, version) in otherOpsets {
      file.message(8) {
        $0.string(1, domain)
        $0.int(2, version)
      }
    }
    for function in functions { file.message(25, function) }
    return file.chunks.array
  }

  private static func declare(_ name: String, _ extents: [OnnxValueInfo.Extent], _ info: inout ProtobufWriter)
  {
    info.string(1, name)
    info.message(2) { type in
      type.message(1) { tensor in
        tensor.int(1, 1)
        tensor.message(2) { shape in
          for extent in extents {
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
