import VisionSystem
import VisionTensor
import VisionGraph

/// Finds everything unsupported in a file, so that one error can list it all.
struct OnnxSupport {
  private let operators: OperatorRegistry
  private var found: [String: Int] = [:]

  init(_ operators: OperatorRegistry) { self.operators = operators }

  /// - Throws: one `FormatError` that lists each unsupported operator, type and feature with its number of
  ///   occurrences.
  func check(_ file: OnnxFile) throws(FormatError) {
    var support = self
    if file.sparseInitializers > 0 { support.found["sparse initializer"] = file.sparseInitializers }
    for tensor in file.initializers { support.count(tensor) }
    let initializers = Set(file.initializers.map(\.name))
    for input in file.inputs where !initializers.contains(input.name) {
      if let kind = input.otherKind {
        // Values of networks that run in stages.
        if ["sequence", "optional", "optional sequence"].contains(kind) { continue }
        support.count("input of type \(kind)")
      } else if let type = input.type, type != 0, OnnxTypes.type(type) == nil {
        support.count("type \(OnnxTypes.name(type))")
      }
    }
    for node in file.nodes { try support.count(node) }
    guard !support.found.isEmpty else { return }
    let list = support.found.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value)×)" }
    throw FormatError(
      .unsupported, "not supported: \(list.joined(separator: ", "))",
      remedy: "export the model without them, or register the operators")
  }

  /// The error for all features that operators rejected while the graph was built.
  static func error(_ refused: [GraphError]) -> FormatError {
    if refused.count == 1 {
      return FormatError(.unsupported, refused[0].message, node: refused[0].place, remedy: refused[0].remedy)
    }
    let list = refused.map(\.description).joined(separator: "; ")
    return FormatError(.unsupported, list, remedy: "export the model without them")
  }

  private mutating func count(_ what: String) { found[what, default: 0] += 1 }

  private mutating func count(_ tensor: OnnxTensor) {
    if let type = tensor.unsupportedType { count("type \(type)") }
  }

  private mutating func count(_ node: OnnxNode) throws(FormatError) {
    let control = ControlOperator(node)
    let isKnown = control != nil || operators.find(domain: node.domain, name: node.operatorName) != nil
    if !isKnown { count("operator \(node.qualifiedName)") }
    for (name, value) in node.attributes {
      switch value {
      case .plain: break
      case .tensor(let tensor): count(tensor)
      case .reference:
        if isKnown { count("\(node.qualifiedName) with attribute '\(name)' of type reference") }
      case .graph(let graph):
        if isKnown, control?.graphAttributes.contains(name) != true {
          count("\(node.qualifiedName) with attribute '\(name)' of type graph")
        }
        if graph.sparseInitializers > 0 { count("sparse initializer") }
        for tensor in graph.initializers { count(tensor) }
        for inner in graph.nodes { try count(inner) }
      case .other(let kind):
        if isKnown, !(control == .optional && name == "type") {
          count("\(node.qualifiedName) with attribute '\(name)' of type \(kind)")
        }
      }
    }
  }
}
