import VisionGraph
import VisionSystem
import VisionTensor

/// The parameters of a network in blocks, from input to output; a block is trained or frozen as a whole.
///
/// The parameters of one numbered layer, such as `layer4.1.…`, form a block, and so does each other layer
/// with weights. Norms without a path belong to the block before them.
struct NetworkBlocks: Sendable {
  /// The names of each block's parameters.
  let blocks: [[String]]
  private let places: [String: Int]

  /// The blocks of `graph`, without the last layer.
  ///
  /// - Parameter head: the path of the last layer.
  init(_ graph: Graph, head: String) {
    var blocks: [[String]] = []
    var label: String?
    for (name, fact) in Self.parameters(graph) where !name.hasPrefix("\(head).") {
      let own = Self.label(of: name)
      let isNorm = fact.shape.rank < 2
      if own == label || (isNorm && !blocks.isEmpty && !own.contains(".")) {
        blocks[blocks.count - 1].append(name)
      } else {
        blocks.append([name])
        label = own
      }
    }
    self.blocks = blocks
    var places: [String: Int] = [:]
    for (index, names) in blocks.enumerated() { for name in names { places[name] = index } }
    self.places = places
  }

  /// The parameters in the order in which nodes read them, since files from elsewhere have them in any order.
  private static func parameters(_ graph: Graph) -> [(name: String, fact: Fact)] {
    var places: [Int: Int] = [:]
    for (index, node) in graph.nodes.enumerated() {
      for case let input? in node.inputs where places[input.index] == nil { places[input.index] = index }
    }
    let parameters = graph.parameters
    func place(_ index: Int) -> Int { places[parameters[index].id.index] ?? .max }
    return parameters.indices.sorted { (place($0), $0) < (place($1), $1) }.map {
      (parameters[$0].name, parameters[$0].fact)
    }
  }

  /// The index of the block of a parameter; nil for parameters of the last layer.
  func index(of name: String) -> Int? { places[name] }

  /// The path up to the first number, or else the first component.
  private static func label(of name: String) -> String {
    let parts = name.split(separator: ".")
    let number = parts.firstIndex { Int($0) != nil }
    return parts.prefix(number.map { $0 + 1 } ?? 1).joined(separator: ".")
  }
}
