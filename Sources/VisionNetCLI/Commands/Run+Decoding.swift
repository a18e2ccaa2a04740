import VisionCompute
import VisionGraph
import VisionModel
import VisionNet
import VisionTasks
import VisionTensor

extension Run {
  /// Runs a detector with what decodes its outputs: `boxes` N×A×4 (left, top, right, bottom in pixels of the input),
  /// `scores` N×A×K and, where it has such, `points` N×A×P×2; for one that runs in stages see `StagedDetector.decoded`.
  func runDecoded(_ inputs: RunInputs, _ arrays: [String: Tensor]) throws {
    try inputs.check(lists: [])
    let network: DetectorNetwork
    let source = try DetectorSource(
      contentsOf: model, labels: nil, head: head, on: Executor(threads: threads))
    switch source {
    case .network(let found): network = found
    case .staged(let detector): return try runDecoded(detector, inputs, arrays)
    }
    if let note = network.note { saying.messages.note("\(model): \(note)") }
    let detector = try network.model(for: inputs.shapes(arrays))
    let graph = try detector.graph.bound(to: inputs.shapes(arrays))
    let tensors = try inputs.tensors(
      arrays, for: graph.inputs.map { (graph[$0].name, graph.fact($0)) }, model: model
    ) { saying.messages.note("\(model): \($0)") }
    let names = try OutputNames(graph.outputs.map(\.name), in: outputDir ?? ".")
    let results =
      if interpreter {
        try Interpreter(graph, parameters: detector.parameters).run(tensors)
      } else {
        try compiled(graph, detector.parameters, tensors)
      }
    try write(results, names)
  }

  private func runDecoded(_ detector: StagedDetector, _ inputs: RunInputs, _ arrays: [String: Tensor]) throws
  {
    guard !interpreter, precision == .float32, convolutions == .automatic else {
      throw CommandError(
        .usage,
        "--interpreter, --precision and --convolutions do not go with --decode where a detector runs in stages",
        place: model)
    }
    saying.messages.note("\(model): \(detector.note)")
    let shapes = inputs.shapes(arrays)
    let facts = detector.inputs.map { port in
      let declared = Shape(port.extents?.map { $0 ?? 1 } ?? [])
      let type = port.type ?? arrays[port.name]?.elementType ?? .float32
      return (name: port.name, fact: Fact(type, shapes[port.name] ?? declared))
    }
    let tensors = try inputs.tensors(arrays, for: facts, model: model) {
      saying.messages.note("\(model): \($0)")
    }
    guard let input = detector.inputs.first.flatMap({ tensors[$0.name] }) else { return }
    let results = try detector.decoded(input)
    try write(
      results,
      try OutputNames(["boxes", "scores", "classes"].filter { results[$0] != nil }, in: outputDir ?? "."))
  }
}
