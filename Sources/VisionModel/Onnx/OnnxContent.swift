import VisionGraph
import VisionTensor

/// A graph in the form of the file: nodes that refer to values by name, constants, declarations.
struct OnnxContent {
  struct Node {
    var name: String
    var operatorName: String
    var domain = ""
    var inputs: [String]
    var outputs: [String]
    var attributes: Attributes
    /// The positions of inputs that a reader needs as constants.
    var constantInputs: Set<Int> = []
  }

  /// The declaration of an input or output.
  struct Info {
    var name: String
    var type: ElementType
    var extents: [OnnxValueInfo.Extent]
  }

  private(set) var nodes: [Node] = []
  /// Constants, without the parameters.
  private(set) var initializers: [(name: String, tensor: Tensor)] = []
  private(set) var inputs: [Info] = []
  private(set) var outputs: [Info] = []

  init(_ graph: Graph, names: OnnxNames, forms: OnnxForms) {
    var names = names
    let uses = graph.useCounts
    var body: [Node] = []
    for node in graph.nodes {
      let type = type(of: node.operation)
      var inputs = node.inputs.map { $0.map { names[$0] } ?? "" }
      while inputs.last == "" { inputs.removeLast() }
      var outputs = node.outputs.map { names[$0] }
      // The number of Split's outputs is its number of parts, so all are written, even unread ones.
      for output in node.outputs.reversed() where outputs.count > 1 && !(node.operation is Split) {
        guard uses[output.index] == 0 else { break }
        outputs.removeLast()
      }
      let (attributes, axes) = forms.form(
        node.operation, outputs: outputs.count, hasSecondInput: inputs.count > 1)
      if let axes {
        let name = names.claim("\(node.name)/axes")
        initializers.append((name, axes))
        inputs.append(name)
      }
      body.append(
        Node(
          name: node.name, operatorName: type.name, domain: type.domain, inputs: inputs, outputs: outputs,
          attributes: attributes, constantInputs: type.constantInputs))
    }
    for (name, value) in names.copies {
      body.append(
        Node(
          name: "\(name)/copy", operatorName: Identity.name, inputs: [names[value]], outputs: [name],
          attributes: [:]))
    }
    addConstants(graph, names, uses, body)
    nodes += body
    addDeclarations(graph)
  }

  private mutating func addConstants(_ graph: Graph, _ names: OnnxNames, _ uses: [Int], _ body: [Node]) {
    var needed: Set<String> = []
    for node in body {
      for position in node.constantInputs where position < node.inputs.count {
        needed.insert(node.inputs[position])
      }
    }
    for (index, record) in graph.values.enumerated() where uses[index] > 0 {
      guard case .constant(let tensor) = record.source else { continue }
      let name = names.names[index]
      if !tensor.elementType.isFloatingPoint || tensor.shape.rank == 0 || needed.contains(name) {
        initializers.append((name, tensor))
      } else {
        nodes.append(
          Node(
            name: name, operatorName: Constant.name, inputs: [], outputs: [name],
            attributes: ["value": .tensor(tensor)]))
      }
    }
  }

  /// Adds nodes behind the others, what they read, and outputs; the first axis of inputs and outputs becomes that of one sample.
  mutating func append(
    _ more: [Node], initializers constants: [(name: String, tensor: Tensor)], outputs further: [Info]
  ) {
    nodes += more
    initializers += constants
    for index in inputs.indices where !inputs[index].extents.isEmpty { inputs[index].extents[0] = .fixed(1) }
    for index in outputs.indices where !outputs[index].extents.isEmpty {
      outputs[index].extents[0] = .fixed(1)
    }
    outputs += further
  }

  private mutating func addDeclarations(_ graph: Graph) {
    for id in graph.inputs {
      guard case .input(let dimensions) = graph[id].source else { continue }
      let extents: [OnnxValueInfo.Extent] = dimensions.map {
        switch $0 {
        case .fixed(let extent): .fixed(extent)
        case .symbolic(let name): .named(name)
        }
      }
      inputs.append(Info(name: graph[id].name, type: graph.fact(id).type, extents: extents))
    }
    let shapes = OnnxOutputShapes(graph)
    for (index, (name, value)) in graph.outputs.enumerated() {
      outputs.append(Info(name: name, type: graph.fact(value).type, extents: shapes.extents[index]))
    }
  }
}
