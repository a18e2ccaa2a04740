/// A valid order of computation: the order of the file if possible, otherwise each node after those it reads.
struct OnnxOrder {
  /// The positions of the nodes in the file.
  private(set) var indices: [Int] = []

  /// - Parameter given: the names of inputs and initializers.
  /// - Throws: `FormatError` for values that nothing computes, names used twice, and cycles.
  init(_ nodes: [OnnxNode], given: Set<String>) throws(FormatError) {
    var producer: [String: Int] = [:]
    for (index, node) in nodes.enumerated() {
      for output in node.outputs where !output.isEmpty {
        guard !given.contains(output), producer.updateValue(index, forKey: output) == nil else {
          throw node.place.error(.corrupt, "two values are called '\(output)'").at(node: node.name)
        }
      }
    }
    enum Mark { case new, open, done }
    var marks = [Mark](repeating: .new, count: nodes.count)
    // Depth first with an explicit stack, so that a file cannot overflow the call stack.
    var stack: [(node: Int, input: Int)] = []
    let reads = nodes.map(\.reads)
    for root in nodes.indices where marks[root] == .new {
      marks[root] = .open
      stack.append((root, 0))
      while let (index, input) = stack.last {
        let node = nodes[index]
        guard input < reads[index].count else {
          marks[index] = .done
          indices.append(index)
          stack.removeLast()
          continue
        }
        stack[stack.count - 1].input += 1
        let name = reads[index][input]
        if name.isEmpty || given.contains(name) { continue }
        guard let next = producer[name] else {
          throw node.place.error(.corrupt, "nothing computes the input '\(name)'").at(node: node.name)
        }
        switch marks[next] {
        case .done: break
        case .open:
          throw node.place.error(.corrupt, "the nodes form a cycle through '\(name)'").at(node: node.name)
        case .new:
          marks[next] = .open
          stack.append((next, 0))
        }
      }
    }
  }
}
