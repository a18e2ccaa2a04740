import VisionSystem

/// A frozen TensorFlow graph (`GraphDef`), whose variables have become constants. Nothing in it is executed.
///
/// Source: tensorflow/core/framework/graph.proto.
struct FrozenGraph {
  /// The nodes in file order.
  private(set) var nodes: [FrozenNode] = []
  private(set) var indices: [String: Int] = [:]

  /// Limit for the nodes; SSD networks with their selection have 8,000.
  private static let nodeLimit = 1 << 18
  /// Limit for the elements of a tensor that the file gives by one number, since such a file is small whatever it
  /// claims.
  static let filledElementLimit = 1 << 24

  /// The graph in the file at `path`; nil if the file is of another kind or cannot be read.
  init?(at path: String) throws(FormatError) {
    guard let file = try? MappedFile(path), Self.isOne(file.bytes) else { return nil }
    do {
      try self.init(file.bytes)
    } catch { throw error.at(file: path) }
  }

  /// The graph in `bytes`; nil if they are of another kind.
  init?(bytes: [UInt8]) throws(FormatError) {
    let range = ByteRange(bytes)
    guard Self.isOne(range) else { return nil }
    try self.init(range)
  }

  /// Whether bytes begin as a graph does: with a node that has a name and then an operation.
  private static func isOne(_ bytes: ByteRange) -> Bool {
    var reader = ProtobufReader(bytes)
    guard let first = try? reader.next(), first.number == 1, let node = try? first.message() else {
      return false
    }
    var inner = ProtobufReader(node)
    guard let name = try? inner.next(), name.number == 1, (try? name.string())?.isEmpty == false,
      let operation = try? inner.next(), operation.number == 2, let text = try? operation.string()
    else { return false }
    return text.first?.isUppercase ?? false
  }

  init(_ bytes: ByteRange) throws(FormatError) {
    var reader = ProtobufReader(bytes)
    while let field = try reader.next() {
      guard field.number == 1 else { continue }
      let node = try FrozenNode(field.message())
      guard nodes.count < Self.nodeLimit else {
        throw field.range.error(.tooLarge, "the graph has more than \(Self.nodeLimit) nodes")
      }
      guard indices.updateValue(nodes.count, forKey: node.name) == nil else {
        throw field.range.error(.corrupt, "two nodes are called '\(node.name)'").at(node: node.name)
      }
      nodes.append(node)
    }
    guard !nodes.isEmpty else { throw bytes.error(.corrupt, "the graph has no nodes") }
  }

  /// The node of a name.
  subscript(name: String) -> FrozenNode? { indices[name].map { nodes[$0] } }

  /// The indices of the nodes that `outputs` depend on, each after those that it reads.
  ///
  /// - Parameter given: nodes that are not followed, since the caller gives their values.
  func order(of outputs: [String], given: Set<String>) throws(FormatError) -> [Int] {
    var result: [Int] = []
    // 0: not seen, 1: waiting for its inputs, 2: done.
    var states = [UInt8](repeating: 0, count: nodes.count)
    var stack: [(index: Int, next: Int)] = []
    for name in outputs {
      guard let index = indices[name] else {
        throw FormatError(.network, "the graph has no node '\(name)'", node: name)
      }
      if states[index] == 0 { stack.append((index, 0)) }
      while let (index, next) = stack.popLast() {
        let node = nodes[index]
        states[index] = 1
        guard next < node.inputs.count, !given.contains(node.name) else {
          states[index] = 2
          result.append(index)
          continue
        }
        stack.append((index, next + 1))
        let input = node.inputs[next]
        guard let source = indices[input.node] else {
          throw node.error(.corrupt, "reads '\(input.node)', which does not exist")
        }
        guard states[source] != 1 else {
          throw node.error(.unsupported, "belongs to a loop; loops are not supported")
        }
        if states[source] == 0 { stack.append((source, 0)) }
      }
    }
    return result
  }
}
