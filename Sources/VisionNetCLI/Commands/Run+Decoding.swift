import VisionGraph
import VisionModel
import VisionNet
import VisionTasks
import VisionTensor

extension Run {
  /// Runs a detector with what decodes its outputs: `boxes` N×A×4 (left, top, right, bottom in pixels of the input),
  /// `scores` N×A×K and, where it has such, `points` N×A×P×2.
  func runDecoded(_ inputs: RunInputs, _ arrays: [String: Tensor]) throws {
    try inputs.check(lists: [])
    let network = try DetectorNetwork(Model(contentsOf: model), head: head)
    if let note = network.note { Messages().note("\(model): \(note)") }
    let detector = try network.model(for: inputs.shapes(arrays))
    let graph = try detector.graph.bound(to: inputs.shapes(arrays))
    let tensors = try inputs.tensors(
      arrays, for: graph.inputs.map { (graph[$0].name, graph.fact($0)) }, model: model
    ) { Messages().note("\(model): \($0)") }
    let names = try OutputNames(graph.outputs.map(\.name), in: outputDir ?? ".")
    let results =
      if interpreter {
        try Interpreter(graph, parameters: detector.parameters).run(tensors)
      } else {
        try compiled(graph, detector.parameters, tensors)
      }
    try write(results, names)
  }
}
