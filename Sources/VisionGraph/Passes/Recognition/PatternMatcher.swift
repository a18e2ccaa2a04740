import VisionTensor

/// Finds forms in a graph.
struct PatternMatcher {
  private let graph: Graph
  private let useCounts: [Int]
  private let isFixed: [Bool]
  /// Nodes that belong to a match already.
  private var taken: Set<Int> = []

  /// A product or a sum, taken apart: values, and all constants together.
  private struct Terms {
    var values: [ValueID] = []
    var number: Double
    var nodes: Set<Int> = []
  }

  init(_ graph: Graph) {
    self.graph = graph
    useCounts = graph.useCounts
    var isFixed = graph.values.map { record in
      switch record.source {
      case .parameter, .constant: true
      case .input, .node: record.fact.value != nil
      }
    }
    for node in graph.nodes where node.inputs.allSatisfy({ $0.map { isFixed[$0.index] } ?? true }) {
      for output in node.outputs { isFixed[output.index] = true }
    }
    self.isFixed = isFixed
  }

  /// The pattern that ends at a node, whose nodes then belong to no other.
  ///
  /// Nodes are asked for from the last to the first, so that larger patterns come before those that are parts of them.
  mutating func match(_ patterns: [GraphPattern], at index: Int) -> (
    pattern: GraphPattern, replacement: GraphPattern.Replacement
  )? {
    let node = graph.nodes[index]
    guard node.outputs.count == 1, graph.fact(node.outputs[0]).type == .float32,
      !isFixed[node.outputs[0].index],
      !taken.contains(index)
    else { return nil }
    for pattern in patterns {
      for form in pattern.forms where Self.mayEnd(form, with: node.operation) {
        let start = PatternMatch(graph: graph, isFixed: isFixed, result: node.outputs[0])
        guard let match = self.match(form, node.outputs[0], start, isRoot: true), isClosed(match, at: index),
          taken.isDisjoint(with: match.interior), let replacement = pattern.replacement(match)
        else { continue }
        taken.formUnion(match.interior)
        return (pattern, replacement)
      }
    }
    return nil
  }

  /// Whether a form may end with an operator: most nodes end none, which is found out at once.
  private static func mayEnd(_ form: Form, with operation: any Operator) -> Bool {
    switch form {
    case .node(_, let types, _): types.contains { $0 == type(of: operation) }
    case .named(_, let form): mayEnd(form, with: operation)
    case .either(let forms): forms.contains { mayEnd($0, with: operation) }
    case .product: operation is Mul || operation is Div
    case .sum: operation is Add || operation is Sub
    case .value, .scalar, .number: true
    }
  }

  /// Whether nobody else reads what lies inside of a match.
  private func isClosed(_ match: PatternMatch, at root: Int) -> Bool {
    var reads: [ValueID: Int] = [:]
    for index in match.interior {
      for case let input? in graph.nodes[index].inputs { reads[input, default: 0] += 1 }
    }
    return match.interior.allSatisfy { index in
      index == root
        || graph.nodes[index].outputs.allSatisfy { reads[$0, default: 0] == useCounts[$0.index] }
    }
  }

  private func match(_ form: Form, _ id: ValueID, _ match: PatternMatch, isRoot: Bool = false)
    -> PatternMatch?
  {
    var match = match
    switch form {
    case .value(let name):
      if let known = match.values[name] { return known == id ? match : nil }
      match.values[name] = id
      return match
    case .scalar(let name):
      guard let number = scalar(id) else { return nil }
      match.numbers[name] = number
      return match
    case .number(let number):
      guard let value = graph.fact(id).value, value.elementCount > 0,
        value.doubles.allSatisfy({ Self.isClose($0, number) })
      else { return nil }
      return match
    case .named(let name, let form):
      if let known = match.values[name], known != id { return nil }
      guard var result = self.match(form, id, match) else { return nil }
      result.values[name] = id
      return result
    case .node(let name, let types, let inputs): return self.node(name, types, inputs, id, match)
    case .product(let forms):
      return combination(forms, id, match, start: 1, joins: { $0 * $1 }, isRoot) { factors($0) }
    case .sum(let forms):
      return combination(forms, id, match, start: 0, joins: { $0 + $1 }, isRoot) { summands($0) }
    case .either(let forms):
      for form in forms { if let result = self.match(form, id, match, isRoot: isRoot) { return result } }
      return nil
    }
  }

  private func node(
    _ name: String, _ types: [any Operator.Type], _ forms: [Form], _ id: ValueID, _ match: PatternMatch
  ) -> PatternMatch? {
    guard case .node(let index, 0) = graph[id].source else { return nil }
    let node = graph.nodes[index]
    guard types.contains(where: { $0 == type(of: node.operation) }), node.outputs.count == 1,
      node.inputs.count >= forms.count,
      node.inputs[forms.count...].allSatisfy({ $0.map { graph.fact($0).value != nil } ?? true })
    else { return nil }
    var result = match
    for (form, input) in zip(forms, node.inputs) {
      guard let input, let next = self.match(form, input, result) else { return nil }
      result = next
    }
    if !name.isEmpty { result.nodes[name] = node }
    result.interior.insert(index)
    return result
  }

  /// Matches the terms of a product or a sum in any order.
  private func combination(
    _ forms: [Form], _ id: ValueID, _ match: PatternMatch, start: Double,
    joins: (Double, Double) -> Double, _ isRoot: Bool, _ parts: (ValueID) -> (Terms)?
  ) -> PatternMatch? {
    var match = match
    var open: [Form] = []
    var wanted: Form?
    for form in forms {
      switch form {
      case .scalar, .number: wanted = form
      default: open.append(form)
      }
    }
    var terms = Terms(number: start)
    guard case .node(let root, _) = graph[id].source, let first = parts(id) else { return nil }
    terms.nodes.insert(root)
    terms.number = joins(terms.number, first.number)
    var queue = first.values
    // Terms with a constant are taken apart always, others only while there are too few.
    while !queue.isEmpty {
      let value = queue.removeFirst()
      if case .node(let index, _) = graph[value].source, useCounts[value.index] == 1, !taken.contains(index),
        let inner = parts(value), inner.values.count == 1 || terms.values.count + queue.count + 1 < open.count
      {
        terms.nodes.insert(index)
        terms.number = joins(terms.number, inner.number)
        queue = inner.values + queue
      } else {
        terms.values.append(value)
      }
    }
    guard terms.values.count == open.count else { return nil }
    switch wanted {
    case .scalar(let name)?: match.numbers[name] = terms.number
    case .number(let number)?: guard Self.isClose(terms.number, number) else { return nil }
    default: guard terms.number == start else { return nil }
    }
    match.interior.formUnion(terms.nodes)
    return permuted(open, terms.values, match)
  }

  private func permuted(_ forms: [Form], _ values: [ValueID], _ match: PatternMatch) -> PatternMatch? {
    guard let form = forms.first else { return match }
    for index in values.indices {
      guard let next = self.match(form, values[index], match) else { continue }
      var rest = values
      rest.remove(at: index)
      if let result = permuted(Array(forms.dropFirst()), rest, next) { return result }
    }
    return nil
  }

  /// The factors of a product; nil for another node.
  private func factors(_ id: ValueID) -> Terms? {
    guard let node = graph.producer(of: id), node.inputs.count == 2, let a = node.inputs[0],
      let b = node.inputs[1]
    else { return nil }
    if node.operation is Div {
      return scalar(b).flatMap { $0 == 0 ? nil : Terms(values: [a], number: 1 / $0) }
    }
    return node.operation is Mul ? parted(a, b, 1) : nil
  }

  /// The summands of a sum; nil for another node.
  private func summands(_ id: ValueID) -> Terms? {
    guard let node = graph.producer(of: id), node.inputs.count == 2, let a = node.inputs[0],
      let b = node.inputs[1]
    else { return nil }
    if node.operation is Sub { return scalar(b).map { Terms(values: [a], number: -$0) } }
    return node.operation is Add ? parted(a, b, 0) : nil
  }

  private func parted(_ a: ValueID, _ b: ValueID, _ neutral: Double) -> Terms {
    if let number = scalar(b) { return Terms(values: [a], number: number) }
    if let number = scalar(a) { return Terms(values: [b], number: number) }
    return Terms(values: [a, b], number: neutral)
  }

  private func scalar(_ id: ValueID) -> Double? {
    guard let value = graph.fact(id).value, value.elementCount == 1, value.elementType.isFloatingPoint else {
      return nil
    }
    return value.doubles[0]
  }

  /// Equal but for the digits that exporters leave out.
  private static func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-4 * abs(b) }
}
