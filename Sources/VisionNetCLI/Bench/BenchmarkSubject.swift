import VisionNet

/// A network to be timed: its graph with its weights.
struct BenchmarkSubject {
  let name: String
  let graph: Graph
  let parameters: Parameters
  /// Whether the weights are random instead of trained; the time does not depend on them.
  let isSeeded: Bool

  /// A model file, an architecture with random weights, or a pretrained model that is on this machine.
  ///
  /// - Parameter input: gives the height and width of the image where the file leaves them open.
  init(_ name: String, batch: Int, _ input: PreprocessingOption) throws {
    self.name = name
    let path = FilePath(name)
    if let architecture = Architecture.named(name), path.kind != .file {
      graph = try architecture.graph().bound(batch: batch)
      parameters = graph.initialParameters(seed: 0)
      isSeeded = true
      return
    }
    let locator = ModelLocator(offline: true, messages: Messages())
    if path.kind == .missing, !locator.isPublished(name) {
      let known = Architecture.all.map(\.name).joined(separator: ", ")
      // A name without a slash or a period is meant as the name of an architecture.
      let isName = !name.contains("/") && !name.contains(".")
      throw CommandError(
        isName ? .usage : .missing, "no such file, and no architecture of that name", place: path.printable,
        remedy: "the architectures are \(known)")
    }
    let file = try locator.path(of: name)
    let network = try input.model(file)
    if let note = ModelReport.note(network) { Messages().note(note) }
    graph = try network.graph.bound(batch: batch)
    parameters = network.parameters
    isSeeded = false
  }
}
