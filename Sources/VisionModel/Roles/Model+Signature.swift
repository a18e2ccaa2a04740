import VisionGraph
import VisionSystem
import VisionTensor

extension Model {
  /// What the network is for and which of its values mean what.
  ///
  /// A file of VisionNet's says it. For other files it is found out (`ClassifierRoles`): the output that holds a number a class
  /// is that of the probabilities or of the logits, as its numbers tell; where nothing can be told there are no outputs.
  public var signature: Signature {
    get {
      if var declared {
        (declared.classes, declared.head) = (labels, head)
        return declared
      }
      var outputs = [OutputRole.logits, .probabilities].compactMap { role in
        graph.output(of: role).map { Signature.Output(role, $0.name) }
      }
      if outputs.isEmpty || scores != nil, let found = foundOutput() {
        outputs = outputs.filter { $0.role != found.role } + [found]
      }
      if let embedding { outputs.append(Signature.Output(.embedding, embedding)) }
      return Signature(
        task: Signature.classification, inputs: graph.inputs.map { graph[$0].name }, outputs: outputs,
        classes: labels, head: head, details: threshold.map { [Self.thresholdDetail: .number($0)] } ?? [:])
    }
    set {
      (labels, head) = (newValue.classes, newValue.head)
      guard newValue.task == Signature.classification else {
        declared = newValue
        return
      }
      declared = nil
      embedding = newValue.value(of: .embedding)
      threshold = newValue.number(Self.thresholdDetail)
      let answer = newValue.value(of: .probabilities) ?? newValue.value(of: .logits)
      let isOwn = [OutputRole.logits, .probabilities].contains { $0.name == answer }
      scores = isOwn ? nil : answer
    }
  }

  /// The name of the task that the network is for, without a look at the network: that of classifiers unless the file says another.
  package var task: String { declared?.task ?? Signature.classification }

  /// The name of the probability below which the best class counts as unknown, among a classifier's details.
  package static let thresholdDetail = "threshold"

  /// The output of a network of others that holds a number a class.
  private func foundOutput() -> Signature.Output? {
    guard let roles = try? ClassifierRoles(graph, of: self, preprocessing: preprocessing) else { return nil }
    let role: OutputRole =
      switch roles.reading {
      case .logits, .independentLogits, .positiveLogit: .logits
      case .probabilities, .independent, .positive: .probabilities
      case .logProbabilities: OutputRole(kind: "log-probabilities")
      }
    return Signature.Output(role, roles.output.name)
  }

  /// What is wrong with the signature that a task has declared; nil where nothing is.
  func complaint(about signature: Signature) -> String? {
    if signature.task.isEmpty { return "names no task" }
    for input in signature.inputs where !graph.inputs.contains(where: { graph[$0].name == input }) {
      return "names the input '\(input)', which the network does not have"
    }
    for output in signature.outputs where graph.value(called: output.value) == nil {
      return "names the value '\(output.value)', which the network does not have"
    }
    let roles = signature.outputs.map(\.role)
    return Set(roles).count == roles.count ? nil : "gives a role to two outputs"
  }
}
