@testable import VisionModel

/// Writes ONNX files that no honest program would write.
struct OnnxBytes {
  var irVersion = 8
  var opset = 17
  var nodes: [(ProtobufWriter) -> ProtobufWriter] = []
  var initializers: [(inout ProtobufWriter) -> Void] = []
  var inputs: [(name: String, extents: [OnnxValueInfo.Extent])] = [("x", [.named("N"), .fixed(2)])]
  var outputs = ["y"]
  var functions: [String] = []

  mutating func node(
    _ operatorName: String, _ inputs: [String], _ outputs: [String], name: String = "", domain: String = "",
    attributes: [(inout ProtobufWriter) -> Void] = []
  ) {
    nodes.append { writer in
      var writer = writer
      writer.message(1) { node in
        for input in inputs { node.string(1, input) }
        for output in outputs { node.string(2, output) }
        node.string(3, name)
        node.string(4, operatorName)
        for attribute in attributes { node.message(5, attribute) }
        node.string(7, domain)
      }
      return writer
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
    file.message(8) { $0.int(2, opset) }
    for function in functions { file.message(25) { $0.string(1, function) } }
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
