import VisionGraph

/// Replaces calls of functions defined in the file by their nodes, so that only operators remain.
///
/// If VisionNet has an operator of that name in the opset that the file imports, the operator is used instead
/// of the function, as in ONNX Runtime. Values inside a call have names prefixed by that of the call.
struct OnnxInliner {
  /// Limit for nested calls, deeper than in any real model.
  private static let depthLimit = 64
  /// Limit for the bytes of names and attributes created by expansion, which a small file could make
  /// arbitrarily large.
  private static let byteLimit = 256 << 20

  private let operators: OperatorRegistry
  private var functions: [OnnxFunction.Key: OnnxFunction] = [:]
  private let opsets: OnnxOpsets
  private var nodes: [OnnxNode] = []
  private var names: OnnxNameClaims
  /// The functions that are being expanded, starting with the outermost.
  private var path: [OnnxFunction.Key] = []
  private var calls = 0
  private var bytes = 0

  /// The nodes of the file's graph without calls, each with the version of its operator set.
  ///
  /// - Throws: `FormatError` for functions that call themselves, calls that do not match their functions, and
  ///   files that expand beyond the limits.
  static func nodes(of file: OnnxFile, operators: OperatorRegistry) throws(FormatError) -> [OnnxNode] {
    var inliner = try OnnxInliner(file, operators)
    for node in file.nodes { try inliner.add(node, inliner.opsets) }
    return inliner.nodes
  }

  private init(_ file: OnnxFile, _ operators: OperatorRegistry) throws(FormatError) {
    self.operators = operators
    opsets = OnnxOpsets(file.opsets)
    names = OnnxNameClaims()
    guard !file.functions.isEmpty else { return }
    for function in file.functions where functions.updateValue(function, forKey: function.key) != nil {
      throw function.error("is defined twice")
    }
    names.insert(file.initializers.map(\.name) + file.inputs.map(\.name) + file.outputs.map(\.name))
    for node in file.nodes { names.insert(node.allNames) }
    for function in file.functions {
      names.insert(function.nodes.flatMap(\.graphs).flatMap(\.graph.allNames))
    }
  }

  private mutating func add(_ node: OnnxNode, _ opsets: OnnxOpsets) throws(FormatError) {
    let version: Int?
    do { version = try opsets.version(of: node.domain) } catch { throw error.at(node: node.name) }
    if let function = function(of: node, version) {
      try expand(function, node)
      return
    }
    var node = node
    node.opset = version
    for index in node.attributes.indices {
      guard case .graph(var graph) = node.attributes[index].value else { continue }
      // The graph's nodes are a list of their own, which counts as a part of the whole.
      let outer = nodes
      nodes = []
      for inner in graph.nodes { try add(inner, opsets) }
      graph.nodes = nodes
      bytes += 64 * nodes.count
      nodes = outer
      node.attributes[index].value = .graph(graph)
    }
    nodes.append(node)
    try checkSize(node)
  }

  private func function(of node: OnnxNode, _ version: Int?) -> OnnxFunction? {
    let key = OnnxFunction.Key(domain: node.domain, name: node.operatorName, overload: node.overload)
    guard let function = functions[key] else { return nil }
    guard let type = operators.find(domain: node.domain, name: node.operatorName) else { return function }
    let isThere = !node.domain.isEmpty || type.introduction <= version ?? .max
    return isThere ? nil : function
  }

  private mutating func expand(_ function: OnnxFunction, _ call: OnnxNode) throws(FormatError) {
    if let start = path.firstIndex(of: function.key) {
      let circle = (path[start...] + [function.key]).map(\.text).joined(separator: " → ")
      throw function.error("calls itself (\(circle))").at(node: call.name)
    }
    guard path.count < Self.depthLimit else {
      throw call.place.error(.tooLarge, "functions call one another more than \(Self.depthLimit) deep")
        .at(node: call.name)
    }
    path.append(function.key)
    calls += 1
    bytes += 64 * (function.inputs.count + function.outputs.count + function.attributes.count)
    try checkSize(call)
    let given = try attributes(of: call, for: function)
    var (values, copies) = try bind(function, call)
    for name in function.made where values[name] == nil {
      let unique = names.claim("\(call.name)/\(name)")
      bytes += unique.utf8.count
      values[name] = unique
    }
    let inner = OnnxOpsets(function.opsets).over(opsets)
    for template in function.nodes {
      var node = template
      node.name = "\(call.name)/\(template.name)"
      node.inputs = template.inputs.map { values[$0] ?? "" }
      node.outputs = template.outputs.map { values[$0] ?? "" }
      node.attributes = template.attributes(given: given, values: values)
      bytes += node.byteCount
      try add(node, inner)
    }
    for (from, to) in copies {
      guard let source = values[from], !source.isEmpty else {
        throw function.error("the output '\(from)' is an input that the node does not give").at(
          node: call.name)
      }
      nodes.append(
        OnnxNode(copy: source, to: to, name: "\(call.name)/\(from)", place: call.place))
      nodes[nodes.count - 1].opset = try inner.version(of: "")
      try checkSize(call)
    }
    path.removeLast()
  }

  /// The outer names of the function's inputs and outputs, and the outputs that need a copy because their
  /// value already has a name.
  private func bind(_ function: OnnxFunction, _ call: OnnxNode) throws(FormatError) -> (
    values: [String: String], copies: [(from: String, to: String)]
  ) {
    var values: [String: String] = [:]
    for (index, name) in function.inputs.enumerated() {
      values[name] = index < call.inputs.count ? call.inputs[index] : ""
    }
    guard call.inputs.dropFirst(function.inputs.count).allSatisfy(\.isEmpty),
      call.outputs.count <= function.outputs.count
    else {
      throw function.error(
        "has \(function.inputs.count) inputs and \(function.outputs.count) outputs, "
          + "the node \(call.inputs.count) and \(call.outputs.count)"
      ).at(node: call.name)
    }
    var copies: [(from: String, to: String)] = []
    for (name, outer) in zip(function.outputs, call.outputs) where !outer.isEmpty {
      if values[name] == nil { values[name] = outer } else { copies.append((name, outer)) }
    }
    return (values, copies)
  }

  /// The values of attributes, set by the call or else by the function's defaults.
  private func attributes(of call: OnnxNode, for function: OnnxFunction) throws(FormatError) -> [String:
    OnnxNode.Value]
  {
    var given: [String: OnnxNode.Value] = [:]
    for (name, value) in call.attributes {
      guard function.attributes.contains(name) else {
        throw function.error("has no attribute '\(name)'").at(node: call.name)
      }
      guard given.updateValue(value, forKey: name) == nil else {
        throw call.place.error(.corrupt, "attribute '\(name)' is given twice").at(node: call.name)
      }
    }
    return function.defaults.merging(given) { _, new in new }
  }

  private func checkSize(_ node: OnnxNode) throws(FormatError) {
    guard functions.isEmpty || (nodes.count + calls <= OnnxFile.nodeLimit && bytes <= Self.byteLimit) else {
      throw node.place.error(
        .tooLarge,
        "the file's functions expand to more than \(OnnxFile.nodeLimit) nodes or \(Self.byteLimit >> 20) MiB"
      ).at(node: node.name)
    }
  }
}

extension OnnxNode {
  /// The approximate size of the node in bytes, without tensor elements that stay in the file.
  fileprivate var byteCount: Int {
    let texts = [name] + inputs + outputs
    return attributes.reduce(texts.reduce(64) { $0 + $1.utf8.count }) { sum, attribute in
      switch attribute.value {
      case .plain(.ints(let values)): sum + 8 * values.count
      case .plain(.floats(let values)): sum + 4 * values.count
      case .plain(.strings(let values)): sum + values.reduce(0) { $0 + 16 + $1.utf8.count }
      case .plain(.string(let value)): sum + value.utf8.count
      case .plain: sum + 8
      case .tensor(let tensor): sum + tensor.copiedByteCount + 64
      case .graph(let graph): graph.nodes.reduce(sum + 64) { $0 + $1.byteCount }
      case .reference, .other: sum
      }
    }
  }
}
