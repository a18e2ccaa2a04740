import Testing
import VisionSystem
import VisionTensor

@testable import VisionGraph

/// Graphs that ask for more than a machine has: refused by name before anything is allocated or computed.
@Suite struct GraphLimitsTests {
  private func refusal(_ body: () throws -> Void) -> GraphError? {
    do { try body() } catch { return error as? GraphError }
    return nil
  }

  private func ints(_ values: Int...) -> Tensor { Tensor(values.map(Int64.init)) }

  @Test func valuesOfTerabytesAreRefused() throws {
    let side = 1 << 20
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.fixed(1), .fixed(1), .fixed(1), .fixed(1)])
    func constant(_ tensor: Tensor) -> Value { builder.constant(tensor) }
    let attempts: [(String, () throws -> Void)] = [
      ("Expand", { _ = try builder.add(Expand(), x, constant(ints(1, 1, side, side))) }),
      ("Tile", { _ = try builder.add(Tile(), x, constant(ints(1, 1, side, side))) }),
      ("ConstantOfShape", { _ = try builder.add(ConstantOfShape(), constant(ints(side, side))) }),
      ("Pad", { _ = try builder.add(Pad(), x, constant(ints(0, 0, side, side, 0, 0, 0, 0)), nil) }),
      (
        "Range",
        {
          _ = try builder.add(
            RangeOf(), constant(Tensor(scalar: Int64(0))), constant(Tensor(scalar: Int64(1) << 39)),
            constant(Tensor(scalar: Int64(1))))
        }
      ),
    ]
    for (name, attempt) in attempts {
      let error = refusal(attempt)
      #expect(error?.kind == .tooLarge, "\(name)")
      #expect(error?.message.contains("too large") == true, "\(name)")
    }
  }

  @Test func anExtentOfZeroHidesNoOthers() throws {
    let builder = GraphBuilder()
    let shape = builder.constant(ints(0, 1 << 31, 1 << 31))
    #expect(refusal { _ = try builder.add(ConstantOfShape(), shape) }?.kind == .tooLarge)
  }

  @Test func resizingNothingToAnEnormousSizeTakesNoTime() throws {
    // Found by fuzzing: no elements, but 2³⁰ positions along one axis.
    let sampling = ResizeSampling(mode: .linear, coordinates: .halfPixel)
    for mode in [ResizeSampling.Mode.linear, .nearest] {
      var sampling = sampling
      sampling.mode = mode
      let scales = Tensor([Float(0.5), 1, 1, Float(1 << 30)])
      let result = try Resize(sampling).evaluate([Tensor([Float(1)], shape: [1, 1, 1, 1]), nil, scales])
      #expect(result[0].shape == [0, 1, 1, 1 << 30])
    }
  }

  @Test func resizingHoldsNothingLargerThanItsEnds() throws {
    // From 1 × 2¹⁶ to 2¹⁶ × 1: axis by axis from the front that would be 2³² numbers in between.
    let sampling = ResizeSampling(mode: .linear, coordinates: .halfPixel)
    let x = Tensor(repeating: Float(3), shape: [1, 1, 1, 1 << 16])
    let sizes = Tensor([Int64(1), 1, 1 << 16, 1])
    let result = try Resize(sampling).evaluate([x, nil, nil, sizes])
    #expect(result[0].floats.allSatisfy { $0 == 3 })
  }

  @Test func constantsThatAreSlowToWorkOutAreLeftToTheRun() throws {
    // 4096 results of 2¹⁶ products each: a reference would take seconds.
    let builder = GraphBuilder()
    let a = builder.constant(Tensor(repeating: Float(0), shape: [64, 1 << 16]))
    let b = builder.constant(Tensor(repeating: Float(0), shape: [1 << 16, 64]))
    #expect(try builder.add(MatMul(), a, b).fact.value == nil)
    let c = builder.constant(Tensor(repeating: Float(1), shape: [2, 2]))
    #expect(try builder.add(MatMul(), c, c).fact.value?.floats == [2, 2, 2, 2])
  }

  @Test func operationsAreCountedWithoutOverflow() {
    #expect(GraphLimits.product(1 << 40, 1 << 40) == .max)
    #expect(GraphLimits.product(3, 0, 5) == 15)
    #expect(GraphLimits.sum(.max, 1) == .max)
    let fact = Fact(.float32, [1 << 20, 1 << 20])
    #expect(MatMul().flops([fact, fact], [fact]) == 1 << 61)
    #expect(
      Conv(window: Window(kernel: [1, 1])).flops([fact, Fact(.float32, [1, 1 << 30, 1 << 30])], [fact])
        == .max)
  }

  @Test func thousandsOfEqualNamesAreToldApart() throws {
    let builder = GraphBuilder()
    var x = try builder.input("x", dimensions: [.fixed(1)])
    // Were each name looked for from the first, this would take a minute.
    for _ in 0..<20_000 { x = try builder.add(Relu(), x, name: "same") }
    try builder.output("y", x)
    #expect(Set(builder.graph.nodes.map(\.name)).count == 20_000)
    #expect(builder.graph.nodes[2].name == "same_2")
  }

  @Test func theInterpreterKeepsToItsMemory() throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.fixed(1), .fixed(1)])
    let big = try builder.add(Expand(), x, builder.constant(ints(1000, 1000)))
    try builder.output("y", try builder.add(ReduceSum(keepsDimensions: false), big, nil))
    let graph = builder.graph
    let input = ["x": Tensor([Float(2)], shape: [1, 1])]
    let limited = try Interpreter(graph, parameters: Parameters(), memoryLimit: 1 << 20)
    let error = refusal { _ = try limited.run(input) }
    #expect(error?.kind == .tooLarge)
    #expect(error?.remedy != nil)
    let enough = try Interpreter(graph, parameters: Parameters(), memoryLimit: 1 << 28)
    #expect(try enough.run(input)["y"]?.floats == [2_000_000])
  }

  @Test func theDefaultLimitIsBelowWhatTheMachineHas() {
    #expect(MachineMemory.limit > 1 << 28)
    #expect(MachineMemory.limit < 1 << 50)
    #expect(MachineMemory.text(999) == "999 bytes")
    #expect(MachineMemory.text(1_500_000) == "1.4 MiB")
    #expect(MachineMemory.text(17_600_000_000) == "16 GiB")
  }
}
