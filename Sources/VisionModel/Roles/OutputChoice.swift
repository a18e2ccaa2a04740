import VisionGraph
import VisionTensor

/// Chooses the output of a network that holds one number per class.
struct OutputChoice {
  /// An output that may hold the classes.
  struct Candidate {
    let name: String
    let value: ValueID
    /// The number of numbers per image.
    let scores: Int
    let kind: ScoreKind

    var isProbability: Bool { kind == .softmax || kind == .sigmoid || kind == .logSoftmax }
  }

  private let graph: Graph
  private let batch: Int
  private let finder: ScoreFinder

  init(_ graph: Graph, _ parameters: Parameters, batch: Int) {
    self.graph = graph
    self.batch = batch
    finder = ScoreFinder(graph, parameters, batch: batch)
  }

  /// The output with that name, or the most plausible one if no name is given.
  ///
  /// VisionNet's own names come first, then the only output with one number per class, then the only one with
  /// probabilities, then the only one whose size equals the number of labels.
  ///
  /// - Throws: `RoleError` when no output fits, or several do.
  func output(named name: String?, labels: Int?) throws(RoleError) -> (Candidate, notes: [String]) {
    if let name { return (try named(name), []) }
    for own in [OutputRole.probabilities, .logits] {
      if let output = graph.output(of: own), let found = candidate(output) {
        return (found, [])
      }
    }
    let candidates = graph.outputs.compactMap { candidate($0) }
    guard candidates.count > 1 else {
      if let only = candidates.first { return (only, []) }
      throw none()
    }
    for fitting in [candidates.filter(\.isProbability), candidates.filter { $0.scores == labels }] {
      if fitting.count == 1 {
        let others = graph.outputs.map(\.name).filter { $0 != fitting[0].name }
        return (
          fitting[0],
          [
            "of the network's outputs '\(fitting[0].name)' is treated as that of the classes, not "
              + others.map { "'\($0)'" }.joined(separator: ", ")
          ]
        )
      }
    }
    throw RoleError(
      .output, "the network has \(graph.outputs.count) outputs, of which several could hold the classes",
      remedy: "name one: \(descriptions)")
  }

  private func named(_ name: String) throws(RoleError) -> Candidate {
    guard let output = graph.outputs.first(where: { $0.name == name }) else {
      throw RoleError(
        .output, "the network has no output '\(name)'", remedy: "its outputs are \(descriptions)")
    }
    guard let found = candidate(output) else { throw none(output.name) }
    return found
  }

  private func none(_ name: String? = nil) -> RoleError {
    RoleError(
      .output,
      "a classifier gives one floating-point number a class, N×K, but this network gives \(descriptions)",
      place: name)
  }

  private var descriptions: String {
    graph.outputs.isEmpty
      ? "nothing"
      : graph.outputs.map { "'\($0.name)' (\(graph.fact($0.value)))" }.joined(separator: ", ")
  }

  private func candidate(_ output: (name: String, value: ValueID)) -> Candidate? {
    let fact = graph.fact(output.value)
    guard fact.type.isFloatingPoint, let scores = Self.scores(fact.shape, batch: batch) else { return nil }
    return Candidate(
      name: output.name, value: output.value, scores: scores, kind: finder.kind(of: output.value))
  }

  /// The number of numbers per image, if the shape has a single axis for them: [K], [N,K], [N,1,K], [N,K,1,1]
  /// and similar.
  static func scores(_ shape: Shape, batch: Int) -> Int? {
    let others: [Int]
    if let first = shape.first, first == batch, shape.rank > 1 || batch > 1 {
      others = Array(shape.dimensions.dropFirst())
    } else if batch == 1 {
      others = shape.dimensions
    } else {
      return nil
    }
    let wide = others.filter { $0 != 1 }
    guard wide.count <= 1, wide.first != 0 else { return nil }
    return wide.first ?? 1
  }
}
