import VisionGraph

/// A `GraphProto` as read from the file: the network, or what an operator such as `Loop` runs.
struct OnnxGraph {
  var nodes: [OnnxNode] = []
  private(set) var initializers: [OnnxTensor] = []
  private(set) var sparseInitializers = 0
  private(set) var inputs: [OnnxValueInfo] = []
  private(set) var outputs: [OnnxValueInfo] = []
  let place: ByteRange

  /// - Parameter depth: the number of graphs that it lies in.
  init(_ bytes: ByteRange, depth: Int) throws(FormatError) {
    guard depth <= GraphLimits.subgraphDepth else {
      throw bytes.error(.tooLarge, "graphs are nested more than \(GraphLimits.subgraphDepth) deep")
    }
    place = bytes
    var reader = ProtobufReader(bytes)
    while let field = try reader.next() {
      switch field.number {
      case 1: nodes.append(try OnnxNode(field.message(), depth: depth))
      case 5: initializers.append(try OnnxTensor(field.message()))
      case 11: inputs.append(try OnnxValueInfo(field.message()))
      case 12: outputs.append(try OnnxValueInfo(field.message()))
      case 15: sparseInitializers += 1
      default: break
      }
      guard max(initializers.count, inputs.count) <= OnnxFile.limit else {
        throw bytes.error(.tooLarge, "the graph has more than \(OnnxFile.limit) inputs or weights")
      }
      guard nodes.count <= OnnxFile.nodeLimit else {
        throw bytes.error(.tooLarge, "the graph has more than \(OnnxFile.nodeLimit) nodes")
      }
      guard outputs.count <= OnnxFile.smallLimit else {
        throw bytes.error(.tooLarge, "the graph has more than \(OnnxFile.smallLimit) outputs")
      }
    }
  }

  /// Reads outputs that come from around the graph under other names.
  mutating func renameOutputs(_ names: [String: String]) {
    for index in outputs.indices { outputs[index].name = names[outputs[index].name] ?? outputs[index].name }
  }

  /// The names of the graph's own values.
  var ownNames: Set<String> {
    Set(inputs.map(\.name)).union(initializers.map(\.name)).union(nodes.flatMap(\.outputs))
  }

  /// The names that it reads from the graphs around it, sorted.
  var captured: [String] {
    let read = nodes.flatMap(\.reads) + outputs.map(\.name)
    return Set(read).subtracting(ownNames).subtracting([""]).sorted()
  }
}

extension OnnxNode {
  /// The graphs that the node runs, by attribute.
  var graphs: [(name: String, graph: OnnxGraph)] {
    attributes.compactMap { name, value in
      guard case .graph(let graph) = value else { return nil }
      return (name, graph)
    }
  }

  /// The names of its inputs, and of what its graphs read from around them.
  var reads: [String] {
    let graphs = graphs
    return graphs.isEmpty ? inputs : inputs + graphs.flatMap(\.graph.captured)
  }
}
