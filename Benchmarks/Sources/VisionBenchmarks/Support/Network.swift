import VisionNet

/// A network with drawn weights, ready to run on drawn images.
struct Network: ~Copyable {
  struct Unknown: Error, CustomStringConvertible {
    let description: String
  }

  let plan: Plan
  let batch: Int
  private var workspace: Workspace

  /// - Parameter name: of an architecture.
  init(_ name: String, batch: Int, executor: Executor) throws {
    guard let architecture = Architecture.named(name) else {
      throw Unknown(
        description:
          "no architecture '\(name)'; there are \(Architecture.all.map(\.name).joined(separator: ", "))")
    }
    let graph = try architecture.graph().bound(batch: batch)
    plan = try Plan(graph, parameters: graph.initialParameters(seed: 0))
    self.batch = batch
    workspace = plan.makeWorkspace(for: executor)
    for (index, port) in plan.inputs.enumerated() {
      let memory = FloatMemory(port.fact.shape.elementCount)
      workspace.withInput(index) { $0.copyMemory(from: UnsafeRawBufferPointer(memory.buffer)) }
    }
  }

  mutating func run() throws { try plan.run(in: &workspace) }
}
