public import Testing
import VisionCompute
public import VisionGraph
import VisionRuntime
public import VisionTensor

/// Checks that a plan of the operator, whose kernel trusts nobody, ends with an error that says `message`.
public func expectPlanRefuses<Op: Operator>(
  _ op: Op, _ inputs: [Tensor?], constants: Set<Int> = [], _ message: String,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let (graph, named) = try graph(of: op, inputs, constants: constants)
  let plan = try Plan(graph, parameters: Parameters())
  #expect(plan.referenceNodes.isEmpty, "no kernel", sourceLocation: sourceLocation)
  var workspace = plan.makeWorkspace(for: Executor(threads: 1))
  do {
    _ = try plan.run(named, in: &workspace)
    Issue.record("no error", sourceLocation: sourceLocation)
  } catch {
    #expect("\(error)".contains(message), sourceLocation: sourceLocation)
  }
}
