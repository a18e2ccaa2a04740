import VisionTensor
import VisionGraph

/// The operators that compute an output, behind those that only move its elements.
struct OutputTrace {
  /// The operators nearest to the output that compute something.
  private(set) var leaves: [any Operator] = []
  /// For each concatenation on the way, the extents that were joined to the one given.
  private(set) var joined: [[Int]] = []

  private static let nodeLimit = 4096

  /// - Parameter extent: the extent of the axis whose parts are of interest.
  init(_ graph: Graph, _ output: ValueID, joining extent: Int? = nil) {
    var (waiting, seen): ([ValueID], Set<ValueID>) = ([output], [output])
    while let id = waiting.popLast(), seen.count < Self.nodeLimit {
      guard let node = graph.producer(of: id) else { continue }
      if let concat = node.operation as? Concat {
        let shape = graph.fact(id).shape
        let axis = concat.axis < 0 ? concat.axis + shape.rank : concat.axis
        if shape[axis] == extent {
          joined.append(node.inputs.map { $0.map { graph.fact($0).shape[axis] } ?? 0 })
        }
      }
      guard Self.isMoving(node.operation) else {
        leaves.append(node.operation)
        continue
      }
      // What further inputs of such operators say is where, not what.
      let sources = node.operation is Concat ? node.inputs : Array(node.inputs.prefix(1))
      for case let source? in sources where seen.insert(source).inserted { waiting.append(source) }
    }
  }

  private static func isMoving(_ op: any Operator) -> Bool {
    op is Concat || op is Transpose || op is Reshape || op is Flatten || op is Squeeze || op is Unsqueeze
      || op is Slice || op is Split || op is Identity || op is Cast
  }

  /// Whether the numbers come out of products or powers, as decoded boxes do.
  var isDecoded: Bool { leaves.contains { $0 is Mul || $0 is Exp || $0 is Pow || $0 is Div } }
  /// Whether some of the numbers are probabilities.
  var hasSigmoid: Bool { leaves.contains { $0 is Sigmoid || $0 is HardSigmoid } }
}
