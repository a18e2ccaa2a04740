import VisionTensor
import VisionSystem

/// What RNN, GRU and LSTM have in common: directions, activations, clipping and the order of the axes.
public struct RecurrentForm: Sendable, Hashable {
  /// The order in which a sequence is read.
  public enum Direction: String, Sendable, CaseIterable {
    case forward, reverse
    /// Both, one after the other along the axis of directions, forward first.
    case bidirectional
  }

  /// The number of elements of a state.
  public var hiddenSize: Int
  public var direction: Direction
  /// The functions of the gates, direction by direction.
  public var activations: [RecurrentActivation]
  /// The bound on the magnitude of what activations are applied to; nil for none.
  public var clip: Float?
  /// Whether the batch is the first axis of inputs, outputs and states (ONNX layout 1), not the second of inputs and states.
  public var isBatchFirst: Bool

  /// - Parameter activations: for each direction as many functions as the operator has.
  public init(
    hiddenSize: Int, direction: Direction = .forward, activations: [RecurrentActivation],
    clip: Float? = nil, isBatchFirst: Bool = false
  ) {
    self.hiddenSize = hiddenSize
    self.direction = direction
    self.activations = activations
    self.clip = clip
    self.isBatchFirst = isBatchFirst
  }

  /// The number of directions.
  package var directionCount: Int { direction == .bidirectional ? 2 : 1 }

  /// The functions of one direction.
  package func activations(ofDirection index: Int) -> [RecurrentActivation] {
    let count = activations.count / directionCount
    return Array(activations[(index * count)..<((index + 1) * count)])
  }

  /// Whether a direction reads the sequence from its end.
  package func isReverse(_ index: Int) -> Bool { direction == .reverse || index == 1 }
}

extension RecurrentForm {
  /// The names of the attributes that the three operators share.
  static let attributeNames: Set<String> = [
    "activation_alpha", "activation_beta", "activations", "clip", "direction", "hidden_size", "layout",
  ]

  /// Reads the shared attributes of a node.
  ///
  /// - Parameter defaults: the functions of one direction where the node names none.
  init(_ node: ImportedNode, defaults: [RecurrentActivation.Kind]) throws(GraphError) {
    let name = try node.string("direction") ?? "forward"
    guard let direction = Direction(rawValue: name) else { throw node.unsupported("direction '\(name)'") }
    let layout = try node.int("layout") ?? 0
    guard layout == 0 || layout == 1 else { throw node.unsupported("layout \(layout)") }
    let count = (direction == .bidirectional ? 2 : 1) * defaults.count
    let names = try node.strings("activations") ?? []
    guard names.isEmpty || names.count == count else {
      throw GraphError(
        .structure, "\(node.operatorName) names \(names.count) activations, not \(count)", place: node.name)
    }
    var alphas = (try node.floats("activation_alpha") ?? [])[...]
    var betas = (try node.floats("activation_beta") ?? [])[...]
    var activations: [RecurrentActivation] = []
    for index in 0..<count {
      let kind = names.isEmpty ? defaults[index % defaults.count] : try Self.kind(names[index], node)
      // As in ONNX Runtime, only functions that have a parameter take the next one of the list.
      let alpha = kind.defaults.alpha == nil ? nil : alphas.popFirst()
      let beta = kind.defaults.beta == nil ? nil : betas.popFirst()
      guard kind.hasDefaults || alpha != nil && beta != nil else {
        throw node.unsupported("the activation \(kind.name) without alpha and beta")
      }
      activations.append(RecurrentActivation(kind, alpha: alpha, beta: beta))
    }
    let clip = try node.float("clip")
    guard clip ?? 0 >= 0 else { throw node.unsupported("clip \(clip ?? 0)") }
    let weights = try node.input(2).shape
    self.init(
      hiddenSize: try node.int("hidden_size") ?? weights.dimensions.last ?? 0, direction: direction,
      activations: activations, clip: clip == 0 ? nil : clip, isBatchFirst: layout == 1)
  }

  /// The function with an ONNX name in any case, as files spell them.
  private static func kind(_ name: String, _ node: ImportedNode) throws(GraphError)
    -> RecurrentActivation.Kind
  {
    let found = RecurrentActivation.Kind.allCases.first { $0.name.lowercased() == name.lowercased() }
    guard let found else { throw node.unsupported("activation '\(name)'") }
    return found
  }

  /// The shared attributes, in ONNX's form.
  var attributes: Attributes {
    var result: Attributes = [
      "hidden_size": .int(hiddenSize), "direction": .string(direction.rawValue),
      "activations": .strings(activations.map(\.kind.name)),
    ]
    let alphas = activations.filter { $0.kind.defaults.alpha != nil }.map(\.alpha)
    let betas = activations.filter { $0.kind.defaults.beta != nil }.map(\.beta)
    if !alphas.isEmpty { result["activation_alpha"] = .floats(alphas) }
    if !betas.isEmpty { result["activation_beta"] = .floats(betas) }
    if let clip { result["clip"] = .float(clip) }
    if isBatchFirst { result["layout"] = .int(1) }
    return result
  }
}
