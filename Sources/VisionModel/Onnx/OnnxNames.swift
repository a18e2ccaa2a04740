import VisionGraph

/// The names of values in a file: unique, with inputs, parameters and outputs named exactly as in the graph.
struct OnnxNames {
  /// The names, by value.
  private(set) var names: [String]
  /// Outputs that need an additional node because their value already has another name.
  private(set) var copies: [(name: String, value: ValueID)] = []
  private var used: Set<String> = []
  /// The next suffix to try for names that are taken.
  private var counters: [String: Int] = [:]

  init(_ graph: Graph) throws(FormatError) {
    names = [String](repeating: "", count: graph.values.count)
    let fixed = graph.inputs + graph.parameters.map(\.id)
    for id in fixed {
      let name = graph[id].name
      guard !name.isEmpty, used.insert(name).inserted else {
        throw FormatError(.network, "two inputs or weights are called '\(name)'", node: name)
      }
      names[id.index] = name
    }
    for (name, value) in graph.outputs {
      if names[value.index] == name { continue }
      guard !name.isEmpty, used.insert(name).inserted else {
        throw FormatError(.network, "the output '\(name)' has the name of another value", node: name)
      }
      if names[value.index].isEmpty, graph.producer(of: value) != nil {
        names[value.index] = name
      } else {
        copies.append((name, value))
      }
    }
    for index in names.indices where names[index].isEmpty {
      names[index] = claim(graph.values[index].name)
    }
  }

  subscript(id: ValueID) -> String { names[id.index] }

  /// `name`, or `name_1`, `name_2`… when it is taken.
  mutating func claim(_ name: String) -> String {
    let name = name.isEmpty ? "value" : name
    if used.insert(name).inserted { return name }
    var counter = counters[name] ?? 1
    while !used.insert("\(name)_\(counter)").inserted { counter += 1 }
    counters[name] = counter + 1
    return "\(name)_\(counter)"
  }
}
