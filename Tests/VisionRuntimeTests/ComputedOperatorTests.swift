import CAllocationCounter
import Testing
import VisionCompute
import VisionGraph
import VisionTensor

@testable import VisionRuntime

/// |a − b| of two tensors of one shape, and their larger element.
private struct Distance: ComputedOperator {
  static let name = "Distance"
  /// Whether the kernel takes anything.
  var hasKernel = true

  func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    guard inputs.count == 2, let a = inputs[0], let b = inputs[1], a.type == b.type, a.shape == b.shape
    else { throw ShapeError("two tensors of one shape and type are needed") }
    return [Fact(a.type, a.shape), Fact(a.type, a.shape)]
  }

  func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    guard let a = inputs[0], let b = inputs[1] else { throw EvaluationError("an input is missing") }
    let pairs = zip(a.doubles, b.doubles)
    return [pairs.map { abs($0 - $1) }, pairs.map { max($0, $1) }].map {
      Tensor(doubles: $0, shape: a.shape, elementType: a.elementType)
    }
  }

  static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try graph.add(Distance(), node.inputs, name: node.name)
  }

  func kernelParts(_ inputs: [Fact?], _ outputs: [Fact]) -> Int? {
    hasKernel ? (outputs[0].shape.elementCount + 63) / 64 : nil
  }

  func compute(part: Int, of count: Int, in memory: borrowing KernelMemory) {
    let (a, b) = (memory.input(0), memory.input(1))
    let (distance, larger) = (memory.output(0), memory.output(1))
    for index in part * 64..<min(part * 64 + 64, a.count) {
      distance[index] = abs(a[index] - b[index])
      larger[index] = max(a[index], b[index])
    }
  }
}

private func distancePlan(_ operation: Distance, _ type: ElementType = .float32) throws -> Plan {
  let builder = GraphBuilder()
  let a = try builder.input("a", type: type, dimensions: [.symbolic("N"), .fixed(100), .fixed(7)])
  let b = try builder.input("b", type: type, dimensions: [.symbolic("N"), .fixed(100), .fixed(7)])
  let results = try builder.add(operation, [a, b])
  try builder.output("distance", results[0])
  try builder.output("larger", results[1])
  return try Plan(builder.graph.bound(batch: 3), parameters: Parameters())
}

private func distanceInputs(_ type: ElementType = .float32) -> [String: Tensor] {
  let random = Philox(seed: 3)
  return [
    "a": Tensor(random.normal(count: 2100), shape: [3, 100, 7]).converted(to: type),
    "b": Tensor(random.normal(count: 2100, stream: 1), shape: [3, 100, 7]).converted(to: type),
  ]
}

/// Kernels that operators of other modules bring.
@Suite struct ComputedOperatorTests {
  @Test func planRunsTheKernelInPlaceOfTheReference() throws {
    let (own, reference) = (try distancePlan(Distance()), try distancePlan(Distance(hasKernel: false)))
    #expect(own.steps.map(\.kernelName) == ["own"] && own.referenceNodes.isEmpty)
    #expect(reference.referenceNodes.count == 1)
    let expected = try reference.run(distanceInputs(), on: Executor(threads: 1))
    for threads in 1...2 {
      let result = try own.run(distanceInputs(), on: Executor(threads: threads))
      #expect(result["distance"]?.floats == expected["distance"]?.floats)
      #expect(result["larger"]?.floats == expected["larger"]?.floats)
      #expect(result["larger"]?.floats.contains { $0 > 1 } == true)
    }
  }

  @Test func otherTypesRunOnTheReference() throws {
    let plan = try distancePlan(Distance(), .float64)
    #expect(plan.referenceNodes.map(\.operator) == ["Distance"])
    let result = try plan.run(distanceInputs(.float64), on: Executor(threads: 2))
    #expect(result["distance"]?.elementType == .float64)
  }
}

extension Serial {
  @Suite struct ComputedOperatorAllocationTests {
    @Test func runAllocatesNothing() throws {
      guard allocation_counter_works() else { return print("skipped: allocations cannot be counted here") }
      let plan = try distancePlan(Distance())
      for threads in [1, 2] {
        var workspace = plan.makeWorkspace(for: Executor(threads: threads))
        try plan.run(in: &workspace)
        let before = allocation_counter_value()
        for _ in 0..<5 { try plan.run(in: &workspace) }
        #expect(allocation_counter_value() - before == 0)
      }
    }
  }
}
