package import VisionGraph
package import VisionImage
import VisionTensor

/// What a network's input and outputs are to a classifier: the one place where that is found out.
package struct ClassifierRoles: Sendable {
  /// How the numbers of the output are read.
  package enum Reading: Sendable, Hashable {
    /// Softmax makes probabilities of them.
    case logits
    /// They are logarithms of probabilities.
    case logProbabilities
    /// They are probabilities of which one class is right.
    case probabilities
    /// They are probabilities of classes of which several may be right.
    case independent
    /// Sigmoid makes such probabilities of them.
    case independentLogits
    /// One number: the probability of the second of two classes.
    case positive
    /// One number, of which sigmoid makes that.
    case positiveLogit
  }

  package let input: ImageInput
  /// The output that holds a number a class.
  package let output: (name: String, value: ValueID)
  package let reading: Reading
  /// How sure that is: what the network tells of its numbers.
  package let kind: ScoreKind
  /// Whether nobody said what the numbers are, so that they are looked at when they are there.
  package let isAssumed: Bool
  /// Numbers that the output gives an image.
  package let scores: Int
  /// K: the same, but two for one number.
  package let classes: Int
  /// What is to be said of it.
  package let notes: [String]

  package var isBinary: Bool { reading == .positive || reading == .positiveLogit }

  /// Finds the roles of a model's graph.
  ///
  /// - Parameters:
  ///   - graph: bound to the shapes that it will run with, but for the batch.
  ///   - model: says which output holds the classes and what its numbers are, where its maker did.
  ///   - labels: their number tells outputs apart.
  /// - Throws: `RoleError` when the network is no classifier of images, or what its numbers mean cannot be told.
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

  /// What the network itself tells.
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
          "the network ends without softmax or sigmoid: its numbers are taken for logits of one class an image; "
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
