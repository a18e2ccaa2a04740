import Testing
import VisionCompute
import VisionGraph
import VisionLayers
import VisionTensor

@testable import VisionRuntime

@Suite struct WorkspaceTests {
  private static func plan(batch: Int) throws -> Plan {
    let graph = try #require(Architecture.named("lenet5")).graph().bound(batch: batch)
    return try Plan(graph, parameters: graph.initialParameters(seed: 1))
  }

  private static func input(_ plan: Plan) -> [String: Tensor] {
    let shape = plan.inputs[0].fact.shape
    return ["input": Tensor(Philox(seed: 8).normal(count: shape.elementCount), shape: shape)]
  }

  /// What a plan of 64 images would write in the memory of a plan of one.
  @Test func theWorkspaceOfAnotherPlanIsRefused() throws {
    let (one, many) = (try Self.plan(batch: 1), try Self.plan(batch: 64))
    var workspace = one.makeWorkspace(for: Executor(threads: 1))
    let inputs = Self.input(many)
    func kind(_ body: (inout Workspace) throws(GraphError) -> Void) -> GraphError.Kind? {
      do throws(GraphError) { try body(&workspace) } catch { return error.kind }
      return nil
    }
    #expect(kind { (workspace) throws(GraphError) in try many.run(in: &workspace) } == .workspace)
    #expect(kind { (workspace) throws(GraphError) in _ = try many.run(inputs, in: &workspace) } == .workspace)
    #expect(
      kind { (workspace) throws(GraphError) in _ = try many.trace(runs: 1, in: &workspace) } == .workspace)
    // One that was compiled alike is another plan all the same: its weights may be others.
    let alike = try Self.plan(batch: 1)
    #expect(kind { (workspace) throws(GraphError) in try alike.run(in: &workspace) } == .workspace)
    #expect(kind { (workspace) throws(GraphError) in try one.run(in: &workspace) } == nil)
  }

  @Test func aCopyOfAPlanRunsInItsWorkspace() throws {
    let plan = try Self.plan(batch: 2)
    let copy = plan
    var workspace = plan.makeWorkspace(for: Executor(threads: 2))
    let inputs = Self.input(plan)
    let first = try plan.run(inputs, in: &workspace)
    let again = try copy.run(inputs, in: &workspace)
    let fresh = try copy.run(inputs, on: Executor(threads: 1))
    #expect(first == again && first == fresh)
    #expect(workspace.byteCount == plan.arenaByteCount + plan.scratchByteCount(threads: 2))
  }

  /// A workspace goes from task to task, each of which has it alone.
  @Test func aWorkspaceCanBeHandedOver() async throws {
    let plan = try Self.plan(batch: 1)
    let inputs = Self.input(plan)
    let expected = try plan.run(inputs, on: Executor(threads: 1))
    actor Owner {
      private let plan: Plan
      private var workspace: Workspace
      init(_ plan: Plan, _ workspace: consuming Workspace) {
        self.plan = plan
        self.workspace = workspace
      }
      func run(_ inputs: [String: Tensor]) throws -> [String: Tensor] { try plan.run(inputs, in: &workspace) }
    }
    let owner = Owner(plan, plan.makeWorkspace(for: Executor(threads: 2)))
    try await withThrowingTaskGroup(of: [String: Tensor].self) { group in
      for _ in 0..<16 { group.addTask { try await owner.run(inputs) } }
      for try await result in group { #expect(result == expected) }
    }
  }
}
