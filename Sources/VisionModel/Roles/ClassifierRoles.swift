package import VisionGraph
package import VisionImage
import VisionTensor

/// The roles of a network's input and outputs in classification; all code takes them from here.
package struct ClassifierRoles: Sendable {
  /// How the numbers of the output are interpreted.
  package enum Reading: Sendable, Hashable {
    /// Logits: softmax gives the probabilities.
    case logits
    /// Logarithms of probabilities.
    case logProbabilities
    /// Probabilities of classes of which exactly one is right.
    case probabilities
    /// Probabilities of classes of which several may be right.
    case independent
    /// Logits for `independent`: sigmoid gives the probabilities.
    case independentLogits
    /// One number: the probability of the second of two classes.
    case positive
    /// One number: sigmoid gives the probability of the second of two classes.
    case positiveLogit
  }

  package let input: ImageInput
  /// The output with one number per class.
  package let output: (name: String, value: ValueID)
  package let reading: Reading
  /// What the network's last operators reveal about its numbers.
  package let kind: ScoreKind
  /// Whether the interpretation is an assumption, so that it has to be checked against actual numbers.
  package let isAssumed: Bool
  /// The number of numbers that the output has for each image.
  package let scores: Int
  /// K, the number of classes: `scores`, or 2 if there is one number.
  package let classes: Int
  /// Remarks for the user.
  package let notes: [String]

  package var isBinary: Bool { reading == .positive || reading == .positiveLogit }

  /// Determines the roles in a model's graph.
  ///
  /// - Parameters:
  ///   - graph: bound to the shapes with which it will run, except for the batch size.
  ///   - model: may state which output holds the classes and what its numbers are.
  ///   - labels: the number of labels, which helps to find the output.
  /// - Throws: `RoleError` when the network is not an image classifier, or the meaning of its numbers cannot
  ///   be determined.
  package init(
    _ graph: Graph, of model: Model, preprocessing: Preprocessing? = nil, labels: Int? = nil
  ) throws(RoleError) {
    do {
      input = try ImageInput(graph, preprocessing: preprocessing)
    } catch { throw RoleError(error) }
    let choice = OutputChoice(graph, model.parameters, batch: input.batch)
    let (output, notes) = try choice.output(
      named: model.scores, labels: labels ?? (model.labels.isEmpty ? nil : model.labels.count))
    self.output = (output.name, output.value)
    (kind, scores) = (output.kind, output.scores)
    let found = try Self.reading(output, model.activation)
    (reading, isAssumed) = (found.reading, found.isAssumed)
    classes = found.reading == .positive || found.reading == .positiveLogit ? 2 : output.scores
    self.notes = notes + found.notes
  }

  // MARK: Reading

  private typealias Found = (reading: Reading, isAssumed: Bool, notes: [String])

  private static func reading(_ output: OutputChoice.Candidate, _ activation: OutputActivation?)
    throws(RoleError)
    -> Found
  {
    if case .unknown(TopK.name, _) = output.kind {
      throw RoleError(
        .output, "the output holds the largest numbers only, without their classes", place: output.name,
        remedy: "export the network without TopK")
    }
    if output.scores == 1 { return try readingOfOne(output, activation) }
    guard let activation else { return try reading(output) }
    switch (activation, output.kind) {
    case (.softmax, .softmax), (.identity, .softmax): return (.probabilities, false, [])
    case (.sigmoid, .sigmoid), (.identity, .sigmoid): return (.independent, false, [])
    case (.softmax, .logSoftmax): return (.logProbabilities, false, [])
    case (.softmax, .sigmoid), (.sigmoid, .softmax), (.sigmoid, .logSoftmax):
      throw RoleError(
        .activation,
        "the numbers of the output are probabilities already, of which \(activation.rawValue) would make others",
        place: output.name, remedy: "take them as they are: activation none")
    case (.softmax, _): return (.logits, false, [])
    case (.sigmoid, _): return (.independentLogits, false, [])
    case (.identity, _): return (.independent, false, [])
    }
  }

  /// The interpretation that follows from the network itself.
  private static func reading(_ output: OutputChoice.Candidate) throws(RoleError) -> Found {
    switch output.kind {
    case .softmax: return (.probabilities, false, [])
    case .logSoftmax: return (.logProbabilities, false, [])
    case .sigmoid:
      return (
        .independent, false,
        [
          "the probabilities are of each class by itself (sigmoid): several may be right, and they need not sum to 1"
        ]
      )
    case .linear:
      if output.name == OutputRole.logits.name { return (.logits, true, []) }
      return (
        .logits, true,
        [
          "the network ends without softmax or sigmoid: its numbers are treated as logits of one class an image; "
            + "activation sigmoid is for several classes an image"
        ]
      )
    case .unknown(let name, _):
      return (
        .logits, true,
        [
          "what the numbers of the output '\(output.name)' are cannot be told (they come from \(name)): they are "
            + "looked at as they come; the activation (softmax, sigmoid or none) says it"
        ]
      )
    }
  }

  private static func readingOfOne(_ output: OutputChoice.Candidate, _ activation: OutputActivation?)
    throws(RoleError) -> Found
  {
    let two = "the one number is the probability of the second of two classes"
    switch (activation, output.kind) {
    case (nil, .sigmoid), (.sigmoid, .sigmoid), (.identity, .sigmoid): return (.positive, false, [two])
    case (.identity, .linear), (.identity, .unknown): return (.positive, false, [two])
    case (.sigmoid, .linear), (.sigmoid, .unknown): return (.positiveLogit, false, [two])
    case (nil, _) where output.kind != .softmax && output.kind != .logSoftmax:
      throw RoleError(
        .activation, "what the network's one number an image means cannot be told", place: output.name,
        remedy:
          "give the activation: sigmoid for the logit of the second of two classes, none for its probability")
    case (.softmax, _), (_, .softmax), (_, .logSoftmax), (nil, _):
      throw RoleError(
        .activation, "softmax of one number is always 1, so the network tells no classes apart",
        place: output.name,
        remedy: "give the activation sigmoid when it is the logit of the second of two classes")
    }
  }
}
