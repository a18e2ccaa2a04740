import VisionGraph
import VisionTensor

/// Builds a graph from a file whose operators are all known.
struct OnnxImporter {
  let builder = GraphBuilder()
  private(set) var parameters = Parameters()
  private let file: OnnxFile
  private let folder: OnnxFolder?
  private let operators: OperatorRegistry
  private let opset: Int
  /// The values by their names in the file.
  private(set) var values: [String: Value] = [:]
  /// The names read by nodes or declared as outputs of the graph.
  private let read: Set<String>

  init(_ file: OnnxFile, folder: OnnxFolder?, operators: OperatorRegistry, opset: Int) {
    self.file = file
    self.folder = folder
    self.operators = operators
    self.opset = opset
    self.read = Set(file.nodes.flatMap(\.reads)).union(file.outputs.map(\.name))
  }

  mutating func addInitializers() throws(FormatError) {
    var constants: Set<String> = []
    for node in file.nodes {
      let type = operators.find(domain: node.domain, name: node.operatorName)
      for position in type?.constantInputs ?? [] where position < node.inputs.count {
        constants.insert(node.inputs[position])
      }
    }
    for initializer in file.initializers {
      let tensor = try initializer.tensor(folder)
      let isParameter =
        tensor.elementType.isFloatingPoint && tensor.shape.rank > 0 && !constants.contains(initializer.name)
      guard isParameter else {
        try define(initializer.name, builder.constant(tensor, name: initializer.name))
        continue
      }
      let value: Value
      do {
        value = try builder.parameter(
          initializer.name, shape: tensor.shape, type: tensor.elementType, initializer: .zeros)
      } catch { throw Self.network(error) }
      try define(initializer.name, value)
      parameters[initializer.name] = tensor
    }
  }

  mutating func addInputs(_ dimensions: OnnxDimensions) throws(FormatError) {
    var dimensions = dimensions
    let initializers = Set(file.initializers.map(\.name))
    let names = file.inputs.map(\.name).filter { !initializers.contains($0) }
    for name in dimensions.shapes.keys.sorted() where !names.contains(name) {
      throw FormatError(
        .network, "the network has no input '\(name)'",
        remedy: "its inputs are: \(names.joined(separator: ", "))")
    }
    for input in file.inputs where !initializers.contains(input.name) {
      if let kind = input.otherKind {
        throw Self.dataDependent(
          GraphError(.dataDependent, "input '\(input.name)' is no tensor (\(kind))", place: input.name))
      }
      guard let code = input.type, let type = OnnxTypes.type(code) else {
        throw input.place.error(.corrupt, "the input has no type").at(node: input.name)
      }
      let (declared, binding) = try dimensions.resolve(input)
      let value: Value
      do {
        value = try builder.input(input.name, type: type, dimensions: declared, binding: binding)
      } catch { throw Self.network(error) }
      try define(input.name, value)
    }
  }

  mutating func addNodes() throws(FormatError) {
    var refused: [GraphError] = []
    /// Values that are missing because an earlier node was rejected.
    var lost: Set<String> = []
    for index in try OnnxOrder(file.nodes, given: Set(values.keys)).indices {
      let node = file.nodes[index]
      if node.inputs.contains(where: { lost.contains($0) }) {
        lost.formUnion(node.outputs)
        continue
      }
      let results: [Value]
      let outputCount = outputCount(node)
      switch try build(node, outputCount: outputCount) {
      case .success(let values): results = values
      case .failure(let error):
        switch error.kind {
        case .unsupportedFeature, .unsupportedOperator: break
        case .dataDependent: throw Self.dataDependent(error.at(node.name))
        default: throw Self.network(error.at(node.name))
        }
        refused.append(error.at(node.name))
        lost.formUnion(node.outputs)
        continue
      }
      guard results.count >= outputCount else {
        refused.append(
          GraphError(
            .unsupportedFeature, "\(node.qualifiedName): output \(results.count) is not supported",
            place: node.name))
        lost.formUnion(node.outputs)
        continue
      }
      for (name, value) in zip(node.outputs, results) where !name.isEmpty { try define(name, value) }
    }
    if !refused.isEmpty { throw OnnxSupport.error(refused) }
  }

  func addOutputs() throws(FormatError) {
    guard !file.outputs.isEmpty else { throw FormatError(.corrupt, "the graph has no outputs") }
    for output in file.outputs {
      guard let value = values[output.name] else {
        throw output.place.error(.corrupt, "nothing computes the output").at(node: output.name)
      }
      do {
        try builder.output(output.name, value)
      } catch { throw Self.network(error) }
    }
  }

  /// The number of a node's outputs up to the last one that is read; at least one.
  private func outputCount(_ node: OnnxNode) -> Int {
    max((node.outputs.lastIndex { read.contains($0) } ?? 0) + 1, 1)
  }

  private func build(_ node: OnnxNode, outputCount: Int) throws(FormatError) -> Result<[Value], GraphError> {
    let attributes: [String: AttributeValue]
    switch try node.values(folder) {
    case .success(let values): attributes = values
    case .failure(let error): return .failure(error)
    }
    if ControlOperator(node) != nil {
      return .failure(
        GraphError(
          .dataDependent, "\(node.operatorName) decides during the run what is computed", place: node.name))
    }
    guard let type = operators.find(domain: node.domain, name: node.operatorName) else {
      return .failure(
        GraphError(
          .unsupportedOperator, "operator \(node.qualifiedName) is not supported", place: node.name))
    }
    let version = node.opset ?? (node.domain.isEmpty ? opset : 1)
    let imported = ImportedNode(
      name: node.name, operatorName: node.operatorName, opset: version,
      inputs: node.inputs.map { $0.isEmpty ? nil : values[$0] }, outputCount: outputCount,
      declaredOutputCount: node.declaredOutputCount, attributes: attributes)
    do {
      return .success(try type.build(imported, in: builder))
    } catch { return .failure(error) }
  }

  private mutating func define(_ name: String, _ value: Value) throws(FormatError) {
    guard !name.isEmpty else { throw FormatError(.corrupt, "a value has no name") }
    guard values.updateValue(value, forKey: name) == nil else {
      throw FormatError(.corrupt, "two values are called '\(name)'", node: name)
    }
  }

  private static func dataDependent(_ error: GraphError) -> FormatError {
    FormatError(
      .dataDependent, error.message, node: error.place,
      remedy: "visionnet run runs such a network in stages; elsewhere its shapes must be known before the run"
    )
  }

  private static func network(_ error: GraphError) -> FormatError {
    FormatError(.network, error.message, node: error.place, remedy: error.remedy)
  }
}
